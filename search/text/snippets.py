"""The sentence or two that answer best, and the few words of them to show."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import fsum
from operator import itemgetter
from typing import NamedTuple

from search.text.analyzer import fold, stem
from search.text.sentences import Span, sentence_spans

_TWO = 280  # characters that two sentences have together at most
_SHORT = 80  # characters below which a sentence says little without the one before
_WORD_START = re.compile(r"(?<!\S)\S")
_TO_LAST_WORD_END = re.compile(r"(?s:.*)\S(?=\s)")


class Mark(NamedTuple):
    """A word found in a text, ``text[start:end]``: ``word`` is which of the query, by its place and stem."""

    start: int
    end: int
    word: tuple[int, str]


def best_sentences(text: str, marks: Sequence[Mark], weights: Sequence[float]) -> Span:
    """The sentence, or two in a row of 280 characters at most, whose different words weigh most.

    Of those that weigh the same it is the one where they stand closest, then one sentence rather than
    two, then the first. One takes the next along where there is room, and the one before if it is very
    short. Marks are in order, and ``weights`` are by the place of a word in the query.
    """
    sentences = sentence_spans(text) or [(0, len(text))]
    pairs = [(start, end) for (start, _), (_, end) in pairwise(sentences) if end - start <= _TWO]
    spans = [*sentences, *pairs]
    inside = [[mark for mark in marks if start <= mark.start and mark.end <= end] for start, end in spans]
    worth = [(_weight(held, weights), -_extent(held)) for held in inside]
    start, end = spans[worth.index(max(worth))]
    wider = [pair for pair in pairs if pair[0] == start or (pair[1] == end and end - start < _SHORT)]
    return wider[-1] if wider else (start, end)


def _weight(marks: Sequence[Mark], weights: Sequence[float]) -> float:
    return fsum(weights[place] for place, _ in {mark.word for mark in marks})


def _extent(marks: Sequence[Mark]) -> int:
    """The fewest characters from one mark to another with every word of them in between."""
    words = {mark.word for mark in marks}
    last: dict[tuple[int, str], int] = {}
    found = []
    for mark in marks:
        last[mark.word] = mark.start
        if len(last) == len(words):
            found.append(mark.end - min(last.values()))
    return min(found, default=0)


def snippet_span(text: str, marks: Sequence[Span], width: int) -> Span:
    """The part of ``text``, at most ``width`` characters, with the most different marked words.

    Marks are in order and do not overlap. Words of one stem are one word; of parts with as many, the one
    with the most marks is taken. Compared are the beginning of the text and the parts that begin on a
    word up to a quarter of the width before a mark; the earliest wins ties. Each ends on a word in its
    second half, else in the middle of one. A mark no longer than a quarter of the width is never missed.
    """
    if len(text) <= width:
        return 0, len(text)
    starts = dict.fromkeys(_start(text, mark, width) for mark in (0, *(first for first, _ in marks)))
    parts = [(start, _end(text, start, width)) for start in starts]
    return max(zip(_held(text, marks, parts), parts, strict=True), key=itemgetter(0))[1]


def shown_span(text: str, quote: Span, marks: Sequence[Span], width: int) -> Span:
    """The part of ``text``, at most ``width`` characters, that shows a quote of it and what follows.

    Of a quote that is longer it is the part with the most different marked words; see ``snippet_span``.
    """
    start, end = quote
    if end - start > width:
        inside = [(first - start, last - start) for first, last in marks if start <= first and last <= end]
        first, last = snippet_span(text[start:end], inside, width)
        return start + first, start + last
    return start, start + snippet_span(text[start:], (), width)[1]


def _held(text: str, marks: Sequence[Span], parts: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """How many different words each part holds, and marks; no part begins or ends before the last."""
    surfaces = [text[first:last] for first, last in marks]
    stems = {surface: stem(fold(surface)) for surface in set(surfaces)}
    words: Counter[str] = Counter()
    left = entered = 0
    for start, end in parts:
        while entered < len(marks) and marks[entered][1] <= end:
            words[stems[surfaces[entered]]] += 1
            entered += 1
        while left < entered and marks[left][0] < start:
            word = stems[surfaces[left]]
            words[word] -= 1
            if not words[word]:
                del words[word]
            left += 1
        yield len(words), entered - left


def _start(text: str, mark: int, width: int) -> int:
    earliest = min(max(0, mark - width // 4), len(text) - width)
    word = _WORD_START.search(text, earliest, mark + 1)
    return word.start() if word else earliest


def _end(text: str, start: int, width: int) -> int:
    end = start + width
    if end >= len(text):
        return len(text)
    found = _TO_LAST_WORD_END.match(text, start + width // 2, end + 1)
    return found.end() if found else end
