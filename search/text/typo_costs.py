"""The cost of typing one word instead of another: wrong keys of a French keyboard, and confused sounds."""

from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

ALPHABET = "abcdefghijklmnopqrstuvwxyz-'"
"""The characters that are compared; the code of a character is its place, counted from 1."""

Codes = npt.NDArray[np.uint8]
Costs = npt.NDArray[np.float32]
_Places = npt.NDArray[np.intp]

# In nats: how much less likely a word with the error is than the correct word.
_ERROR, _LIKELY_ERROR, _SOUND_ERROR = 5.0, 3.5, 2.5
_DISTANT_KEY = 6.5  # a letter from elsewhere on the keyboard
_FIRST_LETTER = 1.5  # added for the first letter, which is rarely wrong
_KEYBOARD = ("azertyuiop", "qsdfghjklm", "wxcvbn")
_SILENT = "h-'"
_ELIDED = "ldjmtsnc"  # before a forgotten apostrophe
_SOUND_SPELLINGS = """
    f=ph k=qu k=c k=ch c=qu s=ss c=ss s=c s=z x=cs x=cc x=ks sh=ch v=w g=j g=gu i=y t=th
    o=au o=eau au=eau e=ai e=ei e=er an=en am=em an=am en=em in=ain in=ein sion=tion
"""
_SOUNDS = [pair for each in _SOUND_SPELLINGS.split() for pair in (each.split("="), each.split("=")[::-1])]


def codes(word: str) -> Codes:
    """The codes of the letters of a word; 0 for a character that is not compared."""
    return np.array([ALPHABET.find(letter) + 1 for letter in word], np.uint8)


def costs(typed: str, words: Codes) -> Costs:
    """The cost of each word as the intended one, in nats: 0 for the typed word itself.

    ``words`` holds codes, one word in each row, 0 after its end. The cost is the Damerau-Levenshtein
    distance (see ``query.matcher.within_edits``) with a cost for each kind of error, for all words at
    once: the channel of Kernighan, Church & Gale, "A spelling correction program based on a noisy channel
    model", COLING 1990.
    """
    return _CostTable(typed, words).compute()


class _CostTable:
    """``[i, j]`` is the cost of the first i typed letters for the first j letters of each word."""

    def __init__(self, typed: str, words: Codes) -> None:
        self._typed = typed
        self._typed_codes = codes(typed)
        self._columns = np.ascontiguousarray(words.T)
        self._lengths = np.count_nonzero(words, axis=1)
        self._deletions = _deletion_costs(self._columns)
        self._costs = np.zeros((len(typed) + 1, words.shape[1] + 1, len(words)), np.float32)

    def compute(self) -> Costs:
        """Fill the table; give the costs of the whole words."""
        self._costs[0, 1:] = np.cumsum(self._deletions, axis=0)
        for i in range(1, len(self._typed) + 1):
            self._fill(i)
        totals: Costs = self._costs[-1, self._lengths, np.arange(len(self._lengths))]
        return totals

    def _fill(self, i: int) -> None:
        """Compute row ``i`` from the rows before it."""
        table, insertion = self._costs, _insertion_cost(self._typed, i - 1)
        code = self._typed_codes[i - 1]
        substitutions = _substitution_costs()[code] + _FIRST_LETTER * (i == 1)
        substitutions[code] = 0
        table[i, 0] = table[i - 1, 0] + insertion
        sounds = [(len(one), codes(other)) for one, other in _SOUNDS if self._typed.endswith(one, 0, i)]
        for j, column in enumerate(self._columns, 1):
            best = np.minimum(table[i - 1, j] + insertion, table[i, j - 1] + self._deletions[j - 1])
            np.minimum(best, table[i - 1, j - 1] + substitutions[column], out=best)
            for places, cost in self._swaps_and_sounds(i, j, sounds):
                best[places] = np.minimum(best[places], cost)
            table[i, j] = best

    def _swaps_and_sounds(
        self, i: int, j: int, sounds: list[tuple[int, Codes]]
    ) -> Iterator[tuple[_Places, Costs]]:
        """The words with two swapped letters here, or another spelling of a sound; and their costs."""
        columns, typed = self._columns, self._typed_codes
        if i > 1 and j > 1:
            places = np.flatnonzero((columns[j - 2] == typed[i - 1]) & (columns[j - 1] == typed[i - 2]))
            yield places, self._costs[i - 2, j - 2, places] + np.float32(_LIKELY_ERROR)
        for size, other in sounds:
            if j >= len(other):
                places = np.flatnonzero((columns[j - len(other) : j] == other[:, None]).all(axis=0))
                yield places, self._costs[i - size, j - len(other), places] + np.float32(_SOUND_ERROR)


def _insertion_cost(typed: str, place: int) -> float:
    """The cost of a letter that was typed but is not in the word."""
    letter, around = typed[place], typed[max(0, place - 1) : place + 2]
    if place and letter in _SILENT:
        return _SOUND_ERROR
    elided = not place and letter in _ELIDED
    if elided or around.count(letter) > 1 or any(letter in _adjacent_keys(other) for other in around):
        return _LIKELY_ERROR
    return _ERROR + _FIRST_LETTER * (place == 0)


def _deletion_costs(columns: Codes) -> Costs:
    """The cost of each letter of each word that was not typed."""
    deletions = np.full(columns.shape, _ERROR, np.float32)
    deletions[:1] += _FIRST_LETTER
    deletions[1:][columns[1:] == columns[:-1]] = _SOUND_ERROR
    deletions[np.isin(columns, codes(_SILENT))] = _SOUND_ERROR
    return deletions


@cache
def _substitution_costs() -> Costs:
    """The cost of typing one letter instead of another, by the codes of both."""
    substitutions = np.full((len(ALPHABET) + 1, len(ALPHABET) + 1), _DISTANT_KEY, np.float32)
    for code, letter in enumerate(ALPHABET, 1):
        substitutions[code, codes(_adjacent_keys(letter))] = _LIKELY_ERROR
    return substitutions


@lru_cache(64)
def _adjacent_keys(letter: str) -> str:
    """The letters on the keys next to a letter."""
    places = [(row, keys.find(letter)) for row, keys in enumerate(_KEYBOARD) if letter in keys]
    around = [
        (row + up, place + by) for row, place in places for up, by in ((0, -1), (0, 1), (-1, 0), (1, 0))
    ]
    return "".join(
        _KEYBOARD[row][place : place + 1] for row, place in around if 0 <= row < len(_KEYBOARD) and place >= 0
    )
