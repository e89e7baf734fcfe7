from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from search.query.plain import plain_query
from search.query.printer import to_text
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.tui.screens.search import SearchScreen
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.filter_chips import ChipRow
from search.tui.widgets.timeline import TimelineChart
from search.types import Facet, Leg
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, settle, until, write
from tests.tui.fakes import FakeEngine

COUNTS = {
    Facet.SOURCE: (("AFP", 1200), ("Reuters", 300), ("L'Équipe", 2), ("", 1)),
    Facet.SECTION: (("Monde", 90), ("Économie", 30)),
}
DATES = Timeline((("2022-12-01", 4), ("2023-02-28", 2), ("2023-09-11", 10)))


NAMED = {
    **COUNTS,
    Facet.AUTHOR: (("", 900), ("Jeanne Modèle", 40), ("Paul Exemple", 12)),
    Facet.PLACE: (("", 1200),),
    Facet.KEYWORD: (("grève", 50), ("", 3)),
}


def counting() -> FakeEngine:
    engine = FakeEngine()
    engine.values, engine.dates = COUNTS, DATES
    return engine


def box(pilot: Pilot[None]) -> str:
    return pilot.app.screen_stack[0].query_one(Input).value


def panel(pilot: Pilot[None]) -> list[str]:
    """The lines of the filter panel that are not blank."""
    shown = (line.partition("▕")[0].rstrip() for line in lines(pilot) if "▕" in line)
    return [line for line in shown if line]


def values(pilot: Pilot[None], place: int) -> list[str]:
    """The rows of one of the lists, without extra spaces."""
    shown = pilot.app.screen.query(FacetList)[place]
    return [" ".join(str(option.prompt).split()) for option in shown.options]


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settle(pilot)


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


def headings(pilot: Pilot[None]) -> list[str]:
    """The headings of the lists that are shown."""
    headings = [line.strip("─▄▂▆█▇").partition(" · ")[0] for line in panel(pilot)]
    return [heading for heading in headings if heading[:1].isalpha()]


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


async def test_authors_and_keywords_are_filtered_by() -> None:
    engine = counting()
    engine.values = NAMED
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions lieu:Armeil")
        await pressed(pilot, "f4")
        assert headings(pilot) == ["Sources", "Rubriques", "Auteurs", "Lieux", "Mots-clés", "Dates"]
        assert values(pilot, 3)[0] == "✓ Armeil"
        await pressed(pilot, "tab", "tab", "space", "tab", "tab", "minus")
        text = 'munitions lieu:Armeil auteur:"Jeanne Modèle" -mot-clé:"grève"'
        assert (box(pilot), engine.queries[-1][0]) == (text, text)
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        chips = "lieu Armeil ✕  auteur Jeanne Modèle ✕  − mot-clé grève ✕"
        assert str(pilot.app.screen.query_one(ChipRow).content) == chips


@pytest.mark.parametrize(
    ("keys", "text", "chips"),
    [
        (("space",), 'munitions source:"AFP"', "source AFP ✕"),
        (("down", "minus"), 'munitions -source:"Reuters"', "− source Reuters ✕"),
        (("space", "space"), "munitions", ""),
        (("minus", "space"), 'munitions source:"AFP"', "source AFP ✕"),
        (("tab", "down", "enter"), 'munitions rubrique:"Économie"', "rubrique Économie ✕"),
        (("tab", "tab", "space"), "munitions date:2023-09", "date 2023-09 ✕"),
        (("tab", "tab", "minus", "space", "minus"), "munitions date:2023", "date 2023 ✕"),
        (("end", "space"), 'munitions source:"L\'Équipe"', "source L'Équipe ✕"),
    ],
)
async def test_keys_write_filters_into_the_query(keys: tuple[str, ...], text: str, chips: str) -> None:
    engine = counting()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        for key in keys:
            await pressed(pilot, key)
        assert (box(pilot), engine.queries[-1][0]) == (text, text)
        assert str(pilot.app.screen.query_one(ChipRow).content) == chips


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


async def test_typed_filters_have_signs_in_the_lists() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, 'munitions source:"afp" -rubrique:"Monde" rubrique:sport depuis:2023-01-01')
        await pressed(pilot, "f4")
        assert values(pilot, 0)[0].startswith("✓ AFP")
        assert values(pilot, 1) == ["✓ sport", "− Monde ▇▇▇▇▇ 90", "Économie ▇▇ 30"]
        await pressed(pilot, "tab", "space")
        assert box(pilot) == 'munitions source:"afp" -rubrique:"Monde" depuis:2023-01-01'


@pytest.mark.parametrize(
    "typed", ["source:afp", 'source:"l’Áfp"', "source:AFP OU source:zzz", 'source:(zzz OU "AFP")']
)
async def test_a_chosen_value_is_listed_once_however_it_is_spelt(typed: str) -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, f"munitions {typed}")
        await pressed(pilot, "f4")
        names = [value.partition(" ▇")[0] for value in values(pilot, 0)]
        assert [name for name in names if "zzz" not in name] == ["✓ AFP", "Reuters", "L'Équipe", "(inconnu)"]


async def test_an_excluded_value_is_listed_once_with_its_number() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions -source:REUTERS")
        await pressed(pilot, "f4")
        assert values(pilot, 0)[:2] == ["− Reuters ▇ 300", "AFP ▇▇▇▇▇ 1 200"]


@pytest.mark.parametrize(
    ("query", "keys", "after"),
    [
        ("x", ("space", "down", "space"), 'x source:("AFP" OU "Reuters")'),
        ("x source:afp", ("down", "space"), 'x source:(afp OU "Reuters")'),
        ("x source:afp OU source:reuters", ("down", "space"), "x source:afp"),
        ("x source:afp", ("minus",), 'x -source:"AFP"'),
        ("x -source:afp", ("space",), 'x source:"AFP"'),
        ("x -source:afp", ("minus",), "x"),
        ("x source:re*", ("minus",), 'x -source:"Reuters"'),
        ("x source:(afp reuters)", ("backspace",), "x source:reuters"),
        ("x -source:afp source:(reuters OU bfm)", ("0",), "x"),
        ("x -source:afp source:(reuters OU bfm)", ("delete",), "x"),
        ("x", ("backspace",), "x"),
        ("x", ("delete",), "x"),
        ("x", ("minus", "minus"), "x"),
        ("x", ("minus", "down", "minus"), 'x -source:"AFP" -source:"Reuters"'),
    ],
)
async def test_several_values_are_kept_and_excluded(query: str, keys: tuple[str, ...], after: str) -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, query)
        await pressed(pilot, "f4")
        for key in keys:
            await pressed(pilot, key)
        assert box(pilot) == after


async def test_a_word_in_several_values_chooses_all_and_one_of_them_can_be_excluded() -> None:
    engine = counting()
    engine.values = COUNTS | {Facet.SOURCE: (("AFP", 90), ("AFP Services", 4), ("Reuters", 3))}
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "x source:afp")
        await pressed(pilot, "f4")
        assert [value[:2] for value in values(pilot, 0)] == ["✓ ", "✓ ", "Re"]
        await pressed(pilot, "down", "minus")
        assert box(pilot) == 'x source:afp -source:"AFP Services"'
        await pressed(pilot, "backspace")
        assert box(pilot) == "x source:afp"


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


@pytest.mark.parametrize("how", [{"control": True}, {"button": 3}])
async def test_a_value_is_excluded_by_the_mouse(how: dict[str, Any]) -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        assert await pilot.click(pilot.app.screen.query(FacetList)[0], offset=(5, 2), **how)
        await settle(pilot)
        assert box(pilot) == 'munitions -source:"Reuters"'


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


async def test_a_click_includes_a_value() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        assert await pilot.click(pilot.app.screen.query(FacetList)[0], offset=(5, 2))
        await settle(pilot)
        assert box(pilot) == 'munitions source:"Reuters"'


async def test_chips_are_removed_by_key_and_by_click() -> None:
    engine = counting()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions source:AFP -rubrique:sport date:2023-09")
        assert lines(pilot)[4] == "  source AFP ✕  − rubrique sport ✕  date 2023-09 ✕"
        pilot.app.screen.query_one(ChipRow).focus()
        await pressed(pilot, "right", "delete")
        assert box(pilot) == "munitions source:AFP date:2023-09"
        assert await pilot.click(ChipRow, offset=(4, 0))
        await settle(pilot)
        assert box(pilot) == "munitions date:2023-09"
        await pilot.press("escape", "tab")
        await pressed(pilot, "backspace")
        assert (box(pilot), engine.queries[-1][0]) == ("munitions", "munitions")
        assert "✕" not in seen(pilot)


async def test_chips_that_do_not_fit_are_counted() -> None:
    text = "munitions " + " ".join(f"source:nom{number}" for number in range(8))
    async with app_over(counting()).run_test(size=SMALL) as pilot:
        await ask(pilot, text)
        assert "  8 filtres" in lines(pilot)
        pilot.app.screen.query_one(ChipRow).focus()
        await pilot.press("right")
        assert "  8 filtres  source nom1 ✕" in lines(pilot)
        await pressed(pilot, "backspace")
        assert box(pilot) == text.replace(" source:nom1", "")
        assert await pilot.click(ChipRow, offset=(4, 0))
        await pilot.pause()
        assert panel(pilot)


async def test_a_filter_is_not_added_to_a_query_with_a_mistake() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        pilot.app.screen.query_one(Input).value = "munitions ET"
        await pressed(pilot, "space")
        assert box(pilot) == "munitions ET"
        assert "ET n’a rien après." in seen(pilot)
        assert listed(pilot) == ["train", "obus", "allies"]


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
