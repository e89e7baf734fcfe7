"""The steps of a process that touch the disk, before any of which it can be stopped or made to fail.

They are seen as the interpreter calls into C, whoever asks: no layer of ours stands between, and what
SQLite, FAISS and NumPy do in one call is one step.
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SQLITE = frozenset({"connect", "execute", "executemany", "executescript"})
_FAISS = frozenset({"write_index", "read_index"})
_FILES = frozenset(
    {"open", "write", "truncate", "tofile", "fsync", "rename", "replace", "mkdir", "unlink", "rmdir"}
)
CAN_FAIL = _SQLITE | _FAISS | _FILES
"""The calls that a disk can refuse, by the name of the function."""
TOUCHING = CAN_FAIL | {"close", "flock"}
"""The calls that change what is on disk, or what is held."""


@contextmanager
def before_each(names: frozenset[str], strike: Callable[[int, str], None]) -> Iterator[None]:
    """Call ``strike`` with the number, from 1, and the name of each such call that is about to be made."""
    count = 0

    def profile(_frame: FrameType, event: str, called: object) -> None:
        nonlocal count
        if event == "c_call" and getattr(called, "__name__", "") in names and not _of_text(called):
            count += 1
            strike(count, called.__name__)  # type: ignore[attr-defined]

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)


def _of_text(called: object) -> bool:
    """Whether it is a method of a string, such as ``replace``, and no file's."""
    return isinstance(getattr(called, "__self__", None), str)


def failure(name: str, code: int) -> Exception:
    """What such a call raises when the disk refuses with this errno."""
    if name in _SQLITE:
        return sqlite3.OperationalError("disk I/O error")
    if name in _FAISS:
        return RuntimeError(f"could not access the file: {os.strerror(code)}")
    return OSError(code, os.strerror(code))
