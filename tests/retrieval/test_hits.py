"""What counts as a result: one definition, for the total, the pages, the facets and the line."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from search.local.reader import Generation
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.relevance import LINE, NEAR, RelevanceThreshold, relevant
from search.retrieval.request import Request
from search.types import (
    Article,
    ConfidenceBreakdown,
    Facet,
    Fusion,
    FusionMethod,
    Hit,
    Hits,
    Mode,
    Sort,
)
from tests.fakes import engine_of, engine_over
from tests.press import PRESS

TODAY = date(2023, 9, 13)
QUESTIONS = [
    "munitions Russie",
    "munitions -Ukraine",
    "rubrique:monde",
    "inconnu",
    "pluie marathon inconnu",
    "",
]
THRESHOLD = RelevanceThreshold()
every_mode = pytest.mark.parametrize("mode", list(Mode))


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


def _ask(text: str, mode: Mode = Mode.HYBRID, threshold: RelevanceThreshold = THRESHOLD) -> Request:
    return Request(parse(text, TODAY), mode, limit=50, threshold=threshold)


def _paged(engine: Engine, request: Request) -> list[Hit]:
    """Every result, by pages of two until one is empty."""
    found: list[Hit] = []
    while page := engine.search(replace(request, limit=2, offset=len(found))).hits:
        found += page
    return found


def _breakdown(engine: Engine, request: Request, article_id: str) -> ConfidenceBreakdown | None:
    return engine.explain(request, engine.hit(request, article_id)).confidence


def _values(article: Article) -> dict[Facet, list[str]]:
    return {
        Facet.SOURCE: [article.source],
        Facet.SECTION: [article.section],
        Facet.AUTHOR: article.author.split("; "),
        Facet.PLACE: [article.place],
        Facet.KEYWORD: article.keywords.split("; "),
        Facet.YEAR: [article.published[:4]],
        Facet.MONTH: [article.published[:7] if len(article.published) >= 7 else ""],
    }


@every_mode
@pytest.mark.parametrize("least", [0.0, 0.5])
@pytest.mark.parametrize("text", QUESTIONS)
def test_facets_total_and_pages_are_of_the_same_results(
    engine: Engine, text: str, mode: Mode, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.retrieval.retriever.DEPTH", 3)
    request = _ask(text, mode, RelevanceThreshold(minimum=least))
    found = _paged(engine, request)
    names = [result.article.id for result in found]
    assert len(names) == len(set(names)) == engine.search(request).total
    for facet, counted in engine.facets(request).items():
        assert dict(counted) == Counter(value for result in found for value in _values(result.article)[facet])
    if text not in ("rubrique:monde", ""):
        assert all(result.confidence >= least for result in found)


@every_mode
def test_an_article_is_a_result_when_it_holds_a_word_or_means_nearly_that(engine: Engine, mode: Mode) -> None:
    answer = engine.search(_ask("munitions Russie", mode))
    holding = {"obus", "ukraine", "sommet", "elysee", "rapport", "urss"}
    by_meaning = engine.search(_ask("munitions Russie", Mode.SEMANTIC))
    near = {one.article.id for one in by_meaning.shown if one.confidence >= NEAR}
    expected = holding if mode is Mode.KEYWORD else holding | near
    assert {one.article.id for one in answer.hits} == expected
    assert not {one.article.id for one in answer.below} & expected


def test_the_nearest_that_are_no_results_are_shown_below_a_first_page(engine: Engine) -> None:
    whole = engine.search(_ask("marathon"))
    assert [one.article.id for one in whole.hits] == ["marathon"]
    assert {one.article.id for one in whole.shown} == {article.id for article in PRESS}
    scores = [one.score for one in whole.below]
    assert scores == sorted(scores, reverse=True)
    first = engine.search(Request(parse("marathon", TODAY), limit=3))
    assert first.total == 1
    assert [one.article.id for one in first.below] == [one.article.id for one in whole.below[:2]]
    assert engine.search(Request(parse("marathon", TODAY), limit=1)).below == ()
    assert engine.search(Request(parse("marathon", TODAY), limit=3, offset=1)).below == ()
    assert engine.search(_ask("marathon", threshold=RelevanceThreshold(minimum=0.1))).below == ()
    assert engine.search(_ask("marathon", Mode.KEYWORD)).below == ()


@pytest.mark.parametrize("method", list(FusionMethod))
@pytest.mark.parametrize("sort", list(Sort))
def test_the_confidence_of_an_answer_is_that_of_its_best_candidate(
    engine: Engine, method: FusionMethod, sort: Sort
) -> None:
    request = Request(parse("munitions pour Moscou", TODAY), sort=sort, limit=50, fusion=Fusion(method))
    answer = engine.search(request)
    assert answer.confidence == max(one.confidence for one in answer.shown)
    assert engine.search(Request(request.query, limit=1)).confidence == answer.confidence


@every_mode
def test_relevant_answers_are_known_from_those_that_are_not(engine: Engine, mode: Mode) -> None:
    assert relevant(engine.search(_ask("marathon de Lille sous la pluie", mode)))
    assert not relevant(engine.search(_ask("zorglub quimberlac trévillon", mode)))


def test_a_misspelt_word_is_no_compound(tmp_path: Path) -> None:
    abroad = [replace(PRESS[0], id=f"outre{number}", body="Un train part outre-manche.") for number in (1, 2)]
    with engine_over(tmp_path, abroad) as engine:
        assert not relevant(engine.search(_ask("outremanche")))


def test_a_correction_lends_a_misspelt_word_its_support_and_nothing_else(engine: Engine) -> None:
    def grounds(text: str, mode: Mode = Mode.HYBRID) -> ConfidenceBreakdown:
        breakdown = _breakdown(engine, _ask(text, mode), "obus")
        assert breakdown is not None
        return breakdown

    assert grounds("munittions").support == 1
    assert grounds("munittions zorglubesque").support == 0
    assert grounds("munittions").coverage == grounds("munittions", Mode.KEYWORD).coverage == 0


@every_mode
def test_the_confidence_is_explained(engine: Engine, mode: Mode) -> None:
    request = _ask("munitions Russie inconnu", mode)
    for result in engine.search(request).hits:
        figures = engine.explain(request, result).confidence
        assert figures is not None
        odds = figures.constant + figures.words + figures.weakest
        odds += figures.names + figures.years + figures.meaning
        assert figures.confidence == pytest.approx(1 / (1 + 2.718281828459045**-odds))
        assert figures.confidence == pytest.approx(result.confidence)
    assert _breakdown(engine, _ask("rubrique:monde", mode), "obus") is None


@pytest.mark.parametrize(("confidence", "expected"), [(LINE, True), (LINE - 1e-9, False)])
def test_an_answer_is_relevant_from_the_line_on(confidence: float, expected: bool) -> None:
    answer = Hits("", "", Mode.HYBRID, (), 0, "g", 1.0, confidence=confidence)
    assert relevant(answer) is expected


def test_the_confidence_of_an_answer_without_words_is_1_and_of_an_empty_one_0(engine: Engine) -> None:
    assert engine.search(_ask("rubrique:monde")).confidence == 1
    assert engine.search(_ask("inconnu", Mode.KEYWORD)).confidence == 0


def test_an_archive_of_one_article_answers(tmp_path: Path) -> None:
    with engine_over(tmp_path, PRESS[:1]) as engine:
        assert relevant(engine.search(_ask("obus d'artillerie")))
        assert not relevant(engine.search(_ask("zorglub")))
