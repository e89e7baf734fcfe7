"""One engine in a process of its own: it builds its index, or it answers questions and is measured.

Run as ``python -m benchmarks.peers ACTION NAME EXCHANGE FOLDER``, ACTION being build or ask; the last
line on standard output is the report, as JSON.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Protocol

from benchmarks.exchange import Exchange, Passages, Question

_BREATH = 0.02  # seconds between two questions, as nobody asks without one
DEPTH = 50
"""Passages that each leg of an engine gives."""
_ARTICLES = 10
_WARMING = 3
_MIB = 1 << 20


class Contestant(Protocol):
    """An engine: built once in one process, opened in another."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        """Open what ``build`` left in the folder."""

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """Index these passages into an empty folder."""

    def ask(self, question: Question) -> Sequence[int]:
        """The rows of passages that answer best, best first."""


def main(contestants: Mapping[str, type[Contestant]]) -> None:
    """Do what the command line asks of one of these contestants, and print the report."""
    action, name, exchange, folder = sys.argv[1:]
    report = {"build": _build, "ask": _ask}[action](contestants[name], Exchange(Path(exchange)), Path(folder))
    sys.stdout.write(f"\n{json.dumps(report)}\n")


def memory() -> dict[str, float]:
    """Resident memory of this process in MiB: all of it, and without the files it maps."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = {name: int(kib) / 1024 for name, kib in re.findall(r"(\w+):\s+(\d+) kB", status)}
    return {"resident_mib": round(found["VmRSS"], 1), "anonymous_mib": round(found["RssAnon"], 1)}


def bytes_under(folder: Path) -> int:
    """Bytes of all files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _build(contestant: type[Contestant], exchange: Exchange, folder: Path) -> dict[str, Any]:
    passages = exchange.passages()
    started = time.perf_counter()
    contestant.build(passages, folder)
    took = time.perf_counter() - started
    return {
        "build_s": round(took, 2),
        "build_peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "index_mib": round(bytes_under(folder) / _MIB, 1),
    }


def _ask(contestant: type[Contestant], exchange: Exchange, folder: Path) -> dict[str, Any]:
    """Every question once, after a few of its set to warm up; memory is read at the end."""
    engine, articles = contestant(exchange, folder), exchange.articles()
    took: dict[str, list[float]] = {}
    answers: dict[str, dict[str, list[str]]] = {}
    for name, group in groupby(exchange.questions(), key=attrgetter("set")):
        questions = list(group)
        for question in questions[-_WARMING:]:
            engine.ask(question)
        took[name], answers[name] = [], {}
        for question in questions:
            started = time.perf_counter()
            rows = engine.ask(question)
            took[name].append(round((time.perf_counter() - started) * 1000, 3))
            time.sleep(_BREATH)
            answers[name][question.id] = list(dict.fromkeys(articles[row] for row in rows))[:_ARTICLES]
    return {"took_ms": took, "answers": answers, **memory()}
