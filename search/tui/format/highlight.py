"""Text of articles made fit for a terminal: it can neither command it nor act as markup."""

from collections.abc import Callable, Sequence

from textual.content import Content

from search.export import sign
from search.text.sanitize import clean, flat
from search.text.sentences import Span
from search.text.snippets import shown_span
from search.types import Hit

MARK = "bold underline"
_LOST_TO_WRAPPING = 12  # cells of two lines that the words' ends and the ellipses leave empty


def marked(text: str, spans: Sequence[Span], tidy: Callable[[str], str] = clean) -> Content:
    """The text with these parts of it marked; spans are in order and do not overlap."""
    parts: list[str | tuple[str, str]] = []
    done = 0
    for start, end in spans:
        parts += [tidy(text[done:start]), (tidy(text[start:end]), MARK)]
        done = end
    return Content.assemble(*parts, tidy(text[done:]))


def snippet(result: Hit, width: int) -> list[Content]:
    """At most two lines, ``width`` cells wide: what a result is quoted by, and what follows it."""
    spans = result.highlights
    text, quote = result.shown
    start, end = shown_span(text, quote, spans, 2 * width - _LOST_TO_WRAPPING)
    inside = [(first - start, last - start) for first, last in spans if start <= first and last <= end]
    before = "…" if start > quote[0] else sign(result.snippet)
    after = "…" if end < len(text) else ""
    content = Content.assemble(before, marked(text[start:end], inside, flat), after)
    return content.wrap(width)[:2]
