"""Queries made to take long or to break something; the long version is tests/stress/queries.py."""

import time
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.config import Settings
from search.index import engine_over
from search.local.reader import Generation
from search.query.ast import Prefix, Word
from search.query.filters import filters_of, text_without_filter
from search.query.matcher import pattern_test
from search.query.parser import parse
from search.query.relaxation import relaxations
from search.retrieval.engine import Engine
from search.types import Mode
from tests.stress.queries import PATHOLOGICAL, Outcome, typed

TODAY = date(2023, 9, 15)


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_over(generation, Settings())


def test_pathological_queries_are_answered_or_refused(engine: Engine) -> None:
    outcome = Outcome()
    for text in PATHOLOGICAL:
        outcome.add(engine, text, Mode.KEYWORD)
    assert outcome.answered > 20
    assert outcome.refused.total() > 20


def test_whatever_is_typed_is_answered_or_refused(engine: Engine) -> None:
    @settings(max_examples=150)
    @given(st.randoms(use_true_random=False).map(typed))
    def asked(text: str) -> None:
        Outcome().add(engine, text, Mode.KEYWORD)

    asked()


def test_halves_of_surrogate_pairs_are_no_letters(engine: Engine) -> None:
    query = parse("ab\udc00* c\ud800d", TODAY)
    assert [word.leaf for word in query.words] == [Prefix("ab\ufffd"), Word("c\ufffdd")]
    assert query.raw == "ab\ufffd* c\ufffdd"
    Outcome().add(engine, "ab\udc00* +cd\ud800e~", Mode.KEYWORD)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("a*a*a*a*a*a*a*a*a*a*a*a*b", "a" * 40 + "b", "a" * 5000),
        ("*ab*ab*", "xabyab", "xaby"),
        ("ab*ab", "abab", "ab"),
        ("a*", "a", "b"),
        ("*b", "abb", "ba"),
        ("a?*b", "axb", "ab"),
        ("a.*b", "a.xb", "axb"),
    ],
)
def test_shapes_are_matched_in_no_time(pattern: str, yes: str, no: str) -> None:
    started = time.process_time()
    assert pattern_test(pattern)(yes)
    assert not pattern_test(pattern)(no)
    assert time.process_time() - started < 0.5


@given(st.text("ab*?", max_size=8), st.text("abc", max_size=10))
def test_shapes_are_as_they_are_defined(pattern: str, term: str) -> None:
    lengths = product(range(len(term) + 1), repeat=pattern.count("*"))
    filled = ("".join(_filled(pattern, counts)) for counts in lengths if sum(counts) <= len(term))
    expected = any(
        len(one) == len(term) and all(a in ("?", b) for a, b in zip(one, term, strict=True)) for one in filled
    )
    assert pattern_test(pattern)(term) == expected


def _filled(pattern: str, counts: tuple[int, ...]) -> list[str]:
    left = list(counts)
    return ["?" * left.pop(0) if letter == "*" else letter for letter in pattern]


def test_of_many_demands_the_first_are_left_out_one_by_one() -> None:
    started = time.process_time()
    query = parse(" ".join(f"+mot{number}" for number in range(250)), TODAY)
    dropped = [found.dropped for found in relaxations(query)]
    assert dropped == [*(Word(f"mot{number}") for number in range(16)), None]
    assert time.process_time() - started < 5


def test_one_of_many_filters_is_left_out_in_time() -> None:
    started = time.process_time()
    query = parse(" ".join(f"source:s{number}" for number in range(250)), TODAY)
    text = text_without_filter(query, filters_of(query)[-1], TODAY)
    assert text == " ".join(f"source:s{number}" for number in range(249))
    assert time.process_time() - started < 2


def test_filters_and_dates_count_among_the_words(engine: Engine) -> None:
    outcome = Outcome()
    outcome.add(engine, "date:2023 " * 257, Mode.KEYWORD)
    assert outcome.refused == {"The query has more than {} words.": 1}
