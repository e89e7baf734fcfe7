from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from search.config import Settings
from search.index import Index, open_index
from search.operations.answering import Answering
from search.operations.current_index import CurrentIndex
from search.web.pages.routes import page_routes
from tests.fakes import FakeEncoder, build_index
from tests.press import PRESS

from .press import HOSTILE

T = TypeVar("T")


@pytest.fixture(scope="module")
def pages_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the articles of ``PRESS``, of a copy, and of some that try to break a page."""
    index = tmp_path_factory.mktemp("pages") / "index"
    build_index(index, (*PRESS, *HOSTILE))
    return index


Visitor = Callable[..., TestClient]


@pytest.fixture
def visitor(pages_index: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Visitor]:
    """Visits the pages of the index; ``language`` and others are settings."""
    monkeypatch.setattr("search.index.load_encoder", lambda _model: FakeEncoder())
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with ExitStack() as closing:

        def visit(**given: str) -> TestClient:
            settings = Settings(**{"index": str(pages_index), **given})  # type: ignore[arg-type]
            current = CurrentIndex(settings, lambda _: None)
            answering = Answering(current)
            closing.callback(answering.close)
            closing.enter_context(current.get())
            return TestClient(Starlette(routes=page_routes(answering)))

        yield visit


@pytest.fixture
def client(visitor: Visitor) -> TestClient:
    """A visitor whose browser asks for English."""
    client = visitor()
    client.headers["Accept-Language"] = "en"
    return client


@pytest.fixture
def archive(visitor: Visitor, pages_index: Path) -> Iterator[Index]:
    """The index that the pages show."""
    with open_index(Settings(index=str(pages_index))) as index:
        yield index
