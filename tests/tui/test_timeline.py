"""The histogram over time by itself: what it draws, and what its keys and the mouse ask for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from search.query.parser import parse
from search.retrieval.timeline import Timeline
from search.tui.i18n import FRENCH
from search.tui.messages import Refine
from search.tui.widgets.timeline import TimelineChart

TODAY = date(2026, 11, 30)
SIX_YEARS = Timeline(
    (
        ("", 12),
        ("2015-01-05", 4),
        ("2017", 2),
        ("2019-03-01", 30),
        ("2019-03-02", 6),
        ("2019-07-14", 9),
        ("2020-12-31", 18),
    )
)


class Host(App[None]):
    """Shows a chart as high as the screen, and writes the queries that it asks for."""

    CSS = "TimelineChart { height: 100%; text-wrap: nowrap; }"

    def __init__(self, timeline: Timeline, text: str = "munitions") -> None:
        super().__init__()
        self.chart = TimelineChart(FRENCH)
        self.asked = text
        self._timeline = timeline

    def compose(self) -> ComposeResult:
        yield self.chart

    def on_mount(self) -> None:
        self.chart.focus()
        self.show()

    def show(self) -> None:
        self.chart.show(self._timeline, parse(self.asked, TODAY))

    def on_refine(self, message: Refine) -> None:
        self.asked = message.rewrite(parse(self.asked, TODAY), message.filter, TODAY)
        self.show()


@asynccontextmanager
async def showing(
    timeline: Timeline, text: str = "munitions", size: tuple[int, int] = (80, 5)
) -> AsyncIterator[Pilot[None]]:
    async with Host(timeline, text).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


def lines(pilot: Pilot[None]) -> list[str]:
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


def host(pilot: Pilot[None]) -> Host:
    assert isinstance(pilot.app, Host)
    return pilot.app


async def pressed(pilot: Pilot[None], *keys: str) -> list[str]:
    await pilot.press(*keys)
    await pilot.pause()
    return lines(pilot)


async def test_columns_take_the_whole_width_and_have_their_scale() -> None:
    async with showing(SIX_YEARS, size=(75, 5)) as pilot:  # a cell for each month, after "36 "
        headline, top, bottom, below = lines(pilot)[0], lines(pilot)[1], lines(pilot)[3], lines(pilot)[4]
        assert headline == "déc. 2020 · 18 articles · 2 sans mois · 12 sans date"
        assert top == "36" + "█".rjust(52)
        assert bottom == "   ▃" + "█   ▆".rjust(54) + "█".rjust(17)
        assert below == "   2015        2016        2017        2018        2019        2020       ▲"


async def test_without_the_focus_the_line_tells_of_all_columns() -> None:
    async with showing(SIX_YEARS) as pilot:
        pilot.app.screen.set_focus(None)
        await pilot.pause()
        assert lines(pilot)[0] == "janv. 2015–déc. 2020 · 67 articles · 2 sans mois · 12 sans date"
        assert "▲" not in lines(pilot)[-1]


async def test_keys_choose_a_column_and_filter_by_it() -> None:
    async with showing(SIX_YEARS) as pilot:
        assert (await pressed(pilot, "home"))[0].startswith("janv. 2015 · 4 articles")
        assert (await pressed(pilot, "right"))[0].startswith("févr. 2015 · 0 article")
        assert (await pressed(pilot, "end", "left"))[0].startswith("nov. 2020 · 0 article")
        await pressed(pilot, "right", "enter")
        assert host(pilot).asked == "munitions date:2020-12"
        assert lines(pilot)[0].startswith("✓ déc. 2020 · 18 articles")
        await pressed(pilot, "left")
        assert lines(pilot)[-1].endswith("▲✓")
        await pressed(pilot, "home", "space")
        assert host(pilot).asked == "munitions date:2015-01"
        await pressed(pilot, "space")
        assert host(pilot).asked == "munitions"


async def test_an_excluded_period_is_marked_and_can_be_included() -> None:
    async with showing(SIX_YEARS, "munitions -date:2020-12") as pilot:
        assert lines(pilot)[0].startswith("− déc. 2020")
        await pressed(pilot, "enter")
        assert host(pilot).asked == "munitions date:2020-12"


async def test_years_have_months_and_months_have_days() -> None:
    async with showing(SIX_YEARS) as pilot:
        await pressed(pilot, "minus")
        assert lines(pilot)[-1].split() == ["2015", "2016", "2017", "2018", "2019", "2020", "▲"]
        assert lines(pilot)[0] == "2020 · 18 articles · 12 sans date"
        assert (await pressed(pilot, "left"))[0].startswith("2019 · 45 articles")
        year = await pressed(pilot, "plus")
        assert year[0].startswith("mars 2019 · 36 articles")
        assert year[-1].split()[:4] == ["janv.", "févr.", "▲", "avril"]
        month = await pressed(pilot, "down")
        assert month[0].startswith("1er mars 2019 · 30 articles")
        assert (await pressed(pilot, "down", "right", "enter"))[0].startswith("✓ 2 mars 2019 · 6 articles")
        assert host(pilot).asked == "munitions date:2019-03-02"
        assert (await pressed(pilot, "up"))[0].startswith("mars 2019 · 36 articles")
        assert (await pressed(pilot, "backspace"))[0].startswith("2019 · 45 articles")
        assert (await pressed(pilot, "minus"))[0].startswith("2019 · 45 articles")


async def test_other_words_show_all_of_their_time_again() -> None:
    async with showing(SIX_YEARS) as pilot:
        await pressed(pilot, "minus", "plus")
        assert lines(pilot)[0].startswith("déc. 2020")
        assert len(pilot.app.query_one(TimelineChart)._columns) == 12
        host(pilot).asked = "obus"
        host(pilot).show()
        await pilot.pause()
        assert len(pilot.app.query_one(TimelineChart)._columns) == 72


async def test_the_mouse_tells_of_a_column_and_filters_by_it() -> None:
    async with showing(SIX_YEARS, size=(75, 5)) as pilot:  # a cell for each month, after "36 "
        march = 3 + 12 * 4 + 2
        await pilot.hover(TimelineChart, offset=(march, 3))
        await pilot.pause()
        assert lines(pilot)[0].startswith("mars 2019 · 36 articles")
        await pilot.hover(TimelineChart, offset=(march, 0))
        await pilot.pause()
        assert lines(pilot)[0].startswith("déc. 2020")
        await pilot.click(TimelineChart, offset=(march, 2))
        await pilot.pause()
        assert host(pilot).asked == "munitions date:2019-03"
        await pilot.click(TimelineChart, offset=(1, 2))
        assert host(pilot).asked == "munitions date:2019-03"


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
async def test_centuries_share_columns_and_it_is_said(width: int) -> None:
    archive = Timeline(tuple((str(year), year - 1700) for year in range(1776, 2026)))
    async with showing(archive, size=(width, 4)) as pilot:
        pilot.app.screen.set_focus(None)
        await pilot.pause()
        columns = pilot.app.query_one(TimelineChart)._columns
        assert sum(column.count for column in columns) == archive.total
        assert ("par colonne" in lines(pilot)[0]) == (width > 40)
        pilot.app.query_one(TimelineChart).focus()
        await pressed(pilot, "end")
        chosen = columns[-1]
        await pressed(pilot, "enter")
        named = chosen.first if chosen.share == 1 else f"{chosen.days.first}..{chosen.days.last}"
        assert host(pilot).asked == f"munitions date:{named}"


async def test_one_day_is_one_column() -> None:
    async with showing(Timeline((("2019-03-04", 3),)), size=(20, 3)) as pilot:
        assert lines(pilot) == ["4 mars 2019 · 3", "3 █████████████████", "  4       ▲"]


async def test_undated_articles_alone_are_told() -> None:
    async with showing(Timeline((("", 3),))) as pilot:
        assert lines(pilot)[0] == "3 sans date"
        await pressed(pilot, "enter", "plus", "minus", "left", "end")
        assert host(pilot).asked == "munitions"


async def test_nothing_is_drawn_of_nothing() -> None:
    async with showing(Timeline()) as pilot:
        assert "".join(lines(pilot)) == ""
        host(pilot).chart.clear()
        await pressed(pilot, "enter", "plus", "home")
        assert host(pilot).asked == "munitions"


async def test_the_cursor_stays_on_its_period_in_another_width() -> None:
    async with showing(SIX_YEARS) as pilot:
        await pressed(pilot, "home")
        await pilot.resize_terminal(40, 5)
        await pilot.pause()
        assert lines(pilot)[0].startswith("2015 · 4 articles")
