from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes import build_index
from tests.press import PRESS

from .browser import CHROMIUM, Tab, chromium
from .pages.press import HOSTILE
from .serving import Server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``depeche web`` over the articles of ``PRESS`` and some that try to break a page."""
    folder = tmp_path_factory.mktemp("web")
    build_index(folder / "index", (*PRESS, *HOSTILE))
    options = ("--mode=keyword", "--no-browser", "--language=en")
    server = Server(folder / "index", folder, *options, command="web")
    yield server
    server.close()


@pytest.fixture
async def tab(served: Server, tmp_path: Path) -> AsyncIterator[Tab]:
    """A tab of Chromium that shows the home."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    async with chromium(tmp_path / "profile") as tab:
        await tab.open(served.full_address)
        yield tab
