from datetime import date

import pytest

from search.tui.format.dates import full_date, month_name, relative_date
from search.tui.i18n import ENGLISH, FRENCH

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2026-11-22T08:30", "aujourd’hui"),
        ("2026-11-21", "hier"),
        ("2026-11-19T23:59", "il y a 3 jours"),
        ("2026-11-09", "il y a 13 jours"),
        ("2026-11-08", "8 nov."),
        ("2026-11-23", "23 nov."),
        ("2023-09-01T10:00", "1er sept. 2023"),
        ("2025-11-30", "30 nov. 2025"),
        ("2023-02-30", "2023-02-30"),
        ("2023-09", "sept. 2023"),
        ("2023-13", "2023-13"),
        ("2023", "2023"),
        ("", "sans date"),
        ("hier soir \x1b", "hier soir "),
    ],
)
def test_near_dates_say_how_near_and_those_of_this_year_leave_it_out(published: str, expected: str) -> None:
    assert relative_date(published, TODAY, FRENCH) == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2026-11-22T08:30", "22 nov. 2026, 08:30 (aujourd’hui)"),
        ("2026-11-19", "19 nov. 2026 (il y a 3 jours)"),
        ("2023-09-11T14:30", "11 sept. 2023, 14:30"),
        ("2023-09-11", "11 sept. 2023"),
        ("2026-02-01", "1er févr. 2026"),
        ("2023-09", "sept. 2023"),
        ("2023", "2023"),
        ("", "sans date"),
    ],
)
def test_a_full_date_has_the_time_and_says_how_near_it_is(published: str, expected: str) -> None:
    assert full_date(published, TODAY, FRENCH) == expected


def test_months_are_named_in_the_language() -> None:
    assert [month_name("2024-02", texts) for texts in (FRENCH, ENGLISH)] == ["févr. 2024", "Feb 2024"]
    assert relative_date("2026-11-20", TODAY, ENGLISH) == "2 days ago"
    assert [relative_date(day, TODAY, ENGLISH) for day in ("2026-02-01", "2024-02-11")] == [
        "1 Feb",
        "11 Feb 2024",
    ]
