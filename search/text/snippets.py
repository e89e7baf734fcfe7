"""The few words to show of a passage."""

import re
from collections.abc import Sequence
from functools import partial

from search.text.french import fold, stem
from search.text.sentences import Span

_WORD_START = re.compile(r"(?<!\S)\S")
_WORD_END = re.compile(r"\S(?=\s)")


def snippet_span(text: str, marks: Sequence[Span], width: int) -> Span:
    """The part of ``text``, at most ``width`` characters, with the most different marked words.

    Words of one stem are one word; of parts with as many, the one with the most marks is taken.
    Compared are the beginning of the text and the parts that begin on a word up to a quarter of the
    width before a mark; the earliest wins ties. Each ends on a word in its second half, else in the
    middle of one. A mark no longer than a quarter of the width is never missed.
    """
    if len(text) <= width:
        return 0, len(text)
    parts = [_part(text, mark, width) for mark in (0, *(first for first, _ in marks))]
    words = [(first, last, stem(fold(text[first:last]))) for first, last in marks]
    return max(parts, key=partial(_held, words))


def _held(words: Sequence[tuple[int, int, str]], part: Span) -> tuple[int, int]:
    """How many different words a part holds, and how many marks."""
    held = [word for first, last, word in words if part[0] <= first and last <= part[1]]
    return len(set(held)), len(held)


def _part(text: str, mark: int, width: int) -> Span:
    earliest = min(max(0, mark - width // 4), len(text) - width)
    word = _WORD_START.search(text, earliest, mark + 1)
    start = word.start() if word else earliest
    end = start + width
    if end >= len(text):
        return start, len(text)
    ends = [found.end() for found in _WORD_END.finditer(text, start + width // 2, end + 1)]
    return start, max(ends, default=end)
