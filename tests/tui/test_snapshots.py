"""The whole screen in its main states; with UPDATE_SNAPSHOTS=1 the expected files are written anew."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from search.model import Article
from search.tui import warming
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, settle
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine
from tests.tui.test_filters import COUNTS
from tests.tui.test_results import WeighedEngine

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "UPDATE_SNAPSHOTS"
State = Callable[[Pilot[None]], Awaitable[None]]


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


def found(raw: str) -> list[Article]:
    return [] if "rien" in raw else [TRAIN, OBUS, ALLIES]


def engine_for(state: State) -> FakeEngine:
    missing = ("Answered by keywords only: no model",) if state is chosen else ()
    engine = WeighedEngine(lambda request: found(request.query.raw), missing)
    engine.values = COUNTS
    engine.correction = "munitions" if state is nothing_found else None
    return engine


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", [start, results, chosen, filters, nothing_found, mistake])
async def test_the_screen(state: State, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "_REST", 3600.0)
    async with app_over(engine_for(state)).run_test(size=size) as pilot:
        await state(pilot)
        shown = "\n".join(lines(pilot)) + "\n"
    expected = SNAPSHOTS / f"{getattr(state, '__name__', '')}-{size[0]}x{size[1]}.txt"
    if os.environ.get(UPDATE):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8"), f"if this is better, run with {UPDATE}=1"
