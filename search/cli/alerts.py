"""How ``depeche news`` gives the new articles: as answers, as a feed, or as a mail."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import click

from search.cli.batch import Batch
from search.cli.language import spoken, translate
from search.cli.options import Command, complete_files, report
from search.cli.output import OutputFormat, OutputOptions
from search.cli.text_output import caret_under
from search.errors import QueryError, Translatable, UsageError, os_reason
from search.export.alerts import Alert, alert_mail, new_articles
from search.export.file import write_file
from search.retrieval.relevance import LINE
from search.types import Hits

_SENDER = "depeche@localhost"


class AlertFormat(StrEnum):
    """What is delivered elsewhere: an Atom feed, a mail."""

    ATOM = "atom"
    MAIL = "eml"


_OPTIONS = (
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        default=LINE,
        metavar="C",
        help="List articles of this confidence at least, from 0 to 1. Default: 0.3.",
    ),
    click.option(
        "--output",
        metavar="FILE",
        shell_complete=complete_files,
        help="Write the feed or the mail to this file; a feed keeps its last 200 entries.",
    ),
    click.option("--to", "recipient", metavar="ADDRESS", help="Recipient of the mail."),
    click.option(
        "--from",
        "sender",
        default=_SENDER,
        metavar="ADDRESS",
        help="Sender of the mail. Default: depeche@localhost.",
    ),
)


class Writer(Protocol):
    """Takes the answer, or the error, of each search, and the end of all."""

    def write(self, name: str, result: Hits) -> None:
        """Take the new articles of a search."""

    def fail(self, name: str, text: str, error: QueryError) -> None:
        """Take the error of a search."""

    def end(self) -> None:
        """Write what waits for the last search; raises UsageError where it cannot be written."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """In which format, and where to, articles of which confidence at least."""

    format: str
    minimum: float
    path: Path | None
    recipient: str
    sender: str

    @property
    def is_reported(self) -> bool:
        """Whether a person is told how many there are."""
        return self.format == OutputFormat.TEXT or self.path is not None

    def writer(self) -> Writer:
        """What writes in this format."""
        if self.format in [*AlertFormat]:
            return _AlertWriter(self)
        return Batch(OutputOptions(OutputFormat(self.format)), "name", "name")


def alert_options(command: Command) -> Command:
    """The options of the delivery."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def chosen_delivery(options: Mapping[str, Any]) -> Delivery:
    """The delivery that these options ask for; raises click's UsageError where they do not go together."""
    name, output = options["format_name"], options["output"]
    if name == AlertFormat.ATOM and output is None:
        raise click.UsageError(translate("The format {} needs a file: --output FILE", name))
    if output is not None and name not in [*AlertFormat]:
        raise click.UsageError(translate("--output needs the format atom or eml."))
    if name != AlertFormat.MAIL and options["recipient"]:
        raise click.UsageError(translate("--to needs the format eml."))
    if any(sign in (options[key] or "") for key in ("recipient", "sender") for sign in "\r\n"):
        raise click.UsageError(translate("An address has no line end."))
    path = None if output is None else Path(output)
    return Delivery(name, options["min_confidence"], path, options["recipient"] or "", options["sender"])


@dataclass(slots=True)
class _AlertWriter:
    """Waits for all searches, and writes one feed or one mail; without news nothing is written."""

    delivery: Delivery
    alerts: list[Alert] = field(default_factory=list)

    def write(self, name: str, result: Hits) -> None:
        """Take the new articles of a search."""
        self.alerts.append(Alert(name, result))

    def fail(self, name: str, text: str, error: QueryError) -> None:
        """Report the error of a search."""
        caret = caret_under(text, error.position, translate(error.suggestion))
        report(f"{name}: {translate(error.message)}\n{caret}")

    def end(self) -> None:
        """Write the feed or the mail; a feed is made where there is none yet."""
        path = self.delivery.path
        if self.delivery.format == AlertFormat.ATOM and path is not None:
            self._write_feed(path)
        elif new_articles(self.alerts):
            mail = alert_mail(self.alerts, spoken(), self.delivery.recipient, self.delivery.sender)
            if path is None:
                sys.stdout.buffer.write(mail)
                sys.stdout.buffer.flush()
            else:
                write_file(path, lambda file: file.write(mail))

    def _write_feed(self, path: Path) -> None:
        from search.export.atom import updated_feed

        try:
            former = path.read_bytes() if path.exists() else b""
        except OSError as exc:
            raise UsageError(Translatable("{} cannot be read: {}.", path, os_reason(exc))) from exc
        if former and not new_articles(self.alerts):
            return
        feed = updated_feed(former, self.alerts, translate("Dépêche: new articles"))
        write_file(path, lambda file: file.write(feed))
