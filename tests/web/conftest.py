from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import aiohttp
import pytest

from .served import Served


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("web"))
    yield served
    served.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts servers of this test's own."""
    started: list[Served] = []

    def start(*how: str, options: Sequence[str] = ("--index=none",), **environment: str) -> Served:
        started.append(Served(tmp_path, *how, options=options, **environment))
        return started[-1]

    yield start
    for served in started:
        served.close()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:  # of numbers too
        yield session


@pytest.fixture(autouse=True)
def _messages_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the program itself; the servers of ``serve`` are in the language of the locale."""
    monkeypatch.setenv("DEPECHE_LANGUAGE", "en")
