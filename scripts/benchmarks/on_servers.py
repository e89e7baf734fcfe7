"""The index on PostgreSQL servers against the embedded one it is loaded from."""

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np

from search.config import Settings
from search.index import build_encoder, engine_over
from search.local.reader import Generation, open_current
from search.postgres.builder import Encoding, build
from search.postgres.reader import PostgresGeneration
from search.protocols import Corpus, Encoder, Floats
from search.query.options import restrict, since
from search.query.plain import plain_query
from search.retrieval.engine import Engine
from search.retrieval.evaluation import JudgedQuery, Judgments, evaluate, read_judgments, read_queries
from search.retrieval.request import Request
from search.text.chunking import text_hash
from search.types import Fusion, Mode
from tests.postgres.cluster import cluster
from tests.postgres.servers import join

_COMPARED = 10  # results of an answer
_PAUSE = 0.05  # seconds between questions

_Asked = TypeVar("_Asked")


class _Encoded:
    """An encoder that knows the vectors of an index's passages: what is measured is all but the encoding."""

    def __init__(self, real: Encoder, generation: Generation) -> None:
        self._real = real
        self._vectors = generation.vectors
        self._rows = {each: row for row, each in enumerate(generation.store.text_hashes())}

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def encode_passages(self, texts: list[str]) -> Floats:
        return self._vectors.of_rows(np.array([self._rows[text_hash(text)] for text in texts]))


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("qrels", type=Path)
    parser.add_argument("--filtered", action="store_true")
    asked = parser.parse_args()
    queries = read_queries(asked.queries.open("rb"), str(asked.queries))
    judged = read_judgments(asked.qrels.open("rb"), str(asked.qrels))
    with closing(open_current(asked.index)) as own, cluster() as servers:
        join(servers)
        known: Encoder = _Encoded(build_encoder(Settings()), own)  # type: ignore[assignment]
        began = time.monotonic()
        corpus = Corpus((str(asked.index),), own.store.every_article(), lambda rejected: None)
        made = build(servers.coordinator.dsn, corpus, Encoding(known, ""), lambda *_: None).manifest
        took = time.monotonic() - began
        with closing(PostgresGeneration(servers.coordinator.dsn)) as generation:
            told = f"{made.articles:,} articles, {made.chunks:,} passages on 3 shards in {took:.0f} s"
            each = generation.size / made.chunks
            print(f"{told} without encoding ({made.chunks / took:.0f} a second), {each:,.0f} bytes a passage")  # noqa: T201
            engines = {
                "embedded": engine_over(own, Settings()),
                "servers": engine_over(generation, Settings(database=servers.coordinator.dsn)),
            }
            _qualities(engines, queries, judged)
            _sameness(engines, queries)
        if asked.filtered:
            with ProcessPoolExecutor(1, get_context("spawn")) as apart:  # as programs that only search
                apart.submit(_speed, asked.index, servers.coordinator.dsn, queries).result()


def _qualities(engines: dict[str, Engine], queries: list[JudgedQuery], judged: Judgments) -> None:
    for name, each in engines.items():
        told = evaluate(each, queries, judged, Fusion())
        figures = ", ".join(f"{leg} {measures['ndcg@10']:.4f}" for leg, measures in told.legs.items())
        print(f"{name}: nDCG@10 {figures}")  # noqa: T201


def _sameness(engines: dict[str, Engine], queries: list[JudgedQuery]) -> None:
    for mode in Mode:
        same = 0
        for query in queries:
            request = Request(plain_query(query.text), mode, limit=_COMPARED)
            one, other = ([name for name, _ in each.rank(request)] for each in engines.values())
            same += one == other
        print(f"same first {_COMPARED}, {mode}: {same} of {len(queries)} ({same / len(queries):.1%})")  # noqa: T201


def _speed(index: Path, dsn: str, queries: list[JudgedQuery]) -> None:
    """Every question once, from 2017 on, of one engine after the other; they were asked one before."""
    asked = [restrict(plain_query(query.text), since("2017", date(2021, 1, 1))) for query in queries]
    with closing(open_current(index)) as own, closing(PostgresGeneration(dsn)) as generation:
        engines = {
            "embedded": engine_over(own, Settings()),
            "servers": engine_over(generation, Settings(database=dsn)),
        }
        for each in engines.values():
            each.search(Request(plain_query("premier")))
        times: dict[str, list[float]] = {name: [] for name in engines}
        for query in asked:
            for name, each in engines.items():
                times[name].append(_milliseconds(each.search, Request(query)))
        for name, took in times.items():
            print(f"{name}, filtered hybrid answer: p50 {_of(50, took):.1f}, p95 {_of(95, took):.1f} ms")  # noqa: T201
    known = build_encoder(Settings())
    encoded = [_milliseconds(known.encode_query, query.text) for query in queries]
    print(f"of which encoding the query: p50 {_of(50, encoded):.1f}, p95 {_of(95, encoded):.1f} ms")  # noqa: T201


def _milliseconds(ask: Callable[[_Asked], object], asked: _Asked) -> float:
    """How long an answer takes, after a pause in which the threads of the one before come to rest."""
    time.sleep(_PAUSE)
    began = time.perf_counter()
    ask(asked)
    return (time.perf_counter() - began) * 1000


def _of(percent: int, times: list[float]) -> float:
    return float(np.percentile(np.array(times), percent))


if __name__ == "__main__":
    main()
