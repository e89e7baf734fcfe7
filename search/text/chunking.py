"""Cut a body into passages of about 700 characters: between paragraphs, else sentences, else words."""

import hashlib
from collections.abc import Callable, Iterator

from search.text.cut_words import whole_words
from search.text.line_breaks import is_cut
from search.text.sentences import Span, paragraph_spans, sentence_spans
from search.types import Article

TARGET = 700
"""Target length of a passage, in characters."""
SLACK = 175
"""Characters by which a passage may exceed the target, to avoid a short rest."""
TITLE_LIMIT = 200
"""Characters of the title that are encoded with each passage."""

_CUT_PROBES = ("recons-\ntruction", "grand-\nmère", "agri¬\nculture", "mi- neurs", "termes- très", "pré- et")
_GAP = 8  # characters of white space that may lie in a word that is cut at a line end

Fits = Callable[[int, int], bool]


def passage_spans(body: str, fits: Fits) -> list[Span]:
    """Offsets of the passages of ``body``, in order.

    Every character except white space lies in exactly one span. ``fits`` says whether the model can read
    the whole passage from a start to an end; a passage that does not fit is halved until it fits or has
    one character.
    """
    spans: list[Span] = []
    for span in _merged(list(_units(body))):
        spans.extend(_halved(body, span, fits))
    return spans or [(0, len(body))]


def encoded_text(article: Article, start: int, end: int) -> str:
    """The text that the model reads for the passage ``body[start:end]``: the title, then the passage.

    Words that were cut at a line end are whole.
    """
    title = own_title(article)[:TITLE_LIMIT]
    passage = whole_words(article.body[start:end])
    return f"{title}\n{passage}" if title else passage


def own_title(article: Article) -> str:
    """The title; ``""`` when it repeats the beginning of the body, like a title made from it.

    Line ends of the body are spaces in its title.
    """
    title = " ".join(article.title.rstrip("… ").split())
    opening = " ".join(article.body[: 2 * len(article.title)].split())
    return "" if opening.startswith(title) else article.title


def text_hash(encoded: str) -> bytes:
    """16 bytes that identify an encoded text, to reuse its vector."""
    return hashlib.blake2b(encoded.encode(), digest_size=16).digest()


def parameters() -> str:
    """Identifies how passages are cut and presented to the model."""
    presented = text_hash(repr(list(map(whole_words, _CUT_PROBES)))).hex()[:8]
    return f"{TARGET}+{SLACK}/{TITLE_LIMIT}/{presented}"


def _units(body: str) -> Iterator[Span]:
    """The units that passages are made of: paragraphs, else sentences, else runs of words."""
    for start, end in paragraph_spans(body):
        if end - start <= TARGET + SLACK:
            yield start, end
            continue
        for first, last in sentence_spans(body[start:end]):
            yield from _word_runs(body, start + first, start + last)


def _word_runs(body: str, start: int, end: int) -> Iterator[Span]:
    while end - start > TARGET + SLACK:
        cut = _last_space(body, start, start + TARGET)
        yield start, cut
        start = cut
        while body[start].isspace():
            start += 1
    yield start, end


def _last_space(body: str, start: int, end: int) -> int:
    """The end of the last whole word in the span; the end of the span when it is one long word.

    A word that is cut at a line end goes on after the gap.
    """
    for cut in range(end, start, -1):
        at_gap = body[cut].isspace() and not body[cut - 1].isspace()
        if at_gap and not is_cut(body[max(start, cut - 3) : cut], body[cut : cut + _GAP].lstrip()):
            return cut
    return end


def _merged(units: list[Span]) -> list[Span]:
    """Merge adjacent units up to the target length, and a short last passage with the one before."""
    spans: list[Span] = []
    for start, end in units:
        if spans and end - spans[-1][0] <= TARGET:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    if len(spans) > 1 and spans[-1][1] - spans[-2][0] <= TARGET + SLACK:
        spans[-2:] = [(spans[-2][0], spans[-1][1])]
    return spans


def _halved(body: str, span: Span, fits: Fits) -> Iterator[Span]:
    start, end = span
    if end - start <= 1 or fits(start, end):
        yield span
        return
    cut = _last_space(body, start, (start + end) // 2)
    yield from _halved(body, (start, cut), fits)
    while body[cut].isspace():
        cut += 1
    yield from _halved(body, (cut, end), fits)
