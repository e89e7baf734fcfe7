"""Figures of the whole program: from a command to its answer, memory, disk, builds."""

import statistics
import subprocess
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from benchmarks import contest
from benchmarks.against_peers import titles_of
from benchmarks.bench import DEPECHE, Bench, build
from benchmarks.entrants import depeche
from benchmarks.exchange import Exchange
from benchmarks.report import keep, show
from benchmarks.stand_in import DIMENSION, StandIn
from benchmarks.trial import bytes_under
from search.local import layout
from search.local.reader import open_current

_STARTS = 7
_COLD = ("munitions Russie", "réforme des retraites", "vaccin contre le coronavirus")

Figures = dict[str, float]
"""By what was measured, with its unit."""


def measure(bench: Bench) -> None:
    """Measure the program on the largest collection; print and keep it.

    Raises TrialFailed, and CalledProcessError when the command line fails.
    """
    index = bench.index_of("topics")
    work = bench.work_of("program")
    exchange = Exchange(work / "exchange")
    contest.give_passages(exchange, index, bench.articles_of("topics"))
    found = _starts(index) | _answers(exchange, index, bench.queries) | _disk(index)
    found |= _build(exchange, work) | _rebuild(bench, work)
    keep("program", {"figures": found})
    show("program", ["what", "figure"], list(found.items()))


def _starts(index: Path) -> Figures:
    """From the start of the process to its end, files in the page cache."""
    found = {}
    for mode in ("hybrid", "keyword"):
        took = [_start(index, mode, _COLD[turn % len(_COLD)]) for turn in range(_STARTS)]
        found[f"cold find, {mode}, median of {_STARTS}, s"] = round(statistics.median(took), 3)
    return found


def _start(index: Path, mode: str, query: str) -> float:
    command = [str(DEPECHE), "find", query, "--mode", mode, "--index", str(index)]
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    return time.perf_counter() - started


def _answers(exchange: Exchange, index: Path, queries: int) -> Figures:
    """Whole answers in one process, each query new and encoded by the model."""
    unused = StandIn("unused", DIMENSION, {})
    contest.give_questions(exchange, titles_of(index, queries), unused.encode_query)
    entrant = replace(depeche("program"), index=index.name)
    report = contest.run([entrant], exchange, index.parent)[entrant.name]
    found = {}
    for name, times in report["latency_ms"].items():
        for share, milliseconds in times.items():
            found[f"answer, {name} queries, encoding included, {share}, ms"] = milliseconds
    return found | {
        "searching process, resident, MiB": report["resident_mib"],
        "searching process, without mapped files, MiB": report["anonymous_mib"],
    }


def _disk(index: Path) -> Figures:
    with closing(open_current(index)) as generation:
        text = sum(len((a.title + a.body).encode()) for a in generation.store.every_article())
        chunks = generation.manifest.chunks
    size = bytes_under(layout.current(index))
    return {
        "chunks": chunks,
        "text, MiB": round(text / (1 << 20), 1),
        "index, MiB": round(size / (1 << 20), 1),
        "index / text": round(size / text, 2),
    }


def _build(exchange: Exchange, work: Path) -> Figures:
    """A build whose vectors are known beforehand."""
    chunks = len(exchange.articles())
    report = contest.built(depeche("program"), exchange, work)
    return {
        "build without encoding, s": report["build_s"],
        "build without encoding, chunks/s": round(chunks / report["build_s"], 1),
        "build without encoding, peak memory, MiB": report["build_peak_mib"],
    }


def _rebuild(bench: Bench, work: Path) -> Figures:
    """The smallest collection built by the command line, and again with nothing changed."""
    took = []
    for _ in range(2):
        started = time.perf_counter()
        build(bench.articles_of("piaf"), work / "piaf")
        took.append(time.perf_counter() - started)
    first, again = took
    return {
        "piaf, first build, s": round(first, 2),
        "piaf, nothing changed, s": round(again, 2),
        "first / nothing changed": round(first / again, 1),
    }
