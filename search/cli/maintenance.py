"""``depeche status``, ``verify``, ``repair`` and ``eval``: describe, check, repair and measure an index."""

from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO

import click

from search.build_types import RepairOutcome, RepairReport
from search.cli import progress
from search.cli.build import encoded_and_reused
from search.cli.help_text import LocalizedCommand, epilog
from search.cli.language import decimal, number, plural, translate
from search.cli.options import (
    chosen_settings,
    format_option,
    index_options,
    model_option,
    recency_option,
    report,
    rerank_option,
)
from search.cli.output import write_json
from search.text.sanitize import flat

if TYPE_CHECKING:
    from search.build_types import Manifest
    from search.index import Index
    from search.retrieval.evaluation import Evaluation


@click.command(
    cls=LocalizedCommand,
    short_help="Describe the index.",
    epilog=epilog("depeche status\ndepeche status --format json", 0, 2, 4, 5),
)
@index_options
@format_option
def status(format_name: str, **options: str | None) -> None:
    """Print what the index contains, the files and the model it was built from, its date and its size."""
    from search.index import open_index

    with open_index(chosen_settings(options)) as index:
        facts = {"index": index.location, **_facts(index)}
    if format_name == "json":
        write_json(facts)
        return
    names = list(map(translate, facts))
    width = max(map(len, names))
    for name, value in zip(names, facts.values(), strict=True):
        click.echo(f"{name:<{width}} {_value_text(value)}")


def _value_text(value: object) -> str:
    if isinstance(value, list):
        return flat(", ".join(value))
    if isinstance(value, dict):
        return flat(", ".join(f"{number(count)} {translate(kind)}" for kind, count in value.items()) or "0")
    return number(value) if isinstance(value, int) else flat(str(value))


FACTS = (
    *("index", "generation", "created", "corpus", "articles", "passages", "encoded", "rejected", "replaced"),
    *("passed_over", "lost_fields", "encoder", "dimension", "bytes"),
)
"""What ``status`` tells, by the names in its JSON."""


def _facts(index: "Index") -> dict[str, object]:
    manifest = index.manifest
    return {
        "generation": manifest.id,
        "created": manifest.created,
        "corpus": list(manifest.corpus),
        "articles": manifest.articles,
        "passages": manifest.chunks,
        "encoded": manifest.encoded,
        "rejected": manifest.rejected,
        "replaced": manifest.replaced,
        "passed_over": manifest.passed_over,
        "lost_fields": manifest.lost_fields,
        "encoder": manifest.encoder,
        "dimension": manifest.dimension,
        "bytes": index.size,
    }


@click.command(
    cls=LocalizedCommand,
    short_help="Check that the index is intact.",
    epilog=epilog("depeche verify\ndepeche verify || depeche repair", 0, 2, 4, 5, 130),
)
@index_options
def verify(**options: str | None) -> None:
    """Check the whole index: checksums, counts, agreement of its parts, and a sample of the vectors."""
    from search.index import backend

    click.echo(_intact_message(backend(chosen_settings(options)).verify()))


@click.command(
    cls=LocalizedCommand,
    short_help="Rebuild the index from its intact parts.",
    epilog=epilog("depeche repair\ndepeche repair --index archive/index", 0, 2, 4, 5, 6, 7, 130),
)
@index_options
@model_option
def repair(**options: str | None) -> None:
    """Rebuild a damaged index, or an index of an older format, from its intact parts.

    Index the stored articles again, without their files, and keep the intact vectors. If the articles
    cannot be read, return to the previous index. An intact index is not changed.
    """
    from search.index import repair as repair_index

    with progress.permanent() as advance:
        repaired = repair_index(chosen_settings(options), advance)
    click.echo(_repair_message(repaired))
    if repaired.lost:
        lost = plural("{} article could not be read", "{} articles could not be read", len(repaired.lost))
        report(translate("{}: {}", lost, flat(", ".join(repaired.lost))))


def _repair_message(repaired: RepairReport) -> str:
    manifest = repaired.manifest
    match repaired.outcome:
        case RepairOutcome.SOUND:
            return f"{_intact_message(manifest)} {translate('Nothing to repair.')}"
        case RepairOutcome.ROLLED_BACK:
            name, created = flat(manifest.id), flat(manifest.created)
            return translate("Returned to generation {} of {}: {}.", name, created, _size(manifest))
    vectors = encoded_and_reused(repaired.encoded, repaired.reused)
    return translate("Repaired: {} ({}), generation {}.", _size(manifest), vectors, flat(manifest.id))


def _intact_message(manifest: "Manifest") -> str:
    return translate("Intact: {}, generation {}.", _size(manifest), flat(manifest.id))


def _size(manifest: "Manifest") -> str:
    encoded = "" if manifest.complete else f" ({plural('{} encoded', '{} encoded', manifest.encoded)})"
    articles = plural("{} article", "{} articles", manifest.articles)
    return f"{articles}, {plural('{} passage', '{} passages', manifest.chunks)}{encoded}"


@click.command(
    "eval",
    cls=LocalizedCommand,
    short_help="Measure the rankings on judged queries.",
    epilog=epilog("depeche eval --queries questions.jsonl --qrels judgments.tsv", 0, 2, 4, 5, 7, 130),
)
@index_options
@model_option
@click.option(
    "--queries",
    type=click.File("rb"),
    required=True,
    metavar="FILE",
    help="Queries, as JSON lines with id and text.",
)
@click.option(
    "--qrels",
    type=click.File("rb"),
    required=True,
    metavar="FILE",
    help="Judgments in the format of TREC, one a line: query 0 article grade.",
)
@rerank_option
@recency_option
@format_option
def evaluate(queries: BinaryIO, qrels: BinaryIO, format_name: str, **options: str | None) -> None:
    """Measure the rankings on judged queries.

    Print nDCG@10, MRR@10 and recall@100 of the keyword search, the semantic search, their fusion, and
    reciprocal rank fusion; and the time of a page of results. With --rerank or --recency, also measure
    the reordered results.
    """
    from search.index import open_index
    from search.retrieval.evaluation import evaluate as measure
    from search.retrieval.evaluation import read_judgments, read_queries

    settings = chosen_settings(options)
    judged_queries, judgments = read_queries(queries, queries.name), read_judgments(qrels, qrels.name)
    with open_index(settings) as index:
        evaluation = measure(index.engine, judged_queries, judgments, settings.fusion, settings.rescoring)
    if format_name == "json":
        write_json(asdict(evaluation))
    else:
        click.echo(_table(evaluation))


def _table(evaluation: "Evaluation") -> str:
    names = list(next(iter(evaluation.legs.values())))
    rows = [f"{'':<9}" + "".join(f"{name:>12}" for name in names)]
    for leg, means in evaluation.legs.items():
        rows.append(f"{leg:<9}" + "".join(f"{decimal(means[name], 4):>12}" for name in names))
    times = ", ".join(f"{name} {value} ms" for name, value in evaluation.latency_ms.items())
    queries = plural("{} query", "{} queries", evaluation.queries)
    return "\n".join([*rows, translate("{}; {}", queries, times)])
