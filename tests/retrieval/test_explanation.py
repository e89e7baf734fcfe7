"""Why an article answers, and what else might be asked: ``Engine.explain``, ``heat`` and ``suggest``."""

import math
from datetime import date

import numpy as np
import pytest

from search.errors import EncoderUnavailable, UsageError
from search.local.reader import Generation
from search.query.ast import Query
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.text.sentences import sentence_spans
from search.types import Fusion, FusionMethod, Leg, Mode
from tests.fakes import FakeEncoder
from tests.press import PRESS

ARTICLES = {article.id: article for article in PRESS}


def asked(text: str) -> Query:
    return parse(text, date(2023, 9, 15))


def without_encoder() -> SemanticIndex:
    raise EncoderUnavailable("No model.")


@pytest.fixture
def engine(generation: Generation) -> Engine:
    meaning = SemanticIndex(FakeEncoder(), generation.vectors)
    return Engine(generation.store, generation.keyword, lambda: meaning, "g")


@pytest.fixture
def wordy(generation: Generation) -> Engine:
    return Engine(generation.store, generation.keyword, without_encoder, "g")


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("method", FusionMethod)
@pytest.mark.parametrize(
    "text", ["munitions Russie", "munitions -Ukraine", 'archives munitions source:"Gazette du Soir"']
)
def test_the_figures_are_those_of_the_result(
    engine: Engine, mode: Mode, method: FusionMethod, text: str
) -> None:
    request = Request(asked(text), mode, fusion=Fusion(method), limit=3, offset=1)
    results = engine.search(request).hits

    assert results
    for result in results:
        explanation = engine.explain(request, result.article.id)
        assert explanation.contributions == result.contributions
        assert explanation.best_sentence in result.passage.text


def test_words_are_told_with_who_holds_them(engine: Engine) -> None:
    explanation = engine.explain(Request(asked("munitions Russie guerre")), "sommet")

    told = [(word.text, word.articles, word.in_article) for word in explanation.matched]
    assert told == [("munitions", 4, True), ("Russie", 5, True), ("guerre", 0, False)]
    munitions, russie, guerre = (math.log(1 + (12 - n + 0.5) / (n + 0.5)) for n in (4, 5, 0))
    assert [word.idf for word in explanation.matched] == pytest.approx([munitions, russie, guerre])
    assert explanation.coverage == pytest.approx((munitions + russie) / (munitions + russie + guerre))


def test_a_question_about_meaning_matches_no_word(engine: Engine) -> None:
    explanation = engine.explain(Request(asked("munitions"), Mode.SEMANTIC), "obus")

    assert (explanation.matched, explanation.coverage) == ((), 0)
    assert [part.leg for part in explanation.contributions] == [Leg.SEMANTIC]


def test_a_question_without_words_has_nothing_to_weigh(engine: Engine) -> None:
    explanation = engine.explain(Request(asked("source:AFP")), "peste")

    assert (explanation.contributions, explanation.matched, explanation.coverage) == ((), (), 0)
    assert (
        explanation.best_sentence
        == "Être ou ne pas être fidèle au roman : la troupe adapte La Peste avec douze comédiens."
    )


@pytest.mark.parametrize("text", ["livraisons condamnées mercredi", "au cœur d'une escalade"])
def test_the_best_sentence_is_the_nearest(engine: Engine, text: str) -> None:
    first, second = warmth(engine, asked(text), "elysee")
    nearest = first if first[1] > second[1] else second

    assert engine.explain(Request(asked(text), Mode.SEMANTIC), "elysee").best_sentence == nearest[0]
    assert ("escalade" in nearest[0]) == ("escalade" in text)


def test_without_a_model_the_best_sentence_holds_most_words(wordy: Engine) -> None:
    explanation = wordy.explain(Request(asked("munitions Russie sources")), "obus")
    assert explanation.best_sentence == ARTICLES["obus"].body  # two short sentences

    explanation = wordy.explain(Request(asked("train Russie"), Mode.KEYWORD), "obus")
    assert explanation.best_sentence.startswith("Un train chargé")


def test_an_unknown_article_cannot_be_explained(engine: Engine) -> None:
    with pytest.raises(UsageError, match="no article 'nobody'"):
        engine.explain(Request(asked("obus")), "nobody")


def test_meaning_alone_cannot_be_explained_without_a_model(wordy: Engine) -> None:
    with pytest.raises(EncoderUnavailable):
        wordy.explain(Request(asked("obus"), Mode.SEMANTIC), "obus")


def warmth(engine: Engine, query: Query, article_id: str) -> list[tuple[str, float]]:
    body = ARTICLES[article_id].body
    return [(body[start:end], value) for (start, end), value in engine.heat(query, ARTICLES[article_id])]


def test_heat_is_the_nearness_of_each_sentence(engine: Engine) -> None:
    found = warmth(engine, asked('titre:rapport "quarante témoins" -obus'), "rapport")
    encoder = FakeEncoder()
    question = encoder.encode_query("rapport quarante témoins")

    body = ARTICLES["rapport"].body
    assert [text for text, _ in found] == [body[start:end] for start, end in sentence_spans(body)]
    for text, similarity in found:
        assert similarity == pytest.approx(float(np.dot(encoder.encode_query(text), question)), abs=1e-6)


def test_a_question_without_words_warms_nothing(engine: Engine, wordy: Engine) -> None:
    assert warmth(engine, asked("source:AFP"), "obus") == []
    assert warmth(wordy, asked(""), "obus") == []


def test_heat_needs_a_model(wordy: Engine) -> None:
    with pytest.raises(EncoderUnavailable, match="No model"):
        warmth(wordy, asked("obus"), "obus")


def test_a_better_spelling_is_told(engine: Engine) -> None:
    assert engine.suggest(asked('munitiosn "elisée"')) == 'munitions "Élysée"'
    assert engine.suggest(asked("munitions Élysée")) is None
