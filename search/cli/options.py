"""What several commands share: options, the settings they add up to, and how a command stops."""

import os
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NoReturn, TypeVar

import click

from search import config
from search.config import Settings
from search.text.sanitize import clean

_Command = TypeVar("_Command", bound=Callable[..., Any])

INTERRUPTED = 130

_index_option = click.option(
    "--index", metavar="DIR", help="Index folder; else DEPECHE_INDEX, else the configuration file."
)
_database_option = click.option(
    "--database",
    metavar="ADDRESS",
    help="The PostgreSQL server that keeps the index: postgresql://user@host/database",
)
_engine_option = click.option("--engine", hidden=True)  # what --database was called up to 0.1
model_option = click.option("--model", metavar="NAME", help="A sentence-transformers model, by name or path.")
rerank_option = click.option(
    "--rerank",
    metavar="MODEL",
    help="Have the first 30 results put in order by a CrossEncoder that is on this machine; '' for none.",
)
recency_option = click.option(
    "--recency", metavar="HALF_LIFE", help="Favour recent articles: 30j, 6m, 1a…; '' for none."
)
form_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


def place_options(command: _Command) -> _Command:
    """Where the index is: ``--index`` and ``--database``."""
    return _index_option(_engine_option(_database_option(command)))


def chosen_settings(flags: Mapping[str, object]) -> Settings:
    """Settings with these flags on top, None for one not given; raises ConfigError.

    Names of before 0.2 still work, and the user is told the new ones.
    """
    known = {name: value for name, value in flags.items() if name != "engine"}
    if engine := flags.get("engine"):
        say("--engine is called --database now; the old name will go in a later version")
        known["database"] = known.get("database") or engine
    return config.load(known, os.environ, notify=say)


def today() -> date:
    """The day that relative dates count from."""
    return date.today()


def readable(argument: str) -> str:
    """An argument whose bytes are no UTF-8 holds halves of surrogate pairs, which cannot be written."""
    return argument.encode(errors="surrogateescape").decode(errors="replace")


def counted(number: int, thing: str) -> str:
    """A number of things, one or many."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def say(message: str) -> None:
    """Tell the user something that is no result."""
    click.echo(f"depeche: {clean(message)}", err=True)


def stop(message: str, exit_code: int) -> NoReturn:
    """Say why and end the command."""
    say(message)
    raise click.exceptions.Exit(exit_code)
