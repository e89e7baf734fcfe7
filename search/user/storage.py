"""The private folder of one user, and the files in it.

Only the owner may enter the folder (mode 700) and read its files (600). One program at a time changes
the files. A damaged file is renamed: it gets ``.damaged`` at the end of its name. Functions that
change the folder raise UsageError when they cannot.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

import msgspec
import platformdirs

from search.errors import Translatable, UsageError, os_reason
from search.files import exclusive, open_private, write_durably

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What a decoder raises for a damaged file."""
_Value = TypeVar("_Value")


def default_folder() -> Path:
    """The folder that is used unless another is given: it lies in the user's data folder."""
    return platformdirs.user_data_path("depeche") / "memory"


def current_time() -> str:
    """The current time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Create the folder where it is missing, make it private, and lock it against other programs."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        with exclusive(folder / ".lock"):
            yield
    except OSError as exc:
        raise UsageError(
            Translatable(
                "{} cannot be used: {}; make it a folder that you can write, "
                "or set XDG_DATA_HOME to another.",
                folder,
                os_reason(exc),
            )
        ) from exc


def exists(path: Path) -> bool:
    """Whether the file exists. A file in a folder that cannot be entered does not count."""
    return os.path.exists(path)  # noqa: PTH110 - pathlib's fails on such a folder


def file_version(path: Path) -> tuple[int, ...]:
    """What changes when the file is written: its inode, size and time; ``()`` where there is no file."""
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def read_document(path: Path, kind: type[_Value], default: _Value) -> tuple[_Value, str]:
    """Read a JSON file; give ``default`` when it is missing or damaged.

    The second value is a notice for the user that the file was damaged; otherwise it is ``""``.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind), ""
    except FileNotFoundError:
        return default, ""
    except UNREADABLE:
        return default, set_aside(path)


def write_document(path: Path, value: object) -> None:
    """Replace a JSON file, whole or not at all."""
    write_durably(path, msgspec.json.format(msgspec.json.encode(value)) + b"\n")


def append_line(path: Path, line: bytes) -> None:
    """Add a line, without its line end, to a file; first end the last line if a power cut left it open."""
    complete = not exists(path) or _last_byte(path) in (b"", b"\n")
    with open_private(path, os.O_APPEND) as file:
        file.write((b"" if complete else b"\n") + line + b"\n")


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return file.read()


def set_aside(path: Path) -> str:
    """Rename a damaged file; give a notice for the user that names the new file."""
    names = chain([f"{path.name}.damaged"], (f"{path.name}.damaged-{number}" for number in count(2)))
    damaged = next(name for name in map(path.with_name, names) if not exists(name))
    path.replace(damaged)
    return Translatable("{} is damaged; its content is kept in {}, in the same folder.", path, damaged.name)
