"""``depeche build``: from files to a published index."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

import click

from search.cli.options import chosen_settings, index_option, model_option
from search.config import Settings
from search.errors import UsageError
from search.model import Rejected
from search.protocols import Progress

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
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="A column or key by our field's name.")
@click.option("--rejects", type=click.Path(dir_okay=False), metavar="FILE", help="List rejected records there.")
@click.option("--quiet", is_flag=True, help="No progress, only errors and the summary line.")
def build(paths: tuple[str, ...], columns: tuple[str, ...], rejects: str | None, quiet: bool, **flags: str) -> None:  # noqa: FBT001
    """Make the index of files, folders or standard input (-), and publish it when it is whole.

    Reads .txt .md .json .jsonl .jsonl.gz .csv .html. The old index answers until the new one is
    published; an interrupted build goes on from what it had encoded.
    """
    from search import wiring
    from search.corpus import ReadOptions, read
    from search.generation.building import Corpus
    from search.generation.building import build as build_generation

    named = {"columns": dict(map(_pair, columns))} if columns else {}
    settings = chosen_settings({**flags, **named})
    options = ReadOptions(settings.columns, settings.source, settings.lang)
    started = time.monotonic()
    with ExitStack() as stack:
        encoder = wiring.encoder(settings)
        on_rejected = stack.enter_context(_rejects(rejects))
        progress = stack.enter_context(_silent() if quiet else _bars())
        corpus = Corpus(paths, read(paths, options), on_rejected)
        built = build_generation(Path(settings.index), corpus, encoder, settings.model, progress)
    if built.notice:
        click.echo(built.notice, err=True)
    done = built.manifest
    click.echo(
        f"{done.articles} articles, {done.chunks} passages ({built.encoded} encoded, {built.reused} reused), "
        f"{done.rejected} rejected, {done.replaced} replaced by a later one of the same id; "
        f"{time.monotonic() - started:.1f} s; {settings.index}"
    )
