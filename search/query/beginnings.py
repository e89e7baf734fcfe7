"""How the words that a query matches begin: marking analyses these words of a text, and passes over the rest.

A stem begins with the same two letters as its words, but for a few irregular ones: the rules of
``search.text.stemmer`` change the ends of words.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import AnyStr

from search.text.analyzer import Normalised, fold, next_run, runs
from search.text.irregular_words import IRREGULAR
from search.text.verb_forms import PARTICIPLE_OF

ANY = ""
"""The beginning of every word."""
_LENGTH = 2
_CHANGED = (("trice", "teur"), ("drice", "deur"))  # the only words whose beginning a rule changes
_UNKNOWN = b"?"  # stands for what is not Latin 1 and for letters such as ß: it may be a letter, or not


def of_term(term: str) -> str:
    """The beginning of a folded word; of ``1 000``, ``1.5`` and ``e-mail`` only the first sign is sure."""
    beginning = term[:_LENGTH].lower()
    return beginning if beginning.isalpha() else beginning[:1]


def of_stem(stem: str) -> list[str]:
    """The beginnings of the folded words that have a stem."""
    beginnings = [of_term(stem)]
    for beginning in beginnings:
        beginnings += sorted(_irregular().get(beginning, set()).difference(beginnings))
    return beginnings


def of_pattern(pattern: str) -> str:
    """The beginning of the words that a folded prefix or pattern matches."""
    return of_term(re.split(r"[*?]", pattern)[0])


class RunFinder:
    """Finds the runs of a text in which a word begins in one of these ways.

    It looks for the beginnings in bytes that have one letter each, folded, and a blank for all other signs.
    A letter that a point may follow is that of an acronym.
    """

    def __init__(self, beginnings: Collection[str]) -> None:
        letters = [beginning for beginning in beginnings if beginning.isascii() and beginning.isalpha()]
        self._everything = ANY in beginnings
        self._digits = [beginning for beginning in beginnings if beginning.isdecimal()]
        acronyms = {f" {beginning[0]} " for beginning in letters}
        self._beginnings = [*(f" {each}".encode() for each in letters), *map(str.encode, acronyms)]

    def runs(self, normal: Normalised) -> Iterator[re.Match[str]]:
        """These runs, perhaps with a few others, in order; see ``analyzer.runs``."""
        if self._everything:
            yield from runs(normal)
            return
        text, end = normal.text, 0
        for place in self._places(text):
            if place >= end:
                run = next_run(text, _run_begin(text, end, place))
                while run and run.end() <= place:
                    run = next_run(text, run.end())
                if run is None:
                    return
                end = run.end()
                yield run

    def _places(self, text: str) -> list[int]:
        """Where such a word begins, or something that may hold one or stand just before one, in order."""
        signs = b" " + text.replace("?", " ").encode("latin-1", "replace").translate(_folding())
        places = [place - 1 for place in _occurrences(signs, _UNKNOWN)]
        for beginning in self._beginnings:
            places += _occurrences(signs, beginning)
        for digit in self._digits:
            places += _occurrences(text, digit)
        return sorted(places)


def _occurrences(text: AnyStr, part: AnyStr) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


def _run_begin(text: str, end: int, place: int) -> int:
    """A place, at most ``place``, that is in no run: ``end``, or after a blank that is in no number."""
    blank = text.rfind(" ", end, place)
    while blank > end and text[blank - 1].isdecimal() and text[blank + 1].isdecimal():
        blank = text.rfind(" ", end, blank)
    return max(end, blank + 1)


@cache
def _folding() -> bytes:
    """By sign of Latin 1, the letter that it is folded to, or a blank where it is none."""
    signs = map(chr, range(0x100))
    folded = (fold(sign) if sign.isalpha() or sign == _UNKNOWN.decode() else " " for sign in signs)
    return b"".join(sign.encode() if sign.isascii() and len(sign) == 1 else _UNKNOWN for sign in folded)


@cache
def _irregular() -> dict[str, set[str]]:
    """From the beginning of a stem to those of its words that begin in another way."""
    changed: dict[str, set[str]] = {}
    for word, base in (*IRREGULAR.items(), *PARTICIPLE_OF.items(), *_CHANGED):
        if of_term(word) != of_term(base):
            changed.setdefault(of_term(base), set()).add(of_term(word))
    return changed
