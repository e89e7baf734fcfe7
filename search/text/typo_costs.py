"""What it takes to type one word for another: slips of the finger on a French keyboard, and of the ear."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

ALPHABET = "abcdefghijklmnopqrstuvwxyz-'"
"""The signs of the words that are compared; the code of one is its place, counted from 1."""

Codes = npt.NDArray[np.uint8]
Costs = npt.NDArray[np.float32]
_Places = npt.NDArray[np.intp]

# In nats: how much less likely a word with the slip is than the word as it should be.
_SLIP, _LIKELY, _SOUND = 5.0, 3.5, 2.5
_RARE = 6.5  # another letter from elsewhere on the keyboard
_FIRST = 1.5  # more for the first letter, which is seldom wrong
_KEYS = ("azertyuiop", "qsdfghjklm", "wxcvbn")
_UNHEARD = "h-'"
_ELIDED = "ldjmtsnc"  # with their apostrophe forgotten
_HEARD = """
    f=ph k=qu k=c k=ch c=qu s=ss c=ss s=c s=z x=cs x=cc x=ks sh=ch v=w g=j g=gu i=y t=th
    o=au o=eau au=eau e=ai e=ei e=er an=en am=em an=am en=em in=ain in=ein sion=tion
"""
_SOUNDS = [pair for way in _HEARD.split() for pair in (way.split("="), way.split("=")[::-1])]


def codes(word: str) -> Codes:
    """The codes of a word's letters; 0 for a sign that is not compared."""
    return np.array([ALPHABET.find(letter) + 1 for letter in word], np.uint8)


def costs(typed: str, words: Codes) -> Costs:
    """What each word costs to have been meant by the one typed, in nats: 0 for that word itself.

    ``words`` are codes, a word a row, 0 after its end. Damerau and Levenshtein's distance (see
    ``query.matching.within_edits``) with a price for each slip, over all words at once: the channel of
    Kernighan, Church & Gale, "A spelling correction program based on a noisy channel model", COLING 1990.
    """
    return _Table(typed, words).filled()


class _Table:
    """``[i, j]`` is what the first i letters typed cost for the first j of each word."""

    def __init__(self, typed: str, words: Codes) -> None:
        self._typed = typed
        self._own = codes(typed)
        self._columns = np.ascontiguousarray(words.T)
        self._lengths = np.count_nonzero(words, axis=1)
        self._left_out = _left_out(self._columns)
        self._costs = np.zeros((len(typed) + 1, words.shape[1] + 1, len(words)), np.float32)

    def filled(self) -> Costs:
        """The costs of whole words."""
        self._costs[0, 1:] = np.cumsum(self._left_out, axis=0)
        for i in range(1, len(self._typed) + 1):
            self._fill(i)
        found: Costs = self._costs[-1, self._lengths, np.arange(len(self._lengths))]
        return found

    def _fill(self, i: int) -> None:
        """Row ``i``, from those before it."""
        table, extra = self._costs, _extra(self._typed, i - 1)
        replaced = _replaced()[self._own[i - 1]] + _FIRST * (i == 1)
        replaced[self._own[i - 1]] = 0
        table[i, 0] = table[i - 1, 0] + extra
        sounds = [(len(one), codes(other)) for one, other in _SOUNDS if self._typed.endswith(one, 0, i)]
        for j, column in enumerate(self._columns, 1):
            best = np.minimum(table[i - 1, j] + extra, table[i, j - 1] + self._left_out[j - 1])
            np.minimum(best, table[i - 1, j - 1] + replaced[column], out=best)
            for there, cost in self._turned(i, j, sounds):
                best[there] = np.minimum(best[there], cost)
            table[i, j] = best

    def _turned(self, i: int, j: int, sounds: list[tuple[int, Codes]]) -> Iterator[tuple[_Places, Costs]]:
        """Which words have two letters the other way round here, or a sound written so; what that costs."""
        columns, own = self._columns, self._own
        if i > 1 and j > 1:
            there = np.flatnonzero((columns[j - 2] == own[i - 1]) & (columns[j - 1] == own[i - 2]))
            yield there, self._costs[i - 2, j - 2, there] + np.float32(_LIKELY)
        for size, other in sounds:
            if j >= len(other):
                there = np.flatnonzero((columns[j - len(other) : j] == other[:, None]).all(axis=0))
                yield there, self._costs[i - size, j - len(other), there] + np.float32(_SOUND)


def _extra(typed: str, place: int) -> float:
    """What it costs to have typed this letter too many."""
    letter, beside = typed[place], typed[max(0, place - 1) : place + 2]
    if place and letter in _UNHEARD:
        return _SOUND
    elided = not place and letter in _ELIDED
    if elided or beside.count(letter) > 1 or any(letter in _near(other) for other in beside):
        return _LIKELY
    return _SLIP + _FIRST * (place == 0)


def _left_out(columns: Codes) -> Costs:
    """What it costs to have left out each letter of each word."""
    missed = np.full(columns.shape, _SLIP, np.float32)
    missed[:1] += _FIRST
    missed[1:][columns[1:] == columns[:-1]] = _SOUND
    missed[np.isin(columns, codes(_UNHEARD))] = _SOUND
    return missed


@cache
def _replaced() -> Costs:
    """By the codes of two letters, what it costs to have typed one in the place of the other."""
    found = np.full((len(ALPHABET) + 1, len(ALPHABET) + 1), _RARE, np.float32)
    for code, letter in enumerate(ALPHABET, 1):
        found[code, codes(_near(letter))] = _LIKELY
    return found


@cache
def _near(letter: str) -> str:
    """The letters of the keys around one."""
    places = [(row, keys.find(letter)) for row, keys in enumerate(_KEYS) if letter in keys]
    around = [
        (row + up, place + by) for row, place in places for up, by in ((0, -1), (0, 1), (-1, 0), (1, 0))
    ]
    return "".join(
        _KEYS[row][place : place + 1] for row, place in around if 0 <= row < len(_KEYS) and place >= 0
    )
