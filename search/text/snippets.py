"""The sentence or two that answer a query best, and the part of a text to show."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import fsum
from operator import itemgetter
from typing import NamedTuple

from search.text.analyzer import fold, normalise
from search.text.sentences import Span, sentence_spans
from search.text.stemmer import stem

_PAIR_LIMIT = 280  # characters of two sentences together
_SHORT = 80  # characters below which a sentence needs the one before
_WORD_START = re.compile(r"(?<!\S)\S")
_TO_LAST_WORD_END = re.compile(r"(?s:.*)\S(?=\s)")


class Mark(NamedTuple):
    """A match in a text, ``text[start:end]``; ``word`` is the place in the query and the stem of its word."""

    start: int
    end: int
    word: tuple[int, str]


def best_sentences(text: str, marks: Sequence[Mark], weights: Sequence[float]) -> Span:
    """The sentence, or the pair of at most 280 characters, whose different words have the highest weight.

    On a tie the words stand closest together; then one sentence comes before a pair, then the first one.
    A single sentence takes the next one with it if there is room, or the one before if it is very short.
    Marks are in order; ``weights`` has one weight for each word of the query.
    """
    sentences = sentence_spans(text) or [(0, len(text))]
    pairs = [(start, end) for (start, _), (_, end) in pairwise(sentences) if end - start <= _PAIR_LIMIT]
    spans = [*sentences, *pairs]
    inside = [[mark for mark in marks if start <= mark.start and mark.end <= end] for start, end in spans]
    values = [_value(own, weights) for own in inside]
    start, end = spans[values.index(max(values))]
    wider = [pair for pair in pairs if pair[0] == start or (pair[1] == end and end - start < _SHORT)]
    return wider[-1] if wider else (start, end)


def _value(marks: Sequence[Mark], weights: Sequence[float]) -> tuple[float, int]:
    """The weight of the different words of these marks, and how close together they stand."""
    if not marks:
        return 0.0, 0
    if len(marks) == 1:
        ((start, end, (place, _)),) = marks
        return weights[place], start - end
    return _weight(marks, weights), -_extent(marks)


def _weight(marks: Sequence[Mark], weights: Sequence[float]) -> float:
    return fsum(weights[place] for place, _ in {mark.word for mark in marks})


def _extent(marks: Sequence[Mark]) -> int:
    """The length of the shortest part of the text that contains every marked word."""
    words = {mark.word for mark in marks}
    last: dict[tuple[int, str], int] = {}
    lengths = []
    for mark in marks:
        last[mark.word] = mark.start
        if len(last) == len(words):
            lengths.append(mark.end - min(last.values()))
    return min(lengths, default=0)


def snippet_span(text: str, marks: Sequence[Span], width: int) -> Span:
    """The part of ``text``, at most ``width`` characters, with the most different marked words.

    Marks are in order and do not overlap. Words with the same stem are one word; on a tie, the part with
    more marks wins, then the earlier one. The candidates are the beginning of the text and, for each mark,
    the part that begins with a word up to a quarter of the width before it. A part ends after a word in
    its second half, or else inside a word. Marks up to a quarter of the width always fit.
    """
    if len(text) <= width:
        return 0, len(text)
    starts = dict.fromkeys(_start(text, mark, width) for mark in (0, *(first for first, _ in marks)))
    parts = [(start, _end(text, start, width)) for start in starts]
    return max(zip(_word_counts(text, marks, parts), parts, strict=True), key=itemgetter(0))[1]


def shown_span(text: str, quote: Span, marks: Sequence[Span], width: int) -> Span:
    """The part of ``text``, at most ``width`` characters, that begins with a quote from it.

    If the quote is longer, it is the part of the quote that ``snippet_span`` chooses.
    """
    start, end = quote
    if end - start > width:
        inside = [(first - start, last - start) for first, last in marks if start <= first and last <= end]
        first, last = snippet_span(text[start:end], inside, width)
        return start + first, start + last
    return start, start + snippet_span(text[start:], (), width)[1]


def _word_counts(text: str, marks: Sequence[Span], parts: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The number of different words and of marks in each part; starts and ends of the parts ascend."""
    surfaces = [text[first:last] for first, last in marks]
    stems = {surface: stem(fold(normalise(surface).text)) for surface in set(surfaces)}
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
    last_word = _TO_LAST_WORD_END.match(text, start + width // 2, end + 1)
    return last_word.end() if last_word else end
