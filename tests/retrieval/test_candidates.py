"""Which articles are candidates: the best of each leg, and every literal match."""

from datetime import date

import pytest

from search.local.reader import Generation
from search.query.parser import parse
from search.retrieval import retriever
from search.retrieval.request import Request
from search.retrieval.retriever import Retriever, SemanticIndex
from search.types import Mode
from tests.fakes import FakeEncoder, engine_of

TODAY = date(2023, 9, 13)


@pytest.fixture(autouse=True)
def _one_article_a_leg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retriever, "DEPTH", 1)


def _candidates(generation: Generation, typed: str, mode: Mode) -> set[str]:
    asked = Retriever(
        generation.store, generation.keyword, lambda: SemanticIndex(FakeEncoder(), generation.vectors)
    )
    keys = asked.retrieve(parse(typed, TODAY), mode).candidates
    return set(generation.store.ids(keys.tolist()))


def test_both_legs_put_articles_forward(generation: Generation) -> None:
    assert _candidates(generation, "munitions céréales", Mode.KEYWORD) == {"cereales"}
    assert _candidates(generation, "munitions céréales", Mode.SEMANTIC) == {"rapport"}
    assert _candidates(generation, "munitions céréales", Mode.HYBRID) == {"cereales", "rapport"}


def test_a_literal_match_is_a_candidate_beyond_the_depth(generation: Generation) -> None:
    assert _candidates(generation, "munitions Russie", Mode.KEYWORD) == {"ukraine"}
    assert _candidates(generation, "munitions Russie odessa", Mode.KEYWORD) == {"ukraine"}  # no name
    assert _candidates(generation, "munitions Russie Odessa", Mode.KEYWORD) == {"ukraine", "cereales"}
    assert _candidates(generation, "munitions Russie Odessa", Mode.SEMANTIC) == {"hopital"}
    assert _candidates(generation, "munitions Russie Odessa", Mode.HYBRID) == {
        "ukraine",
        "cereales",
        "hopital",
    }


def test_candidates_come_before_the_other_results(generation: Generation) -> None:
    request = Request(parse("munitions Russie Odessa", TODAY), limit=3)
    hits = engine_of(generation).search(request).hits
    assert [hit.article.id for hit in hits] == ["ukraine", "cereales", "sommet"]


def test_a_constraint_holds_for_literal_matches_too(generation: Generation) -> None:
    assert _candidates(generation, "munitions Russie Odessa -cargo", Mode.KEYWORD) == {"ukraine"}
