"""The interface runs all day: what a question leaves in memory goes when the next ones come."""

import gc
import weakref
from collections import Counter

from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets._footer import FooterKey

from search.tui.screens.search import SearchScreen
from search.tui.services.search_session import Current
from search.tui.services.search_worker import SearchWorker

from .driving import LARGE, app_over, ask, settle
from .fakes import FakeEngine

QUESTIONS = 12


def worker_of(pilot: Pilot[None]) -> SearchWorker:
    screen = pilot.app.get_default_screen()
    assert isinstance(screen, SearchScreen)
    return screen._search_worker


def counts(worker: SearchWorker) -> Counter[str]:
    """How many objects there are of each type of ours and of Textual."""
    worker._collect_garbage()
    ours = ("search.", "textual.", "rich.", "threading")
    names = (f"{type(one).__module__}.{type(one).__name__}" for one in gc.get_objects())
    return Counter(name for name in names if name.startswith(ours))


async def test_many_questions_leave_no_objects() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        worker = worker_of(pilot)

        async def use() -> None:
            """Ask the same questions, so that bounded caches are full after the first time."""
            for number in range(QUESTIONS):
                await ask(pilot, f"obus {number}")
                await pilot.press("down", "tab", "f1", "escape", "shift+tab")
                await ask(pilot, "")
            engine.requests.clear()
            engine.scored.clear()

        async def grown() -> set[str]:
            """The types that have one more object for each question after it is asked again."""
            before = counts(worker)
            await use()
            after = counts(worker)
            return {kind for kind, count in after.items() if count >= before[kind] + QUESTIONS}

        await use()
        if first := await grown():  # caches of Rich, of all tests of this process, may fill up once
            assert not first & await grown()
        assert len(pilot.app.workers) == 0


async def test_an_answer_is_forgotten_after_the_next_ones() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        for text in ("obus", "munitions", "train", ""):
            await ask(pilot, text)
        gc.collect()
        answers = [one for one in gc.get_objects() if type(one) is Current]
        assert "obus" not in {answer.request.query.raw for answer in answers}


async def test_keys_that_the_footer_no_longer_lists_are_forgotten() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "obus")
        in_box = [weakref.ref(key) for key in pilot.app.screen.query(FooterKey)]
        await pilot.press("tab")
        await settle(pilot)
        in_list = list(pilot.app.screen.query(FooterKey))
        assert len(in_box) != len(in_list)
        gc.collect()
        assert [key() for key in in_box] == [None] * len(in_box)


async def test_the_footer_is_not_drawn_again_for_the_same_keys() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "obus")
        keys = list(pilot.app.screen.query(FooterKey))
        pilot.app.refresh_bindings()
        await ask(pilot, "munitions")
        assert list(pilot.app.screen.query(FooterKey)) == keys


async def test_styles_of_earlier_articles_are_forgotten() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "obus")
        for strip in pilot.app.screen._compositor.render_strips():
            strip.render(pilot.app.console)
        assert Strip.render_ansi.cache_info().currsize > 0
        worker = worker_of(pilot)
        worker._collect_garbage()
        assert Strip.render_ansi.cache_info().currsize == 0
