"""Builds on small disks in memory, in a process that may mount them: python -m tests.local.full_disk."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from .faults import Faults

_PAGE = 4096
_OWN_NAMESPACE = ("unshare", "-Urm")


def can_mount() -> bool:
    """Whether this user may mount a disk here."""
    mount = ("mount", "-t", "tmpfs", "none", "/mnt")
    return which(_OWN_NAMESPACE[0]) is not None and _run(*_OWN_NAMESPACE, *mount).returncode == 0


def build_on_small_disks(pages: Sequence[int]) -> list[str]:
    """Build on one disk for each number of free pages; give the error message of each, ``""`` for none."""
    process = _run(*_OWN_NAMESPACE, sys.executable, "-m", __name__, *map(str, pages))
    assert process.returncode == 0, f"{process.returncode}: {process.stderr}"
    return process.stdout.splitlines()


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own


def _mount(folder: Path, options: str) -> None:
    process = _run("mount", "-t", "tmpfs", "-o", options, "none", str(folder))
    assert process.returncode == 0, process.stderr


def _build_on_small_disk(folder: Path, pages: int) -> str:
    _mount(folder, "size=100m")
    faults = Faults(folder)
    faults.restore()
    used = sum(-(-path.stat().st_size // _PAGE) for path in folder.rglob("*") if path.is_file())
    _mount(folder, f"remount,size={(used + pages) * _PAGE}")
    message = faults.build_on_full_disk()
    _mount(folder, "remount,size=100m")
    faults.check_next_build()
    _run("umount", "--lazy", str(folder))
    return message


if __name__ == "__main__":
    for size in sys.argv[1:]:
        with TemporaryDirectory() as disk:
            sys.stdout.write(f"{_build_on_small_disk(Path(disk), int(size))}\n")
