"""Builds whose disk refuses: one call of all that a build makes, or everything once it is full."""

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
    """An index with two generations, over a copy of which builds fail."""

    def __init__(self, folder: Path) -> None:
        self._published = folder / "published"
        self.index = folder / "index"
        build_index(folder / "whole", PRESS)
        self._whole = contents(folder / "whole")
        build_index(self._published, PRESS[:3])
        build_index(self._published, FORMER)
        self._former = contents(self._published)

    def calls(self) -> int:
        """How many calls that can fail a build makes."""
        names: list[str] = []
        self.restore()
        with before_each(CAN_FAIL, lambda _, name: names.append(name)):
            _build(self.index)
        return len(names)

    def refused(self, at: int, code: int) -> str:
        """Let one call of a build fail with this errno; tell what the user is told, "" for nothing.

        Whatever fails, the generation that was opened before is read as it was, the published one is whole,
        and the next build completes and clears what is left.
        """

        def strike(call: int, name: str) -> None:
            if call == at:
                raise failure(name, code)

        def struck() -> None:
            with before_each(CAN_FAIL, strike):
                _build(self.index)

        self.restore()
        with closing(open_current(self.index)) as generation:
            told = _told(struck)
            assert read(generation) == self._former
        self.is_whole(told)
        self.completes()
        return told

    def restore(self) -> None:
        """Bring the index back to what it was before the builds."""
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(self._published, self.index)

    def filled(self) -> str:
        """Build where there may be no room; tell what the user is told, "" when there was room."""
        told = _told(lambda: _build(self.index))
        self.is_whole(told)
        return told

    def is_whole(self, told: str) -> None:
        """Check that one generation or the other is published, the new one if nothing was told."""
        found = contents(self.index)
        assert found == self._whole or (told and found == self._former)

    def completes(self) -> None:
        """Check that the next build does all that was wanted, and leaves nothing else."""
        _build(self.index)
        assert contents(self.index) == self._whole
        assert leftovers(self.index) == set()


def _build(index: Path) -> None:
    build_at(Settings(index=str(index)), CORPUS, FakeEncoder(), silent)


def _told(action: Callable[[], None]) -> str:
    """What the command line would say of it, after its exit code; anything but an error of ours is raised."""
    try:
        action()
    except SearchError as exc:
        return f"exit {exc.exit_code}: {exc}"
    return ""
