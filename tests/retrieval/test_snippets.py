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
from search.retrieval.confidence import RelevanceThreshold
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.retrieval.snippets import nearest, weights
from search.types import Hit, Leg, Mode, Passage
from tests.fakes import FakeEncoder
from tests.press import PRESS


def asked(text: str) -> Query:
    return parse(text, date(2023, 9, 15))


@pytest.fixture
def engine(generation: Generation) -> Engine:
    meaning = SemanticIndex(FakeEncoder(), generation.vectors)
    return Engine(generation.store, generation.keyword, lambda: meaning, "g")


def found(engine: Engine, text: str, article_id: str, mode: Mode = Mode.HYBRID) -> Hit:
    everything = Request(asked(text), mode, limit=len(PRESS), threshold=RelevanceThreshold(semantic=0.0))
    results = engine.search(everything).hits
    [result] = [each for each in results if each.article.id == article_id]
    return result


@pytest.mark.parametrize(
    ("text", "beginning", "marked"),
    [
        ("témoin wagon", "Les rapporteurs ont entendu", ["témoins", "wagons"]),
        ("cheminot conduits", "Les rapporteurs ont entendu", ["cheminots", "conduit"]),
        ("ordres écrits", "Aucun d'entre eux n'avait reçu", ["ordre", "écrit"]),
        ("BANQUE pétroliers argents", "L'argent passait par trois banques", ["argent", "banques"]),
        ("espérer l'AUDITION", "Une nouvelle audition", ["audition", "espère"]),
        ('"archives douanières"', "Une nouvelle audition", ["archives", "douanières"]),
    ],
)
def test_the_snippet_is_the_sentences_with_the_words(
    engine: Engine, text: str, beginning: str, marked: list[str]
) -> None:
    result = found(engine, text, "rapport")
    snippet = result.snippet

    assert snippet.leg is Leg.KEYWORD
    assert snippet.text.startswith(beginning)
    assert snippet.text == result.article.body[snippet.start : snippet.end]
    assert [snippet.text[start:end] for start, end in result.marked] == marked
    assert engine.pinpoint(asked(text), result) is result


def test_marks_keep_accents_ligatures_and_capitals(engine: Engine) -> None:
    result = found(engine, "coeurs elysee etats condamner", "elysee")

    assert [result.snippet.text[start:end] for start, end in result.marked] == [
        "Élysée",
        "condamné",
        "cœur",
        "État",
    ]


def test_rarer_words_weigh_more(generation: Generation) -> None:
    russie, peste, both, never = weights(asked('Russie peste "Russie peste" le').words, generation.keyword)
    assert peste > russie > 0
    assert both == pytest.approx((russie + peste) / 2)
    assert never >= 0
    assert weights(asked("Russie").words, generation.keyword) == [1.0]


def test_where_no_word_is_held_the_sentence_nearest_in_meaning_is_quoted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(engine, "zzz", "elysee")
    assert (before.snippet.leg, before.marked) == (None, ())
    assert before.snippet.text == before.article.body

    meant = FakeEncoder().encode_query("Au cœur de l'État, une escalade inquiète")
    monkeypatch.setattr(FakeEncoder, "encode_query", lambda _, text: meant)
    query = asked("yyy")
    after = engine.pinpoint(query, before)
    assert after.snippet.text == "Au cœur de l’État, on s'inquiète d'une escalade."
    assert after.snippet.leg is Leg.SEMANTIC
    assert after.article.body[after.snippet.start : after.snippet.end] == after.snippet.text
    assert engine.pinpoint(query, after) is after


def test_without_a_question_or_a_model_nothing_is_near(engine: Engine, generation: Generation) -> None:
    listed = found(engine, 'source:"Agence Nord"', "elysee")
    assert engine.pinpoint(asked("source:AFP"), listed) is listed

    def missing() -> SemanticIndex:
        raise EncoderUnavailable("No model.")

    wordy = Engine(generation.store, generation.keyword, missing, "g")
    with pytest.raises(EncoderUnavailable):
        wordy.pinpoint(asked("zzz"), listed)


def test_a_caption_is_quoted_only_where_there_is_nothing_else() -> None:
    sentence = "Le train de nuit est parti sans prévenir personne dimanche."
    short, untold = "Vidéo : le train.", "Le train de nuit filmé sans prévenir personne, par Exemple Vidéo"
    aim = np.array([1, 0], np.float32)

    def encode(text: str) -> Floats:
        return np.array([text != sentence, 1], np.float32)

    for caption in (short, untold):
        assert _nearest([caption, sentence], aim, encode) == sentence
        assert _nearest([caption, "Fin"], aim, encode) == caption


def _nearest(sentences: Sequence[str], aim: Floats, encode: object) -> str:
    text = "\n\n".join(sentences)
    assert callable(encode)
    return nearest(Passage(text, 5, 5 + len(text)), aim, encode).text
