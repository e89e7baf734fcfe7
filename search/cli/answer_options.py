"""Options that choose which articles a command counts, and the request that they make."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import click

from search.cli.find import parse_or_stop
from search.cli.options import (
    Command,
    chosen_settings,
    filter_options,
    index_options,
    mode_option,
    model_option,
    today,
)
from search.config import Settings
from search.query.ast import Node, Query
from search.query.options import NAMED, option_filters, restrict
from search.retrieval.request import Request
from search.text.sanitize import printable
from search.types import Copies

_NOTHING_ASKED = Query("", (), None, "")
_copies_option = click.option(
    "--copies",
    type=click.Choice([copies.value for copies in Copies]),
    default=Copies.FOLDED.value,
    help="Count articles that say the same once where they answer alike (folded), or each (listed). "
    "Default: folded.",
)


@dataclass(frozen=True, slots=True)
class Counting:
    """The settings of a command that counts, its filters, and the request without its query."""

    settings: Settings
    filters: Sequence[Node]
    request: Request

    def asking(self, text: str) -> Request:
        """The request of a query, with the filters; an error of the query ends the command."""
        return replace(self.request, query=restrict(parse_or_stop(printable(text)), *self.filters))

    @property
    def archive(self) -> Request:
        """The request for all articles that meet the filters."""
        return replace(self.request, query=restrict(_NOTHING_ASKED, *self.filters))

    @property
    def everything(self) -> Request:
        """The request for all articles."""
        return replace(self.request, query=_NOTHING_ASKED)


def counting_options(command: Command) -> Command:
    """The options of every command that counts answers."""
    return filter_options(mode_option(_copies_option(index_options(model_option(command)))))


def counting_of(options: dict[str, Any]) -> Counting:
    """What these options ask for; raises ConfigError and UsageError."""
    names = {field: tuple(map(printable, options[field.value])) for field in NAMED}
    filters = option_filters(options["since"], options["before"], names, today())
    settings = chosen_settings(
        {name: options[name] for name in ("index", "database", "engine", "model", "mode")}
    )
    request = Request(
        _NOTHING_ASKED,
        settings.mode,
        fusion=settings.fusion,
        rescoring=settings.rescoring,
        copies=Copies(options["copies"]),
    )
    return Counting(settings, filters, request)
