"""Finds the steps of a process that use the disk, so that a test can stop it or make it fail at each.

A step is a call from Python into C, by our code or by a library. One call of SQLite, FAISS or NumPy is one
step.
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
    {
        *("open", "write", "truncate", "tofile", "fsync", "rename", "replace", "link"),
        *("mkdir", "unlink", "rmdir"),
    }
)
CAN_FAIL = _SQLITE | _FAISS | _FILES
"""The names of the functions that fail when a disk refuses."""
USES_DISK = CAN_FAIL | {"close", "flock"}
"""The names of the functions that change the disk or a lock."""


@contextmanager
def before_each(names: frozenset[str], strike: Callable[[int, str], None]) -> Iterator[None]:
    """Call ``strike`` before each call of these functions, with its number, from 1, and its name."""
    count = 0

    def profile(_frame: FrameType, event: str, function: object) -> None:
        nonlocal count
        if (
            event == "c_call"
            and getattr(function, "__name__", "") in names
            and not _is_string_method(function)
        ):
            count += 1
            strike(count, function.__name__)  # type: ignore[attr-defined]

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)


def _is_string_method(function: object) -> bool:
    """Whether it is a method of a string, such as ``replace``, and not of a file."""
    return isinstance(getattr(function, "__self__", None), str)


def failure(name: str, code: int) -> Exception:
    """The exception of such a call when the disk refuses with this errno."""
    if name in _SQLITE:
        return sqlite3.OperationalError("disk I/O error")
    if name in _FAISS:
        return RuntimeError(f"could not access the file: {os.strerror(code)}")
    return OSError(code, os.strerror(code))
