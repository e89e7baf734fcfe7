"""``depeche terms`` and ``depeche cooccurrents``: the words of an answer, and those near its words."""

from typing import Any

import click

from search.cli.answer_options import counting_of, counting_options
from search.cli.counting import engine_for, report_all, write_columns
from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog
from search.cli.language import decimal, number, translate
from search.cli.options import NOTHING_FOUND, Command
from search.cli.output import write_json
from search.counting.cooccurrence import SENTENCE, Cooccurrents, cooccurrents
from search.counting.documents import cooccurrents_document, terms_document
from search.counting.keyness import Terms, terms
from search.counting.tables import Row, cooccurrent_rows, csv_lines, term_rows

_FORMAT = click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    help="Output format. Default: text.",
)
_LIMIT = click.option(
    "-n",
    "--limit",
    "most",
    type=click.IntRange(1),
    default=50,
    metavar="N",
    help="Number of words. Default: 50.",
)


def _list_options(command: Command) -> Command:
    return _LIMIT(_FORMAT(counting_options(command)))


@click.command(
    "terms",
    cls=LocalizedCommand,
    short_help="List the words that mark an answer.",
    epilog=epilog(
        """\
depeche terms grève
depeche terms nucléaire --against éolien
depeche terms retraites --since 2019-12 --before 2020-01 -n 20""",
        *(0, 1, 2, 4, 5, 7, 130),
    ),
)
@click.argument("words", cls=LocalizedArgument, nargs=-1, required=True, metavar="QUERY")
@click.option(
    "--against",
    metavar="QUERY",
    help="Compare with the answer to this query instead of the whole archive.",
)
@click.option(
    "--minimum",
    type=click.IntRange(1),
    default=3,
    metavar="N",
    help="Leave out words that fewer articles of the answer hold. Default: 3.",
)
@_list_options
def terms_command(words: tuple[str, ...], against: str | None, format_name: str, **options: Any) -> None:  # noqa: ANN401
    """List the words that more articles of the answer to a QUERY hold than of the archive.

    The surest come first, by log-likelihood; the log ratio says how much more frequent a word is: 1 for
    twice, 2 for four times. Words of the query, stop words and numbers are left out.
    """
    counting, query = counting_of(options), " ".join(words)
    with engine_for(counting) as (engine, asked):
        other = asked.asking(against) if against and against.strip() else asked.everything
        found = terms(engine, asked.asking(query), other, options["most"], options["minimum"])
    match format_name:
        case "json":
            write_json(terms_document(query, against or "", found))
        case "csv":
            _write_csv(list(term_rows(found)))
        case _:
            _write_terms(found)
    report_all(found.degraded)
    counts = number(found.articles), number(found.reference)
    click.echo(translate("{} articles of the answer, compared with {} others", *counts), err=True)
    if not found.terms:
        raise click.exceptions.Exit(NOTHING_FOUND)


@click.command(
    "cooccurrents",
    cls=LocalizedCommand,
    short_help="List the words that stand near words.",
    epilog=epilog(
        """\
depeche cooccurrents grève
depeche cooccurrents '"gilets jaunes"' --window sentence
depeche cooccurrents climat --window 3 --format csv > climat.csv""",
        *(0, 1, 2, 4, 5, 7, 130),
    ),
)
@click.argument("words", cls=LocalizedArgument, nargs=-1, required=True, metavar="QUERY")
@click.option(
    "--window",
    default="5",
    metavar="N",
    help="Look at N words on each side, or at the sentence (sentence). Default: 5.",
)
@click.option(
    "--minimum",
    type=click.IntRange(1),
    default=3,
    metavar="N",
    help="Leave out words that stand there fewer times. Default: 3.",
)
@_list_options
def cooccurrents_command(words: tuple[str, ...], window: str, format_name: str, **options: Any) -> None:  # noqa: ANN401
    """List the words that stand near the words of a QUERY more often than elsewhere in the same articles.

    The surest come first, by log-likelihood; logDice says how tightly a word belongs to them, at most 14.
    """
    counting, query, size = counting_of(options), " ".join(words), _window(window)
    with engine_for(counting) as (engine, asked):
        found = cooccurrents(engine, asked.asking(query), size, options["most"], options["minimum"])
    match format_name:
        case "json":
            write_json(cooccurrents_document(query, found))
        case "csv":
            _write_csv(list(cooccurrent_rows(found)))
        case _:
            _write_cooccurrents(found)
    report_all(found.degraded)
    counts = number(found.occurrences), number(found.articles)
    click.echo(translate("{} occurrences in {} articles", *counts), err=True)
    if not found.words:
        raise click.exceptions.Exit(NOTHING_FOUND)


def _window(text: str) -> int:
    if text == "sentence":
        return SENTENCE
    if not text.isdecimal() or not int(text):
        raise click.UsageError(translate("--window needs a number of words, or: sentence"))
    return int(text)


def _write_csv(rows: list[Row]) -> None:
    click.echo("".join(csv_lines(rows)).encode(), nl=False)


def _write_terms(found: Terms) -> None:
    titles = [
        translate("word"),
        translate("articles"),
        translate("elsewhere"),
        translate("log-likelihood"),
        translate("log ratio"),
    ]
    rows = [
        [
            term.word,
            number(term.articles),
            number(term.reference),
            decimal(term.log_likelihood, 1),
            decimal(term.log_ratio, 1),
        ]
        for term in found.terms
    ]
    write_columns(rows, titles)


def _write_cooccurrents(found: Cooccurrents) -> None:
    titles = [
        translate("word"),
        translate("near"),
        translate("in all"),
        translate("articles"),
        translate("log-likelihood"),
        "logDice",
    ]
    rows = [
        [
            word.word,
            number(word.near),
            number(word.total),
            number(word.articles),
            decimal(word.log_likelihood, 1),
            decimal(word.log_dice, 1),
        ]
        for word in found.words
    ]
    write_columns(rows, titles)
