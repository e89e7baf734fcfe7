"""``depeche build``: from files to a published index."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search.cli.options import chosen_settings, index_option, model_option
from search.errors import UsageError
from search.model import Rejected
from search.protocols import Progress

if TYPE_CHECKING:
    from search.generation.building import Built

_STAGES = {
    "read": "Reading",
    "chunk": "Cutting",
    "words": "Indexing words",
    "encode": "Encoding",
    "check": "Checking",
}


@click.command(epilog="Example: depeche build archive/ --source AFP --rejects rejected.tsv")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@index_option
@model_option
@click.option("--source", metavar="NAME", help="Source of articles that name none.")
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="Name of a column or key.")
@click.option(
    "--rejects", type=click.Path(dir_okay=False), metavar="FILE", help="List rejected records there."
)
@click.option("--quiet", is_flag=True, help="No progress, only errors and the summary line.")
def build(
    paths: tuple[str, ...], columns: tuple[str, ...], rejects: str | None, *, quiet: bool, **flags: str | None
) -> None:
    """Make the index of files, folders or standard input (-), and publish it when it is whole.

    Reads .txt .md .json .jsonl .csv .html, also .gz. The old index answers until the new one is
    published; an interrupted build goes on from what it had encoded.
    """
    from search import wiring
    from search.corpus import ReadOptions, read
    from search.generation import building

    named = {"columns": dict(map(_pair, columns))} if columns else {}
    settings = chosen_settings({**flags, **named})
    options = ReadOptions(settings.columns, settings.source, settings.lang)
    started = time.monotonic()
    encoder = wiring.encoder(settings)
    if encoder.notice:
        click.echo(f"depeche: {encoder.notice}", err=True)
    with ExitStack() as stack:
        on_rejected = stack.enter_context(_rejects(rejects))
        progress = stack.enter_context(_silence() if quiet else _bars())
        corpus = building.Corpus(paths, read(paths, options), on_rejected)
        built = building.build(Path(settings.index), corpus, encoder, settings.model, progress)
    if built.notice:
        click.echo(f"depeche: {built.notice}", err=True)
    click.echo(f"{_summary(built)}; {time.monotonic() - started:.1f} s; {settings.index}")


def _summary(built: "Built") -> str:
    made = built.manifest
    return (
        f"{made.articles} articles, {made.chunks} passages ({built.encoded} encoded, {built.reused} reused), "
        f"{made.rejected} rejected, {made.replaced} replaced by a later one of the same id"
    )


def _pair(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours and equals and theirs):
        raise UsageError(f"--column {text!r} is not OURS=THEIRS; write for instance --column text=contenu")
    return ours, theirs


@contextmanager
def _rejects(path: str | None) -> Iterator[Callable[[Rejected], None]]:
    """Where rejected records are told: the file, if one is given, with path, line and reason."""
    if path is None:
        yield _count_only
        return
    try:
        with Path(path).open("w", encoding="utf-8") as file:
            yield lambda rejected: print(rejected.path, rejected.line, rejected.reason, sep="\t", file=file)
    except OSError as exc:
        raise UsageError(f"--rejects {path} cannot be written: {exc}") from exc


def _count_only(_: Rejected) -> None:
    """The summary line counts them."""


@contextmanager
def _silence() -> Iterator[Progress]:
    yield lambda stage, done, total: None


@contextmanager
def _bars() -> Iterator[Progress]:
    """A bar for each stage on standard error, with its rate and the time that remains."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    columns = (
        TextColumn("{task.description:<14}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True)) as bars:

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_STAGES[stage])
            bars.update(tasks[stage], completed=done, total=total or None)

        yield advance
