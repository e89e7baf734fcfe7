"""Engines compared on the same passages, vectors and questions, each in processes of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.exchange import Exchange, Floats, Passages, Question
from search.local.reader import open_current
from search.retrieval.evaluation import JudgedQuery, Judgments
from search.text.chunking import encoded_text

_ROOT = Path(__file__).resolve().parents[2]
_MEASURE = "nDCG@10"

Report = dict[str, Any]
"""What is written as JSON of one engine: times in seconds or milliseconds, sizes in MiB, as the keys say."""


class TrialFailed(Exception):
    """An engine could not build or answer."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """An engine: its name, the module and the environment that it runs in, and the index that it opens.

    Entrants of one index share what the first of them builds.
    """

    name: str
    index: str
    module: str = "benchmarks.peers"
    environment: str = ".venv-benchmark"

    def run(self, action: str, exchange: Exchange, folder: Path) -> Report:
        """Build, or ask, in a process of its own; raises TrialFailed."""
        python = _ROOT / self.environment / "bin" / "python"
        command = [str(python), "-m", self.module, action, self.name, str(exchange.folder), str(folder)]
        environment = os.environ | {"PYTHONWARNINGS": "ignore", "LANCEDB_LOG": "error"}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise TrialFailed(f"{self.name} could not {action}: exit code {done.returncode}, reasons above.")
        report: Report = json.loads(done.stdout.splitlines()[-1])
        return report


def depeche(part: str, index: str = "depeche") -> Entrant:
    """A part of Dépêche as an entrant; see ``benchmarks.depeche``."""
    return Entrant(f"depeche {part}", index, "benchmarks.depeche", ".venv")


def give_passages(exchange: Exchange, index: Path) -> None:
    """Take passages, vectors and ids from a built index; raises IndexProblem."""
    with closing(open_current(index)) as generation:
        found = list(generation.store.passages())
        vectors = generation.vectors.of_rows(np.arange(len(found)))
    texts = [encoded_text(article, chunk.start, chunk.end) for article, chunk in found]
    exchange.give_passages(Passages(texts, np.asarray(vectors, np.float32), index))
    exchange.give_articles([article.id for article, _ in found])


def give_questions(
    exchange: Exchange, sets: Mapping[str, Sequence[JudgedQuery]], encode: Callable[[str], Floats]
) -> None:
    """Write sets of queries, each with the vector that ``encode`` gives it."""
    exchange.give_questions(
        Question(name, query.id, query.text, encode(query.text))
        for name, queries in sets.items()
        for query in queries
    )


def run(entrants: Iterable[Entrant], exchange: Exchange, work: Path) -> dict[str, Report]:
    """Let each engine build and answer; by name what it took. Raises TrialFailed.

    An index that stands in ``work`` is used as it is, and has no figures of its building.
    """
    reports = {}
    for entrant in entrants:
        folder = work / entrant.index
        built: Report = {}
        if not folder.exists():
            _tell(f"{entrant.name}: builds")
            folder.mkdir(parents=True)
            built = entrant.run("build", exchange, folder)
        _tell(f"{entrant.name}: answers")
        answered = entrant.run("ask", exchange, folder)
        took = answered.pop("took_ms")
        latency = {name: percentiles(times) for name, times in took.items()}
        reports[entrant.name] = built | {"latency_ms": latency} | answered
    return reports


def ndcg(answers: Mapping[str, Sequence[str]], judged: Judgments) -> float:
    """Mean nDCG@10 over the questions asked; ``answers`` are ids of articles, best first, by question."""
    import ir_measures

    runs = {query: {a: -float(rank) for rank, a in enumerate(ids)} for query, ids in answers.items()}
    relevant = {query: judged[query] for query in answers if query in judged}
    measure = ir_measures.parse_measure(_MEASURE)
    found = ir_measures.calc_aggregate([measure], relevant, runs)[measure]
    return round(float(found), 4)


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """The median of some times, ``p50``, and ``p95``."""
    return {f"p{share}": round(float(np.percentile(times, share)), 3) for share in (50, 95)}


def _tell(what: str) -> None:
    sys.stderr.write(f"  {what}\n")
