"""Words that mark an answer, beside a slow count over the texts."""

from collections.abc import Iterator
from math import log, log2

import pytest

from search.counting.keyness import Term, terms
from search.query.ast import Query
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.types import Article, Copies, Mode
from tests.fakes import engine_over
from tests.retrieval.requests import request_of

from .slow import stem_counts

EVERY = Request(Query("", (), None, ""), copies=Copies.LISTED)
STRIKES = [
    Article(f"g{n}", f"Train {n}", f"La grève dure. Les syndicats {verb} le préavis numéro {n} de la CGT.")
    for n, verb in enumerate(("déposent", "déposeront", "ont déposé", "déposent") * 5)
]
HARVESTS = [
    Article(f"b{n}", f"Champ {n}", f"La récolte de blé est bonne. Un agriculteur vend {n} sacs au marché.")
    for n in range(30)
]
ARTICLES = (*STRIKES, *HARVESTS)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine_over(tmp_path_factory.mktemp("terms") / "index", ARTICLES) as opened:
        yield opened


def words(text: str) -> Request:
    return request_of(text, Mode.KEYWORD)


def g2(a: int, n: int, b: int, m: int) -> float:
    """Dunning's formula over the four cells, one after the other."""
    table = ((a, n, a + b), (n - a, n, n + m - a - b), (b, m, a + b), (m - b, m, n + m - a - b))
    return 2 * sum(seen * log(seen * (n + m) / (row * column)) for seen, row, column in table if seen)


def test_terms_are_counted_and_weighed_as_slowly(engine: Engine) -> None:
    found = terms(engine, words("grève"), EVERY)
    own, other = stem_counts(STRIKES), stem_counts(HARVESTS)
    n, m = len(STRIKES), len(HARVESTS)
    assert (found.articles, found.reference) == (n, m)
    asked = {"greve"}
    expected = {
        stem: (count, other[stem])
        for stem, count in own.items()
        if count >= 3
        and not stem.isdigit()
        and count * m > other[stem] * n
        and g2(count, n, other[stem], m) > 10.83
    }
    assert {term.stem: (term.articles, term.reference) for term in found.terms} == {
        stem: counts for stem, counts in expected.items() if stem not in asked
    }
    for term in found.terms:
        assert term.log_likelihood == pytest.approx(g2(term.articles, n, term.reference, m))
        assert term.log_ratio == pytest.approx(log2(term.articles / n) - log2((term.reference or 0.5) / m))
    scores = [term.log_likelihood for term in found.terms]
    assert scores == sorted(scores, reverse=True)


def test_a_word_is_shown_as_it_is_written_most_often(engine: Engine) -> None:
    shown = {term.word for term in terms(engine, words("grève"), EVERY).terms}
    assert {"syndicats", "préavis", "CGT", "déposent"} <= shown
    assert "grève" not in shown  # the answer was chosen by it
    assert "la" not in shown


def test_terms_against_another_answer(engine: Engine) -> None:
    found = terms(engine, words("récolte"), words("grève"), limit=2)
    assert (found.articles, found.reference) == (len(HARVESTS), len(STRIKES))
    assert len(found.terms) == 2
    assert {term.word for term in found.terms} <= {"blé", "bonne", "agriculteur", "vend", "sacs", "marché"}


def test_a_word_that_too_few_articles_hold_is_not_listed(engine: Engine) -> None:
    found = terms(engine, words("grève"), EVERY, minimum=6)
    assert all(term.articles >= 6 for term in found.terms)
    assert terms(engine, words("grève"), EVERY, minimum=21).terms == ()


def test_nothing_is_compared_with_itself(engine: Engine) -> None:
    assert terms(engine, EVERY, EVERY).terms == ()
    assert terms(engine, words("inconnu"), EVERY) == terms(engine, words("introuvable"), EVERY)
    found: tuple[Term, ...] = terms(engine, words("inconnu"), EVERY).terms
    assert found == ()
