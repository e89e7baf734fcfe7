"""Measures by query, and the paired test that tells a difference from chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np

from search.retrieval.evaluation import Judgments, Run

NDCG, MRR, RECALL, JUDGED = "nDCG@10", "MRR@10", "recall@100", "judged@10"
_MEASURES = {NDCG: "nDCG@10", MRR: "RR@10", RECALL: "R@100"}
_FIRST = 10
_EQUAL = 1e-9

ByQuery = dict[str, float]
"""A measure by query id."""
Scores = dict[str, dict[str, ByQuery]]
"""By measure, then by system, the measure of each query."""


def score(runs: Mapping[str, Run], judgments: Judgments) -> Scores:
    """Every measure of the runs, which are by system; a query that a run leaves out counts 0."""
    names = {ir_measures.parse_measure(measure): name for name, measure in _MEASURES.items()}
    scores: Scores = {name: {system: {} for system in runs} for name in (*_MEASURES, JUDGED)}
    for system, run in runs.items():
        asked = {query: judgments[query] for query in run}
        for metric in ir_measures.iter_calc(list(names), asked, run):
            scores[names[metric.measure]][system][metric.query_id] = metric.value
        scores[JUDGED][system] = {query: _judged(run[query], judgments[query]) for query in run}
    return scores


def _judged(ranking: Mapping[str, float], judgments: Mapping[str, int]) -> float:
    """The share of the first ten that somebody judged; 1 where there are none."""
    first = sorted(ranking, key=lambda article: -ranking[article])[:_FIRST]
    return sum(article in judgments for article in first) / len(first) if first else 1.0


def mean(by_query: ByQuery, queries: Sequence[str]) -> float:
    """The mean over these queries."""
    return float(np.mean([by_query[query] for query in queries]))


@dataclass(frozen=True, slots=True)
class PairedTest:
    """How much better one system is than another on the same queries: the mean ``difference``.

    ``t`` and the two-sided ``p`` are those of Student's paired test (Hull, "Using Statistical Testing in the
    Evaluation of Retrieval Experiments", SIGIR 1993); ``wins`` and ``losses`` count queries.
    """

    difference: float
    t: float
    p: float
    wins: int
    losses: int

    @classmethod
    def of(cls, system: ByQuery, other: ByQuery, queries: Sequence[str]) -> "PairedTest":
        """``system`` against ``other`` on these queries, at least two; equal ones give t = 0 and p = 1."""
        from scipy.stats import t as student  # comes with the trec_eval of ir-measures

        differences = np.array([system[query] - other[query] for query in queries])
        error = differences.std(ddof=1) / np.sqrt(len(differences))
        t = float(differences.mean() / max(error, np.finfo(float).tiny))
        p = float(2 * student.sf(abs(t), len(differences) - 1))
        wins, losses = np.count_nonzero(differences > _EQUAL), np.count_nonzero(differences < -_EQUAL)
        return cls(float(differences.mean()), t, p, int(wins), int(losses))
