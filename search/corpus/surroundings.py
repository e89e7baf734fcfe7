"""The files around one file: the table of a corpus, or the pages of an issue."""

import os
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from search.corpus.streams import open_source, read_all

_SETTLED = 2_000_000_000  # ns after which a change of a folder has a time of its own in every file system


class Surroundings(Protocol):
    """The files around one file, by paths relative to its folder, with ``/``; ``..`` leads up."""

    def beside(self, relative: str) -> bytes | None:
        """The bytes of a file, at most ``FILE_LIMIT``; None where there is none."""

    def neighbours(self, relative: str = ".") -> frozenset[str]:
        """The names of the files in a folder; empty where there is none."""


class Nothing:
    """Nothing is around a file that is read by itself."""

    def beside(self, relative: str) -> bytes | None:
        """None."""
        return None

    def neighbours(self, relative: str = ".") -> frozenset[str]:
        """No name."""
        return frozenset()


@dataclass(frozen=True, slots=True)
class FilesAround:
    """The files around one, on disk."""

    folder: Path

    def beside(self, relative: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        try:
            with open_source(self.folder / relative) as content:
                return read_all(content)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def neighbours(self, relative: str = ".") -> frozenset[str]:
        """The names of the files in a folder, hidden ones too."""
        folder = self.folder / relative
        try:
            changed = folder.stat().st_mtime_ns
            is_settled = time.time_ns() - changed > _SETTLED
            return _known_names(folder, changed) if is_settled else _names(folder)
        except OSError:
            return frozenset()


def _names(folder: Path) -> frozenset[str]:
    with os.scandir(folder) as entries:
        return frozenset(entry.name for entry in entries if entry.is_file())


@lru_cache(maxsize=8)
def _known_names(folder: Path, changed: int) -> frozenset[str]:
    """The names, listed once for each change: every file of a folder asks for them."""
    return _names(folder)
