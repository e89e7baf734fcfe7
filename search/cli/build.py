"""``depeche build``: index files and publish the index."""

import shlex
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from search.build_types import Change
from search.cli import progress
from search.cli.dry_run import dry_run
from search.cli.help_text import LocalizedArgument, LocalizedCommand, epilog
from search.cli.language import decimal, plural, translate
from search.cli.options import (
    INTERRUPTED,
    Command,
    chosen_settings,
    complete_files,
    index_options,
    model_option,
    report,
    stop,
)
from search.cli.unread import UnreadLog, check_rejects_path, rejects_option, unread_log
from search.config import Settings
from search.errors import Translatable, UsageError
from search.protocols import Corpus
from search.retention import ignore_gone, keep_all
from search.text.sanitize import clean

if TYPE_CHECKING:
    from search.build_types import Progress
    from search.retention import Keeps, OnGone

_NAMED_PATHS = 3  # the most paths that a message repeats

paths_argument = click.argument(
    "paths", cls=LocalizedArgument, nargs=-1, required=True, metavar="PATH...", shell_complete=complete_files
)
_source_option = click.option(
    "--source", metavar="NAME", help="Source of the articles that do not name their source."
)
_column_option = click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Name of the CSV column or JSON key that holds a field, such as text=contenu. "
    "Repeat the option for other fields.",
)
workers_option = click.option(
    "--workers", metavar="ADDRESS", help="With --database: encode on the workers of this Dask scheduler."
)
quiet_option = click.option("--quiet", is_flag=True, help="Print only the summary and errors.")


def reading_options(command: Command) -> Command:
    """The options that say how files are read: ``--source``, ``--column`` and ``--rejects``."""
    return _source_option(_column_option(rejects_option(command)))


@click.command(
    cls=LocalizedCommand,
    short_help="Index files, folders or standard input.",
    epilog=epilog(
        """\
depeche build archive/ --source AFP --rejects rejected.tsv
depeche build articles.csv --column text=contenu --dry-run
zcat articles.jsonl.gz | depeche build -""",
        *(0, 2, 3, 6, 7, 130),
    ),
)
@paths_argument
@index_options
@model_option
@reading_options
@workers_option
@click.option(
    "--dry-run",
    "only_read",
    is_flag=True,
    help="Read the files, say which column became which field, and change nothing.",
)
@quiet_option
def build(
    paths: tuple[str, ...],
    columns: tuple[str, ...],
    rejects: str | None,
    *,
    only_read: bool,
    quiet: bool,
    **options: str | None,
) -> None:
    """Index files and folders, or standard input (-).

    Articles that the index holds already stay, also those of other files, unless an article with the same
    id is read; depeche sync makes the index hold these files alone. Searches use the old index until the
    new one is published. The words of many new articles are searchable before their meaning is encoded.
    After an interruption, the next build continues to encode where this one stopped.

    Read exports of press databases (Europresse, Factiva, Nexis), dispatches of agencies (NewsML, NITF, ninjs,
    IPTC 7901), feeds, saved pages, WARC, e-mail, texts of libraries (ALTO, METS, Gallica), corpora and
    references (IRaMuTeQ, TXM, RIS, BibTeX), JSON, tables, .txt, .md, PDF, DOCX, ODT, RTF and EPUB; each
    may be compressed (.gz) or in an archive (.zip). A format is recognised by the content of
    the file, or by its name where the content does not show the format.
    """
    from search.index import inspections

    settings = build_settings(columns, options)
    if not only_read:
        build_and_report(settings, BuildInput(paths, rejects, keep_all), quiet=quiet)
        return
    check_rejects_path(rejects, paths)
    started = time.monotonic()
    with unread_log(rejects) as log, progress.hidden() if quiet else progress.permanent() as advance:
        summary = dry_run(inspections(settings, paths), paths, log, advance)
    click.echo(f"{clean(summary)}{seconds_since(started)}")


@dataclass(frozen=True, slots=True)
class BuildInput:
    """What a build reads, the file for what is not read, and which published articles stay.

    ``may_go`` is asked before published articles go.
    """

    paths: tuple[str, ...]
    rejects: str | None
    keeps: "Keeps"
    may_go: "OnGone" = ignore_gone


def build_and_report(settings: Settings, given: BuildInput, *, quiet: bool) -> None:
    """Build the index and print the summary; raises what ``build_index`` does."""
    from search.updates import corpus_of

    check_rejects_path(given.rejects, given.paths)
    started = time.monotonic()
    notify = _ignore if quiet else report
    bars = progress.Bars(None)
    try:
        with (
            unread_log(given.rejects) as log,
            progress.hidden() if quiet else progress.permanent() as bars,
        ):

            def may_go(gone: Mapping[str, int]) -> None:
                with bars.paused():
                    given.may_go(gone)

            corpus = corpus_of(settings, given.paths, log, given.keeps, may_go)
            summary = _build(corpus, log, settings, bars, notify)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not hide the message
        stop(
            translate("interrupted: words are searchable; the next build reuses the encoded passages")
            if bars.searchable
            else translate("interrupted: the index is unchanged; the next build reuses the encoded passages"),
            INTERRUPTED,
        )
    click.echo(f"{clean(summary)}{seconds_since(started)}")


def build_settings(columns: Sequence[str], options: Mapping[str, object]) -> Settings:
    """The settings with these options and columns, each ``FIELD=COLUMN``; raises UsageError."""
    return chosen_settings({**options, "columns": dict(map(_column, columns))})


def _build(
    corpus: Corpus, log: UnreadLog, settings: Settings, advance: "Progress", notify: Callable[[str], None]
) -> str:
    """Build the index; give the summary."""
    from search.index import backend, build_encoder, build_index

    encoder = build_encoder(settings)
    if encoder.notice:
        notify(encoder.notice)
    built = build_index(settings, corpus, encoder, advance)
    if built.notice:
        notify(built.notice)
    manifest, change = built.manifest, built.change
    if change.outdated:
        notify(_outdated_notice(change.outdated, manifest.corpus))
    articles = plural("{} article", "{} articles", manifest.articles) + change_summary(change)
    passages = plural("{} passage", "{} passages", manifest.chunks)
    vectors = encoded_and_reused(built.encoded, built.reused)
    unread = log.summary(manifest.replaced)
    return translate("{}, {} ({}), {}; {}", articles, passages, vectors, unread, backend(settings).location)


def seconds_since(started: float) -> str:
    """The end of a summary: the time since a moment of ``time.monotonic``."""
    return translate("; {} s", decimal(time.monotonic() - started, 1))


def encoded_and_reused(encoded: int, reused: int) -> str:
    """How many passages were encoded, and how many vectors were reused."""
    return ", ".join((plural("{} encoded", "{} encoded", encoded), plural("{} reused", "{} reused", reused)))


def change_summary(change: Change) -> str:
    """How the articles have changed since the index before; ``""`` when there was none."""
    if not (change.unchanged or change.changed or change.gone or change.kept):
        return ""
    return f" ({changes(change)})"


def changes(change: Change) -> str:
    """How many articles are new, changed and removed, and how many stay that were not read."""
    parts = [
        plural("{} new", "{} new", change.new),
        plural("{} changed", "{} changed", change.changed),
        plural("{} removed", "{} removed", change.gone),
    ]
    if change.kept:
        parts.append(plural("{} kept", "{} kept", change.kept))
    return ", ".join(parts)


def _outdated_notice(count: int, corpus: Sequence[str]) -> str:
    paths = shlex.join(corpus) if len(corpus) <= _NAMED_PATHS and "-" not in corpus else "PATH..."
    kept = plural(
        "{} article that these files do not hold any more stays in the index",
        "{} articles that these files do not hold any more stay in the index",
        count,
    )
    return translate("{}; to remove them, type: depeche sync {}", kept, paths)


def _column(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not (field and equals and column):
        raise UsageError(
            Translatable(
                "--column {} is not FIELD=COLUMN; write, for example, --column text=contenu", repr(text)
            )
        )
    return field, column


def _ignore(_: object) -> None:
    """Receive a message and drop it."""
