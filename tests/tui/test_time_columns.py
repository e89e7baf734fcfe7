from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.retrieval.timeline import Timeline
from search.text.periods import TimeUnit, period_days, periods
from search.tui.format.time_columns import bars, columns_of, finest_unit, spans
from search.tui.format.time_labels import Label, label_line, labels, marked_line
from search.tui.i18n import FRENCH

COUNTS = st.dictionaries(st.dates(date(1776, 1, 1), date(2026, 1, 1)).map(str), st.integers(1, 99))
WIDTHS = st.integers(1, 200)


def timeline_of(counts: dict[str, int]) -> Timeline:
    return Timeline(tuple(sorted(counts.items())))


def years(first: int, last: int, step: int = 1) -> Timeline:
    return timeline_of({str(year): year % 7 + 1 for year in range(first, last + 1, step)})


@given(COUNTS, WIDTHS)
def test_the_columns_add_up_and_every_period_is_in_one_of_them(counts: dict[str, int], width: int) -> None:
    timeline = timeline_of(counts)
    unit = finest_unit(timeline, width)
    columns = columns_of(timeline, unit, width)
    assert len(columns) <= width
    assert sum(column.count for column in columns) == timeline.total
    parts = [list(periods(unit, column.days)) for column in columns]
    assert [len(part) for part in parts] == [column.share for column in columns]
    days = [day for day, _ in timeline.dates]
    whole = list(periods(unit, period_days(days[0], days[-1]))) if days else []
    assert [period for part in parts for period in part] == whole


@given(COUNTS, st.integers(20, 200), st.integers(1900, 2010))
def test_a_year_in_sight_has_all_its_months(counts: dict[str, int], width: int, year: int) -> None:
    timeline, days = timeline_of(counts), period_days(str(year), str(year))
    columns = columns_of(timeline, TimeUnit.MONTH, width, days)
    assert [column.first[-2:] for column in columns] == [f"{month:02}" for month in range(1, 13)]
    assert sum(column.count for column in columns) == timeline.within(days).total


@pytest.mark.parametrize(
    ("timeline", "width", "unit"),
    [
        (timeline_of({"2019-03-01": 1, "2019-03-30": 1}), 30, TimeUnit.DAY),
        (timeline_of({"2019-03-01": 1, "2019-03-30": 1}), 29, TimeUnit.MONTH),
        (timeline_of({"2015-01-01": 1, "2020-12-30": 1}), 72, TimeUnit.MONTH),
        (timeline_of({"2015-01-01": 1, "2020-12-30": 1}), 71, TimeUnit.YEAR),
        (timeline_of({"2019-03": 2, "2019-03-30": 1}), 30, TimeUnit.MONTH),
        (years(1776, 2020), 10, TimeUnit.YEAR),
        (Timeline(), 10, TimeUnit.YEAR),
    ],
)
def test_the_unit_is_the_finest_for_which_there_is_room(
    timeline: Timeline, width: int, unit: TimeUnit
) -> None:
    assert finest_unit(timeline, width) is unit


def test_years_share_columns_that_begin_with_round_years() -> None:
    columns = columns_of(years(1776, 2025), TimeUnit.YEAR, 60)
    named = [(column.first, column.last, column.share) for column in columns]
    assert named[:2] == [("1776", "1779", 4), ("1780", "1784", 5)]
    assert named[-1] == ("2025", "2025", 1)
    assert len(named) == 51


def test_gaps_are_empty_columns() -> None:
    columns = columns_of(timeline_of({"2019-01": 2, "2019-04": 3}), TimeUnit.MONTH, 80)
    assert [(column.first, column.count) for column in columns] == [
        *(("2019-01", 2), ("2019-02", 0), ("2019-03", 0), ("2019-04", 3)),
    ]


def test_no_room_and_no_articles_have_no_columns() -> None:
    assert columns_of(years(2000, 2001), TimeUnit.YEAR, 0) == ()
    assert columns_of(timeline_of({"": 4}), TimeUnit.YEAR, 80) == ()


@given(st.integers(1, 200), st.integers(1, 200))
def test_columns_take_the_whole_width(columns: int, width: int) -> None:
    cells = spans(columns, width)
    assert len(cells) == columns
    assert [cell for span in cells for cell in span] == list(range(width))
    assert max(map(len, cells)) - min(map(len, cells)) <= 1


def test_bars_have_eighths_and_one_scale() -> None:
    assert bars([8, 4, 1, 0], 8, 4, 1) == ["█▄▁ "]
    assert bars([16, 8, 4, 1], 16, 4, 2) == ["█   ", "██▄▁"]
    assert bars([16, 4], 16, 7, 1) == ["██ ▂▂  "]  # equally wide, whatever is left
    assert bars([1, 1000], 1000, 2, 1) == ["▁█"]
    assert bars([], 0, 3, 2) == ["   ", "   "]


def drawn(timeline: Timeline, width: int, unit: TimeUnit | None = None) -> str:
    columns = columns_of(timeline, unit or finest_unit(timeline, width), width)
    return label_line(labels(columns, width, FRENCH), width).rstrip()


@pytest.mark.parametrize(
    ("timeline", "width", "line"),
    [
        (years(2015, 2020), 30, "2015 2016 2017 2018 2019 2020"),
        (years(1776, 2025), 30, "   1800  1850  1900 1950  2000"),
        (years(2015, 2020), 12, "2015"),
        (
            timeline_of({"2019-01": 1, "2019-12": 1}),
            72,
            "janv. févr. mars  avril mai   juin  juil. août  sept. oct.  nov.  déc.",
        ),
        (timeline_of({"2019-01": 1, "2019-12": 1}), 34, "janv.   avril    juil.   oct."),
        (timeline_of({"2022-11": 1, "2024-02": 1}), 16, "  2023"),
        (timeline_of({"2022-11": 1, "2024-02": 1}), 20, "  2023"),
        (timeline_of({"2019-03-01": 1, "2019-03-31": 1}), 34, "    5    10    15   20    25   30"),
        (timeline_of({"2019-03-20": 1, "2019-04-10": 1}), 44, "mars      25        30  avril   5         10"),
        (timeline_of({"2019-03-04": 1}), 9, "4"),
    ],
)
def test_labels_stand_where_they_have_room(timeline: Timeline, width: int, line: str) -> None:
    assert drawn(timeline, width) == line


@given(COUNTS.filter(bool), WIDTHS)
def test_labels_stand_below_the_beginning_of_their_column(counts: dict[str, int], width: int) -> None:
    timeline = timeline_of(counts)
    columns = columns_of(timeline, finest_unit(timeline, width), width)
    starts = [span.start for span in spans(len(columns), width)]
    placed = labels(columns, width, FRENCH)
    assert all(label.cell in starts for label in placed)
    ends = [label.cell + len(label.text) for label in placed]
    assert all(end < label.cell for end, label in zip(ends, placed[1:], strict=False))
    assert max(ends, default=0) <= width
    assert len(label_line(placed, width)) == width


def test_a_line_of_labels() -> None:
    assert label_line([Label(1, "2019"), Label(8, "2020")], 14) == " 2019   2020  "


def test_labels_give_way_to_marks() -> None:
    columns = columns_of(years(2015, 2020), TimeUnit.YEAR, 30)
    assert marked_line(columns, {0: "✓", 3: "▲"}, 30, FRENCH) == "  ✓  2016 2017   ▲  2019 2020 "
    assert marked_line((), {}, 4, FRENCH) == "    "
