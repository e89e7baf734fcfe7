"""Keys in one burst and messages in any order: what is in the box is asked, and answered in full."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from itertools import count, permutations
from threading import Event, current_thread, main_thread
from time import monotonic

import pytest
from textual.events import Key
from textual.pilot import Pilot

from search.retrieval.request import Request
from search.tui.messages import Edited, ModelLoaded, Typed
from search.tui.screens.search import SearchScreen
from search.tui.widgets import query_bar
from search.tui.widgets.query_bar import SearchBox
from search.tui.widgets.suggestion_list import Suggestion, SuggestionList
from search.types import Article, Mode
from tests.tui.counting import box
from tests.tui.driving import LARGE, SMALL, app_on, app_over, listed, settle, until
from tests.tui.fakes import FakeEngine, FakeIndexClient, by_mode

EARLIER = Suggestion("train", "train", Mode.HYBRID)


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_bar, "DEBOUNCE", 0.02)


def search_screen(pilot: Pilot[None]) -> SearchScreen:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, SearchScreen)
    return screen


def burst(pilot: Pilot[None], text: str) -> None:
    """Send keys as one write to the terminal does: all before the first is handled."""
    for letter in text:
        pilot.app.post_message(Key("enter", "\r") if letter == "\n" else Key(letter, letter))


def answered(pilot: Pilot[None]) -> str | None:
    """The query in the box where the whole answer to it is shown, else None."""
    screen = search_screen(pilot)
    current, text = screen.current, box(pilot)
    if current is None or screen.half_answered or screen.question.text != text:
        return None
    return text if (current.request.query.raw, current.request.mode) == (text, Mode.HYBRID) else None


async def stays(pilot: Pilot[None], text: str) -> None:
    """Wait for the whole answer to this query, and see that it stays."""
    await until(pilot, lambda: answered(pilot) == text)
    await pilot.pause(3 * query_bar.DEBOUNCE)
    await settle(pilot)
    assert answered(pilot) == text


async def test_a_burst_of_letters_and_enter_asks_the_letters() -> None:
    """Enter does not overtake the letters, and takes nothing of what is shown before their answer."""
    engine = FakeEngine(lambda request: [] if request.query.raw == "Zzz" else by_mode(request))
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await settle(pilot)
        search_screen(pilot).ask("Zzz")
        await settle(pilot)
        assert pilot.app.screen.query_one(SuggestionList).display
        burst(pilot, "obus\n")
        await stays(pilot, "Zzzobus")
        assert pilot.app.screen is search_screen(pilot)
        assert pilot.app.screen.query_one(SearchBox).has_focus


@pytest.mark.parametrize("late", [Typed, Edited])
@pytest.mark.parametrize("text", ["obus", "train"])
async def test_an_edit_on_its_way_does_not_replace_a_query_put_in_the_box(
    late: Callable[[str], Typed | Edited], text: str
) -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        screen = search_screen(pilot)
        screen.ask("train")
        screen.post_message(late(text))
        await pilot.pause()
        await stays(pilot, "train")


async def test_an_emptied_box_shows_no_results_of_an_edit_on_its_way() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        screen = search_screen(pilot)
        screen.ask("")
        screen.post_message(Typed("obus"))
        screen.post_message(Edited("obus"))
        await pilot.pause(3 * query_bar.DEBOUNCE)
        await settle(pilot)
        assert (box(pilot), screen.question.text, listed(pilot)) == ("", "", [])


class Orders:
    """The steps of a start. The index opens when it is allowed to."""

    def __init__(self, engine: FakeEngine) -> None:
        self.client = FakeIndexClient(engine)
        self.allowed = Event()
        self.client.before_opening = lambda: self.allowed.wait(5)

    def run(self, step: str, pilot: Pilot[None]) -> None:
        screen = search_screen(pilot)
        match step:
            case "open":
                self.allowed.set()
            case "letters":
                burst(pilot, "ob")
            case "enter":
                burst(pilot, "\n")
            case "suggestion":
                screen.post_message(SuggestionList.Accepted(EARLIER))
            case "model":
                screen.post_message(ModelLoaded(None))


@pytest.mark.parametrize("pause", [0.0, 0.03])
@pytest.mark.parametrize("steps", list(permutations(["open", "letters", "enter", "suggestion"])))
async def test_at_the_start_what_is_in_the_box_is_answered_in_any_order(
    steps: tuple[str, ...], pause: float
) -> None:
    orders = Orders(FakeEngine())
    async with app_on(orders.client).run_test(size=SMALL) as pilot:
        for step in steps:
            orders.run(step, pilot)
            await asyncio.sleep(pause)
        await until(pilot, lambda: bool(box(pilot)) and answered(pilot) == box(pilot))
        await stays(pilot, box(pilot))
        assert box(pilot) in ("ob", "train", "trainob")


@pytest.mark.parametrize(
    "steps",
    [
        ("letters", "enter", "open", "model"),
        ("letters", "open", "model", "enter"),
        ("open", "letters", "model", "enter"),
    ],
)
async def test_a_model_that_is_loaded_in_between_changes_nothing(steps: tuple[str, ...]) -> None:
    orders = Orders(FakeEngine())
    async with app_on(orders.client).run_test(size=SMALL) as pilot:
        for step in steps:
            orders.run(step, pilot)
        await stays(pilot, "ob")


@pytest.mark.parametrize("mode", [Mode.KEYWORD, Mode.HYBRID])
async def test_an_answer_that_waits_while_the_user_types_on_is_followed_by_the_last_one(mode: Mode) -> None:
    """The engine is held in the preview or in the merged answer of an earlier text."""
    released, held = Event(), Event()

    def find(request: Request) -> list[Article]:
        if request.query.raw == "o" and request.mode is mode:
            held.set()
            released.wait(5)
        return by_mode(request)

    async with app_over(FakeEngine(find)).run_test(size=SMALL) as pilot:
        await settle(pilot)
        burst(pilot, "o\n")
        await until(pilot, held.is_set)
        burst(pilot, "bus\n")
        await pilot.pause(3 * query_bar.DEBOUNCE)
        released.set()
        await stays(pilot, "obus")


async def test_a_pause_ends_where_the_clock_leaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer of Textual that is late before it waits never fires: a loaded machine could lose one."""
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await settle(pilot)
        calls: defaultdict[object, count[int]] = defaultdict(count)

        def leaping() -> float:
            """A second late from the second look of a timer on."""
            if current_thread() is not main_thread():
                return monotonic()
            return monotonic() + min(1, next(calls[asyncio.current_task()]))

        monkeypatch.setattr("textual.timer._time.get_time", leaping)
        burst(pilot, "o")
        await until(pilot, lambda: answered(pilot) == "o")
