"""How good the rankings are: judged queries, per leg and merged, by trec_eval through ir-measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from search.engine import Engine, Request
from search.errors import UsageError
from search.model import Fusion, Method, Mode
from search.query.plain import plain_query

_DEPTH = 100
_MEASURES = ("nDCG@10", "RR@10", "R@100")
_NAMES = dict(zip(_MEASURES, ("ndcg@10", "mrr@10", "recall@100"), strict=True))

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


def read_queries(path: Path) -> list[JudgedQuery]:
    """Read ``{"id", "text"}`` a line; raises UsageError, naming the line, for anything else."""
    found = []
    for number, line in enumerate(_lines(path), start=1):
        try:
            found.append(msgspec.json.decode(line, type=JudgedQuery))
        except msgspec.DecodeError as exc:
            raise UsageError(
                f'{path}, line {number}: {exc}; each line is {{"id": "…", "text": "…"}}'
            ) from exc
    return found


def evaluate(engine: Engine, queries: Sequence[JudgedQuery], qrels: Path, fusion: Fusion) -> Evaluation:
    """Judge every leg and their merge against judgments in TREC form over article ids.

    Queries are taken as plain words. Queries without a judgment count for nothing. Raises UsageError
    when the judgments cannot be read or concern none of the queries.
    """
    import ir_measures

    judged = _judgments(qrels)
    asked = [query for query in queries if query.id in judged]
    if not asked:
        raise UsageError(f"No query of the file is judged in {qrels}; their ids must be the same.")
    wanted = [ir_measures.parse_measure(measure) for measure in _MEASURES]
    relevant = {query.id: judged[query.id] for query in asked}
    legs = {}
    for name, request in _requests(fusion).items():
        means = ir_measures.calc_aggregate(wanted, relevant, _run(engine, asked, request))
        legs[name] = {_NAMES[str(measure)]: round(float(means[measure]), 4) for measure in wanted}
    return Evaluation(len(asked), legs, _latency(engine, asked, fusion))


def _requests(fusion: Fusion) -> Mapping[str, tuple[Mode, Fusion]]:
    return {
        "keyword": (Mode.KEYWORD, fusion),
        "semantic": (Mode.SEMANTIC, fusion),
        "hybrid": (Mode.HYBRID, fusion),
        "rrf": (Mode.HYBRID, Fusion(Method.RRF, semantic=1.0, keyword=1.0)),
    }


def _run(engine: Engine, queries: Sequence[JudgedQuery], way: tuple[Mode, Fusion]) -> Run:
    mode, fusion = way
    requests = ((q.id, Request(plain_query(q.text), mode, limit=_DEPTH, fusion=fusion)) for q in queries)
    return {query_id: dict(engine.rank(request)) for query_id, request in requests}


def _latency(engine: Engine, queries: Sequence[JudgedQuery], fusion: Fusion) -> dict[str, float]:
    took = [engine.search(Request(plain_query(query.text), fusion=fusion)).took_ms for query in queries]
    return {f"p{share}": round(float(np.percentile(took, share)), 1) for share in (50, 95)}


def _judgments(qrels: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(qrels), start=1):
        try:
            query, _, article, grade = line.split()
            judged.setdefault(query, {})[article] = int(grade)
        except ValueError as exc:
            raise UsageError(f"{qrels}, line {number}: {line!r} is not `query 0 article grade`") from exc
    return judged


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"{path} cannot be read: {exc}") from exc
