"""A folder that is made once, whole or not at all, and checked each time it is opened."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from search.files import exclusive, sync

_SUMS = "SHA256SUMS"


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, its files as ``make`` wrote them.

    ``make`` is given an empty folder to fill, only when there is no intact one: missing, changed and
    half-written files are all noticed by their hashes. Processes that come at once wait for one of
    them. Raises OSError.
    """
    if not _intact(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(folder.with_name(f"{folder.name}.lock")):
            if not _intact(folder):
                _make(folder, make)
    return folder


def _make(folder: Path, make: Callable[[Path], None]) -> None:
    staging = folder.with_name(f"{folder.name}.part")
    for left_over in (staging, folder):
        if left_over.exists():
            shutil.rmtree(left_over)
    staging.mkdir()
    make(staging)
    (staging / _SUMS).write_bytes(_sums(staging))
    for path in [*staging.rglob("*"), staging]:
        sync(path)
    staging.rename(folder)
    sync(folder.parent)


def _intact(folder: Path) -> bool:
    try:
        return (folder / _SUMS).read_bytes() == _sums(folder)
    except FileNotFoundError:
        return False


def _sums(folder: Path) -> bytes:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _SUMS)
    lines = [f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    return "".join(lines).encode()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
