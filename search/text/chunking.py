"""Cut a body into passages of about 700 characters on paragraph, then sentence, then word bounds."""

import hashlib
from collections.abc import Callable, Iterator

from search.text.sentences import Span, paragraph_spans, sentence_spans
from search.types import Article

TARGET = 700
"""Characters a passage aims for."""
SLACK = 175
"""Characters a passage may exceed its target by, rather than leave a scrap behind."""
TITLE_LIMIT = 200
"""Characters of a title that are encoded with each passage."""

Fits = Callable[[int, int], bool]


def passage_spans(body: str, fits: Fits) -> list[Span]:
    """Offsets of the passages of ``body``, in order.

    Every character but white space lies in exactly one span. ``fits`` tells of a start and an end
    whether the model can read that passage whole; what does not fit is halved until it does, or is
    one character long.
    """
    spans: list[Span] = []
    for span in _packed(list(_units(body))):
        spans.extend(_fitted(body, span, fits))
    return spans or [(0, len(body))]


def encoded_text(article: Article, start: int, end: int) -> str:
    """What the model reads of the passage ``body[start:end]``: the article's own title, then the passage."""
    title = own_title(article)[:TITLE_LIMIT]
    passage = article.body[start:end]
    return f"{title}\n{passage}" if title else passage


def own_title(article: Article) -> str:
    """The title, unless it only says how the body begins, as one made from the first sentence does."""
    return "" if article.body.startswith(article.title.rstrip("… ")) else article.title


def text_hash(encoded: str) -> bytes:
    """16 bytes that identify an encoded text, to recognise vectors already made."""
    return hashlib.blake2b(encoded.encode(), digest_size=16).digest()


def parameters() -> str:
    """What identifies the way passages are cut and presented to the model."""
    return f"{TARGET}+{SLACK}/{TITLE_LIMIT}"


def _units(body: str) -> Iterator[Span]:
    """The pieces that passages are made of: paragraphs, else sentences, else runs of words."""
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
    """The last word bound in the span, before its white space; its end when it is one long word."""
    for cut in range(end, start, -1):
        if body[cut].isspace() and not body[cut - 1].isspace():
            return cut
    return end


def _packed(units: list[Span]) -> list[Span]:
    """Neighbouring units joined up to the target; a short last passage joins the one before."""
    spans: list[Span] = []
    for start, end in units:
        if spans and end - spans[-1][0] <= TARGET:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    if len(spans) > 1 and spans[-1][1] - spans[-2][0] <= TARGET + SLACK:
        spans[-2:] = [(spans[-2][0], spans[-1][1])]
    return spans


def _fitted(body: str, span: Span, fits: Fits) -> Iterator[Span]:
    start, end = span
    if end - start <= 1 or fits(start, end):
        yield span
        return
    cut = _last_space(body, start, (start + end) // 2)
    yield from _fitted(body, (start, cut), fits)
    while body[cut].isspace():
        cut += 1
    yield from _fitted(body, (cut, end), fits)
