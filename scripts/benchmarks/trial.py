"""One engine in a process of its own: it builds its index, or it answers questions and is measured.

Run as ``python -m benchmarks.peers ACTION NAME EXCHANGE FOLDER``. ``build`` prints its report, a line of
JSON. ``ask`` opens the engine, and does what each line of standard input says: ``ask FIRST LAST`` asks the
questions of these numbers, ``memory`` reads the memory of the process, ``scores`` gives the scores of every
whole answer. It prints a report of each.
"""

import json
import os
import re
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from benchmarks.exchange import Exchange, Passages, Question

_BREATH = 0.02  # seconds between two questions, as nobody asks without one
DEPTH = 50
"""Passages that each leg of an engine gives."""
WARMING = "warming"
"""The set of the questions that are asked to warm up, and are not measured."""
_ARTICLES = 10
_MIB = 1 << 20


class Contestant(Protocol):
    """An engine: built once in one process, opened in another.

    One that gives whole answers may have ``scores`` too: of a question, scores by the id of an article.
    """

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        """Open what ``build`` left in the folder."""

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """Index these passages into an empty folder."""

    def ask(self, question: Question) -> Sequence[int]:
        """The rows of passages that answer best, best first."""


class Session:
    """An open engine with the questions of its contest; it has been warmed up."""

    def __init__(self, contestant: type[Contestant], exchange: Exchange, folder: Path) -> None:
        self._engine: Any = contestant(exchange, folder)
        self._articles = exchange.articles()
        questions = exchange.questions()
        self._questions = [question for question in questions if question.set != WARMING]
        self._warming = [question for question in questions if question.set == WARMING]
        for question in self._warming:
            self._engine.ask(question)

    def ask(self, first: int, last: int) -> dict[str, Any]:
        """Milliseconds and processor time of each question from ``first`` up to ``last``, and its articles.

        A question that is not measured is asked before: other engines had the processor's caches until now.
        """
        self._engine.ask(self._warming[first % len(self._warming)])
        took, cpu, answers = [], [], []
        for question in self._questions[first:last]:
            time.sleep(_BREATH)
            started, used = time.perf_counter(), time.process_time()
            rows = self._engine.ask(question)
            took.append(round((time.perf_counter() - started) * 1000, 3))
            cpu.append(round((time.process_time() - used) * 1000, 3))
            answers.append(list(dict.fromkeys(self._articles[row] for row in rows))[:_ARTICLES])
        return {"took_ms": took, "cpu_ms": cpu, "answers": answers}

    def scores(self) -> list[dict[str, float]]:
        """By question, the scores of the articles in a whole answer; nothing when the engine gives none."""
        scores = getattr(self._engine, "scores", None)
        return [scores(question) for question in self._questions] if scores else []


def main(contestants: Mapping[str, type[Contestant]]) -> None:
    """Do what the command line asks of one of these contestants, and print the reports."""
    action, name, exchange, folder = sys.argv[1:]
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no report
    do = {"build": _build, "ask": _answer}[action]
    for report in do(contestants[name], Exchange(Path(exchange)), Path(folder)):
        reports.write(f"{json.dumps(report)}\n")
        reports.flush()


def memory() -> dict[str, float]:
    """Resident memory of this process in MiB: all of it, and without the files it maps."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = {name: int(kib) / 1024 for name, kib in re.findall(r"(\w+):\s+(\d+) kB", status)}
    return {"resident_mib": round(found["VmRSS"], 1), "anonymous_mib": round(found["RssAnon"], 1)}


def bytes_under(folder: Path) -> int:
    """Bytes of all files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _build(contestant: type[Contestant], exchange: Exchange, folder: Path) -> Iterator[Any]:
    passages = exchange.passages()
    started, used = time.perf_counter(), _processor_time()
    contestant.build(passages, folder)
    yield {
        "build_s": round(time.perf_counter() - started, 2),
        "build_cpu_s": round(_processor_time() - used, 2),
        "build_peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "index_mib": round(bytes_under(folder) / _MIB, 1),
    }


def _processor_time() -> float:
    """Seconds of processor time of this process, and of those that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _answer(contestant: type[Contestant], exchange: Exchange, folder: Path) -> Iterator[Any]:
    session = Session(contestant, exchange, folder)
    for line in sys.stdin:
        match line.split():
            case ["ask", first, last]:
                yield session.ask(int(first), int(last))
            case ["scores"]:
                yield session.scores()
            case _:
                yield memory()
