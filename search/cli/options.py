"""Options that several commands share, the settings that they give, and messages to the user."""

import os
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from search import config
from search.cli.language import translate
from search.config import Settings
from search.text.sanitize import clean
from search.types import Mode, Sort

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., Any])

INTERRUPTED = 130
NOTHING_FOUND = 1


def complete_files(_: click.Context, __: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Have the shell complete the name of a file or folder."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def complete_folders(_: click.Context, __: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Have the shell complete the name of a folder."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


_index_option = click.option(
    "--index",
    metavar="DIR",
    shell_complete=complete_folders,
    help="Folder of the index. Default: DEPECHE_INDEX, else the configuration file, else your data folder.",
)
_database_option = click.option(
    "--database",
    metavar="ADDRESS",
    help="PostgreSQL server that holds the index instead of a folder: postgresql://user@host/database.",
)
language_option = click.option(
    "--language",
    type=click.Choice(["fr", "en"]),
    help="Language of messages and of the interface. Default: the language of the locale.",
)
_engine_option = click.option("--engine", hidden=True)  # the name of --database before 0.2
port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    metavar="PORT",
    help="Port of the server; 0 for any free port. Default: 8000.",
)
model_option = click.option(
    "--model",
    metavar="NAME",
    help="Sentence-transformers model, by name or folder. Default: the embedded model.",
)
rerank_option = click.option(
    "--rerank",
    metavar="MODEL",
    help="Reorder the first 30 results with a CrossEncoder model on this computer, by name or folder; "
    "'' for none. Default: none.",
)
recency_option = click.option(
    "--recency",
    metavar="HALF_LIFE",
    help="Favour recent articles, with a half-life such as 30j, 6m or 1a; '' for none. Default: none.",
)
mode_option = click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    help="Search by words (keyword), by meaning (semantic) or both (hybrid). Default: hybrid.",
)
sort_option = click.option(
    "--sort",
    type=click.Choice([sort.value for sort in Sort]),
    default=Sort.RELEVANCE.value,
    help="Order of the results: relevance, date (newest first) or oldest (first). Articles without a date "
    "are last by date. Default: relevance.",
)
limit_option = click.option(
    "-n", "--limit", type=click.IntRange(1), metavar="N", help="Number of results. Default: 10."
)
format_option = click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Output format. Default: text.",
)


_filter_options = (
    click.option(
        "--since", metavar="DATE", help="Only articles of this date and later, such as 2023-09, 7j or 3m."
    ),
    click.option("--before", metavar="DATE", help="Only articles from before this date."),
    click.option("--source", multiple=True, metavar="NAME", help="Only articles whose source has this name."),
    click.option(
        "--section", multiple=True, metavar="NAME", help="Only articles whose section has this name."
    ),
    click.option("--author", multiple=True, metavar="NAME", help="Only articles that have this author."),
    click.option(
        "--place", multiple=True, metavar="NAME", help="Only articles that were written in this place."
    ),
    click.option("--keyword", multiple=True, metavar="NAME", help="Only articles that have this keyword."),
    click.option(
        "--page", multiple=True, metavar="PAGE", help="Only articles that were printed on this page."
    ),
)


def filter_options(command: Command) -> Command:
    """The options that choose articles by their dates and names."""
    for option in reversed(_filter_options):
        command = option(command)
    return command


def index_options(command: Command) -> Command:
    """The options of every command: where the index is, and the language of messages."""
    return _index_option(_engine_option(_database_option(language_option(command))))


def chosen_settings(options: Mapping[str, object]) -> Settings:
    """The settings, with these options on top; an option of None was not given. Raises ConfigError.

    Accepts the option names of versions before 0.2, and reports the new name.
    """
    given = {name: value for name, value in options.items() if name != "engine"}
    database = renamed_value(options, "engine", "database")
    return config.load({**given, "database": database}, os.environ, notify=report)


def renamed_value(options: Mapping[str, object], old: str, new: str) -> Any:  # noqa: ANN401
    """The value of a renamed option, None when it was not given; reports the new name to who uses the old."""
    value = options.get(new)
    if options.get(old) is None:
        return value
    old_flag, new_flag = (f"--{name.replace('_', '-')}" for name in (old, new))
    report(translate("{} is now called {}; a later version will remove the old name", old_flag, new_flag))
    return options[old] if value is None else value


def today() -> date:
    """The day from which relative dates count."""
    return date.today()


def report(message: str) -> None:
    """Write a message to the user on standard error."""
    click.echo(f"depeche: {clean(translate(message))}", err=True)


def stop(message: str, exit_code: int) -> NoReturn:
    """Report why the command ends, and end it."""
    report(message)
    raise click.exceptions.Exit(exit_code)
