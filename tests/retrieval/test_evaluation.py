"""Measures are checked against values worked out by hand from their definitions."""

import sys
from collections.abc import Mapping
from math import log2

import pytest

from search.errors import UsageError
from search.local.reader import Generation
from search.query.plain import plain_query
from search.retrieval.engine import Engine
from search.retrieval.evaluation import JudgedQuery, Run, evaluate, read_judgments, read_queries
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.types import Fusion, FusionMethod, Mode
from tests.fakes import FakeEncoder


class Ranked(Engine):
    """Gives the rankings it is made of, by mode and query text."""

    def __init__(self, generation: Generation, runs: Mapping[Mode, Run]) -> None:
        meaning = SemanticIndex(FakeEncoder(), generation.vectors)
        super().__init__(generation.store, generation.keyword, lambda: meaning, "g")
        self._runs = runs
        self.asked: list[tuple[Mode, Fusion, int]] = []

    def rank(self, request: Request) -> list[tuple[str, float]]:
        self.asked.append((request.mode, request.fusion, request.limit))
        return list(self._runs[request.mode][request.query.raw].items())


QUERIES = [JudgedQuery("1", "un"), JudgedQuery("2", "deux"), JudgedQuery("3", "trois")]
JUDGED = {"1": {"a": 2, "b": 1, "x": 0}, "2": {"c": 1, "d": 1, "e": 1}}


def descending(*ids: str) -> dict[str, float]:
    return {article: -float(place) for place, article in enumerate(ids)}


def test_measures_are_the_means_of_the_judged_queries(generation: Generation) -> None:
    filler = [f"n{number}" for number in range(9)]
    keyword = {"un": descending("x", "b", "n", "a"), "deux": descending("n", *filler, "c", "d")}
    silent: Run = {"un": {}, "deux": {}}
    best = {"un": descending("a", "b"), "deux": descending("c", "d", "e")}
    engine = Ranked(generation, {Mode.KEYWORD: keyword, Mode.SEMANTIC: silent, Mode.HYBRID: best})
    fusion = Fusion(semantic=0.5)
    found = evaluate(engine, QUERIES, JUDGED, fusion)

    gain = 1 / log2(3) + 2 / log2(5)
    ideal = 2 / log2(2) + 1 / log2(3)
    assert found.queries == 2
    assert found.legs["keyword"] == {
        "ndcg@10": round(gain / ideal / 2, 4),
        "mrr@10": 0.25,
        "recall@100": round((1 + 2 / 3) / 2, 4),
    }
    assert found.legs["semantic"] == {"ndcg@10": 0, "mrr@10": 0, "recall@100": 0}
    assert found.legs["hybrid"] == found.legs["rrf"] == {"ndcg@10": 1, "mrr@10": 1, "recall@100": 1}
    ways = [(Mode.KEYWORD, fusion), (Mode.SEMANTIC, fusion), (Mode.HYBRID, fusion)]
    rrf = (Mode.HYBRID, Fusion(FusionMethod.RRF, semantic=1, keyword=1))
    assert engine.asked == [(*way, 100) for way in [*ways, rrf] for _ in range(2)]


def test_each_query_is_timed_before_the_engine_knows_it(generation: Generation) -> None:
    encoder = FakeEncoder()
    asked: list[str] = []

    class Timed(Engine):
        def search(self, request: Request):  # type: ignore[no-untyped-def] # noqa: ANN202
            asked.append(request.query.raw)
            return super().search(request)

        def rank(self, request: Request) -> list[tuple[str, float]]:
            asked.append("ranked")
            return super().rank(request)

    meaning = SemanticIndex(encoder, generation.vectors)
    engine = Timed(generation.store, generation.keyword, lambda: meaning, "g")
    found = evaluate(engine, QUERIES, JUDGED, Fusion())

    assert asked[1:4] == ["un", "deux", "ranked"]
    assert asked[0] not in {query.text for query in QUERIES}
    assert 0 < found.latency_ms["p50"] <= found.latency_ms["p95"]


def test_without_a_judged_query_there_is_nothing_to_measure(generation: Generation) -> None:
    engine = Ranked(generation, {})
    with pytest.raises(UsageError, match="No query is judged"):
        evaluate(engine, [JudgedQuery("4", "quatre")], JUDGED, Fusion())


def test_without_its_measures_it_says_what_to_install(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)

    with pytest.raises(
        UsageError, match=r"ir_measures, which is not installed; run: pip install ir-measures"
    ):
        evaluate(Ranked(generation, {}), [JudgedQuery("q", "obus")], {"q": {"a": 1}}, Fusion())


def test_queries_are_read_a_line_each() -> None:
    lines = [b'{"id": "1", "text": "un"}\n', b"\n", '{"text": "d\u2028eux", "id": "2", "note": 1}'.encode()]

    assert read_queries(lines, "f") == [JudgedQuery("1", "un"), JudgedQuery("2", "d\u2028eux")]


@pytest.mark.parametrize("line", [b"[]", b'{"id": "1"}', b"{", b'"\xff"', b'{"id": null, "text": "x"}'])
def test_a_line_that_is_no_query_is_named(line: bytes) -> None:
    with pytest.raises(UsageError, match=r"^f, line 3: .*each line is"):
        read_queries([b'{"id": "1", "text": "un"}', b" \n", line], "f")


def test_judgments_are_read_a_line_each() -> None:
    assert read_judgments([b"1 0 a 2\n", b"1\t0\tb\t0\n", b"\n", b"2 0 a 1"], "f") == {
        "1": {"a": 2, "b": 0},
        "2": {"a": 1},
    }


@pytest.mark.parametrize("line", [b"1 0 a", b"1 0 a high", b"1 0 a b 1", b"1 0 \xff 1"])
def test_a_line_that_is_no_judgment_is_named(line: bytes) -> None:
    with pytest.raises(UsageError, match=r"^f, line 2 is not `query 0 article grade`"):
        read_judgments([b"1 0 a 1", line], "f")


def test_a_question_is_words_whatever_signs_it_holds() -> None:
    query = plain_query('Qui a "livré (les obus OU -Moscou obus ? — e\u0301te\u0301')

    words = ["Qui", "a", '"livré', "(les", "obus", "OU", "-Moscou", "été"]
    assert [(word.leaf.text, word.boost) for word in query.words] == [(word, 1.0) for word in words]  # type: ignore[union-attr]
    assert query.constraint is None
    assert query.text == 'Qui a "livré (les obus OU -Moscou obus ? — été'
