"""Why an article answers, and what else might be asked: ``explain``, ``sentence_scores`` and ``suggest``."""

import math
from dataclasses import replace
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
from search.types import Explanation, Fusion, FusionMethod, Leg, Mode
from tests.fakes import FakeEncoder
from tests.press import PRESS

ARTICLES = {article.id: article for article in PRESS}


def explain(engine: Engine, request: Request, article_id: str) -> Explanation:
    """Why an article answers a request, as the hit that it would be."""
    return engine.explain(request, engine.hit(request, article_id))


def parsed(text: str) -> Query:
    return parse(text, date(2023, 9, 15))


def without_encoder() -> SemanticIndex:
    raise EncoderUnavailable("No model.")


@pytest.fixture
def engine(generation: Generation) -> Engine:
    semantic = SemanticIndex(FakeEncoder(), generation.vectors)
    return Engine(generation.store, generation.keyword, lambda: semantic, "g")


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
    request = Request(parsed(text), mode, fusion=Fusion(method), limit=3, offset=1)
    results = engine.search(request).hits

    assert results
    for result in results:
        explanation = engine.explain(request, result)
        assert explanation.contributions == result.contributions
        assert engine.hit(request, result.article.id).contributions == result.contributions
        assert explanation.best_sentence in result.passage.text


def test_terms_are_explained_with_how_many_articles_hold_them(engine: Engine) -> None:
    explanation = explain(engine, Request(parsed("munitions Russie guerre")), "sommet")

    matched = [(word.text, word.articles, word.in_article) for word in explanation.matched]
    assert matched == [("munitions", 4, True), ("Russie", 5, True), ("guerre", 0, False)]
    munitions, russie, guerre = (math.log(1 + (12 - n + 0.5) / (n + 0.5)) for n in (4, 5, 0))
    assert [word.idf for word in explanation.matched] == pytest.approx([munitions, russie, guerre])
    assert explanation.coverage == pytest.approx((munitions + russie) / (munitions + russie + guerre))


def test_by_meaning_alone_no_word_is_matched(engine: Engine) -> None:
    explanation = explain(engine, Request(parsed("munitions"), Mode.SEMANTIC), "obus")

    assert (explanation.matched, explanation.coverage) == ((), 0)
    assert [part.leg for part in explanation.contributions] == [Leg.SEMANTIC]


def test_a_query_without_words_has_no_contributions(engine: Engine) -> None:
    explanation = explain(engine, Request(parsed("source:AFP")), "peste")

    assert (explanation.contributions, explanation.matched, explanation.coverage) == ((), (), 0)
    assert (
        explanation.best_sentence
        == "Être ou ne pas être fidèle au roman : la troupe adapte La Peste avec douze comédiens."
    )


@pytest.mark.parametrize("text", ["livraisons condamnées mercredi", "au cœur d'une escalade"])
def test_the_best_sentence_is_the_nearest(engine: Engine, text: str) -> None:
    first, second = sentence_scores(engine, parsed(text), "elysee")
    nearest = first if first[1] > second[1] else second

    assert explain(engine, Request(parsed(text), Mode.SEMANTIC), "elysee").best_sentence == nearest[0]
    assert ("escalade" in nearest[0]) == ("escalade" in text)


def test_without_a_model_the_best_sentence_holds_most_words(wordy: Engine) -> None:
    explanation = explain(wordy, Request(parsed("munitions Russie sources")), "obus")
    assert explanation.best_sentence == ARTICLES["obus"].body  # two short sentences

    explanation = explain(wordy, Request(parsed("train Russie"), Mode.KEYWORD), "obus")
    assert explanation.best_sentence.startswith("Un train chargé")


def test_an_unknown_article_cannot_be_explained(engine: Engine) -> None:
    with pytest.raises(UsageError, match="no article 'nobody'"):
        explain(engine, Request(parsed("obus")), "nobody")
    request = Request(parsed("obus"))
    obus = engine.hit(request, "obus")
    with pytest.raises(UsageError, match="no article 'nobody'"):
        engine.explain(request, replace(obus, article=replace(obus.article, id="nobody")))


def test_meaning_alone_cannot_be_explained_without_a_model(wordy: Engine) -> None:
    obus = wordy.hit(Request(parsed("obus"), Mode.KEYWORD), "obus")
    with pytest.raises(EncoderUnavailable):
        wordy.hit(Request(parsed("obus"), Mode.SEMANTIC), "obus")
    with pytest.raises(EncoderUnavailable):
        wordy.explain(Request(parsed("obus"), Mode.SEMANTIC), obus)


def sentence_scores(engine: Engine, query: Query, article_id: str) -> list[tuple[str, float]]:
    article = ARTICLES[article_id]
    scores = engine.sentence_scores(query, article)
    return [(article.body[start:end], score) for (start, end), score in scores]


def test_the_score_of_a_sentence_is_its_similarity_to_the_query(engine: Engine) -> None:
    scores = sentence_scores(engine, parsed('titre:rapport "quarante témoins" -obus'), "rapport")
    encoder = FakeEncoder()
    question = encoder.encode_query("rapport quarante témoins")

    body = ARTICLES["rapport"].body
    assert [text for text, _ in scores] == [body[start:end] for start, end in sentence_spans(body)]
    for text, similarity in scores:
        assert similarity == pytest.approx(float(np.dot(encoder.encode_query(text), question)), abs=1e-6)


def test_a_query_without_words_gives_no_sentence_a_score(engine: Engine, wordy: Engine) -> None:
    assert sentence_scores(engine, parsed("source:AFP"), "obus") == []
    assert sentence_scores(wordy, parsed(""), "obus") == []


def test_sentence_scores_need_a_model(wordy: Engine) -> None:
    with pytest.raises(EncoderUnavailable, match="No model"):
        sentence_scores(wordy, parsed("obus"), "obus")


def test_a_better_spelling_is_suggested(engine: Engine) -> None:
    assert engine.suggest(parsed('munitiosn "elisée"')) == 'munitions "Élysée"'
    assert engine.suggest(parsed("munitions Élysée")) is None
