"""Creates the folder of a model once, completely or not at all, and checks it at each use."""

import shutil
from collections.abc import Callable
from pathlib import Path

from search.files import checksum, exclusive, sync

_SUMS = "SHA256SUMS"


def create_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, with its files as ``make`` wrote them.

    ``make`` gets an empty folder to fill, but only if there is no intact one. Missing, changed and incomplete
    files are detected by their hashes. If several processes call this at the same time, one makes the folder
    and the others wait. Raises OSError.
    """
    if not _is_intact(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(folder.with_name(f"{folder.name}.lock")):
            if not _is_intact(folder):
                _create(folder, make)
    return folder


def _create(folder: Path, make: Callable[[Path], None]) -> None:
    staging = folder.with_name(f"{folder.name}.part")
    for old in (staging, folder):
        if old.exists():
            shutil.rmtree(old)
    staging.mkdir()
    make(staging)
    (staging / _SUMS).write_bytes(_checksums(staging))
    for path in [*staging.rglob("*"), staging]:
        sync(path)
    staging.rename(folder)
    sync(folder.parent)


def _is_intact(folder: Path) -> bool:
    try:
        return (folder / _SUMS).read_bytes() == _checksums(folder)
    except FileNotFoundError:
        return False


def _checksums(folder: Path) -> bytes:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _SUMS)
    lines = [f"{checksum(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    return "".join(lines).encode()
