"""``depeche watch``: keep an index up to date with its files."""

import gc
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from search.build_types import BuildReport
from search.cli import progress
from search.cli.build import (
    build_settings,
    changes,
    paths_argument,
    reading_options,
    seconds_since,
)
from search.cli.help_text import LocalizedCommand, epilog
from search.cli.language import plural, translate
from search.cli.options import index_options, model_option, report
from search.cli.unread import UnreadLog, check_rejects_path, unread_log
from search.config import Settings
from search.errors import CorpusError, IndexBusy, SearchError, Translatable, UsageError
from search.retention import keep_outside
from search.text.sanitize import printable

if TYPE_CHECKING:
    from search.corpus.watcher import Watcher

_RETRY_DELAY = 1.0  # seconds between two attempts to get a lock that another build holds
_T = TypeVar("_T")


@click.command(
    cls=LocalizedCommand,
    short_help="Update the index when files change.",
    epilog=epilog(
        """\
depeche watch archive/ --rejects rejected.tsv
depeche watch fil.jsonl archive/ --index /srv/depeche""",
        *(0, 2, 3),
    ),
)
@paths_argument
@index_options
@model_option
@reading_options
@click.option(
    "--settle",
    type=click.FloatRange(0),
    default=2.0,
    metavar="SECONDS",
    help="Build after this time without a change, and at the latest after 30 seconds. Default: 2.",
)
def watch(
    paths: tuple[str, ...],
    columns: tuple[str, ...],
    rejects: str | None,
    settle: float,
    **options: str | None,
) -> None:
    """Index files and folders, and build the index again whenever they change, until Ctrl-C or SIGTERM.

    An article is removed when its file under PATH does not hold it any more. Articles of other files stay.
    Print a line on standard error for each new index. A build that fails leaves the index unchanged; the
    next change starts another build. A folder behind a link is watched only when it is given as PATH.
    """
    from search.corpus.watcher import Timing, watch_paths

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        job = _Job(build_settings(columns, options), tuple(map(_watchable, paths)), rejects)
        check_rejects_path(job.rejects, job.paths)
        with watch_paths(job.paths, Path(job.settings.index), Timing(settle)) as watcher:
            report(translate("watching {}; press Ctrl-C to stop", ", ".join(map(printable, paths))))
            _keep_up_to_date(job, watcher)
    except KeyboardInterrupt:
        report(translate("stopped watching; the last published index stays"))


@dataclass(frozen=True, slots=True)
class _Job:
    """What each build reads; ``rejects`` is the file for the rejected records."""

    settings: Settings
    paths: tuple[str, ...]
    rejects: str | None


def _watchable(path: str) -> str:
    """The absolute path; raises UsageError or CorpusError for a path that cannot be watched."""
    if path == "-":
        raise UsageError("Standard input cannot be watched; use: depeche build -")
    if not os.path.lexists(path):
        raise CorpusError(Translatable("no such file or folder: {}; check the path", printable(path)), path)
    return str(Path(path).absolute())


def _keep_up_to_date(job: _Job, watcher: "Watcher") -> None:
    """Build now and after every change; ends only with an exception."""
    report_once = cache(report)
    while True:
        _rebuild(job, report_once)
        gc.collect()  # encoders are part of reference cycles, and a waiting program triggers no collection
        watcher.wait()


def _rebuild(job: _Job, report_once: Callable[[str], None]) -> None:
    """Build, and report what changed."""
    from search.index import backend

    old_id, started = backend(job.settings).published_id(), time.monotonic()
    try:
        built, log = _when_unlocked(lambda: _build(job, report_once))
    except SearchError as exc:
        reason = translate(exc.message)
        report(translate("the index is unchanged until the next change of the files: {}", reason))
        return
    manifest, change = built.manifest, built.change
    if built.notice:
        report(built.notice)
    if manifest.id != old_id:
        articles = plural("{} article in all", "{} articles in all", manifest.articles)
        unread = log.summary(manifest.replaced)
        new = translate("{} {}; {}, {}", time.strftime("%H:%M:%S"), changes(change), articles, unread)
        report(f"{new}{seconds_since(started)}")


def _build(job: _Job, report_once: Callable[[str], None]) -> tuple[BuildReport, UnreadLog]:
    """Build, and log what was not read.

    The encoder is released afterwards: it uses half a gigabyte and loads in seconds.
    """
    from search.corpus import absolute_paths
    from search.index import build_encoder, build_index
    from search.updates import corpus_of

    encoder = build_encoder(job.settings)
    if encoder.notice:
        report_once(encoder.notice)
    with unread_log(job.rejects) as log, progress.transient() as advance:
        others = keep_outside(absolute_paths(job.paths))
        corpus = corpus_of(job.settings, job.paths, log, others)
        return build_index(job.settings, corpus, encoder, advance), log


def _when_unlocked(build: Callable[[], _T]) -> _T:
    """Build as soon as no other build is running."""
    try:
        return build()
    except IndexBusy as exc:
        report(translate("waiting: {}", translate(exc.message)))
    while True:
        time.sleep(_RETRY_DELAY)
        try:
            return build()
        except IndexBusy:
            continue
