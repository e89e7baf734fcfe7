"""The embedded model with a cache of passage vectors on disk."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from search.embedding.embedded import EmbeddedEncoder
from search.protocols import Floats


class CachedEncoder(EmbeddedEncoder):
    """Encodes a passage once: its vector is kept in a file of ``folder``, named after model and text."""

    def __init__(self, unpacked: Path, folder: Path) -> None:
        super().__init__(unpacked)
        self._folder = folder

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if not self._file(text).exists()]
        for text, vector in zip(new, super().encode_passages(new), strict=True):
            np.save(self._file(text), vector)
        return np.stack([np.load(self._file(text)) for text in texts])

    def _file(self, text: str) -> Path:
        return self._folder / f"{hashlib.sha256(f'{self.name} {text}'.encode()).hexdigest()}.npy"
