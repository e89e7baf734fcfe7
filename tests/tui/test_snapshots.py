"""The whole screen in its main states; with UPDATE_SNAPSHOTS=1 the expected files are written anew."""

import os
from collections.abc import Awaitable, Callable
from itertools import chain
from pathlib import Path

import pytest
from textual.pilot import Pilot

from search.config import Settings
from search.engine import Request
from search.errors import IndexMissing
from search.model import Article, Contribution, Explanation, Leg, MatchedWord
from search.tui import warming
from search.tui.app import DepecheApp
from tests.tui.driving import LARGE, SMALL, app_on, ask, lines, settle
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeArchive, FakeEngine
from tests.tui.test_filters import COUNTS
from tests.tui.test_results import WeighedEngine

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "UPDATE_SNAPSHOTS"
State = Callable[[Pilot[None]], Awaitable[None]]


async def first_start(pilot: Pilot[None]) -> None:
    await settle(pilot)


async def start(pilot: Pilot[None]) -> None:
    await settle(pilot)


async def results(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions Russie")


async def chosen(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions")
    await pilot.press("tab", "x", "x")
    await settle(pilot)


async def filters(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions source:AFP -rubrique:sport date:2023-09")
    await pilot.press("f4", "tab", "m", "o")
    await settle(pilot)


async def nothing_found(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitoins +rien source:AFP")


async def mistake(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions")
    await ask(pilot, "munitions ET (Russie OU")


async def degraded(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions Russie")


async def why(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions Russie")
    await pilot.press("f6")
    await settle(pilot)


async def reader(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions Russie")
    await pilot.press("enter", "n")
    await settle(pilot)


async def help_on_keys(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions Russie")
    await pilot.press("f1")
    await settle(pilot)


def found(raw: str) -> list[Article]:
    return [] if "rien" in raw else [TRAIN, OBUS, ALLIES]


REASONS = Explanation(
    (
        Contribution(Leg.KEYWORD, 2, 11.5, 1.25, 0.225, 0.28),
        Contribution(Leg.SEMANTIC, 1, 0.87, 2.1, 0.7, 1.47),
    ),
    (MatchedWord("munitions", 12, 5.5, held=True), MatchedWord("Russie", 240, 2.25, held=False)),
    0.71,
    "La Russie cherche des Munitions pour ses réserves.",
)


class ReasonedEngine(WeighedEngine):
    """Gives the same reasons for every article."""

    def explain(self, request: Request, article_id: str) -> Explanation:
        return REASONS


def engine_for(state: State) -> FakeEngine:
    missing = ("Answered by keywords only: no model",) if state in (chosen, degraded) else ()
    engine = ReasonedEngine(lambda request: found(request.query.raw), missing)
    engine.values = COUNTS
    engine.correction = "munitions" if state is nothing_found else None
    return engine


def app_in(state: State) -> DepecheApp:
    errors = [IndexMissing("There is no index in index/ yet: run depeche build.")] * (state is first_start)
    return app_on(FakeArchive(engine_for(state), *errors))


STATES = [
    *(first_start, start, results, chosen, filters, why, reader),
    *(nothing_found, mistake, degraded, help_on_keys),
]


@pytest.fixture(autouse=True)
def _no_heat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "_REST", 3600.0)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", STATES)
async def test_the_screen(state: State, size: tuple[int, int]) -> None:
    async with app_in(state).run_test(size=size) as pilot:
        await state(pilot)
        shown = "\n".join(lines(pilot)) + "\n"
    expected = SNAPSHOTS / f"{getattr(state, '__name__', '')}-{size[0]}x{size[1]}.txt"
    if os.environ.get(UPDATE):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8"), f"if this is better, run with {UPDATE}=1"


def colours(pilot: Pilot[None], text: str) -> tuple[str, str]:
    """The foreground and background of the first piece of the screen that holds a text."""
    segments = chain.from_iterable(pilot.app.screen._compositor.render_strips())
    style = next(segment.style for segment in segments if text in segment.text)
    assert style is not None
    assert style.color is not None
    assert style.bgcolor is not None
    return style.color.name, style.bgcolor.name


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("theme", ["light", "contrast"])
async def test_a_theme_changes_the_colours_only(theme: str, size: tuple[int, int]) -> None:
    app = app_on(FakeArchive(engine_for(results)), Settings(theme=theme))
    async with app.run_test(size=size) as pilot:
        await results(pilot)
        shown = "\n".join(lines(pilot)) + "\n"
        foreground, background = colours(pilot, "Des obus")
        selected = colours(pilot, "Un train")
    expected = SNAPSHOTS / f"results-{size[0]}x{size[1]}.txt"
    assert shown == expected.read_text(encoding="utf-8")
    assert background == {"light": "#fbfaf7", "contrast": "#000000"}[theme]
    assert foreground == {"light": "#1b1b1b", "contrast": "#ffffff"}[theme]
    assert selected != (foreground, background)
