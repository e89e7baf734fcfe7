"""``depeche status``, ``verify`` and ``eval``: what is in the index, whether it is sound, how good it is."""

from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click
import msgspec

from search.cli.options import chosen_settings, form_option, index_option, model_option
from search.evaluate import Evaluation, read_queries
from search.evaluate import evaluate as judge

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@index_option
@form_option
def status(index: str | None, form: str) -> None:
    """Tell what the index holds, what made it, when and how large it is."""
    from search import wiring

    settings = chosen_settings({"index": index})
    with closing(wiring.open_generation(settings)) as generation:
        made = generation.manifest
        facts: dict[str, object] = {
            "index": settings.index,
            "generation": made.id,
            "created": made.created,
            "corpus": list(made.corpus),
            "articles": made.articles,
            "passages": made.chunks,
            "rejected": made.rejected,
            "replaced": made.replaced,
            "encoder": made.encoder,
            "dimension": made.dimension,
            "bytes": generation.size,
        }
    if form == "json":
        click.echo(msgspec.json.encode(facts).decode())
        return
    for name, value in facts.items():
        click.echo(f"{name:<11} {', '.join(value) if isinstance(value, list) else value}")


@click.command()
@index_option
def verify(index: str | None) -> None:
    """Check the index whole: checksums, counts, rows in step, sampled vectors. Exit code 5 if broken."""
    from search import wiring

    with closing(wiring.open_generation(chosen_settings({"index": index}))) as generation:
        generation.verify()
        made = generation.manifest
    click.echo(f"Sound: {made.articles} articles, {made.chunks} passages, generation {made.id}.")


@click.command("eval")
@index_option
@model_option
@click.option("--queries", type=_FILE, required=True, metavar="FILE", help='{"id", "text"} a line.')
@click.option(
    "--qrels", type=_FILE, required=True, metavar="FILE", help="Judgments in TREC form, over article ids."
)
@form_option
def evaluate(index: str | None, model: str | None, queries: Path, qrels: Path, form: str) -> None:
    """Measure the rankings on judged queries: each leg, their merge, and reciprocal rank fusion."""
    from search import wiring

    settings = chosen_settings({"index": index, "model": model})
    with closing(wiring.open_generation(settings)) as generation:
        engine = wiring.engine(generation, settings)
        found = judge(engine, read_queries(queries), qrels, settings.fusion)
    click.echo(msgspec.json.encode(asdict(found)).decode() if form == "json" else _table(found))


def _table(found: Evaluation) -> str:
    names = list(next(iter(found.legs.values())))
    rows = [f"{'':<9}" + "".join(f"{name:>12}" for name in names)]
    for leg, means in found.legs.items():
        rows.append(f"{leg:<9}" + "".join(f"{means[name]:>12.4f}" for name in names))
    times = ", ".join(f"{name} {value} ms" for name, value in found.latency_ms.items())
    return "\n".join([*rows, f"{found.queries} queries; {times}"])
