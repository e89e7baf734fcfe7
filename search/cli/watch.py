"""``depeche watch``: an index that follows its files."""

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
    building_settings,
    check_apart,
    column_option,
    left_out,
    rejects_option,
    source_option,
    told_in,
)
from search.cli.options import model_option, place_options, readable, say
from search.config import Settings
from search.errors import CorpusError, IndexBusy, SearchError, UsageError
from search.protocols import Corpus

if TYPE_CHECKING:
    from search.corpus.watcher import Watcher

_AGAIN = 1.0  # seconds until a lock that another build holds is tried again
_T = TypeVar("_T")


@click.command(
    short_help="Keep the index fresh as files change.",
    epilog="""\b
Examples:
  depeche watch archive/ --rejects rejected.tsv
  depeche watch fil.jsonl archive/ --index /srv/depeche""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@place_options
@model_option
@source_option
@column_option
@rejects_option
@click.option(
    "--settle",
    type=click.FloatRange(0),
    default=2.0,
    metavar="SECONDS",
    help="Build when nothing has changed for so long (2), after 30 seconds at the latest.",
)
def watch(
    paths: tuple[str, ...], columns: tuple[str, ...], rejects: str | None, settle: float, **flags: str | None
) -> None:
    """Make the index of files and folders, and make it anew whenever they change, until Ctrl-C or SIGTERM.

    Tells each publication on standard error. A build that fails leaves the index as it is and is tried
    again at the next change. Folders behind a link are watched only when they are given themselves.
    """
    from search.corpus.watcher import Timing, watch_paths

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        job = _Job(building_settings(columns, flags), tuple(map(_watchable, paths)), rejects)
        check_apart(job.rejects, job.paths)
        with watch_paths(job.paths, Path(job.settings.index), Timing(settle)) as changes:
            say(f"watching {', '.join(map(readable, paths))}; Ctrl-C ends it")
            _keep_fresh(job, changes)
    except KeyboardInterrupt:
        say("no longer watching; the index is as it was last published")


@dataclass(frozen=True, slots=True)
class _Job:
    """What is built again and again; ``rejects`` is the file that lists what could not be read."""

    settings: Settings
    paths: tuple[str, ...]
    rejects: str | None


def _watchable(path: str) -> str:
    """The path wherever this program may go; raises UsageError or CorpusError for what cannot be watched."""
    if path == "-":
        raise UsageError("Standard input cannot be watched; use: depeche build -")
    if not os.path.lexists(path):
        raise CorpusError(f"no such file or folder: {readable(path)}; check the path", path)
    return str(Path(path).absolute())


def _keep_fresh(job: _Job, changes: "Watcher") -> None:
    """Build now, and after every change; returns only by an exception."""
    say_once = cache(say)
    while True:
        _refresh(job, say_once)
        gc.collect()  # encoders lie in cycles, and a program that waits makes no garbage to be collected by
        changes.wait()


def _refresh(job: _Job, say_once: Callable[[str], None]) -> None:
    """Build, and say what that changed."""
    from search.index import backend

    before, started = backend(job.settings).published_id(), time.monotonic()
    try:
        built = _when_free(lambda: _build(job, say_once))
    except SearchError as exc:
        say(f"the index stays as it is, and the next change is waited for: {exc}")
        return
    made, change, took = built.manifest, built.change, time.monotonic() - started
    if built.notice:
        say(built.notice)
    if made.id != before:
        say(
            f"{time.strftime('%H:%M:%S')} +{change.new} ~{change.changed} −{change.gone} articles, "
            f"{made.articles} in all, {left_out(made.rejected, made.replaced)}; {took:.1f} s"
        )


def _build(job: _Job, say_once: Callable[[str], None]) -> BuildReport:
    """Build with an encoder that is let go after it: it takes half a gigabyte, and comes back in seconds."""
    from search.index import build_encoder, build_index, records

    loaded = build_encoder(job.settings)
    if loaded.notice:
        say_once(loaded.notice)
    with told_in(job.rejects) as on_rejected, progress.passing() as advance:
        corpus = Corpus(tuple(map(readable, job.paths)), records(job.settings, job.paths), on_rejected)
        return build_index(job.settings, corpus, loaded, advance)


def _when_free(build: Callable[[], _T]) -> _T:
    """Build as soon as no other build is at work."""
    try:
        return build()
    except IndexBusy as exc:
        say(f"waiting: {exc}")
    while True:
        time.sleep(_AGAIN)
        try:
            return build()
        except IndexBusy:
            continue
