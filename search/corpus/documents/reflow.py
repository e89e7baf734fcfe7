"""Lines of printed pages as paragraphs: only the place of the line ends tells where one ends."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil

from search.text.line_breaks import join_lines

_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page\s*|p\.\s*)?\d{1,4}(?:\s*(?:/|sur)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE
)
_LEAST_RUNNING = 3  # pages on which a line stands above or below the text before it is no part of it
_FULL_SHARE = 0.8  # of the length of a full line: a shorter one may end a paragraph
_FULL_RANK = 0.9  # this share of the lines of a page is not longer than a full line
_SENTENCE_END = re.compile(r"[.!?…:][»\")\]’' ]*$")


def paragraphs(pages: Sequence[str]) -> Iterator[str]:
    """The paragraphs of pages, each on one line, without page numbers and running titles.

    A paragraph ends at a blank line, or at a short line before one that does not begin with a small letter.
    One that a page break divides is one paragraph. Words that are cut at line ends are whole.
    """
    paragraph: list[str] = []
    for lines in _without_margins([_lines(page) for page in pages]):
        full = _full_length(lines)
        for place, line in enumerate(lines):
            ends = _ends_page_paragraph(paragraph) if place == 0 else _ends_paragraph(lines[place - 1], full)
            if paragraph and (not line or (ends and not line[0].islower())):
                yield join_lines(paragraph)
                paragraph = []
            if line:
                paragraph.append(line)
    if paragraph:
        yield join_lines(paragraph)


def _lines(page: str) -> list[str]:
    return [line.strip() for line in page.strip().split("\n")]


def _ends_paragraph(before: str, full: float) -> bool:
    return len(before) < _FULL_SHARE * full


def _ends_page_paragraph(paragraph: Sequence[str]) -> bool:
    """Whether the paragraph that stands at the end of a page ends there."""
    return bool(paragraph and _SENTENCE_END.search(paragraph[-1]))


def _full_length(lines: Sequence[str]) -> float:
    lengths = sorted(len(line) for line in lines if line)
    return lengths[ceil(_FULL_RANK * (len(lengths) - 1))] if lengths else 0.0


def _without_margins(pages: Sequence[list[str]]) -> Iterator[list[str]]:
    """The lines of each page without page numbers and without what stands at the edge of many pages."""
    edges = Counter(_running(line) for lines in pages for line in {*lines[:1], *lines[-1:]})
    for lines in pages:
        first, last = 0, len(lines)
        while first < last and _is_margin(lines[first], edges):
            first += 1
        while last > first and _is_margin(lines[last - 1], edges):
            last -= 1
        yield lines[first:last]


def _is_margin(line: str, edges: Counter[str]) -> bool:
    return not line or bool(_PAGE_NUMBER.fullmatch(line)) or edges[_running(line)] >= _LEAST_RUNNING


def _running(line: str) -> str:
    """A line without its numbers: a running title may hold that of the page."""
    return re.sub(r"\d+", "", line).strip()
