"""How good the rankings are: judged queries, per leg and merged, by trec_eval through ir-measures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from search.errors import Translatable, UsageError
from search.query.plain import plain_query
from search.retrieval.engine import Engine
from search.retrieval.relevance import RelevanceThreshold
from search.retrieval.request import Request
from search.types import NO_RESCORING, Copies, Fusion, FusionMethod, Mode, Rescoring

_DEPTH = 100
_QUERY_LINE = '{"id": "…", "text": "…"}'
_NOTHING = plain_query("")
_MEASURES = ("nDCG@10", "RR@10", "R@100")
_NAMES = dict(zip(_MEASURES, ("ndcg@10", "mrr@10", "recall@100"), strict=True))

Judgments = dict[str, dict[str, int]]
"""By query id, the grade of each judged article by its id; 0 is irrelevant."""
Run = dict[str, dict[str, float]]


class JudgedQuery(msgspec.Struct, frozen=True):
    """One line of a file of queries."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Mean of each measure by leg, and the time a page of merged results took, in milliseconds."""

    queries: int
    legs: dict[str, dict[str, float]]
    latency_ms: dict[str, float]


def read_queries(lines: Iterable[bytes], place: str) -> list[JudgedQuery]:
    """Read ``{"id", "text"}`` a line; raises UsageError, naming the place and line."""
    found = []
    for number, line in _filled(lines):
        try:
            found.append(msgspec.json.decode(line, type=JudgedQuery))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
            raise UsageError(
                Translatable("{}, line {}: {}; each line is {}", place, number, exc, _QUERY_LINE)
            ) from exc
    return found


def read_judgments(lines: Iterable[bytes], place: str) -> Judgments:
    """Read ``query 0 article grade`` a line, as TREC does; raises UsageError, naming the place and line."""
    judged: Judgments = {}
    for number, line in _filled(lines):
        try:
            query, _, article, grade = line.decode().split()
            judged.setdefault(query, {})[article] = int(grade)
        except ValueError as exc:
            raise UsageError(
                Translatable("{}, line {} is not `query 0 article grade`: {}", place, number, repr(line))
            ) from exc
    return judged


def evaluate(
    engine: Engine,
    queries: Sequence[JudgedQuery],
    judged: Judgments,
    fusion: Fusion,
    reordering: Rescoring = NO_RESCORING,
) -> Evaluation:
    """Judge every leg, their merge, and the merge ``reordered`` where that is asked for, which is then timed.

    Queries are taken as plain words; those without a judgment count for nothing. Raises UsageError
    when no query is judged or ir-measures is missing, EncoderUnavailable.
    """
    try:
        import ir_measures
    except ModuleNotFoundError as exc:  # a dependency, but on Linux aarch64, where its trec_eval has no wheel
        raise UsageError(
            Translatable("eval needs {}, which is not installed; run: pip install ir-measures", exc.name)
        ) from exc

    asked = [query for query in queries if query.id in judged]
    if not asked:
        raise UsageError("No query is judged: the ids of the queries and of the judgments must be the same.")
    latency = _latency(engine, asked, Request(_NOTHING, fusion=fusion, rescoring=reordering))
    wanted = [ir_measures.parse_measure(measure) for measure in _MEASURES]
    relevant = {query.id: judged[query.id] for query in asked}
    legs = {}
    for name, way in systems(fusion, reordering).items():
        run = {query.id: rank(engine, query.text, way) for query in asked}
        means = ir_measures.calc_aggregate(wanted, relevant, run)
        legs[name] = {_NAMES[str(measure)]: round(float(means[measure]), 4) for measure in wanted}
    return Evaluation(len(asked), legs, latency)


def systems(fusion: Fusion, reordering: Rescoring = NO_RESCORING) -> Mapping[str, Request]:
    """By name, what is asked of each leg, their merges, and the merge ``reordered``; all but the query."""
    merged = Request(_NOTHING, limit=_DEPTH, fusion=fusion, copies=Copies.LISTED)
    reordered = {} if reordering == NO_RESCORING else {"reordered": replace(merged, rescoring=reordering)}
    return {
        "keyword": replace(merged, mode=Mode.KEYWORD),
        "semantic": replace(merged, mode=Mode.SEMANTIC),
        "hybrid": merged,
        "rrf": replace(merged, fusion=Fusion(FusionMethod.RRF, semantic=1.0, keyword=1.0)),
        **reordered,
    }


def rank(engine: Engine, text: str, system: Request) -> dict[str, float]:
    """The first articles for these plain words by id, with their scores; every system is judged to one depth.

    Raises EncoderUnavailable.
    """
    every = replace(system, query=plain_query(text), threshold=RelevanceThreshold(semantic=0.0))
    return dict(engine.rank(every))


def _filled(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers."""
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _latency(engine: Engine, queries: Sequence[JudgedQuery], way: Request) -> dict[str, float]:
    """Measured before any other run, since the engine remembers the vector of a query."""
    engine.search(replace(way, query=plain_query("réchauffement"), mode=Mode.SEMANTIC))  # loads the models
    took = [engine.search(replace(way, query=plain_query(query.text))).took_ms for query in queries]
    return {f"p{share}": round(float(np.percentile(took, share)), 1) for share in (50, 95)}
