"""Dépêche's encoders by turns, and those of a previous version: queries by length, and passages a second."""

import random

import numpy as np

from benchmarks import contest, questions
from benchmarks.against_peers import show_comparisons, show_ratios, show_speed, titles_of
from benchmarks.bench import Bench
from benchmarks.encoders import BATCH
from benchmarks.entrants import depeche
from benchmarks.exchange import Exchange, Passages, Question
from benchmarks.report import keep
from benchmarks.revisions import comparisons
from benchmarks.stand_in import DIMENSION, StandIn
from benchmarks.trial import WARMING

_NO_VECTORS = np.zeros((0, DIMENSION), np.float32)
_BATCHES = 12
_BLOCK = 2  # batches of passages that are encoded before it is another version's turn


def measure(bench: Bench) -> None:
    """Milliseconds of encoding a query, by set, in a new process and in a prepared one; print and keep it.

    Raises TrialFailed.
    """
    index, work = bench.index_of("topics"), bench.work_of("queries")
    asked, _ = questions.judged(bench.data / "topics")
    sets = titles_of(index, bench.queries) | {"topics": questions.sample(asked, bench.queries)}
    exchange = Exchange(work / "exchange")
    exchange.give_passages(Passages([], _NO_VECTORS, bench.articles_of("topics")))
    exchange.give_articles([])
    contest.give_questions(exchange, sets, StandIn("unused", DIMENSION, {}).encode_query)
    ours = [depeche("queries"), depeche("warm queries")]
    reports = contest.run([*ours, *bench.previous(ours[:1])], exchange, work / "indexes")
    figures = {name: contest.figures(report) for name, report in reports.items()}
    against = comparisons(reports, bench.against)
    kept = [comparison.as_json() for comparison in against]
    keep("queries", {"queries": bench.queries, "engines": figures, "against": kept})
    show_speed("queries, encoding: milliseconds, MiB", figures)
    show_ratios(f"queries, encoding: times of {ours[0].name}", figures, ours[0].name)
    show_comparisons("queries", against)


def passages_a_second(bench: Bench) -> dict[str, float]:
    """By version, how many passages are encoded in a second; nothing without a previous version."""
    if bench.against is None:
        return {}
    work = bench.work_of("encoding")
    exchange = Exchange(work / "exchange")
    contest.give_passages(exchange, bench.index_of("topics"), bench.articles_of("topics"))
    last = len(exchange.articles()) - BATCH
    rows = random.Random(0).sample(range(last), _BATCHES)  # noqa: S311 - the same ones each time
    batches = [Question("passages", str(row), "", np.zeros(DIMENSION, np.float32)) for row in rows]
    warming = Question(WARMING, "0", "", np.zeros(DIMENSION, np.float32))
    exchange.give_questions([*batches, warming])
    ours = [depeche("passages")]
    reports = contest.run([*ours, *bench.previous(ours)], exchange, work / "indexes", _BLOCK)
    took = {name: report["latency_ms"]["passages"]["p50"] for name, report in reports.items()}
    return {f"{name}, passages/s": round(1000 * BATCH / time, 1) for name, time in took.items()}
