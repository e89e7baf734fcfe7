"""Helpers that use the app in tests: ask, wait for answers, read the screen."""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from textual.pilot import Pilot

from search.config import Settings
from search.retrieval.engine import Engine
from search.tui.app import DepecheApp
from search.tui.i18n import FRENCH, Texts
from search.tui.screens.search import SearchScreen
from search.tui.services.index_client import IndexClient
from search.tui.widgets.result_list import ResultList
from tests.tui.fakes import FakeIndexClient

SMALL, LARGE = (80, 24), (120, 40)
DEFAULTS = Settings()


def app_over(engine: Engine) -> DepecheApp:
    """The app in French over an engine that opens at once."""
    return app_on(FakeIndexClient(engine))


def app_on(client: IndexClient, settings: Settings = DEFAULTS, texts: Texts = FRENCH) -> DepecheApp:
    """The app with a folder of its own and without animations."""
    app = DepecheApp(client, settings, Path(mkdtemp(prefix="depeche-test-")), texts)
    app.animation_level = "none"
    return app


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every worker has finished and its messages are handled."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def write(pilot: Pilot[None], text: str) -> None:
    """Put a query in the box and ask it, without waiting for the answer."""
    await pilot.pause()
    searching = pilot.app.screen
    assert isinstance(searching, SearchScreen)
    searching.ask(text)
    await pilot.pause()


async def ask(pilot: Pilot[None], text: str) -> None:
    """Ask a query and wait for the answer."""
    await write(pilot, text)
    await settle(pilot)


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait until another thread makes the condition true."""
    for _ in range(500):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the condition did not become true")


def lines(pilot: Pilot[None]) -> list[str]:
    """The lines of the screen, without trailing blanks; no-break spaces look like others."""
    strips = pilot.app.screen._compositor.render_strips()
    return [strip.text.replace("\xa0", " ").rstrip() for strip in strips]


def seen(pilot: Pilot[None]) -> str:
    """The text on the screen."""
    return "\n".join(lines(pilot))


def answered(pilot: Pilot[None]) -> str:
    """The query whose answer is shown."""
    searching = pilot.app.screen_stack[0]
    assert isinstance(searching, SearchScreen)
    assert searching.current is not None
    return searching.current.hits.query


def listed(pilot: Pilot[None]) -> list[str]:
    """The ids of the results, in order."""
    results = pilot.app.screen_stack[0].query_one(ResultList)
    return [option.id for option in results.options if option.id is not None]


def selected(pilot: Pilot[None]) -> str | None:
    """The id of the selected result."""
    result = pilot.app.screen_stack[0].query_one(ResultList).selected
    return None if result is None else result.article.id
