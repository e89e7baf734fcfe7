from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.dates import (
    DayRange,
    partial_date,
    published_days,
    relative,
    span_days,
)

TODAY = date(2023, 9, 15)
DAY = DayRange(date(2023, 9, 12), date(2023, 9, 12))
SEPTEMBER = DayRange(date(2023, 9, 1), date(2023, 9, 30))
YEAR = DayRange(date(2023, 1, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2023", YEAR),
        ("2023-09", SEPTEMBER),
        ("2023-9", SEPTEMBER),
        ("2023-09-12", DAY),
        ("12/09/2023", DAY),
        ("12.9.2023", DAY),
        ("12 septembre 2023", DAY),
        ("12-Septembre-2023", DAY),
        ("septembre-2023", SEPTEMBER),
        (" SEPT. 2023 ", SEPTEMBER),
        ("1er février 2024", DayRange(date(2024, 2, 1), date(2024, 2, 1))),
        ("fe\u0301vrier\u00a02024", DayRange(date(2024, 2, 1), date(2024, 2, 29))),
        ("fev 1900", DayRange(date(1900, 2, 1), date(1900, 2, 28))),
        ("août 2023", DayRange(date(2023, 8, 1), date(2023, 8, 31))),
        ("mai 2023", DayRange(date(2023, 5, 1), date(2023, 5, 31))),
        ("mars 2023", DayRange(date(2023, 3, 1), date(2023, 3, 31))),
        ("juil. 2023", DayRange(date(2023, 7, 1), date(2023, 7, 31))),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(text: str, days: DayRange) -> None:
    assert partial_date(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hier",
        "23-09",
        "2023-09-12-01",
        "jui 2023",
        "ma 2023",
        "o 2023",
        "brumaire 2023",
        "12 2023",
        "20230912",
    ],
)
def test_what_is_no_date_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date; write 2023, 2023-09, 2023-09-12") as raised:
        partial_date(text)
    assert str(raised.value).startswith(repr(text))


@pytest.mark.parametrize(
    "text", ["2023-02-29", "31/09/2023", "2023-13", "2023-00-10", "30 février 2024", "0000", "32 mai 2023"]
)
def test_a_date_that_cannot_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"month|day|year"):
        partial_date(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("aujourd’hui", TODAY, TODAY),
        ("hier", date(2023, 9, 14), date(2023, 9, 14)),
        ("Avant-hier", date(2023, 9, 13), date(2023, 9, 13)),
        ("7j", date(2023, 9, 8), TODAY),
        ("7 jours", date(2023, 9, 8), TODAY),
        ("0j", TODAY, TODAY),
        ("2s", date(2023, 9, 1), TODAY),
        ("3m", date(2023, 6, 15), TODAY),
        ("9 mois", date(2022, 12, 15), TODAY),
        ("1a", date(2022, 9, 15), TODAY),
        ("2 années", date(2021, 9, 15), TODAY),
        ("9999a", date(1, 1, 15), TODAY),
        ("1 week", date(2023, 9, 8), TODAY),
    ],
)
def test_a_span_ends_today(text: str, first: date, last: date) -> None:
    assert relative(text, TODAY) == DayRange(first, last)


def test_a_month_before_is_no_longer_than_its_days() -> None:
    assert relative("1m", date(2023, 3, 31)).first == date(2023, 2, 28)
    assert relative("1a", date(2024, 2, 29)).first == date(2023, 2, 28)
    assert relative("1m", date(2023, 1, 31)).first == date(2022, 12, 31)


@pytest.mark.parametrize("text", ["", "7", "7x", "j7", "-7j", "demain", "12345j", "2023-09"])
def test_what_is_no_span_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a span; write 7j \(days\)"):
        relative(text, TODAY)


def test_an_unknown_date_covers_no_days() -> None:
    assert published_days("") is None


@given(st.integers(0, 9999), st.sampled_from(["j", "s", "m", "a"]), st.dates(min_value=date(2, 1, 1)))
def test_any_span_ends_today_and_a_longer_one_begins_earlier(count: int, unit: str, today: date) -> None:
    days, longer = relative(f"{count}{unit}", today), relative(f"{count + 1 - (count == 9999)}{unit}", today)
    assert longer.first <= days.first <= days.last == today


@pytest.mark.parametrize(
    ("text", "days"),
    [("30j", 30), (" 2 Semaines", 14), ("6m", 182.625), ("1an", 365.25), ("2 années", 730.5)],
)
def test_a_span_is_so_many_days(text: str, days: float) -> None:
    assert span_days(text) == days


@pytest.mark.parametrize("text", ["", "0j", "hier", "30", "3 lunes", "2023-09", "-1j"])
def test_what_is_no_length_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="is not a span; write 7j"):
        span_days(text)
