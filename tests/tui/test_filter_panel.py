from threading import Event

import pytest

from search.query.plain import plain_query
from search.query.printer import to_text
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.tui.screens.search import SearchScreen
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.timeline import TimelineChart
from search.types import Facet, Leg
from tests.tui.counting import COUNTS, DATES, NAMED, box, counting, headings, panel, pressed, values
from tests.tui.driving import LARGE, SMALL, app_over, ask, seen, settle, until, write
from tests.tui.fakes import FakeEngine


async def test_the_panel_counts_the_results() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        assert values(pilot, 0) == ["AFP ▇▇▇▇▇ 1 200", "Reuters ▇ 300", "L'Équipe ▇ 2", "(inconnu) ▇ 1"]
        assert values(pilot, 1) == ["Monde ▇▇▇▇▇ 90", "Économie ▇▇ 30"]
        assert panel(pilot)[-5:] == [
            " déc. 2022–sept. 2023 · 16",
            " 10                      ███",
            "    ▂▂                   ███",
            "    ██  ▅▅▅              ███",
            "      2023",
        ]


class DatesAsked(FakeEngine):
    """Remembers of which queries the dates were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.values, self.dates = COUNTS, DATES
        self.dated: list[str] = []

    def timeline(self, request: Request) -> Timeline:
        self.dated.append(to_text(request.query))
        return super().timeline(request)


async def test_the_histogram_keeps_all_periods_in_sight_and_goes_from_one_to_the_other() -> None:
    engine = DatesAsked()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        await pressed(pilot, "tab", "tab", "space")
        assert box(pilot) == "munitions date:2023-09"
        assert set(engine.dated) == {"munitions"}
        assert " ✓ sept. 2023 · 10 articles" in panel(pilot)
        await pressed(pilot, "home", "enter")
        assert box(pilot) == "munitions date:2022-12"
        await pressed(pilot, "enter")
        assert (box(pilot), engine.queries[-1][0]) == ("munitions", "munitions")


async def test_similar_articles_are_not_those_of_the_archive() -> None:
    engine = DatesAsked()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        screen.show_similar(engine.search(Request(plain_query("train"))))
        await settle(pilot)
        assert set(engine.dated) == {"munitions"}
        assert "2023" not in "".join(panel(pilot))


class SlowCounts(FakeEngine):
    """Counts only when the test allows it."""

    def __init__(self) -> None:
        super().__init__()
        self.values = COUNTS
        self.allowed = Event()

    def facets(self, request: Request) -> dict[Facet, tuple[tuple[str, int], ...]]:
        self.allowed.wait(5)
        return super().facets(request)


async def test_counts_that_come_after_better_snippets_are_shown() -> None:
    engine = SlowCounts()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        await pilot.press("f4")
        await write(pilot, "Pyongyang")
        await until(
            pilot,
            lambda: (
                screen.current is not None
                and any(hit.snippet.leg is Leg.SEMANTIC for hit in screen.current.hits)
            ),
        )
        assert values(pilot, 0) == []
        engine.allowed.set()
        await settle(pilot)
        assert values(pilot, 0)[0] == "AFP ▇▇▇▇▇ 1 200"


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_authors_and_keywords_are_listed_where_there_are_some(size: tuple[int, int]) -> None:
    engine = counting()
    async with app_over(engine).run_test(size=size) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        assert headings(pilot) == ["Sources", "Rubriques", "Dates"]
        engine.values = NAMED
        await pilot.press("escape", "slash")
        await ask(pilot, "obus")
        await pressed(pilot, "f4")
        assert headings(pilot) == ["Sources", "Rubriques", "Auteurs", "Mots-clés", "Dates"]
        assert values(pilot, 2) == ["Jeanne Modèle ▇ 40", "Paul Exemple ▇ 12", "(inconnu) ▇▇▇▇▇ 900"]
        await ask(pilot, "")
        assert headings(pilot) == ["Sources", "Rubriques", "Dates"]


async def test_without_an_answer_the_panel_shows_a_hint() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pressed(pilot, "f4")
        assert "Cherchez d’abord : les articles" in seen(pilot)
        await ask(pilot, "munitions")
        assert values(pilot, 0)[0] == "AFP ▇▇▇▇▇ 1 200"
        assert "Cherchez d’abord" not in seen(pilot)
        await ask(pilot, "")
        assert values(pilot, 0) == []
        assert "Cherchez d’abord : les articles" in seen(pilot)


async def test_a_long_name_does_not_touch_its_bar() -> None:
    engine = counting()
    engine.values = COUNTS | {Facet.SOURCE: (("Agence des dépêches du dimanche soir", 9),)}
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        assert values(pilot, 0)[0].endswith("… ▇▇▇▇▇ 9")


async def test_the_arrows_go_on_in_the_next_list() -> None:
    engine = counting()
    engine.values = NAMED
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        lists = [each for each in pilot.app.screen.query(FacetList) if each.display]
        focused = [pilot.app.focused]
        for _ in range(30):
            await pilot.press("down")
            if pilot.app.focused is not focused[-1]:
                focused.append(pilot.app.focused)
        assert focused == [*lists, pilot.app.screen.query_one(TimelineChart)]
        lists[1].focus()
        await pilot.press("home", "up")
        assert pilot.app.focused is lists[0]
        await pilot.press("home", "up")
        assert pilot.app.focused is lists[0]


async def test_lists_are_as_high_as_their_values_and_stay_so() -> None:
    engine = counting()
    many = tuple((f"source {number}", 100 - number) for number in range(43))
    engine.values = NAMED | {Facet.SOURCE: many}
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        lists = [each for each in pilot.app.screen.query(FacetList) if each.display]
        heights = [each.outer_size.height for each in lists]
        assert heights[1:] == [1 + len(each.options) for each in lists[1:]]
        assert 3 < heights[0] < 44
        assert "Sources · 43" in seen(pilot)
        for _ in lists:
            await pilot.press("tab")
            await pilot.pause()
            assert [each.outer_size.height for each in lists] == heights


async def test_letters_narrow_a_list() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        await pilot.press("e")
        assert [value.split()[0] for value in values(pilot, 0)] == ["Reuters", "L'Équipe"]
        await pilot.press("q")
        assert [value.split()[0] for value in values(pilot, 0)] == ["L'Équipe"]
        assert "Sources · eq" in seen(pilot)
        await pilot.press("backspace")
        assert [value.split()[0] for value in values(pilot, 0)] == ["Reuters", "L'Équipe"]
        await pilot.press("escape")
        assert len(values(pilot, 0)) == 4
        await pilot.press("escape")
        assert panel(pilot) == []
        assert type(pilot.app.focused).__name__ == "ResultList"


async def test_another_answer_is_counted_again() -> None:
    engine = counting()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        engine.values = {**COUNTS, Facet.SOURCE: (("Reuters", 7),)}
        await pilot.press("escape", "slash")
        await ask(pilot, "obus")
        await pressed(pilot, "f4")
        assert values(pilot, 0) == ["Reuters ▇▇▇▇▇ 7"]
