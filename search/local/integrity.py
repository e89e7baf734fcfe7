"""Tells whether a file is as it was published, without reading a large file at every search.

A file is read whole once, and again when it may have changed. A program that writes, cuts or replaces a
file changes its inode, its size, or the time of its last change, which no program can set. While these
stay the same, a file that matched its checksum counts as intact. A disk may lose data without an error,
so a file is read whole again after a week. An empty file in the user's cache notes each check that
succeeded: one for each file and state.
"""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

import platformdirs

from search.files import checksum

_VALID_SECONDS = 7 * 24 * 3600
_RACY_NANOSECONDS = 2 * 10**9
"""A file may be written twice within this time and keep the same timestamp ("racily clean" in git)."""


def matches_checksum(path: Path, expected: str) -> bool:
    """Whether a file exists and has this checksum; reads it whole."""
    return path.is_file() and checksum(path) == expected


def matched_recently(path: Path, expected: str) -> bool:
    """Whether a file has this checksum, or had it within a week and has not been written since."""
    if not path.is_file():
        return False
    state = path.stat()
    note = _notes_folder() / _note_name(state, expected)
    if _is_valid(note):
        return True
    if not matches_checksum(path, expected):
        return False
    if time.time_ns() - state.st_ctime_ns > _RACY_NANOSECONDS:
        _write_note(note)
    return True


def _notes_folder() -> Path:
    return platformdirs.user_cache_path("depeche") / "intact"


def _note_name(state: os.stat_result, expected: str) -> str:
    facts = (expected, state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _is_valid(note: Path) -> bool:
    try:
        return 0 <= time.time() - note.stat().st_mtime < _VALID_SECONDS
    except OSError:
        return False


def _write_note(note: Path) -> None:
    """Note that a file is intact, and delete the notes that are too old."""
    with suppress(OSError):  # without a cache folder, every file is read at every opening
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.touch()
        for other in note.parent.iterdir():
            if not _is_valid(other):
                other.unlink(missing_ok=True)
