import pytest

from search.tui.format.charts import histogram, meter, score_bars
from search.types import Contribution, Leg


def part(leg: Leg, points: float) -> Contribution:
    return Contribution(leg, 1, 0.0, 0.0, 1.0, points)


@pytest.mark.parametrize(
    ("amount", "most", "bar"),
    [
        (0, 10, ""),
        (-1, 10, ""),
        (0.01, 10, "▇"),
        (5, 10, "▇▇"),
        (10, 10, "▇▇▇▇"),
        (30, 10, "▇▇▇▇"),
        (1, 0, ""),
    ],
)
def test_a_meter(amount: float, most: float, bar: str) -> None:
    assert meter(amount, most, 4) == bar


@pytest.mark.parametrize(
    ("parts", "bar"),
    [
        ((), ""),
        ((part(Leg.KEYWORD, 3.0), part(Leg.PASSAGE, 1.0)), "M━━━━━ S     "),
        ((part(Leg.KEYWORD, 0.5), part(Leg.PASSAGE, 0.5), part(Leg.SEMANTIC, 2.0)), "M━     S━━╸  "),
        ((part(Leg.KEYWORD, 0.001), part(Leg.NEIGHBOURS, 9.0)), "M╸     S━━━━━"),
        ((part(Leg.KEYWORD, -0.5), part(Leg.SEMANTIC, 1.5)), "M      S━━   "),
    ],
)
def test_score_bars_have_one_bar_for_keywords_and_one_for_meaning(
    parts: tuple[Contribution, ...], bar: str
) -> None:
    assert score_bars(parts, 4.0, "MS") == bar


def test_one_column_a_month_with_the_years_under_january() -> None:
    drawn = histogram([("2022-11", 1), ("2023-01", 3), ("2023-06", 6), ("2024-02", 2)], 20)
    assert (drawn.columns, drawn.months) == ("▂ ▄    ▇       ▃", 1)
    # There is no room for 2022 before January 2023.
    assert drawn.years == "  2023        2024"


def test_the_first_year_stands_where_there_is_room() -> None:
    drawn = histogram([("2020-03", 1), ("2021-12", 2)], 22)
    assert (drawn.columns, drawn.years) == ("▄                    ▇", "2020      2021")
    assert histogram([("2020-03", 1), ("2021-02", 2)], 12).years == "2020"


def test_months_share_a_column_when_they_do_not_fit() -> None:
    drawn = histogram([("2020-01", 1), ("2020-02", 1), ("2020-12", 2), ("2021-01", 4)], 7)
    assert (drawn.columns, drawn.years, drawn.months) == ("▄    ▄▇", "2020", 2)


def test_an_empty_histogram() -> None:
    assert histogram([("", 3), ("2023", 1)], 20).columns == ""
    assert histogram([("2023-01", 1)], 0).columns == ""
