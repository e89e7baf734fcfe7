"""Builds on small disks in memory, in a process that may mount them: python -m tests.local.full_disk."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from .faults import Faults

_PAGE = 4096
_PRIVATELY = ("unshare", "-Urm")


def can_mount() -> bool:
    """Whether this user may mount a disk of his own here."""
    mount = ("mount", "-t", "tmpfs", "none", "/mnt")
    return which(_PRIVATELY[0]) is not None and _run(*_PRIVATELY, *mount).returncode == 0


def filled(pages: Sequence[int]) -> list[str]:
    """Build where so many pages are free, check what is left, and give for each what the user was told."""
    ran = _run(*_PRIVATELY, sys.executable, "-m", __name__, *map(str, pages))
    assert ran.returncode == 0, f"{ran.returncode}: {ran.stderr}"
    return ran.stdout.splitlines()


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own


def _mounted(folder: Path, options: str) -> None:
    mounted = _run("mount", "-t", "tmpfs", "-o", options, "none", str(folder))
    assert mounted.returncode == 0, mounted.stderr


def _fill(folder: Path, pages: int) -> str:
    _mounted(folder, "size=100m")
    faults = Faults(folder)
    faults.restore()
    used = sum(-(-path.stat().st_size // _PAGE) for path in folder.rglob("*") if path.is_file())
    _mounted(folder, f"remount,size={(used + pages) * _PAGE}")
    told = faults.filled()
    _mounted(folder, "remount,size=100m")
    faults.completes()
    _run("umount", "--lazy", str(folder))
    return told


if __name__ == "__main__":
    for size in sys.argv[1:]:
        with TemporaryDirectory() as disk:
            sys.stdout.write(f"{_fill(Path(disk), int(size))}\n")
