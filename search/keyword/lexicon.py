"""The terms of a field of the keyword index, sorted by their UTF-8 bytes, as ``postings`` describes them."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from search.keyword.array_file import Array

_BLOCK = 64  # terms of a lexicon of which the first is kept in memory


class Lexicon(Sequence[bytes]):
    """The terms of a field, sorted."""

    def __init__(self, terms: Array, ends: Array) -> None:
        self._terms = terms
        self._ends = ends
        # A search in the lexicon reads many single terms: views give them in a third of numpy's time.
        self._term_bytes, self._term_ends = terms.data, ends.data

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        return self._term_bytes[self._term_ends[index - 1] if index else 0 : self._term_ends[index]].tobytes()

    @property
    def joined(self) -> tuple[Array, npt.NDArray[np.int64]]:
        """The bytes of all terms, one term after the other, and where each term ends."""
        return self._terms, self._ends.astype(np.int64)

    def at_or_after(self, term: bytes) -> int:
        """The number of the first term that is not smaller."""
        term_bytes, ends = self._term_bytes, self._term_ends
        high = min(bisect_right(self._block_firsts, term) * _BLOCK, len(ends))
        low = max(0, high - 1) // _BLOCK * _BLOCK
        while low < high:  # bisect_left would call __getitem__, which takes twice as long
            middle = (low + high) // 2
            if term_bytes[ends[middle - 1] if middle else 0 : ends[middle]].tobytes() < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int | None:
        """The number of a term, or None."""
        index = self.at_or_after(term)
        return index if index < len(self) and self[index] == term else None

    @cached_property
    def _block_firsts(self) -> list[bytes]:
        """The first term of each block, in memory: all of a search but its last steps."""
        return self[::_BLOCK]
