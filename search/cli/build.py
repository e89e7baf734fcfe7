"""``depeche build``: index files and publish the index."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search.build_types import Change, Stage
from search.cli import progress
from search.cli.help_text import epilog
from search.cli.options import (
    INTERRUPTED,
    chosen_settings,
    complete_files,
    index_options,
    model_option,
    plural,
    report,
    stop,
)
from search.config import Settings
from search.errors import CorpusError, UsageError
from search.protocols import Corpus
from search.text.sanitize import clean, flat
from search.types import Article, Unread

if TYPE_CHECKING:
    from search.protocols import Progress

paths_argument = click.argument(
    "paths", nargs=-1, required=True, metavar="PATH...", shell_complete=complete_files
)
source_option = click.option(
    "--source", metavar="NAME", help="Source of the articles that do not name their source."
)
column_option = click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Name of the CSV column or JSON key that holds a field, such as text=contenu. "
    "Repeat the option for other fields.",
)
rejects_option = click.option(
    "--rejects",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the rejected records to this file, each with its path, line and reason.",
)


@click.command(
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
@source_option
@column_option
@rejects_option
@click.option(
    "--workers", metavar="ADDRESS", help="With --database: encode on the workers of this Dask scheduler."
)
@click.option("--dry-run", is_flag=True, help="Read the files and count the articles, but change nothing.")
@click.option("--quiet", is_flag=True, help="Print only the summary and errors.")
def build(
    paths: tuple[str, ...],
    columns: tuple[str, ...],
    rejects: str | None,
    *,
    dry_run: bool,
    quiet: bool,
    **options: str | None,
) -> None:
    """Index files and folders, or standard input (-).

    Read .txt, .md, .json, .jsonl, .csv, .tsv and .html files; each may be compressed (.gz). Searches use
    the old index until the new one is complete. After an interruption, the next build reuses the passages
    that are already encoded.
    """
    from search.corpus import absolute_paths
    from search.index import records

    settings = build_settings(columns, options)
    check_rejects_path(rejects, paths)
    articles = records(settings, paths)
    started = time.monotonic()
    notify = _ignore if quiet else report
    try:
        with (
            rejection_list(rejects) as on_unread,
            progress.hidden() if quiet else progress.permanent() as advance,
        ):
            corpus = Corpus(absolute_paths(paths), articles, on_unread)
            summary = _dry_run(corpus, advance) if dry_run else _build(corpus, settings, advance, notify)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not hide the message
        stop("interrupted: the index is unchanged; the next build reuses the encoded passages", INTERRUPTED)
    click.echo(f"{clean(summary)}; {time.monotonic() - started:.1f} s")


def build_settings(columns: Sequence[str], options: Mapping[str, object]) -> Settings:
    """The settings with these options and columns, each ``FIELD=COLUMN``; raises UsageError."""
    return chosen_settings({**options, "columns": dict(map(_column, columns))})


def check_rejects_path(rejects: str | None, paths: Sequence[str]) -> None:
    """Raise UsageError for a list of rejected records that would replace, or be read as, articles."""
    from search.corpus import reads

    if rejects is None:
        return
    target = Path(os.path.realpath(rejects))  # pathlib's fails on circular links
    sources = {Path(os.path.realpath(path)) for path in paths}
    if target in sources or (reads(target) and not sources.isdisjoint(target.parents)):
        raise UsageError(f"{rejects} is among the files to index; give another file with --rejects FILE.")


@contextmanager
def rejection_list(path: str | None) -> Iterator[Callable[[Unread], None]]:
    """A function that adds a rejected record to the file, with path, line and reason.

    Without a file the function does nothing. Raises UsageError when the file cannot be written.
    """
    if path is None:
        yield _ignore
        return
    with _write_errors(path), Path(path).open("w", encoding="utf-8", buffering=1) as file:

        def add(unread: Unread) -> None:
            with _write_errors(path):
                file.write(f"{flat(unread.path)}\t{unread.line}\t{flat(unread.reason)}\n")

        yield add


def rejection_summary(rejected: int, replaced: int) -> str:
    """How many records are not in the index, and why."""
    hint = " (list them with --rejects FILE)" if rejected else ""
    duplicates = f", {replaced} replaced by a later article with the same id" if replaced else ""
    return f"{rejected} rejected{hint}{duplicates}"


def _build(corpus: Corpus, settings: Settings, advance: "Progress", notify: Callable[[str], None]) -> str:
    """Build the index; give the summary."""
    from search.index import backend, build_encoder, build_index

    encoder = build_encoder(settings)
    if encoder.notice:
        notify(encoder.notice)
    built = build_index(settings, corpus, encoder, advance)
    if built.notice:
        notify(built.notice)
    manifest = built.manifest
    articles = plural(manifest.articles, "article") + _change_summary(built.change)
    passages = plural(manifest.chunks, "passage")
    vectors = f"{built.encoded} encoded, {built.reused} reused"
    rejected = rejection_summary(manifest.rejected, manifest.replaced)
    return f"{articles}, {passages} ({vectors}), {rejected}; {backend(settings).location}"


def _change_summary(change: Change) -> str:
    """How the articles have changed since the index before; ``""`` when there was none."""
    if not (change.unchanged or change.changed or change.gone):
        return ""
    return f" ({change.new} new, {change.changed} changed, {change.gone} removed)"


def _dry_run(corpus: Corpus, advance: "Progress") -> str:
    """Read the corpus and change nothing; give the summary that a build would give."""
    ids: set[str] = set()
    rejected = replaced = 0
    for count, record in enumerate(corpus.records, start=1):
        if isinstance(record, Article):
            replaced += record.id in ids
            ids.add(record.id)
        else:
            corpus.on_unread(record)
            rejected += 1
        advance(Stage.READ, count, 0)
    if not ids:
        paths = ", ".join(corpus.paths)
        raise CorpusError(
            f"Nothing to index in {paths}: {plural(rejected, 'record')} rejected; "
            "see why with --rejects FILE.",
            paths,
        )
    return f"{plural(len(ids), 'article')}, {rejection_summary(rejected, replaced)}; nothing was changed"


def _column(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not (field and equals and column):
        raise UsageError(f"--column {text!r} is not FIELD=COLUMN; write, for example, --column text=contenu")
    return field, column


def _ignore(_: object) -> None:
    """Receive a message and drop it."""


@contextmanager
def _write_errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        reason = exc.strerror or exc
        raise UsageError(
            f"{path} cannot be written: {reason}; give another file with --rejects FILE."
        ) from exc
