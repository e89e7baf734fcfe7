"""``depeche status``, ``verify``, ``repair`` and ``eval``: what an index holds, if it is sound, how good."""

from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO

import click

from search.build_types import RepairOutcome, RepairReport
from search.cli import progress
from search.cli.options import (
    chosen_settings,
    counted,
    form_option,
    model_option,
    place_options,
    recency_option,
    rerank_option,
    say,
)
from search.cli.output import write_json
from search.retrieval.evaluation import Evaluation, read_judgments, read_queries
from search.retrieval.evaluation import evaluate as judge
from search.text.sanitize import flat

if TYPE_CHECKING:
    from search.build_types import Manifest
    from search.index import Index


@click.command(
    short_help="Tell what the index holds and what made it.", epilog="Example: depeche status --format json"
)
@place_options
@form_option
def status(form: str, **flags: str | None) -> None:
    """Tell what the index holds, what made it, when and how large it is."""
    from search.index import open_index

    with open_index(chosen_settings(flags)) as index:
        facts = {"index": index.location, **_facts(index)}
    if form == "json":
        write_json(facts)
        return
    for name, value in facts.items():
        click.echo(f"{name:<11} {_told(value)}")


def _told(value: object) -> str:
    if isinstance(value, list):
        return flat(", ".join(value))
    return f"{value:,}" if isinstance(value, int) else flat(str(value))


def _facts(index: "Index") -> dict[str, object]:
    made = index.manifest
    return {
        "generation": made.id,
        "created": made.created,
        "corpus": list(made.corpus),
        "articles": made.articles,
        "passages": made.chunks,
        "rejected": made.rejected,
        "replaced": made.replaced,
        "encoder": made.encoder,
        "dimension": made.dimension,
        "bytes": index.size,
    }


@click.command(short_help="Check that the index is sound.", epilog="Example: depeche verify && echo sound")
@place_options
def verify(**flags: str | None) -> None:
    """Check the index whole: checksums, counts, rows in step, sampled vectors. Exit code 5 if broken."""
    from search.index import backend

    made = backend(chosen_settings(flags)).verify()
    click.echo(_sound(made))


@click.command(
    short_help="Make the index anew from what is sound of it.",
    epilog="Example: depeche verify || depeche repair",
)
@place_options
@model_option
def repair(**flags: str | None) -> None:
    """Make an index that is damaged, or of an older format, anew from what is sound of it.

    Its articles are indexed again without their files, and keep their vectors where these are sound; else the
    index before is taken back. A sound index stays as it is. Exit code 5 if nothing can be repaired.
    """
    from search.index import repair as repair_index

    with progress.shown() as advance:
        repaired = repair_index(chosen_settings(flags), advance)
    click.echo(_repaired(repaired))
    if repaired.lost:
        say(f"{counted(len(repaired.lost), 'article')} could not be read: {flat(', '.join(repaired.lost))}")


def _repaired(repaired: RepairReport) -> str:
    made = repaired.manifest
    match repaired.outcome:
        case RepairOutcome.SOUND:
            return f"{_sound(made)} Nothing to repair."
        case RepairOutcome.ROLLED_BACK:
            return f"Taken back: generation {flat(made.id)} of {flat(made.created)}, {_size(made)}."
    vectors = f"{repaired.encoded} encoded, {repaired.reused} reused"
    return f"Repaired: {_size(made)} ({vectors}), generation {flat(made.id)}."


def _sound(made: "Manifest") -> str:
    return f"Sound: {made.articles} articles, {made.chunks} passages, generation {flat(made.id)}."


def _size(made: "Manifest") -> str:
    return f"{counted(made.articles, 'article')}, {counted(made.chunks, 'passage')}"


@click.command(
    "eval",
    short_help="Measure the rankings on judged queries.",
    epilog="Example: depeche eval --queries questions.jsonl --qrels judgments.tsv",
)
@place_options
@model_option
@click.option(
    "--queries", type=click.File("rb"), required=True, metavar="FILE", help='{"id", "text"} a line.'
)
@click.option(
    "--qrels",
    type=click.File("rb"),
    required=True,
    metavar="FILE",
    help="Judgments in TREC form, `query 0 article grade` a line.",
)
@rerank_option
@recency_option
@form_option
def evaluate(queries: BinaryIO, qrels: BinaryIO, form: str, **flags: str | None) -> None:
    """Measure the rankings on judged queries: each leg, their merge, and reciprocal rank fusion.

    nDCG@10, MRR@10 and recall@100, and how long a page of merged results takes. With --rerank or --recency
    the merge so reordered as well, and how long that takes.
    """
    from search.index import open_index

    settings = chosen_settings(flags)
    asked, judged = read_queries(queries, queries.name), read_judgments(qrels, qrels.name)
    with open_index(settings) as index:
        found = judge(index.engine, asked, judged, settings.fusion, settings.rescoring)
    if form == "json":
        write_json(asdict(found))
    else:
        click.echo(_table(found))


def _table(found: Evaluation) -> str:
    names = list(next(iter(found.legs.values())))
    rows = [f"{'':<9}" + "".join(f"{name:>12}" for name in names)]
    for leg, means in found.legs.items():
        rows.append(f"{leg:<9}" + "".join(f"{means[name]:>12.4f}" for name in names))
    times = ", ".join(f"{name} {value} ms" for name, value in found.latency_ms.items())
    return "\n".join([*rows, f"{found.queries} queries; {times}"])
