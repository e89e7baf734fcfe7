"""Tests of what a build says of its rate and of the remaining time."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.encoding_rate import EncodingRate, Estimate, sentence, time_text
from search.language import ENGLISH, FRENCH


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _run(rate: EncodingRate, clock: Clock, *steps: tuple[float, int], total: int) -> list[Estimate | None]:
    """The estimates after each step: so many seconds for so many passages."""
    done, estimates = 0, []
    for seconds, passages in steps:
        clock.now += seconds
        done += passages
        rate.advance(done, total)
        estimates.append(rate.estimate)
    return estimates


def test_the_batch_in_which_the_model_loads_does_not_count() -> None:
    clock = Clock()
    rate = EncodingRate(clock)
    rate.advance(0, 10_000)
    first, second = _run(rate, clock, (45.0, 256), (2.56, 256), total=10_000)
    assert first is None
    assert second is not None
    assert (second.rate, second.left) == pytest.approx((100.0, 94.88))


def test_a_short_build_says_nothing_and_a_long_one_speaks_until_its_end() -> None:
    clock = Clock()
    assert _run(EncodingRate(clock), clock, *[(1.0, 100)] * 10, total=1000) == [None] * 10
    long = _run(EncodingRate(clock), clock, *[(10.0, 100)] * 10, total=1000)
    assert [estimate and round(estimate.left) for estimate in long] == [None, *range(80, 0, -10), None]


def test_old_rates_are_forgotten() -> None:
    clock = Clock()
    slow, fast = [(100.0, 100)] * 20, [(1.0, 100)] * 700
    last = _run(EncodingRate(clock), clock, *slow, *fast, total=1_000_000)[-1]
    assert last is not None
    assert last.rate == pytest.approx(100, rel=0.01)


def test_another_run_is_measured_by_itself() -> None:
    clock = Clock()
    rate = EncodingRate(clock)
    _run(rate, clock, *[(1.0, 100)] * 20, total=100_000)
    assert _run(rate, clock, (50.0, 10), (1.0, 10), total=1000)[-1] == Estimate(10.0, 98.0)


@given(st.floats(0.05, 500.0), st.integers(2, 40), st.integers(1, 10_000))
def test_at_a_steady_rate_the_time_never_grows(seconds: float, batches: int, size: int) -> None:
    clock = Clock()
    estimates = _run(EncodingRate(clock), clock, *[(seconds, size)] * batches, total=batches * size)
    lefts = [estimate.left for estimate in estimates if estimate is not None]
    assert lefts == sorted(lefts, reverse=True)
    assert lefts == pytest.approx([seconds * n for n in range(len(lefts), 0, -1)], rel=1e-6)


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (3, "10 s", "10 s"),
        (44, "40 s", "40 s"),
        (89, "90 s", "90 s"),
        (91, "2 min", "2 min"),
        (33 * 60, "35 min", "35 min"),
        (5300, "90 min", "90 min"),
        (5500, "1.5 h", "1,5 h"),
        (7200, "2 h", "2 h"),
        (36_000 + 1800, "10 h", "10 h"),
        (400 * 3600, "400 h", "400 h"),
    ],
)
def test_times_are_told_in_steps(seconds: float, english: str, french: str) -> None:
    assert time_text(ENGLISH, seconds) == english
    assert _plain(time_text(FRENCH, seconds)) == french


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_more_time_never_sounds_like_less(one: float, other: float) -> None:
    shorter, longer = (_seconds(time_text(ENGLISH, each)) for each in sorted((one, other)))
    assert shorter <= longer


def test_the_sentence_in_both_languages() -> None:
    estimate = Estimate(109.4, 7100.0)
    assert sentence(ENGLISH, estimate) == "109 passages/s, about 2 h left"
    assert _plain(sentence(FRENCH, estimate)) == "109 passages/s, encore 2 h environ"
    assert sentence(ENGLISH, Estimate(3.25, 60.0)) == "3.2 passages/s, about 60 s left"


def _plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def _seconds(text: str) -> float:
    value, unit = text.replace(",", "").split()
    return float(value) * {"s": 1, "min": 60, "h": 3600}[unit]
