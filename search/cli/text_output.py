"""Answers for a reader, in the width of the terminal; styled only in a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from search.cli.language import decimal, number, plural, translate
from search.export import edition_label, listed, metadata_line, snippet_prefix
from search.retrieval.relevance import is_sure, relevant
from search.text.no_break import hold, release
from search.text.sanitize import clean, flat
from search.text.snippets import shown_span
from search.tui.format.charts import histogram, meter
from search.types import Article, Contribution, Facet, Hit, Hits, Mode

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

NO_REASONS: Mapping[str, str] = {}
_SNIPPET_WIDTH = 280
_HIGHLIGHT = "bold underline"
_TABLE = "{:<9} {:>5} {:>9} {:>13} {:>7} {:>8}"
HEADINGS = {
    Facet.SOURCE: "Sources",
    Facet.SECTION: "Sections",
    Facet.AUTHOR: "Authors",
    Facet.PLACE: "Places",
    Facet.KEYWORD: "Keywords",
    Facet.YEAR: "Years",
    Facet.MONTH: "Months",
}
_LISTED_VALUES = 10  # of each facet but the dates; one line sums up the others
_NAME_WIDTH = 40  # cells for the name of a value
_BAR_WIDTH = 24
TABLE_HEAD = ("leg", "rank", "score", "standardised", "weight", "points")


def write_page(result: Hits, offset: int, *, explain: bool, reasons: Mapping[str, str] = NO_REASONS) -> None:
    """Write the results, and a summary on standard error; ``reasons`` are by the ids of articles."""
    write_results(result, offset, explain=explain, reasons=reasons)
    if explain and result.understood:
        click.echo(translate("Understood: {}", clean(result.understood)), err=True)
    click.echo(_summary(result, offset), err=True)


def write_title(text: str) -> None:
    """Write a title above results."""
    from rich.text import Text

    _console().print(Text(flat(text), "bold underline"), soft_wrap=True)


def write_results(
    result: Hits, offset: int = 0, *, explain: bool = False, reasons: Mapping[str, str] = NO_REASONS
) -> None:
    """Write the results; with ``explain`` also their reasons and figures."""
    from rich.text import Text

    console = _console()
    if result.shown and not relevant(result):
        console.print(Text(f"── {translate('nothing relevant; the nearest articles')} ──", "dim"), end="\n\n")
    for place, hit in enumerate(result.shown):
        reason = [Text(reasons[hit.article.id])] if hit.article.id in reasons else []
        blocks = [_snippet(hit), *reason, *([Text(_explanation(hit))] if explain else [])]
        rank = f"{offset + place + 1}. " if place < len(result.hits) else "– "
        _print(console, Text(rank), Text(flat(hit.article.title), "bold" if is_sure(hit) else "dim"))
        mark = "" if is_sure(hit) else f"{translate('less likely to answer')} · "
        for block in [Text(mark + metadata_line(hit.article), "dim"), *blocks]:
            _print(console, Text("   "), block)
        console.print()


def write_article_page(article: Article) -> None:
    """Write a whole article; outside a terminal each paragraph is one line."""
    from rich.text import Text

    console = _console()
    below = (metadata_line(article), _details(article), article.url, article.file)
    lines = [(article.kicker, "dim"), (article.title, "bold"), *((line, "dim") for line in below)]
    for line, style in lines:
        if line:
            console.print(Text(flat(line), style), soft_wrap=True)
    console.print()
    body = Text(clean(article.body))
    if console.is_terminal:
        _print(console, Text(), body)
    else:
        console.print(body, soft_wrap=True)


def _details(article: Article) -> str:
    """The edition, the number of words and the keywords of an article, on one line."""
    words = plural("{} word", "{} words", article.word_count) if article.word_count else ""
    return " · ".join(filter(None, (edition_label(article.edition), words, listed(article.keywords))))


def write_counts(counts: Mapping[Facet, Sequence[tuple[str, int]]]) -> None:
    """Write how many articles have each value: all years and months, of other facets the most frequent.

    A facet without any value is left out. A column chart stands above the months; it also has the months
    without an article.
    """
    from rich.text import Text

    console = _console()
    for facet, values in counts.items():
        if not any(value for value, _ in values):
            continue
        console.print(Text(translate(HEADINGS[facet]), "bold"))
        listed = values if facet in (Facet.YEAR, Facet.MONTH) else values[:_LISTED_VALUES]
        chart = _columns(values, console.width) if facet is Facet.MONTH else []
        for line in [*chart, *_bars(listed)]:
            console.print(Text("  ") + line, soft_wrap=True)
        if others := values[len(listed) :]:
            articles = plural("{} article", "{} articles", sum(count for _, count in others))
            more = translate("  {} more, with {}", number(len(others)), articles)
            console.print(Text(more), soft_wrap=True)
        console.print()


def caret_under(text: str, position: int, remark: str) -> str:
    """The part of a text around a position, and below it a caret at the position with a remark."""
    from rich.cells import cell_len

    width = 50
    before = _line(text[max(0, position - width) : position])
    after = _line(text[position : position + width])
    opening = "…" if position > width else ""
    return f"  {opening}{before}{after}\n  {' ' * cell_len(opening + before)}^ {_line(remark)}".rstrip()


def _line(text: str) -> str:
    return clean(text).replace("\n", " ")


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def _print(console: "Console", lead: "Text", text: "Text") -> None:
    """Print a text after ``lead``, its other lines indented by the width of ``lead``."""
    from rich.text import Text

    text.plain = hold(text.plain)  # rich would end a line at a no-break space
    for place, line in enumerate(text.wrap(console, console.width - len(lead))):
        line.rstrip()
        line.plain = release(line.plain)
        console.print((Text(" " * len(lead)) if place else lead) + line, soft_wrap=True)


def _snippet(hit: Hit) -> "Text":
    from rich.text import Text

    text, quote = hit.shown
    start, end = shown_span(text, quote, hit.highlights, _SNIPPET_WIDTH)
    inside = [(first, last) for first, last in hit.highlights if start <= first and last <= end]
    before = "…" if start > quote[0] else snippet_prefix(hit.snippet)
    after = "…" if end < len(text) else ""
    original = translate("\n= copy of {}", flat(hit.copy_of)) if hit.copy_of else ""
    more = _more(hit.passages_more) + original + "".join(map(_copy, hit.copies))
    return Text.assemble(before, *_pieces(text, inside, (start, end)), after, (more, "dim"))


def _pieces(
    text: str, spans: Sequence[tuple[int, int]], part: tuple[int, int]
) -> Iterator[str | tuple[str, str]]:
    done, end = part
    for first, last in spans:
        yield flat(text[done:first])
        yield flat(text[first:last]), _HIGHLIGHT
        done = last
    yield flat(text[done:end])


def _more(passages: int) -> str:
    return plural("\n+ {} more passage", "\n+ {} more passages", passages) if passages else ""


def _copy(article: Article) -> str:
    return f"\n= {flat(article.title)} · {metadata_line(article)}"


def _explanation(hit: Hit) -> str:
    rows = [_TABLE.format(*map(translate, TABLE_HEAD)), *map(_row, hit.contributions)]
    totals = [(translate("score"), hit.score), (translate("confidence"), hit.confidence)]
    return "\n".join([*rows, *(f"{name:<48} {decimal(value, 3):>8}" for name, value in totals)])


def _row(part: Contribution) -> str:
    numbers = (decimal(each, 3) for each in (part.score, part.standardised, part.weight, part.points))
    return _TABLE.format(part.leg.value, part.rank or "–", *numbers)


def _columns(months: Sequence[tuple[str, int]], width: int) -> list["Text"]:
    from rich.text import Text

    chart = histogram(months, width - len("  "))
    return [Text(line) for line in (chart.columns, chart.years) if line]


def _bars(values: Sequence[tuple[str, int]]) -> Iterator["Text"]:
    """A line for each value, with its count and a bar."""
    from rich.text import Text

    names = [Text(flat(name) or translate("(unknown)")) for name, _ in values]
    width = min(_NAME_WIDTH, max(name.cell_len for name in names))
    most = max(count for _, count in values)
    for name, (_, count) in zip(names, values, strict=True):
        name.truncate(width, overflow="ellipsis", pad=True)
        yield name + Text(f" {count:>6} {meter(count, most, _BAR_WIDTH)}")


def _summary(result: Hits, offset: int) -> str:
    understood = clean(result.understood)
    if result.hits:
        shown = f"{number(offset + 1)}–{number(offset + len(result.hits))}"
        summary = translate("{} of {}", shown, number(result.total))
    elif result.total:
        counts = number(offset), number(result.total)
        summary = translate("no result after the first {}: there are {} in all", *counts)
    elif result.below and result.mode is Mode.SEMANTIC:
        summary = translate("no article is near enough to: {}; these are the nearest", understood)
    elif result.below:
        summary = translate("no article holds a word of: {}; these are the nearest", understood)
    elif result.understood:
        summary = translate("nothing found for: {}", understood)
    else:
        summary = translate("no word to search for")
    if result.shown and not relevant(result):
        summary = f"{translate('nothing relevant')} · {summary}"
    return f"{summary} · {result.took_ms:.0f} ms · {translate(result.mode.value)}"
