"""What is quoted of the articles of an answer."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from search.errors import EncoderUnavailable
from search.local.reader import Generation
from search.protocols import Floats
from search.query.ast import Query
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.relevance import RelevanceThreshold
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.retrieval.snippets import semantic_snippet, word_weights
from search.types import Hit, Leg, Mode, Passage
from tests.fakes import FakeEncoder
from tests.press import PRESS


def parsed(text: str) -> Query:
    return parse(text, date(2023, 9, 15))


@pytest.fixture
def engine(generation: Generation) -> Engine:
    semantic = SemanticIndex(FakeEncoder(), generation.vectors)
    return Engine(generation.store, generation.keyword, lambda: semantic, "g")


def hit_of(engine: Engine, text: str, article_id: str, mode: Mode = Mode.HYBRID) -> Hit:
    everything = Request(parsed(text), mode, limit=len(PRESS), threshold=RelevanceThreshold(semantic=0.0))
    results = engine.search(everything).hits
    [result] = [each for each in results if each.article.id == article_id]
    return result


@pytest.mark.parametrize(
    ("text", "beginning", "marked"),
    [
        ("témoin wagon", "Les rapporteurs ont entendu", ["témoins", "wagons"]),
        ("cheminot conduits", "Les rapporteurs ont entendu", ["cheminots", "conduit"]),
        ("ordres écrits", "Aucun d'entre eux n'avait reçu", ["ordre", "écrit"]),
        ("BANQUE gaziers argents", "L'argent passait par trois banques", ["argent", "banques"]),
        ("espérer l'AUDITION", "Une nouvelle audition", ["audition", "espère"]),
        ('"archives douanières"', "Une nouvelle audition", ["archives", "douanières"]),
    ],
)
def test_the_snippet_is_the_sentences_with_the_words(
    engine: Engine, text: str, beginning: str, marked: list[str]
) -> None:
    result = hit_of(engine, text, "rapport")
    snippet = result.snippet

    assert snippet.leg is Leg.KEYWORD
    assert snippet.text.startswith(beginning)
    assert snippet.text == result.article.body[snippet.start : snippet.end]
    assert [snippet.text[start:end] for start, end in result.marked] == marked
    assert engine.pinpoint(parsed(text), result) is result


def test_marks_keep_accents_ligatures_and_capitals(engine: Engine) -> None:
    result = hit_of(engine, "coeurs elysee etats condamner", "elysee")

    assert [result.snippet.text[start:end] for start, end in result.marked] == [
        "Élysée",
        "condamné",
        "cœur",
        "État",
    ]


def test_rarer_words_weigh_more(generation: Generation) -> None:
    def weights(text: str) -> list[float]:
        words = parsed(text).words
        return word_weights(words, generation.keyword.lookup(words))

    russie, peste, both, stop_word = weights('Russie peste "Russie peste" le')
    assert peste > russie > 0
    assert both == pytest.approx((russie + peste) / 2)
    assert stop_word == 0
    assert weights("Russie") == [1.0]


def test_where_the_passage_holds_no_word_the_sentence_nearest_in_meaning_is_quoted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = hit_of(engine, "zzz", "elysee")
    assert (before.snippet.leg, before.marked) == (None, ())
    assert before.snippet.text == before.article.body

    vector = FakeEncoder().encode_query("Au cœur de l'État, une escalade inquiète")
    monkeypatch.setattr(FakeEncoder, "encode_query", lambda _, text: vector)
    query = parsed("yyy")
    after = engine.pinpoint(query, before)
    assert after.snippet.text == "Au cœur de l’État, on s'inquiète d'une escalade."
    assert after.snippet.leg is Leg.SEMANTIC
    assert after.article.body[after.snippet.start : after.snippet.end] == after.snippet.text
    assert engine.pinpoint(query, after) is after


def test_without_a_question_or_a_model_nothing_is_near(engine: Engine, generation: Generation) -> None:
    listed = hit_of(engine, 'source:"Agence Nord"', "elysee")
    assert engine.pinpoint(parsed("source:AFP"), listed) is listed

    def missing() -> SemanticIndex:
        raise EncoderUnavailable("No model.")

    wordy = Engine(generation.store, generation.keyword, missing, "g")
    with pytest.raises(EncoderUnavailable):
        wordy.pinpoint(parsed("zzz"), listed)


def test_a_caption_is_quoted_only_where_there_is_nothing_else() -> None:
    sentence = "Le train de nuit est parti sans prévenir personne dimanche."
    short, unended = "Vidéo : le train.", "Le train de nuit filmé sans prévenir personne, par Exemple Vidéo"
    vector = np.array([1, 0], np.float32)

    def encode(text: str) -> Floats:
        return np.array([text != sentence, 1], np.float32)

    for caption in (short, unended):
        assert _quoted([caption, sentence], vector, encode) == sentence
        assert _quoted([caption, "Fin"], vector, encode) == caption


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        ("La présidente attend le train de minuit.", True),  # 40 characters
        ("La présidente attend le train de trois.", False),
        ("La présidente attend le train de minuit…", True),
        ("La présidente attend le train de minuit,", False),
    ],
)
def test_a_sentence_is_quoted_alone_from_40_characters_on(sentence: str, quoted: bool) -> None:
    other = "Une phrase assez longue qui ne dit rien du tout de ce que l'on cherche."

    def encode(text: str) -> Floats:
        return np.array([text == sentence, 1], np.float32)

    assert (_quoted([sentence, other], np.array([1, 0], np.float32), encode) == sentence) is quoted


def _quoted(sentences: Sequence[str], vector: Floats, encode: object) -> str:
    text = "\n\n".join(sentences)
    assert callable(encode)
    return semantic_snippet(Passage(text, 5, 5 + len(text)), vector, encode).text
