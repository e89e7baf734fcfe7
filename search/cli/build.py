"""``depeche build``: from files to a published index."""

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
from search.cli.options import (
    INTERRUPTED,
    chosen_settings,
    counted,
    model_option,
    place_options,
    readable,
    say,
    stop,
)
from search.config import Settings
from search.errors import CorpusError, UsageError
from search.protocols import Corpus
from search.text.sanitize import clean, flat
from search.types import Article, Rejected

if TYPE_CHECKING:
    from search.protocols import Progress


source_option = click.option("--source", metavar="NAME", help="Source of articles that name none.")
column_option = click.option(
    "--column", "columns", multiple=True, metavar="OURS=THEIRS", help="What a column or key is called."
)
rejects_option = click.option(
    "--rejects", type=click.Path(dir_okay=False), metavar="FILE", help="List rejected records there."
)


@click.command(
    short_help="Make the index of files, folders or standard input.",
    epilog="""\b
Examples:
  depeche build archive/ --source AFP --rejects rejected.tsv
  depeche build articles.csv --column text=contenu --dry-run
  zcat articles.jsonl.gz | depeche build -""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@place_options
@model_option
@source_option
@column_option
@rejects_option
@click.option(
    "--workers", metavar="ADDRESS", help="With --database: encode on the workers of this Dask scheduler."
)
@click.option("--dry-run", is_flag=True, help="Read only, and tell what would be indexed or rejected.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors and the summary line.")
def build(
    paths: tuple[str, ...],
    columns: tuple[str, ...],
    rejects: str | None,
    *,
    dry_run: bool,
    quiet: bool,
    **flags: str | None,
) -> None:
    """Make the index of files, folders or standard input (-), and publish it when it is whole.

    Reads .txt .md .json .jsonl .csv .tsv .html, also .gz. The old index answers until the new one is
    published; an interrupted build goes on from what it had encoded.
    """
    from search.index import records

    settings = building_settings(columns, flags)
    check_apart(rejects, paths)
    found = records(settings, paths)
    started = time.monotonic()
    notify = _unsaid if quiet else say
    try:
        with told_in(rejects) as on_rejected, progress.hidden() if quiet else progress.shown() as advance:
            corpus = Corpus(tuple(_absolute(readable(path)) for path in paths), found, on_rejected)
            summary = _count(corpus, advance) if dry_run else _publish(corpus, settings, advance, notify)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl-C again is told the same
        stop("interrupted: the index is as it was; the next build goes on from what was encoded", INTERRUPTED)
    click.echo(f"{clean(summary)}; {time.monotonic() - started:.1f} s")


def building_settings(columns: Sequence[str], flags: Mapping[str, object]) -> Settings:
    """Settings with these flags and columns, each ``OURS=THEIRS``, on top; raises UsageError."""
    return chosen_settings({**flags, "columns": dict(map(_pair, columns))})


def check_apart(rejects: str | None, paths: Sequence[str]) -> None:
    """Raise UsageError for a list of rejected records that would replace, or be read as, articles."""
    from search.corpus import reads

    if rejects is None:
        return
    place = Path(os.path.realpath(rejects))  # pathlib's fails on links that go in circles
    read = {Path(os.path.realpath(path)) for path in paths}
    if place in read or (reads(place) and not read.isdisjoint(place.parents)):
        raise UsageError(f"{rejects} would be read as articles; give another place with --rejects FILE.")


def _absolute(path: str) -> str:
    """What the index remembers, so that it can be rebuilt from any folder."""
    return path if path == "-" else str(Path(path).absolute())


def _unsaid(_: str) -> None:
    """What is not worth a word when all should be quiet."""


def _publish(corpus: Corpus, settings: Settings, advance: "Progress", notify: Callable[[str], None]) -> str:
    """Build the index; give the summary."""
    from search.index import backend, build_encoder, build_index

    encoder = build_encoder(settings)
    if encoder.notice:
        notify(encoder.notice)
    built = build_index(settings, corpus, encoder, advance)
    if built.notice:
        notify(built.notice)
    made = built.manifest
    articles, passages = counted(made.articles, "article"), counted(made.chunks, "passage")
    encoded = f"{built.encoded} encoded, {built.reused} reused"
    said = f"{articles}{_changed(built.change)}, {passages} ({encoded})"
    return f"{said}, {left_out(made.rejected, made.replaced)}; {backend(settings).location}"


def _changed(change: Change) -> str:
    """What became of the articles, where any was there before."""
    if not (change.unchanged or change.changed or change.gone):
        return ""
    return f" ({change.new} new, {change.changed} changed, {change.gone} gone)"


def _count(corpus: Corpus, advance: "Progress") -> str:
    """Read the corpus and change nothing; give what a build would say of it."""
    ids: set[str] = set()
    rejected = replaced = 0
    for seen, record in enumerate(corpus.records, start=1):
        if isinstance(record, Article):
            replaced += record.id in ids
            ids.add(record.id)
        else:
            corpus.on_rejected(record)
            rejected += 1
        advance(Stage.READ, seen, 0)
    if not ids:
        paths = ", ".join(corpus.paths)
        raise CorpusError(
            f"Nothing to index in {paths}: {counted(rejected, 'record')} rejected; "
            "see why with --rejects FILE.",
            paths,
        )
    return f"{counted(len(ids), 'article')}, {left_out(rejected, replaced)}; nothing was changed"


def left_out(rejected: int, replaced: int) -> str:
    """What became of the records that are no article of the index."""
    why = " (listed by --rejects FILE)" if rejected else ""
    same = f", {replaced} replaced by a later one of the same id" if replaced else ""
    return f"{rejected} rejected{why}{same}"


def _pair(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours and equals and theirs):
        raise UsageError(f"--column {text!r} is not OURS=THEIRS; write for instance --column text=contenu")
    return ours, theirs


@contextmanager
def told_in(path: str | None) -> Iterator[Callable[[Rejected], None]]:
    """Where rejected records are told: the file, if one is given, with path, line and reason."""
    if path is None:
        yield lambda rejected: None
        return
    advice = "give another file with --rejects FILE"
    with _written(path, advice), Path(path).open("w", encoding="utf-8", buffering=1) as file:

        def tell(rejected: Rejected) -> None:
            with _written(path, advice):
                file.write(f"{flat(rejected.path)}\t{rejected.line}\t{flat(rejected.reason)}\n")

        yield tell


@contextmanager
def _written(path: str, advice: str) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise UsageError(f"{path} cannot be written: {exc.strerror or exc}; {advice}.") from exc
