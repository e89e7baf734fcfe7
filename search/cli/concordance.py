"""``depeche concordance``: every occurrence of the words of a query, with its context."""

import shutil
from collections.abc import Iterator
from typing import Any

import click

from search.cli.answer_options import counting_of, counting_options
from search.cli.counting import engine_for, report_all
from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog
from search.cli.language import number, translate
from search.cli.options import NOTHING_FOUND
from search.counting.concordance import (
    ConcordanceLine,
    ConcordanceOrder,
    Context,
    ContextUnit,
    concordance,
)
from search.counting.documents import line_document
from search.counting.tables import concordance_rows, csv_lines
from search.export import json_line
from search.text.sanitize import flat

_ABOUT_WIDTH = 24  # cells for the date and the source
_NARROWEST = 60


@click.command(
    "concordance",
    cls=LocalizedCommand,
    short_help="List every occurrence of words with its context.",
    epilog=epilog(
        """\
depeche concordance grève
depeche concordance '"gilets jaunes"' --sort right
depeche concordance muni* --unit words --context 9 --format csv > muni.csv""",
        *(0, 1, 2, 4, 5, 7, 130),
    ),
)
@click.argument("words", cls=LocalizedArgument, nargs=-1, required=True, metavar="QUERY")
@click.option(
    "--sort",
    type=click.Choice([order.value for order in ConcordanceOrder]),
    default=ConcordanceOrder.RELEVANCE.value,
    help="Order of the lines: that of the articles (relevance, date, oldest, source), or the alphabet, by "
    "what is found (keyword), by the words before it (left) or after it (right). Default: relevance.",
)
@click.option(
    "--context",
    "size",
    type=click.IntRange(0, 1000),
    default=60,
    metavar="N",
    help="Length of the text on each side. Default: 60.",
)
@click.option(
    "--unit",
    type=click.Choice([unit.value for unit in ContextUnit]),
    default=ContextUnit.CHARACTERS.value,
    help="What N of --context counts. Default: characters.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "csv", "json", "jsonl"]),
    default="text",
    help="Output format. Default: text.",
)
@counting_options
def concordance_command(words: tuple[str, ...], format_name: str, **options: Any) -> None:  # noqa: ANN401
    """List every occurrence of the words, phrases and patterns of a QUERY, with what is left and right of it.

    All articles of the answer are read, not the first ones only. csv and json give the id of the article and
    the place in its text.
    """
    counting = counting_of(options)
    context = Context(options["size"], ContextUnit(options["unit"]))
    counts = _Counts()
    with engine_for(counting) as (engine, asked):
        request = asked.asking(" ".join(words))
        lines = counts.counting(concordance(engine, request, ConcordanceOrder(options["sort"]), context))
        _write(lines, format_name)
        report_all(engine.results(request).degraded)
    click.echo(
        translate("{} occurrences in {} articles", number(counts.lines), number(len(counts.ids))), err=True
    )
    if not counts.lines:
        raise click.exceptions.Exit(NOTHING_FOUND)


class _Counts:
    """How many lines were written, and of which articles."""

    def __init__(self) -> None:
        self.lines = 0
        self.ids: set[str] = set()

    def counting(self, lines: Iterator[ConcordanceLine]) -> Iterator[ConcordanceLine]:
        """The same lines, counted while they are taken."""
        for line in lines:
            self.lines += 1
            self.ids.add(line.article_id)
            yield line


def _write(lines: Iterator[ConcordanceLine], format_name: str) -> None:
    match format_name:
        case "csv":
            written = csv_lines(concordance_rows(lines))
        case "jsonl":
            written = (json_line(line_document(line)) for line in lines)
        case "json":
            written = _array(lines)
        case _:
            written = map(_text_line, lines)
    for text in written:
        click.echo(text.encode(), nl=False)


def _array(lines: Iterator[ConcordanceLine]) -> Iterator[str]:
    """One JSON array, line by line."""
    first = next(lines, None)
    if first is None:
        yield "[]\n"
        return
    yield "[" + json_line(line_document(first)).rstrip("\n")
    yield from (",\n" + json_line(line_document(line)).rstrip("\n") for line in lines)
    yield "]\n"


def _text_line(line: ConcordanceLine) -> str:
    """The occurrence in the middle of the terminal; the date and the source come first."""
    from rich.cells import cell_len, set_cell_size

    width = max(_NARROWEST, shutil.get_terminal_size().columns)
    about = set_cell_size(flat(f"{line.published[:10]} {line.source}"), min(_ABOUT_WIDTH, width // 4))
    keyword = flat(line.keyword)
    side = max(8, (width - cell_len(about) - cell_len(keyword) - len(" [] ")) // 2)
    left = flat(line.left)[-side:] if line.left else ""
    room = " " * max(0, side - cell_len(left))
    return f"{about} {room}{left}[{keyword}]{flat(line.right)[:side]}".rstrip() + "\n"
