"""The screen that compares over time: what it counts, draws and lists, and what it asks for."""

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from search.errors import EncoderUnavailable, SearchError
from search.query.printer import to_text
from search.retrieval.comparison import Comparison
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.text.periods import TimeUnit
from search.tui.format.compared import answer_facts, compared_rows
from search.tui.i18n import ENGLISH, FRENCH
from search.tui.screens.comparison import ComparisonScreen
from search.tui.screens.help import HelpScreen, Section
from search.tui.services.comparer import ComparedTexts
from search.tui.widgets.period_table import PeriodTable
from search.types import Facet, Hits, Mode
from tests.retrieval.test_comparison import dated
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, seen, settle
from tests.tui.fakes import ALLIES, TRAIN, FakeEngine

DATES = {
    'munitions source:"AFP"': {"2023-01-05": 3, "2023-03-02": 10, "": 2},
    'munitions source:"BFMTV"': {"2023-02-14": 4, "2023-03-01": 5, "2023-03-02": 1, "2023": 6},
    "munitions": {"2023-01-05": 3, "2023-03-02": 16},
    "": {"2023-01-05": 30, "2023-02-14": 50, "2023-03-01": 20, "2023-03-02": 80, "2024": 9, "": 11},
}
A, B = 'munitions source:"AFP"', 'munitions source:"BFMTV"'


class Counting(FakeEngine):
    """Has dates for some queries."""

    def __init__(self) -> None:
        super().__init__()
        self.values = {Facet.SOURCE: (("AFP", 12), ("BFMTV", 16), ("", 3))}
        self.gone = False

    def search(self, request: Request) -> Hits:
        if self.gone:
            raise SearchError("the server is gone")
        return super().search(request)

    def timeline(self, request: Request) -> Timeline:
        if request.mode is Mode.SEMANTIC:
            raise EncoderUnavailable("no model here")
        return Timeline(tuple(sorted(DATES.get(to_text(request.query), {}).items())))


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settle(pilot)


async def comparing(pilot: Pilot[None], text: str = "munitions") -> ComparisonScreen:
    await ask(pilot, text)
    await pressed(pilot, "ctrl+n")
    screen = pilot.app.screen
    assert isinstance(screen, ComparisonScreen)
    return screen


def boxes(screen: ComparisonScreen) -> list[str]:
    return [box.value for box in screen.query(Input)]


def rows(screen: ComparisonScreen) -> list[str]:
    """The rows of the table, without extra blanks."""
    table = screen.query_one(PeriodTable)
    cells = [table.get_row_at(place) for place in range(table.row_count)]
    return [" | ".join(str(cell).strip() for cell in row) for row in cells]


async def test_two_sources_of_a_query_are_offered_and_compared() -> None:
    async with app_over(Counting()).run_test(size=SMALL) as pilot:
        screen = await comparing(pilot)
        assert boxes(screen) == ["munitions", ""]
        offered = [str(option.prompt) for option in screen.query_one(OptionList).options]
        assert offered == ["comparer  AFP / BFMTV"]
        assert rows(screen)[0] == "total | 19 | 200"
        await pressed(pilot, "down", "enter")
        assert boxes(screen) == [A, B]
        assert not screen.query_one(OptionList).display
        assert rows(screen) == [
            "total | 15 | 16 | 200",
            "5 janv. 2023 | 3 | 0 | 30",
            *(f"{day} janv. 2023 | 0 | 0 | 0" for day in range(6, 32)),
            "1er févr. 2023 | 0 | 0 | 0",
            *(f"{day} févr. 2023 | 0 | 0 | 0" for day in range(2, 14)),
            "14 févr. 2023 | 0 | 4 | 50",
            *(f"{day} févr. 2023 | 0 | 0 | 0" for day in range(15, 29)),
            "1er mars 2023 | 0 | 5 | 20",
            "2 mars 2023 | 10 | 1 | 80",
            "sans jour | 0 | 6 | 9",
            "sans date | 2 | 0 | 11",
        ]


async def test_units_shares_and_one_axis() -> None:
    async with app_over(Counting()).run_test(size=SMALL) as pilot:
        screen = await comparing(pilot)
        await pressed(pilot, "down", "enter", "minus")
        assert rows(screen)[1:4] == [
            *("janv. 2023 | 3 | 0 | 30", "févr. 2023 | 0 | 4 | 50", "mars 2023 | 10 | 6 | 100"),
        ]
        drawn = lines(pilot)[5:14]
        scales = [line[:11].split() for line in drawn]
        assert scales == [["A", "10"], [], [], [], ["B", "6"], [], [], [], []]
        assert [line.count("█") for line in drawn[:8]] == [21, 21, 21, 42, 21, 21, 42, 42]
        assert drawn[3].index("█") < drawn[7].index("█")
        assert drawn[3].rindex("█") == drawn[7].rindex("█")
        assert drawn[8].split() == ["janv.", "févr.", "mars"]
        await pressed(pilot, "r")
        assert rows(screen)[:3] == [
            *("total | 75,0 ‰ | 80,0 ‰ | 200", "janv. 2023 | 100,0 ‰ | 0,0 ‰ | 30"),
            "févr. 2023 | 0,0 ‰ | 80,0 ‰ | 50",
        ]
        assert [lines(pilot)[5][:11].split(), lines(pilot)[9][:11].split()] == [
            *(["A", "100,0", "‰"], ["B", "80,0", "‰"]),
        ]
        await pressed(pilot, "minus", "r")
        assert rows(screen)[1] == "2023 | 13 | 16 | 180"


async def test_a_period_of_an_answer_is_searched_and_the_comparison_is_taken_up_again() -> None:
    engine = Counting()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        screen = await comparing(pilot)
        await pressed(pilot, "down", "enter", "minus", "down", "down", "right")
        assert lines(pilot)[13].split() == ["janv.", "févr.", "▲", "mars"]
        await pressed(pilot, "enter")
        assert pilot.app.screen.query_one(Input).value == f"{B} date:2023-02"
        assert engine.queries[-1] == (f"{B} date:2023-02", Mode.HYBRID)
        await pressed(pilot, "ctrl+n")
        again = pilot.app.screen
        assert isinstance(again, ComparisonScreen)
        assert again is not screen
        assert boxes(again) == [A, B]
        await pressed(pilot, "enter")
        assert pilot.app.screen.query_one(Input).value == A
        await ask(pilot, "obus")
        await pressed(pilot, "ctrl+n")
        assert boxes_of(pilot) == ["obus", ""]


def boxes_of(pilot: Pilot[None]) -> list[str]:
    screen = pilot.app.screen
    assert isinstance(screen, ComparisonScreen)
    return boxes(screen)


async def test_the_table_is_copied_for_a_spreadsheet() -> None:
    async with app_over(Counting()).run_test(size=SMALL, notifications=True) as pilot:
        await comparing(pilot)
        await pressed(pilot, "down", "enter", "minus", "y")
        assert pilot.app.clipboard.splitlines() == [
            f"période\tA {A}\tB {B}\tarchives",
            *("2023-01\t3\t0\t30", "2023-02\t0\t4\t50", "2023-03\t10\t6\t100"),
            *("date moins précise\t0\t6\t9", "sans date\t2\t0\t11"),
        ]
        assert "Le tableau est copié." in seen(pilot)


@pytest.mark.parametrize("columns", [60, 80, 100])
async def test_every_hint_is_whole(columns: int) -> None:
    async with app_over(Counting()).run_test(size=(columns, 24)) as pilot:
        await comparing(pilot)
        await pressed(pilot, "down", "enter")
        assert lines(pilot)[-1].startswith("⏎ chercher esc retour F1 aide ")
        assert lines(pilot)[-1].split()[-1] in ("mode", "mille", "copier", "détailler", "élargir", "requêtes")
        assert len(lines(pilot)[-1]) <= columns


async def test_a_click_on_a_column_goes_to_its_row() -> None:
    async with app_over(Counting()).run_test(size=SMALL) as pilot:
        screen = await comparing(pilot)
        await pressed(pilot, "down", "enter", "minus")
        await pilot.click("ComparisonChart", offset=(70, 2))
        await settle(pilot)
        assert screen.query_one(PeriodTable).period == "2023-03"
        assert lines(pilot)[13].split() == ["janv.", "févr.", "mars", "▲"]


async def test_a_mistake_is_shown_below_its_box() -> None:
    async with app_over(Counting()).run_test(size=SMALL) as pilot:
        screen = await comparing(pilot)
        first, second = screen.query(Input)
        first.value, second.value = "munitions", "obus ET"
        second.focus()
        await pressed(pilot, "enter")
        assert lines(pilot)[4].index("^") == lines(pilot)[3].index("obus ET") + len("obus ")
        assert "ET n’a rien après." in lines(pilot)[5]
        second.value = "obus"
        await pressed(pilot, "enter")
        assert "ET n’a rien après." not in seen(pilot)


async def test_what_cannot_be_answered_is_said() -> None:
    async with app_over(Counting()).run_test(size=SMALL) as pilot:
        screen = await comparing(pilot)
        await pressed(pilot, "f2", "f2")
        assert "no model here" in seen(pilot)
        await pressed(pilot, "f2")
        assert "no model here" not in seen(pilot)
        await pressed(pilot, "escape")
        assert pilot.app.screen is not screen


async def test_an_error_after_the_queries_were_asked_is_said_too() -> None:
    """Each query by itself is answered, then the server is gone."""
    engine = Counting()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await comparing(pilot)
        engine.gone = True
        await pressed(pilot, "f2")
        assert "the server is gone" in seen(pilot)
        assert "en cours" not in seen(pilot)


async def test_an_error_of_queries_that_are_no_longer_compared_is_not_shown() -> None:
    async with app_over(Counting()).run_test(size=SMALL) as pilot:
        screen = await comparing(pilot)
        screen.post_message(screen.Failed(ComparedTexts("obus", "", Mode.HYBRID), 0, SearchError("too late")))
        await settle(pilot)
        assert "too late" not in seen(pilot)


async def test_nothing_is_compared_of_nothing() -> None:
    async with app_over(Counting()).run_test(size=SMALL) as pilot:
        screen = await comparing(pilot, "")
        assert (boxes(screen), rows(screen)) == (["", ""], [])
        await pressed(pilot, "enter", "escape")
        assert pilot.app.screen is not screen


@pytest.mark.parametrize("size", [(40, 20), SMALL, LARGE, (200, 50)])
async def test_it_works_at_every_size(size: tuple[int, int]) -> None:
    async with app_over(Counting()).run_test(size=size) as pilot:
        screen = await comparing(pilot)
        await pressed(pilot, "down", "enter", "plus", "minus", "minus", "r")
        assert "▲" not in seen(pilot)
        await pressed(pilot, "down")
        assert "▲" in seen(pilot)
        assert rows(screen)[1].startswith("2023 | ")


def test_many_days_are_listed_only_where_there_are_articles() -> None:
    comparison = Comparison((dated({"2001-01-01": 1, "2023-05-06": 2}),), Timeline())
    listed = compared_rows(comparison, TimeUnit.DAY, ENGLISH, relative=False)
    assert [row.period for row in listed] == ["", "2001-01-01", "2023-05-06"]


def test_the_facts_of_an_answer_have_its_first_and_its_last_article() -> None:
    answer = replace(dated({"2023-09": 1, "2023-09-11": 1}), first=ALLIES, last=TRAIN)
    assert answer_facts(answer, FRENCH, 200) == (
        "2 articles · sept. 2023 «\u00a0La Russie rassemble ses alliés\u00a0»"
        " · 11 sept. 2023 «\u00a0Un train nord-coréen en Russie\u00a0»"
    )
    assert answer_facts(answer, FRENCH, 40) == "2 articles · sept. 2023 · 11 sept. 2023"
    assert len(answer_facts(answer, FRENCH, 75)) <= 75
    assert answer_facts(dated({"": 3}), FRENCH, 75) == "3 articles"


async def test_keys_on_an_article_do_nothing_here_and_the_help_begins_with_its_keys() -> None:
    async with app_over(Counting()).run_test(size=LARGE) as pilot:
        screen = await comparing(pilot)
        await pressed(pilot, "down", "o", "w", "f8", "d")
        assert pilot.app.screen is screen
        assert not pilot.app._notifications
        await pressed(pilot, "f1")
        assert isinstance(pilot.app.screen, HelpScreen)
        assert pilot.app.screen.query(Section).first().heading == "Dans la comparaison dans le temps"
