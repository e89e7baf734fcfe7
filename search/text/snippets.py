"""The few words to show of a passage."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter

from search.text.french import fold, stem
from search.text.sentences import Span

_WORD_START = re.compile(r"(?<!\S)\S")
_TO_LAST_WORD_END = re.compile(r"(?s:.*)\S(?=\s)")


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
