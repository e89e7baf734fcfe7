import gc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from search.local import integrity
from search.local.reader import Generation, open_current

from .fakes import build_index
from .postgres.servers import running
from .press import PRESS

__all__ = ["running"]

# How long an example takes says nothing here: the tests run side by side on all cores.
settings.register_profile("side by side", deadline=None)
settings.load_profile("side by side")


@pytest.fixture(autouse=True, scope="session")
def _notes_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Which files were found intact is not noted in the cache of the person who runs the tests."""
    notes = tmp_path_factory.mktemp("notes") / "intact"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(integrity, "_notes_folder", lambda: notes)
        yield


@pytest.fixture(scope="session")
def press_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder with one generation of ``PRESS``, to read only."""
    index = tmp_path_factory.mktemp("press") / "index"
    build_index(index, PRESS)
    return index


@pytest.fixture
def generation(press_index: Path) -> Iterator[Generation]:
    """The generation of ``press_index``, open."""
    with closing(open_current(press_index)) as opened:
        yield opened


@pytest.fixture
def garbage_collected() -> Iterator[None]:
    """For a test that leaves files open, as Whoosh does with one that it fails to read."""
    yield
    gc.collect()
