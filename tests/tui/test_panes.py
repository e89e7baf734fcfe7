"""Where filters, results and article stand, at every width, and how the filters share their height."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from search.config import Settings
from search.tui.app import DepecheApp
from search.tui.i18n import FRENCH
from search.tui.widgets.article_pane import ArticlePane
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.filter_layout import fair_shares, panel_width
from search.tui.widgets.filter_panel import FilterPanel
from search.tui.widgets.result_list import ResultList
from search.types import Facet
from search.user.interface_state import load_state
from tests.tui.counting import counting, pressed
from tests.tui.driving import LARGE, SMALL, ask, settle
from tests.tui.fakes import FakeIndexClient

HUGE = (160, 45)


def shown(pilot: Pilot[None]) -> list[str]:
    """The names of the panes that are shown, from left to right."""
    kinds = (FilterPanel, ResultList, ArticlePane)
    return [kind.__name__ for kind in kinds if pilot.app.screen.query_one(kind).region]


def app_in(folder: Path) -> DepecheApp:
    app = DepecheApp(FakeIndexClient(counting()), Settings(), folder, FRENCH)
    app.animation_level = "none"
    return app


@pytest.mark.parametrize(
    ("size", "names"),
    [
        (SMALL, ["ResultList"]),
        (LARGE, ["ResultList", "ArticlePane"]),
        ((149, 40), ["ResultList", "ArticlePane"]),
        ((150, 40), ["FilterPanel", "ResultList", "ArticlePane"]),
    ],
)
async def test_the_width_says_which_panes_are_shown(
    size: tuple[int, int], names: list[str], tmp_path: Path
) -> None:
    async with app_in(tmp_path).run_test(size=size) as pilot:
        await ask(pilot, "munitions")
        assert shown(pilot) == names


async def test_a_wider_screen_opens_the_filters_and_counts(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pilot.resize_terminal(*HUGE)
        await settle(pilot)
        assert shown(pilot) == ["FilterPanel", "ResultList", "ArticlePane"]
        assert "AFP" in str(pilot.app.screen.query(FacetList)[0].options[0].prompt)
        await pilot.resize_terminal(*LARGE)
        await settle(pilot)
        assert shown(pilot) == ["ResultList", "ArticlePane"]


async def test_escape_leaves_the_filters_open_beside_the_article_and_closes_them_over_it(
    tmp_path: Path,
) -> None:
    async with app_in(tmp_path).run_test(size=HUGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        assert isinstance(pilot.app.focused, FacetList)
        await pressed(pilot, "escape")
        assert isinstance(pilot.app.focused, ResultList)
        assert shown(pilot) == ["FilterPanel", "ResultList", "ArticlePane"]
        await pilot.resize_terminal(*LARGE)
        await pressed(pilot, "f4")
        assert shown(pilot) == ["FilterPanel", "ResultList"]
        await pressed(pilot, "escape")
        assert shown(pilot) == ["ResultList", "ArticlePane"]


@pytest.mark.parametrize(
    ("size", "keys", "chosen", "names"),
    [
        (HUGE, ["f4", "f4"], False, ["ResultList", "ArticlePane"]),
        (HUGE, ["f4", "f4", "f4"], None, ["FilterPanel", "ResultList", "ArticlePane"]),
        (LARGE, ["f4"], True, ["FilterPanel", "ResultList"]),
        (LARGE, ["f4", "f4"], None, ["ResultList", "ArticlePane"]),
    ],
)
async def test_what_the_user_chose_stays_at_the_next_start(
    size: tuple[int, int], keys: list[str], chosen: bool | None, names: list[str], tmp_path: Path
) -> None:
    async with app_in(tmp_path).run_test(size=size) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, *keys)
        await pilot.press("ctrl+q")
    assert load_state(tmp_path)[0].filters_shown is chosen
    async with app_in(tmp_path).run_test(size=size) as pilot:
        await ask(pilot, "munitions")
        assert shown(pilot) == names


async def test_heights_do_not_change_with_the_focus(tmp_path: Path) -> None:
    async with app_in(tmp_path).run_test(size=HUGE) as pilot:
        await ask(pilot, "munitions")
        await pilot.pause()

        def heights() -> list[int]:
            return [one.outer_size.height for one in pilot.app.screen.query(FacetList) if one.display]

        before = heights()
        assert before[0] == 1 + len(pilot.app.screen.query(FacetList)[0].options)
        await pressed(pilot, "f4", "tab")
        assert heights() == before


def test_the_panel_is_as_wide_as_its_names() -> None:
    def width(name: str, screen: int) -> int:
        return panel_width({Facet.SOURCE: ((name, 3),), Facet.MONTH: (("2023-01" * 20, 3),)}, screen)

    assert [width("AFP", 160), width("Le Monde diplomatique", 160), width("x" * 90, 160)] == [30, 40, 40]
    assert [width("x" * 90, columns) for columns in (80, 120, 200)] == [36, 36, 50]
    rare = (*(("AFP", 9),) * 8, ("x" * 90, 1))
    assert panel_width({Facet.SOURCE: rare}, 160) == 30


@given(st.lists(st.integers(1, 60), max_size=6), st.integers(0, 80))
def test_shares_are_fair(needed: list[int], room: int) -> None:
    shares = fair_shares(needed, room)
    assert sum(shares) == min(sum(needed), room)
    assert all(share <= need for share, need in zip(shares, needed, strict=True))
    cut = [share for share, need in zip(shares, needed, strict=True) if share < need]
    assert max(shares, default=0) - min(cut, default=max(shares, default=0)) <= 1
