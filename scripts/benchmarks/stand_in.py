"""An encoder without a model: benchmarks measure everything else."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.exchange import Floats
from search.text.chunking import text_hash

DIMENSION = 384
"""Of the embedded model's vectors, so that sizes and times are those of a real index."""
_CENTRES = 1000
_SPREAD = 1.0  # length of what is added to a centre of length 1


class StandIn:
    """Implements ``search.protocols.Encoder``: vectors that are known, by the hash of their text.

    The vector of any other text is made of that hash, around one of a thousand centres: the same text
    has the same vector in every run.
    """

    notice = ""
    max_tokens = 512

    def __init__(self, name: str, dimension: int, known: Mapping[bytes, Floats]) -> None:
        self.name = name
        self.dimension = dimension
        self._known = known
        self._centres = _unit(np.random.default_rng(0).normal(size=(_CENTRES, dimension)).astype(np.float32))

    def count_tokens(self, passage: str) -> int:
        """See ``search.protocols.Encoder``: here, every passage fits."""
        return 0

    def encode_query(self, text: str) -> Floats:
        """See ``search.protocols.Encoder``."""
        return self._vector(text)

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        """See ``search.protocols.Encoder``."""
        return np.stack([self._vector(text) for text in texts])

    def encode_few(self, texts: Sequence[str]) -> Floats:
        """See ``search.protocols.Encoder``."""
        return self.encode_passages(texts)

    def warm(self) -> None:
        """See ``search.protocols.Encoder``."""

    def _vector(self, text: str) -> Floats:
        found = self._known.get(text_hash(text))
        return self._scattered(text) if found is None else found

    def _scattered(self, text: str) -> Floats:
        digest = hashlib.shake_256(text.encode()).digest(2 + self.dimension)
        noise = np.frombuffer(digest, np.uint8, offset=2).astype(np.float32) - 127.5
        centre: Floats = self._centres[int.from_bytes(digest[:2], "little") % _CENTRES]
        return _unit(centre + _SPREAD * _unit(noise))


def _unit(vectors: Floats) -> Floats:
    found: Floats = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return found
