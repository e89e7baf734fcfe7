"""Files: written so that a crash leaves the old one or the new one, locked between processes, and summed.

Locks hold between the processes of one machine: nothing is promised over NFS.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def sync(path: Path) -> None:
    """Make a file or a folder durable; raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_private(path: Path, flags: int) -> BinaryIO:
    """Open a file for writing, made when it is not there, that only its owner may read; raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "wb")


def write_durably(path: Path, data: bytes) -> None:
    """Replace the content of a private file, whole or not at all, even in a power cut; raises OSError.

    Only one process may do so at a time: hold ``exclusive``.
    """
    pending = path.with_name(f"{path.name}.tmp")
    with open_private(pending, os.O_TRUNC) as file:
        file.write(data)
    sync(pending)
    pending.replace(path)
    sync(path.parent)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock of this file, made when it is not there; wait for it. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
