"""Pictures of the screen in its main states. ``scripts/test --snapshot-update`` accepts new pictures."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol, cast

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from search.config import Settings, Theme
from search.errors import IndexMissing, Translatable
from search.retrieval.request import Request
from search.tui.app import DepecheApp
from search.tui.services import sentence_score_worker
from search.types import Article, ConfidenceBreakdown, Contribution, Explanation, Hit, Hits, Leg, MatchedWord
from tests.tui.counting import COUNTS
from tests.tui.driving import LARGE, SMALL, app_on, ask, lines, settle
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine, FakeIndexClient
from tests.tui.test_result_list import ScoredEngine

SIZES, SIZE_NAMES = (SMALL, LARGE), ("80x24", "120x40")
State = Callable[[Pilot[None]], Awaitable[None]]


class Compare(Protocol):
    """The fixture of pytest-textual-snapshot: whether the app still looks the same in a state."""

    def __call__(self, app: App[None], *, terminal_size: tuple[int, int], run_before: State) -> bool: ...


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


async def doubtful(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions Russie")
    await settle(pilot)


async def help_on_keys(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions Russie")
    await pilot.press("f1")
    await settle(pilot)


def articles(raw: str) -> list[Article]:
    return [] if "rien" in raw else [TRAIN, OBUS, ALLIES]


EXPLANATION = Explanation(
    (
        Contribution(Leg.KEYWORD, 2, 11.5, 1.25, 0.225, 0.28),
        Contribution(Leg.SEMANTIC, 1, 0.87, 2.1, 0.7, 1.47),
    ),
    (MatchedWord("munitions", 12, 5.5, in_article=True), MatchedWord("Russie", 240, 2.25, in_article=False)),
    0.71,
    "La Russie cherche des Munitions pour ses réserves.",
    ConfidenceBreakdown(0.64, 0.71, 0.52, 0.29, 0.0, 2.6, -3.6, 3.4, 1.0, -0.6, 0.0, 1.0),
)


class ExplainingEngine(ScoredEngine):
    """Gives the same explanation for every article."""

    def explain(self, request: Request, hit: Hit) -> Explanation:
        return EXPLANATION


class DoubtfulEngine(FakeEngine):
    """Finds one article below the threshold; the others are below the results."""

    def search(self, request: Request) -> Hits:
        answer = super().search(request)
        hits = tuple(replace(hit, confidence=0.1) for hit in answer.hits)
        return replace(answer, hits=hits[:1], below=hits[1:], total=1, confidence=0.1)


def engine_for(state: State) -> FakeEngine:
    if state is doubtful:
        return DoubtfulEngine(lambda request: articles(request.query.raw))
    missing = (
        (Translatable("Answered by keywords only: {}", "no model"),) if state in (chosen, degraded) else ()
    )
    engine = ExplainingEngine(lambda request: articles(request.query.raw), missing)
    engine.values = COUNTS
    engine.correction = "munitions" if state is nothing_found else None
    return engine


def app_in(state: State) -> DepecheApp:
    nowhere = Translatable("There is no index in {}; run: depeche build PATH --index {}", "index", "index")
    errors = [IndexMissing(nowhere)] * (state is first_start)
    return app_on(FakeIndexClient(engine_for(state), *errors))


def steadily(reach: State) -> State:
    """Reach a state without a blinking cursor."""

    async def reached(pilot: Pilot[None]) -> None:
        await pilot.pause()
        pilot.app.screen_stack[0].query_one(Input).cursor_blink = False
        await reach(pilot)

    return reached


def themed(theme: str) -> DepecheApp:
    return app_on(FakeIndexClient(engine_for(results)), Settings(theme=cast("Theme", theme)))


STATES = [
    *(first_start, start, results, chosen, filters, why, reader),
    *(nothing_found, doubtful, mistake, degraded, help_on_keys),
]


@pytest.fixture(autouse=True)
def _no_sentence_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_score_worker, "_DELAY", 3600.0)


@pytest.fixture(autouse=True)
def _in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
@pytest.mark.parametrize("state", STATES)
def test_the_screen(state: State, size: tuple[int, int], snap_compare: Compare) -> None:
    assert snap_compare(app_in(state), terminal_size=size, run_before=steadily(state))


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_the_theme(theme: str, size: tuple[int, int], snap_compare: Compare) -> None:
    assert snap_compare(themed(theme), terminal_size=size, run_before=steadily(results))


@pytest.mark.parametrize("theme", ["light", "contrast"])
async def test_a_theme_changes_the_colours_only(theme: str) -> None:
    shown = []
    for each in (theme, "dark"):
        async with themed(each).run_test(size=SMALL) as pilot:
            await results(pilot)
            shown.append(lines(pilot))
    assert shown[0] == shown[1]
