"""The few words to show of a passage."""

import re
from collections.abc import Sequence
from functools import partial

from search.text.sentences import Span

_WORD_START = re.compile(r"(?<!\S)\S")
_WORD_END = re.compile(r"\S(?=\s)")


def snippet_span(text: str, marks: Sequence[Span], width: int) -> Span:
    """The part of ``text``, at most ``width`` characters, that holds the most marks.

    Compared are the beginning of the text and the parts that begin on a word up to a quarter of the
    width before a mark; the earliest wins ties. Each ends on a word in its second half, else in the
    middle of one. A mark no longer than a quarter of the width is never missed.
    """
    if len(text) <= width:
        return 0, len(text)
    parts = [_part(text, mark, width) for mark in (0, *(first for first, _ in marks))]
    return max(parts, key=partial(_held, marks))


def _held(marks: Sequence[Span], part: Span) -> int:
    return sum(part[0] <= first and last <= part[1] for first, last in marks)


def _part(text: str, mark: int, width: int) -> Span:
    earliest = min(max(0, mark - width // 4), len(text) - width)
    word = _WORD_START.search(text, earliest, mark + 1)
    start = word.start() if word else earliest
    end = start + width
    if end >= len(text):
        return start, len(text)
    ends = [found.end() for found in _WORD_END.finditer(text, start + width // 2, end + 1)]
    return start, max(ends, default=end)
