"""Answers for a reader, in the width of the terminal; styled only where there is one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from search.cli.options import counted
from search.export import facts, sign
from search.retrieval.confidence import above, relevant
from search.text.sanitize import clean, flat
from search.text.snippets import shown_span
from search.tui.format.charts import histogram, meter
from search.types import Article, Contribution, Facet, Hit, Hits

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_SNIPPET = 280
_MARK = "bold underline"
_TABLE = "{:<9} {:>5} {:>9} {:>13} {:>7} {:>8}"
_HEADINGS = {
    Facet.SOURCE: "Sources",
    Facet.SECTION: "Sections",
    Facet.YEAR: "Years",
    Facet.MONTH: "Months",
}
_LISTED = 10  # sources and sections of each; those with fewer articles are told together
_WIDEST = 40  # cells for the name of a value
_METER = 24
_NOTHING = "nothing relevant; what comes nearest"
_NEAREST = "less sure to answer"
_HEAD = ("leg", "rank", "score", "standardised", "weight", "points")


def write_page(result: Hits, offset: int, *, explain: bool) -> None:
    """Write the results, and below them, on standard error, what the answer amounts to."""
    write_results(result, offset, explain=explain)
    if explain and result.understood:
        click.echo(f"Understood: {clean(result.understood)}", err=True)
    click.echo(_summary(result, offset), err=True)


def write_title(text: str) -> None:
    """Write a line that stands over results."""
    from rich.text import Text

    _console().print(Text(flat(text), "bold underline"), soft_wrap=True)


def write_results(result: Hits, offset: int = 0, *, explain: bool = False) -> None:
    """Write the results."""
    from rich.text import Text

    console = _console()
    line = above(result.shown)
    for place, item in enumerate(result.shown):
        if place == line:
            console.print(Text(f"── {_NEAREST if relevant(result) else _NOTHING} ──", "dim"), end="\n\n")
        blocks = [_snippet(item), *([Text(_explanation(item))] if explain else [])]
        rank = f"{offset + place + 1}. " if place < len(result.hits) else "– "
        _print(console, Text(rank), Text(flat(item.article.title), "bold" if place < line else "dim"))
        for block in [Text(facts(item.article), "dim"), *blocks]:
            _print(console, Text("   "), block)
        console.print()


def write_article_page(article: Article) -> None:
    """Write one article whole; outside a terminal a paragraph stays one line."""
    from rich.text import Text

    console = _console()
    head = [Text(flat(article.title), "bold"), Text(facts(article), "dim")]
    for text in [*head, *([Text(flat(article.url), "dim")] if article.url else [])]:
        console.print(text, soft_wrap=True)
    console.print()
    console.print(Text(clean(article.body)), soft_wrap=not console.is_terminal)


def write_counts(counts: Mapping[Facet, Sequence[tuple[str, int]]]) -> None:
    """Write how many articles have each value: the most frequent sources and sections, all years and months.

    Above the months they are drawn as columns, those without an article too.
    """
    from rich.text import Text

    console = _console()
    for facet, values in counts.items():
        if not values:
            continue
        console.print(Text(_HEADINGS[facet], "bold"))
        listed = values if facet in (Facet.YEAR, Facet.MONTH) else values[:_LISTED]
        drawn = _columns(values, console.width) if facet is Facet.MONTH else []
        for line in [*drawn, *_bars(listed)]:
            console.print(Text("  ") + line, soft_wrap=True)
        if left := values[len(listed) :]:
            articles = counted(sum(count for _, count in left), "article")
            console.print(Text(f"  {len(left)} more, of {articles}"), soft_wrap=True)
        console.print()


def pointed(text: str, position: int, remark: str) -> str:
    """Part of a text, and a caret under one place of it with a remark beside."""
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
    """Print a text with every line indented as far as the first, which begins with ``lead``."""
    from rich.text import Text

    for number, line in enumerate(text.wrap(console, console.width - len(lead))):
        line.rstrip()
        console.print((Text(" " * len(lead)) if number else lead) + line, soft_wrap=True)


def _snippet(item: Hit) -> "Text":
    from rich.text import Text

    text, quote = item.shown
    start, end = shown_span(text, quote, item.highlights, _SNIPPET)
    inside = [(first, last) for first, last in item.highlights if start <= first and last <= end]
    before = "…" if start > quote[0] else sign(item.snippet)
    after = "…" if end < len(text) else ""
    copied = f"\n= copy of {flat(item.copy_of)}" if item.copy_of else ""
    more = _more(item.passages_more) + copied + "".join(map(_copy, item.copies))
    return Text.assemble(before, *_pieces(text, inside, (start, end)), after, (more, "dim"))


def _pieces(
    text: str, spans: Sequence[tuple[int, int]], part: tuple[int, int]
) -> Iterator[str | tuple[str, str]]:
    done, end = part
    for first, last in spans:
        yield flat(text[done:first])
        yield flat(text[first:last]), _MARK
        done = last
    yield flat(text[done:end])


def _more(passages: int) -> str:
    return f"\n+ {counted(passages, 'more passage')}" if passages else ""


def _copy(article: Article) -> str:
    return f"\n= {flat(article.title)} · {facts(article)}"


def _explanation(item: Hit) -> str:
    rows = [_TABLE.format(*_HEAD), *map(_row, item.contributions)]
    return "\n".join(
        [*rows, f"{'score':<48} {item.score:>8.3f}", f"{'evidence':<48} {item.confidence:>8.3f}"]
    )


def _row(part: Contribution) -> str:
    numbers = (f"{part.score:.3f}", f"{part.standardised:.3f}", f"{part.weight:.3f}", f"{part.points:.3f}")
    return _TABLE.format(part.leg.value, part.rank or "–", *numbers)


def _columns(months: Sequence[tuple[str, int]], width: int) -> list["Text"]:
    from rich.text import Text

    drawn = histogram(months, width - len("  "))
    return [Text(line) for line in (drawn.columns, drawn.years) if line]


def _bars(values: Sequence[tuple[str, int]]) -> Iterator["Text"]:
    """A line for each value, with its count and a bar."""
    from rich.text import Text

    names = [Text(flat(name) or "(unknown)") for name, _ in values]
    widest = min(_WIDEST, max(name.cell_len for name in names))
    most = max(count for _, count in values)
    for name, (_, count) in zip(names, values, strict=True):
        name.truncate(widest, overflow="ellipsis", pad=True)
        yield name + Text(f" {count:>6} {meter(count, most, _METER)}")


def _summary(result: Hits, offset: int) -> str:
    if result.hits:
        found = f"{offset + 1}–{offset + len(result.hits)} of {result.total}"
    elif result.total:
        found = f"nothing after the first {offset}: there are {result.total}"
    elif result.understood:
        found = f"nothing found for: {clean(result.understood)}"
    else:
        found = "nothing to look for"
    if result.shown and not relevant(result):
        found = f"nothing relevant · {found}"
    return f"{found} · {result.took_ms:.0f} ms · {result.mode}"
