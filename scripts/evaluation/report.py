"""The tables of docs/ranking.md, as Markdown."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from evaluation.judged_set import JudgedSet, Part, part_of
from evaluation.markdown import table
from evaluation.measures import NDCG, PairedTest, Scores, mean
from evaluation.systems import HYBRID, SYSTEMS

Scored = Mapping[str, tuple[JudgedSet, Scores]]
"""By name, a set and the scores on it."""
_OTHERS = tuple(system for system in SYSTEMS if system != HYBRID)


def means(scored: Scored, measure: str) -> str:
    """A measure of each system on each set and its halves, then the means of the sets; the best in bold."""
    figures = {
        (name, part, len(queries)): [mean(scores[measure][it], queries) for it in SYSTEMS]
        for name, part, queries, scores in _parts(scored)
    }
    rows = [[name, part, str(size), *_best_in_bold(row)] for (name, part, size), row in figures.items()]
    for wanted in Part:
        of_sets = [row for (_, part, _), row in figures.items() if part is wanted]
        if of_sets:
            rows.append(["mean of sets", wanted, "", *_best_in_bold(np.mean(of_sets, axis=0).tolist())])
    return _captioned(measure, table(["set", "part", "queries", *SYSTEMS], rows))


def means_by_type(scored: Scored) -> str:
    """nDCG@10 of each system on each type of query, of the sets that tell types."""
    rows = []
    for name, (judged, scores) in scored.items():
        for kind in sorted(set(judged.types.values())):
            queries = [query.id for query in judged.queries if judged.types.get(query.id) == kind]
            if queries:
                figures = _best_in_bold([mean(scores[NDCG][system], queries) for system in SYSTEMS])
                rows.append([name, kind, str(len(queries)), *figures])
    return _captioned(f"{NDCG} by type", table(["set", "type", "queries", *SYSTEMS], rows))


def paired_tests(scored: Scored) -> str:
    """How much the ranking of today differs from each other system, in nDCG@10."""
    rows = [
        [name, part, str(len(queries)), *(_tested(scores[NDCG], other, queries) for other in _OTHERS)]
        for name, part, queries, scores in _parts(scored)
    ]
    return _captioned(f"{NDCG} of {HYBRID}, less that of", table(["set", "part", "queries", *_OTHERS], rows))


def changes(scored: Scored, before: Mapping[str, Scores]) -> str:
    """How much each system differs from itself in an earlier evaluation, in nDCG@10.

    Only queries that both asked are compared.
    """
    rows = []
    for name, part, queries, scores in _parts(scored):
        was = before.get(name, {}).get(NDCG, {})
        both = [query for query in queries if query in was.get(HYBRID, {})]
        if len(both) > 1:
            tests = (PairedTest.of(scores[NDCG][system], was[system], both) for system in SYSTEMS)
            rows.append([name, part, str(len(both)), *map(_shown, tests)])
    return _captioned(f"{NDCG}, less that before", table(["set", "part", "queries", *SYSTEMS], rows))


def _parts(scored: Scored) -> Iterator[tuple[str, Part, list[str], Scores]]:
    """Each part of each set with its query ids; one query alone is no part."""
    for name, (judged, scores) in scored.items():
        for part in Part:
            queries = part_of([query.id for query in judged.queries], part)
            if len(queries) > 1:
                yield name, part, queries, scores


def _captioned(caption: str, rows: str) -> str:
    return f"**{caption}**\n\n{rows}"


def _best_in_bold(values: Sequence[float]) -> list[str]:
    return [f"**{_figure(value)}**" if value == max(values) else _figure(value) for value in values]


def _tested(scores: Mapping[str, dict[str, float]], other: str, queries: Sequence[str]) -> str:
    return _shown(PairedTest.of(scores[HYBRID], scores[other], queries))


def _shown(test: PairedTest) -> str:
    """The difference, and in brackets t, p, and how many queries were won and lost."""
    sign = "−" if test.difference < 0 else "+"
    p = "p < .001" if test.p < 0.001 else f"p = {_figure(test.p, 3)}"
    t = f"{test.t:.1f}".replace("-", "−")
    return f"{sign}{_figure(abs(test.difference))} (t {t}, {p}, {test.wins}/{test.losses})"


def _figure(value: float, places: int = 4) -> str:
    """A share, without the 0 before its point."""
    return f"{value:.{places}f}".removeprefix("0")
