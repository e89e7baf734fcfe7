"""Names the contents of files that are too large to hash at every start."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

_SAMPLES, _SAMPLE_BYTES = 64, 4096


def fingerprint(files: Iterable[Path]) -> str:
    """Twelve hexadecimal digits that name the contents of these files, the same on every machine.

    They are a hash of the files in the order given: of the length of each, and of 64 samples of 4 kB at equal
    distances from its first byte. This takes a few milliseconds; hashing all bytes takes hundreds. Raises
    OSError.
    """
    digest = sha256()
    for path in files:
        size = path.stat().st_size
        digest.update(size.to_bytes(8, "little"))
        with path.open("rb") as file:
            for sample in range(_SAMPLES):
                file.seek(size * sample // _SAMPLES)
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:12]
