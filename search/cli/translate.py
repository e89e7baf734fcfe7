"""``depeche translate``: a query of another press database in our language."""

import sys
from typing import TextIO

import click

from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog
from search.cli.language import translate as say
from search.cli.options import language_option, report, stop, today
from search.cli.text_output import caret_under
from search.errors import QueryError, Translatable
from search.query.translation.remarks import Fidelity, Remark
from search.query.translation.translator import Service, Translation
from search.query.translation.translator import translate as translated
from search.text.sanitize import printable

PARTIAL = 1
"""The exit code when a part is not translated as it is."""


@click.command(
    cls=LocalizedCommand,
    short_help="Translate a query of Europresse or Factiva.",
    epilog=epilog(
        """\
depeche translate --from factiva "atleast3 retraites and hd=sénat"
depeche translate --file query.txt
pbpaste | depeche translate > ours.txt""",
        *(0, 1, 2),
    ),
)
@click.argument("words", cls=LocalizedArgument, nargs=-1, metavar="[QUERY]")
@click.option(
    "--from",
    "service",
    type=click.Choice([service.value for service in Service]),
    help="The service whose query it is. Without it, the service is guessed and named.",
)
@click.option(
    "--file", type=click.File(encoding="utf-8-sig"), metavar="FILE", help="Read the query from a file."
)
@language_option
def translate(words: tuple[str, ...], service: str | None, file: TextIO | None, **_: str | None) -> None:
    """Translate a query of Europresse or Factiva into our query language.

    Print the translation on standard output. On standard error, name each part that it leaves out or
    changes, with its place; the exit code is 1 then. Without a query, read standard input.
    """
    if words and file is not None:
        raise click.UsageError(say("Give either a query or --file FILE."))
    text = " ".join(words) if words else (file or sys.stdin).read()
    text = " ".join(printable(text).split())
    try:
        translation = translated(text, None if service is None else Service(service), today())
    except QueryError as error:
        caret = caret_under(text, error.position, say(error.suggestion))
        stop(f"{say(error.message)}\n{caret}", error.exit_code)
    _write(text, translation)


def _write(text: str, translation: Translation) -> None:
    if translation.text:
        click.echo(translation.text)
    if translation.guessed:
        name = translation.service.value.capitalize()
        report(Translatable("Read as a query of {}; --from says so where it is another's.", name))
    for remark in translation.remarks:
        caret = caret_under(text, remark.position, say(remark.reason))
        report(f"{say(_what(remark))}\n{caret}")
    if translation.remarks or not translation.text:
        raise click.exceptions.Exit(PARTIAL)


def _what(remark: Remark) -> Translatable:
    if remark.fidelity is Fidelity.LEFT_OUT:
        return Translatable("Left out: {}", remark.part)
    return Translatable("Changed: {}", remark.part)
