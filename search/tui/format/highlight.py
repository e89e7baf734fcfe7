"""Text of articles for the terminal: matches are highlighted, and no control character or markup is left."""

from collections.abc import Callable, Sequence

from textual.content import Content

from search.export import snippet_prefix
from search.text.sanitize import clean, flat
from search.text.sentences import Span
from search.text.snippets import shown_span
from search.tui.format.wrapping import wrap
from search.types import Hit

HIGHLIGHT = "bold underline"
_LOST_TO_WRAPPING = 12  # cells of two lines that stay empty at word ends or hold ellipses


def highlighted(text: str, spans: Sequence[Span], sanitize: Callable[[str], str] = clean) -> Content:
    """The text with these spans highlighted; the spans are in order and do not overlap."""
    parts: list[str | tuple[str, str]] = []
    end = 0
    for span_start, span_end in spans:
        parts += [sanitize(text[end:span_start]), (sanitize(text[span_start:span_end]), HIGHLIGHT)]
        end = span_end
    return Content.assemble(*parts, sanitize(text[end:]))


def snippet_lines(hit: Hit, width: int) -> list[Content]:
    """At most two lines of ``width`` cells: the snippet of a hit and the text after it."""
    spans = hit.highlights
    text, quote = hit.shown
    start, end = shown_span(text, quote, spans, 2 * width - _LOST_TO_WRAPPING)
    inside = [(first - start, last - start) for first, last in spans if start <= first and last <= end]
    before = "…" if start > quote[0] else snippet_prefix(hit.snippet)
    after = "…" if end < len(text) else ""
    content = Content.assemble(before, highlighted(text[start:end], inside, flat), after)
    return wrap(content, width)[:2]
