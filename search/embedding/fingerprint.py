"""A short name for files too large to hash at every start."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

_SAMPLES, _SAMPLE_BYTES = 64, 4096


def fingerprint(files: Iterable[Path]) -> str:
    """Twelve hexadecimal digits that name the contents of these files, the same on every machine.

    Hashes of each file, in the order given, its length and 64 samples of 4 kB spread evenly from its
    first byte: a few milliseconds where the whole takes hundreds. Raises OSError.
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
