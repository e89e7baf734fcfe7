"""How Dépêche grows: composed corpora of any size, with vectors made of the texts' hashes."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks import compose, contest
from benchmarks.against_peers import BY_WORDS, HYBRID, show_comparisons, show_speed, titles_of
from benchmarks.bench import Bench
from benchmarks.entrants import Entrant, Report, depeche
from benchmarks.exchange import Exchange, Passages
from benchmarks.report import keep
from benchmarks.revisions import comparisons
from benchmarks.stand_in import DIMENSION, StandIn
from search.local.reader import open_current

OURS = (depeche("words"), depeche("keyword"), depeche("vectors"), depeche("hybrid"))
EVERY = (*OURS, *(entrant for entrant in (*BY_WORDS, *HYBRID) if not entrant.name.startswith("depeche")))


def grow(
    bench: Bench, sizes: Sequence[int], entrants: Sequence[Entrant], standing: Path | None = None
) -> None:
    """Build and search a corpus of each size, in chunks; print and keep it. Raises TrialFailed.

    ``standing`` is an index that the previous version built of the same corpus; it is used as it is.
    """
    for size in sizes:
        reports = _at(size, entrants, bench, standing)
        figures = {name: contest.figures(report) for name, report in reports.items()}
        against = comparisons(reports, bench.against)
        kept = [comparison.as_json() for comparison in against]
        keep(f"growth_{size}", {"queries": bench.queries, "engines": figures, "against": kept})
        show_speed(f"growth, {size:,} chunks: milliseconds, seconds, MiB", figures)
        show_comparisons(f"growth, {size:,} chunks", against)


def _at(size: int, entrants: Sequence[Entrant], bench: Bench, standing: Path | None) -> dict[str, Report]:
    work = bench.work_of(f"growth-{size}")
    indexes, exchange = work / "indexes", Exchange(work / "exchange")
    empty, articles = np.empty((0, DIMENSION), np.float32), _articles(size, bench)
    exchange.give_passages(Passages([], empty, articles))
    first, *_ = entrants
    contest.built(first, exchange, indexes)
    previous = bench.previous(entrants)
    if previous and standing:
        _use(standing, indexes / previous[0].index)
    for entrant in previous:
        contest.built(entrant, exchange, indexes)
    index = indexes / first.index
    if all(entrant in OURS for entrant in entrants):
        _give_articles(exchange, index)
    else:
        contest.give_passages(exchange, index, articles)
    encoder = StandIn("questions", DIMENSION, {})
    contest.give_questions(exchange, titles_of(index, bench.queries), encoder.encode_query)
    return contest.run([*entrants, *previous], exchange, indexes)


def _use(standing: Path, place: Path) -> None:
    if place.is_symlink():
        place.unlink()
    place.symlink_to(standing.resolve())


def _articles(size: int, bench: Bench) -> Path:
    target = bench.work / f"composed-{size}.jsonl"
    if not target.exists():
        sys.stderr.write(f"  composes {size:,} chunks\n")
        compose.write(bench.articles_of("topics"), size, target)
    return target


def _give_articles(exchange: Exchange, index: Path) -> None:
    """The ids by row: our own engines need no texts."""
    with closing(open_current(index)) as generation:
        exchange.give_articles([article.id for article, _ in generation.store.passages()])
