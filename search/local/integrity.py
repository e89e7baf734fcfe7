"""Whether a file is as it was published: it is read whole once, and then only when it may have changed.

A search would take too long if it read every byte of a large index. Any program that writes to a file,
cuts or replaces it, changes its inode, its size or the time of its last change, which no program can
set: a file that was found intact is taken to be so while these are the same. As a disk may lose what it
holds without a word, it is read whole again after a week. What was found is kept as empty files in the
user's cache, one for each file and state.
"""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

import platformdirs

_AGAIN = 7 * 24 * 3600  # seconds
_RACY = 2 * 10**9
"""Nanoseconds in which a file may be written again without its time telling ("racily clean" in git)."""


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def has(path: Path, wanted: str) -> bool:
    """Whether a file has this checksum, read whole."""
    return path.is_file() and checksum(path) == wanted


def had(path: Path, wanted: str) -> bool:
    """Whether a file has this checksum, or had it within a week and was not written to since."""
    if not path.is_file():
        return False
    state = path.stat()
    note = _notes() / _name(state, wanted)
    if _recent(note):
        return True
    if not has(path, wanted):
        return False
    if time.time_ns() - state.st_ctime_ns > _RACY:
        _keep(note)
    return True


def _notes() -> Path:
    return platformdirs.user_cache_path("depeche") / "intact"


def _name(state: os.stat_result, wanted: str) -> str:
    seen = (wanted, state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    return hashlib.sha256(repr(seen).encode()).hexdigest()


def _recent(note: Path) -> bool:
    try:
        return 0 <= time.time() - note.stat().st_mtime < _AGAIN
    except OSError:
        return False


def _keep(note: Path) -> None:
    """Note that a file is intact, and forget what is too old to count."""
    with suppress(OSError):  # without a cache, every file is read at every opening
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.touch()
        for other in note.parent.iterdir():
            if not _recent(other):
                other.unlink(missing_ok=True)
