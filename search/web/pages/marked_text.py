"""Text of articles with what is marked in it, safe to show."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.text.sanitize import clean, flat
from search.text.sentences import Span
from search.text.snippets import shown_span
from search.types import Hit

_SNIPPET_WIDTH = 320  # characters


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: whether it is a word of the query, and whether it belongs to the best passage."""

    text: str
    is_match: bool = False
    in_passage: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article; ``number`` counts from 1."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def has_match(self) -> bool:
        """Whether a word of the query is in it."""
        return any(piece.is_match for piece in self.pieces)


def snippet_pieces(hit: Hit) -> tuple[Piece, ...]:
    """The snippet of a hit, with an ellipsis where its text goes on."""
    text, quote = hit.shown
    start, end = shown_span(text, quote, hit.highlights, _SNIPPET_WIDTH)
    inside = [(first, last) for first, last in hit.highlights if start <= first and last <= end]
    before = [Piece("…")] if start > quote[0] else []
    after = [Piece("…")] if end < len(text) else []
    return (*before, *_pieces(text, (start, end), inside, (0, 0), flat), *after)


def paragraphs(body: str, matches: Sequence[Span], passage: Span) -> tuple[Paragraph, ...]:
    """The paragraphs of a body, which blank lines separate; ``matches`` and ``passage`` are offsets into it.

    Matches are in order and do not overlap.
    """
    return tuple(
        Paragraph(number, tuple(_pieces(body, span, matches, passage, clean)))
        for number, span in enumerate(_paragraph_spans(body), start=1)
    )


def _paragraph_spans(body: str) -> Iterator[Span]:
    start = 0
    for text in body.split("\n\n"):
        if text.strip():
            yield start, start + len(text)
        start += len(text) + len("\n\n")


def _pieces(
    text: str, part: Span, matches: Sequence[Span], passage: Span, sanitize: Callable[[str], str]
) -> Iterator[Piece]:
    start, end = part
    inside = [(max(first, start), min(last, end)) for first, last in matches if first < end and last > start]
    edges = [edge for edge in passage if start < edge < end]
    cuts = sorted({start, end, *edges, *(edge for span in inside for edge in span)})
    begins = {first for first, _ in inside}
    last_end = 0
    for first, last in pairwise(cuts):
        if first in begins:
            last_end = next(end for begin, end in inside if begin == first)
        in_passage = passage[0] <= first and last <= passage[1]
        yield Piece(sanitize(text[first:last]), first < last_end, in_passage)
