"""The tokens of texts in numbers: each run is analysed once, and many texts become arrays at once.

A text is a list of runs, and a run has the same tokens in every text; see ``analyzer.analyse_run``.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from search.keyword.array_file import Array
from search.keyword.names import Values, name_tokens
from search.text.analyzer import Normalised, Token, analyse_run, pieces

NO_STEM = 0
"""The number of the stem of a stop word."""

Key = TypeVar("Key")


class Numbers(dict[str, int]):
    """Terms with their numbers, from 0, in the order in which they were asked for first."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of several lists, one list after the other: int64 arrays of one length.

    ``owners`` are the indexes of the lists. ``positions`` count words, and ``starts`` characters, from the
    beginning of the list.
    """

    owners: Array
    words: Array
    stems: Array
    positions: Array
    starts: Array


class TokenTable:
    """Lists of tokens, those of runs and those of the values of a name, by number."""

    def __init__(self, words: Numbers, stems: Numbers) -> None:
        """``words`` numbers terms and spellings, ``stems`` has ``""`` as ``NO_STEM``."""
        self._words, self._stems = words, stems
        self._columns = tuple(array("q") for _ in range(4))  # as in Tokens, without owners
        self._spellings = array("q")
        self._ends, self._spelled_ends, self._lengths = array("q", [0]), array("q", [0]), array("q")
        self._runs = _Known[str](analyse_run, self._add)
        self._values = _Known[Values](name_tokens, self._add)

    def __len__(self) -> int:
        return len(self._lengths)

    def runs(self, text: Normalised) -> tuple[Array, Array]:
        """The lists of the runs of a text, and where each run begins in it."""
        parts = pieces(text)
        ends = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)))
        lists = np.fromiter(map(self._runs.__getitem__, parts[1::2]), np.int64, len(parts) // 2)
        return lists, ends[:-1:2]

    def values(self, values: Values) -> int:
        """The list of the values of a name."""
        return self._values[values]

    def lengths(self, lists: Array) -> Array:
        """The number of positions of each of these lists."""
        return np.array(self._lengths)[lists]

    def tokens(self, lists: Array) -> Tokens:
        """The tokens of these lists."""
        owners, places = _members(np.array(self._ends), lists)
        return Tokens(owners, *(np.array(column)[places] for column in self._columns))

    def spellings(self, lists: Array) -> tuple[Array, Array]:
        """The spellings of these lists: the index of the list, and the number of the word."""
        owners, places = _members(np.array(self._spelled_ends), lists)
        return owners, np.array(self._spellings)[places]

    def _add(self, tokens: Iterable[Token]) -> int:
        words, stems, positions, starts = self._columns
        last = -1
        for term, start, _, last, _, stem, spelled in tokens:  # the last has the highest position
            words.append(self._words[term])
            stems.append(self._stems[stem])
            positions.append(last)
            starts.append(start)
            self._spellings.extend(map(self._words.__getitem__, spelled))
        self._ends.append(len(words))
        self._spelled_ends.append(len(self._spellings))
        self._lengths.append(last + 1)
        return len(self) - 1


class _Known(dict[Key, int], Generic[Key]):
    """The list of what was analysed, by what it is of."""

    def __init__(
        self, analyse: Callable[[Key], Iterable[Token]], add: Callable[[Iterable[Token]], int]
    ) -> None:
        super().__init__()
        self._analyse = analyse
        self._add = add

    def __missing__(self, key: Key) -> int:
        number = self[key] = self._add(self._analyse(key))
        return number


def _members(ends: Array, groups: Array) -> tuple[Array, Array]:
    """For each member of these groups the index of its group, and its place.

    Group ``g`` has the places from ``ends[g]`` up to ``ends[g + 1]``.
    """
    sizes = np.diff(ends)[groups]
    owners = np.repeat(np.arange(len(groups)), sizes)
    shifts = ends[groups] - (np.cumsum(sizes) - sizes)
    return owners, np.repeat(shifts, sizes) + np.arange(len(owners))
