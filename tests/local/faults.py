"""Makes builds fail on the disk: at one of their calls, or on a full disk."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from search.config import Settings
from search.errors import SearchError
from search.index import build_index as build_at
from search.local.reader import open_current
from search.protocols import Corpus
from tests.fakes import FakeEncoder, build_index, silent
from tests.press import PRESS

from .chain import FORMER
from .contents import contents, leftovers, read
from .steps import CAN_FAIL, before_each, failure

CORPUS = Corpus(("corpus",), PRESS, lambda _: None)


class Faults:
    """An index with two generations; builds fail on a copy of it."""

    def __init__(self, folder: Path) -> None:
        self._published = folder / "published"
        self.index = folder / "index"
        build_index(folder / "complete", PRESS)
        self._complete = contents(folder / "complete")
        build_index(self._published, PRESS[:3])
        build_index(self._published, FORMER)
        self._former = contents(self._published)

    def calls(self) -> int:
        """The number of calls of a build that can fail."""
        names: list[str] = []
        self.restore()
        with before_each(CAN_FAIL, lambda _, name: names.append(name)):
            _build(self.index)
        return len(names)

    def fail_at(self, at: int, code: int) -> str:
        """Make one call of a build fail with this errno; give the message for the user, ``""`` for none.

        Checks that the open generation has not changed, that the published one is intact, and that the next
        build completes and removes what is left.
        """

        def strike(call: int, name: str) -> None:
            if call == at:
                raise failure(name, code)

        def failing_build() -> None:
            with before_each(CAN_FAIL, strike):
                _build(self.index)

        self.restore()
        with closing(open_current(self.index)) as generation:
            message = _error_message(failing_build)
            assert read(generation) == self._former
        self.check_published(message)
        self.check_next_build()
        return message

    def restore(self) -> None:
        """Restore the index with two generations."""
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(self._published, self.index)

    def build_on_full_disk(self) -> str:
        """Build on a disk that may be too small; give the message for the user, ``""`` for none."""
        message = _error_message(lambda: _build(self.index))
        self.check_published(message)
        return message

    def check_published(self, message: str) -> None:
        """Check that the new generation is published, or after an error the former one."""
        published = contents(self.index)
        assert published == self._complete or (message and published == self._former)

    def check_next_build(self) -> None:
        """Check that the next build completes and leaves no other file."""
        _build(self.index)
        assert contents(self.index) == self._complete
        assert leftovers(self.index) == set()


def _build(index: Path) -> None:
    build_at(Settings(index=str(index)), CORPUS, FakeEncoder(), silent)


def _error_message(action: Callable[[], None]) -> str:
    """The exit code and message of the command line; raises any exception that is not a SearchError."""
    try:
        action()
    except SearchError as exc:
        return f"exit {exc.exit_code}: {exc}"
    return ""
