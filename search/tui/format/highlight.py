"""Text of articles for the terminal: matches are highlighted, and no control character or markup is left."""

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from textual.content import Content

from search.export import snippet_prefix
from search.text.sanitize import clean, flat
from search.text.sentences import Span
from search.text.snippets import shown_span
from search.tui.format.palette import MATCH
from search.tui.format.wrapping import wrap
from search.types import Hit

_LINES = 2  # of a snippet
_LOST_TO_WRAPPING = 12  # cells of two lines that stay empty at word ends or hold ellipses
_SENTENCE_ENDS = (".", "!", "?", "…")
_PAUSES = " ,;:–—-\u00a0\u202f"


def highlighted(text: str, spans: Sequence[Span], sanitize: Callable[[str], str] = clean) -> Content:
    """The text with these spans highlighted; the spans are in order and do not overlap."""
    parts: list[str | tuple[str, str]] = []
    end = 0
    for span_start, span_end in spans:
        parts += [sanitize(text[end:span_start]), (sanitize(text[span_start:span_end]), MATCH)]
        end = span_end
    return Content.assemble(*parts, sanitize(text[end:]))


def snippet_lines(hit: Hit, width: int) -> list[Content]:
    """At most two lines of ``width`` cells: the snippet of a hit and the text after it.

    They end in an ellipsis where the text goes on, unless they end with a sentence.
    """
    spans = hit.highlights
    text, quote = hit.shown
    start, _ = shown_span(text, quote, spans, _LINES * width - _LOST_TO_WRAPPING)
    end = min(len(text), start + _LINES * width)
    inside = [(first - start, last - start) for first, last in spans if start <= first and last <= end]
    before = "…" if start > quote[0] else snippet_prefix(hit.snippet)
    lines = wrap(Content.assemble(before, highlighted(text[start:end], inside, flat)), width)
    if end == len(text) and len(lines) <= _LINES:
        return lines
    *whole, last_line = lines[:_LINES]
    return [*whole, _with_ellipsis(last_line, width)]


def first_lines(text: Content, width: int) -> list[Content]:
    """At most the first two lines of a text; they end in an ellipsis where it goes on."""
    lines = wrap(text, width)
    if len(lines) <= _LINES:
        return lines
    *whole, last_line = lines[:_LINES]
    return [*whole, _with_ellipsis(last_line, width)]


def _with_ellipsis(line: Content, width: int) -> Content:
    """The line of a text that goes on: an ellipsis follows its last word, unless that ends a sentence."""
    kept = line.plain.rstrip()
    if not kept.endswith(_SENTENCE_ENDS) and cell_len(kept.rstrip(_PAUSES)) >= width:
        kept = kept.rpartition(" ")[0].rstrip() or kept[:-1]
    if kept.endswith(_SENTENCE_ENDS):
        return line[: len(kept)]
    return line[: len(kept.rstrip(_PAUSES))] + "…"
