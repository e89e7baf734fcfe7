"""How Dépêche grows: composed corpora of any size, with vectors made of the texts' hashes."""

import shutil
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks import compose, contest
from benchmarks.against_peers import BY_WORDS, HYBRID, show_speed, titles_of
from benchmarks.bench import Bench
from benchmarks.contest import Entrant, Report, depeche
from benchmarks.exchange import Exchange, Passages
from benchmarks.report import keep
from benchmarks.stand_in import DIMENSION, StandIn
from search.local.reader import open_current

OURS = (depeche("words"), depeche("keyword"), depeche("vectors"), depeche("hybrid"))
EVERY = (*OURS, *(entrant for entrant in (*BY_WORDS, *HYBRID) if not entrant.name.startswith("depeche")))


def grow(bench: Bench, sizes: Sequence[int], entrants: Sequence[Entrant]) -> None:
    """Build and search a corpus of each size, in chunks; print and keep it. Raises TrialFailed."""
    for size in sizes:
        reports = _at(size, entrants, bench)
        keep(f"growth_{size}", {"queries": bench.queries, "engines": reports})
        show_speed(f"growth, {size:,} chunks: milliseconds, seconds, MiB", reports)


def _at(size: int, entrants: Sequence[Entrant], bench: Bench) -> dict[str, Report]:
    work = bench.work / f"growth-{size}"
    shutil.rmtree(work, ignore_errors=True)
    exchange = Exchange(work / "exchange")
    empty = np.empty((0, DIMENSION), np.float32)
    exchange.give_passages(Passages([], empty, _articles(size, bench)))
    first, *_ = entrants
    index = work / "indexes" / first.index
    index.mkdir(parents=True)
    built = first.run("build", exchange, index)
    if all(entrant in OURS for entrant in entrants):
        _give_articles(exchange, index)
    else:
        contest.give_passages(exchange, index)
    encoder = StandIn("questions", DIMENSION, {})
    contest.give_questions(exchange, titles_of(index, bench.queries), encoder.encode_query)
    reports = contest.run(entrants, exchange, work / "indexes")
    reports[first.name] = built | reports[first.name]
    return {name: _without_answers(report) for name, report in reports.items()}


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


def _without_answers(report: Report) -> Report:
    return {key: value for key, value in report.items() if key != "answers"}
