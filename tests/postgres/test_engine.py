"""Tests that answers from servers are the same as from a folder."""

import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import UsageError
from search.local.reader import open_current
from search.postgres.connections import Parameters, Record, Servers, Shard
from search.postgres.reader import PostgresGeneration
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.types import Article, Copies, Facet, FusionMethod, Hits, Mode, Sort
from tests.fakes import FakeEncoder, build_index, engine_of
from tests.press import PRESS
from tests.retrieval.all_hits import check_all_hits
from tests.retrieval.marks import FILTERS, check_answer, check_marks, requests
from tests.retrieval.sets import check_changing_sets, check_sets, check_unknown_sets
from tests.retrieval.slow_ranking import Archive, check_ranking
from tests.retrieval.test_date_order import oldest_of

from .cluster import Cluster
from .servers import on_servers

TODAY = date(2023, 9, 13)
COPY = replace(PRESS[0], id="copie", title="Des obus livrés", published="2023-09-13")
_TRAFFIC = (
    "Un accident bloque depuis l'aube une voie de l'autoroute {}, à la sortie de la ville. Deux camions se "
    "sont heurtés sans faire de blessé. Les secours espèrent rouvrir la voie avant midi."
)
FAMILY = tuple(
    Article(road, title, _TRAFFIC.format(road), "2023-09-10")
    for road, title in (("A4", "Un accident bloque une voie"), ("A7", "Accident : la voie est bloquée"))
)
"""Texts that differ in one word."""
ARTICLES = (*PRESS, COPY, *FAMILY)
QUERIES = (
    "munitions Russie",
    "train obus -Moscou",
    '"obus d’artillerie" OU grève',
    "munit* since:2023",
    "source:nord munitions",
    "titre:obus",
    "xyzzy",
    "munitiosn",
    "accident autoroute A7",
    "accident bloque bloquée",
    "accident secours",
)


@dataclass(frozen=True, slots=True)
class Both:
    """The same articles in a folder and on servers."""

    folder: Engine
    servers: Engine


def engine_on(generation: PostgresGeneration) -> Engine:
    """An engine over a generation on servers that ``FakeEncoder`` encoded."""
    return Engine(
        generation.store,
        generation.keyword,
        lambda: SemanticIndex(FakeEncoder(), generation.vectors),
        generation.manifest.id,
        None,
        generation.leaders,
        generation.missing,
        generation.begin,
        lambda: generation.vectors,
    )


@pytest.fixture(scope="module")
def generation(servers: Cluster) -> Iterator[PostgresGeneration]:
    with on_servers(servers, ARTICLES) as opened:
        yield opened


@pytest.fixture(scope="module")
def both(generation: PostgresGeneration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    index = tmp_path_factory.mktemp("folder") / "index"
    build_index(index, ARTICLES)
    with closing(open_current(index)) as local:
        yield Both(engine_of(local), engine_on(generation))


def _comparable(answer: Hits) -> list[object]:
    return [
        answer.total,
        pytest.approx(answer.confidence, abs=1e-4),
        answer.degraded,
        *(
            (
                hit.article,
                hit.passage,
                hit.snippet,
                hit.highlights,
                hit.copies,
                hit.copy_of,
                hit.passages_more,
            )
            for hit in (*answer.hits, *answer.below)
        ),
        *(pytest.approx(hit.score, abs=1e-3) for hit in answer.hits),
    ]


@pytest.mark.parametrize("typed", QUERIES)
@pytest.mark.parametrize("mode", Mode)
def test_an_answer_is_the_same(both: Both, typed: str, mode: Mode) -> None:
    for request in (
        Request(parse(typed, TODAY), mode),
        Request(parse(typed, TODAY), mode, sort=Sort.DATE, offset=1, limit=3),
        Request(parse(typed, TODAY), mode, sort=Sort.OLDEST, offset=1, limit=3),
        Request(parse(typed, TODAY), mode, copies=Copies.LISTED),
    ):
        assert _comparable(both.servers.search(request)) == _comparable(both.folder.search(request))


@pytest.mark.parametrize("typed", QUERIES)
@pytest.mark.parametrize("sort", Sort)
def test_all_hits_are_those_of_the_pages_and_of_the_folder(both: Both, typed: str, sort: Sort) -> None:
    request = Request(parse(typed, TODAY), sort=sort)
    check_all_hits(both.servers, request, 3)
    ids = [[hit.article.id for hit in engine.all_hits(request)] for engine in (both.servers, both.folder)]
    assert ids[0] == ids[1]


@pytest.mark.parametrize("typed", QUERIES)
@pytest.mark.parametrize("mode", Mode)
def test_articles_have_the_scores_of_the_slow_ranking(
    generation: PostgresGeneration, typed: str, mode: Mode
) -> None:
    archive = Archive(generation.store, generation.keyword, generation.vectors, generation.leaders)
    check_ranking(archive, engine_on(generation), FakeEncoder().encode_query, parse(typed, TODAY), mode)


def test_the_oldest_first_is_the_newest_first_reversed(both: Both) -> None:
    request = Request(parse("train munitions", TODAY), Mode.KEYWORD, Sort.DATE, limit=50)
    for engine in (both.servers, both.folder):
        newest, oldest = (
            [hit.article for hit in engine.search(replace(request, sort=sort))]
            for sort in (Sort.DATE, Sort.OLDEST)
        )
        assert oldest == oldest_of(newest)
        assert oldest != newest


def test_the_rest_of_the_engine_is_the_same(both: Both) -> None:
    request = Request(parse("munitions Russie", TODAY))
    assert both.servers.facets(request) == both.folder.facets(request)
    chosen = replace(request, query=parse('munitions source:"agence nord" -rubrique:monde', TODAY))
    assert both.servers.disjunctive_facets(chosen) == both.folder.disjunctive_facets(chosen)
    assert both.servers.disjunctive_facets(chosen) != both.folder.facets(chosen)
    for asked in (request, Request(parse("", TODAY))):
        assert both.servers.timeline(asked) == both.folder.timeline(asked)
        assert both.servers.timeline(asked).dates
    for facet in Facet:
        assert both.servers.facets(request)[facet]
    explained, expected = (
        each.explain(request, each.hit(request, "obus")) for each in (both.servers, both.folder)
    )
    assert explained.matched == expected.matched
    assert explained.best_sentence == expected.best_sentence
    similar, expected_similar = (each.similar("obus", 5) for each in (both.servers, both.folder))
    assert [hit.article for hit in similar.hits] == [hit.article for hit in expected_similar.hits]
    assert both.servers.suggest(parse("munitiosn", TODAY)) == both.folder.suggest(parse("munitiosn", TODAY))
    with pytest.raises(UsageError, match="no article 'nobody'"):
        both.servers.article("nobody")


def test_what_the_user_keeps_is_a_condition_here_too(servers: Cluster) -> None:
    with on_servers(servers, PRESS) as opened:
        engine = engine_on(opened)
        check_sets(engine)
        check_changing_sets(engine)
        check_unknown_sets(engine)
        store = opened.store
        ids = frozenset(["nobody", "ukraine", "obus"])
        assert {*store.keys(ids)} == {store.key("obus"), store.key("ukraine")}
        assert store.keys(frozenset()) == []


def test_the_overview_is_the_same(both: Both) -> None:
    folder, servers = both.folder.overview(20), both.servers.overview(20)
    assert servers == folder
    assert len(folder.newest) < len(ARTICLES)  # copies are folded
    assert len(folder.examples) == 3


def test_each_leg_contributes_the_same_by_ranks_too(both: Both) -> None:
    fusion = replace(Request(parse("obus", TODAY)).fusion, method=FusionMethod.RRF)
    request = Request(parse("obus train munitions", TODAY), fusion=fusion)
    actual, expected = both.servers.search(request), both.folder.search(request)
    assert [hit.article.id for hit in actual.hits] == [hit.article.id for hit in expected.hits]
    for one, other in zip(actual.hits, expected.hits, strict=True):
        ranks = [(part.leg, part.rank) for part in one.contributions]
        assert ranks == [(part.leg, part.rank) for part in other.contributions]
        assert one.score == pytest.approx(other.score)


def test_the_nearest_rows_are_those_of_brute_force(generation: PostgresGeneration) -> None:
    rows = np.arange(generation.vectors.rows)
    every, encoder = generation.vectors.of_rows(rows), FakeEncoder()
    for text in ("munitions", "grève des trains", "port de Brest"):
        query = encoder.encode_query(text)
        order = np.lexsort((rows, -(every @ query)))
        nearest = generation.vectors.search(query, 5)
        assert nearest.scores.tolist() == pytest.approx((every @ query)[order[:5]].tolist(), abs=1e-3)
        some = rows[::3]
        among = generation.vectors.search(query, 4, some)
        assert {*among.rows.tolist()} <= set(some.tolist())
        assert among.scores.tolist() == pytest.approx(
            sorted((every[some] @ query).tolist(), reverse=True)[:4], abs=1e-3
        )
        assert len(generation.vectors.search(query, 3, rows[:0]).rows) == 0


def test_a_generation_verifies(generation: PostgresGeneration) -> None:
    generation.verify()
    assert (generation.manifest.articles, generation.manifest.corpus) == (len(ARTICLES), ("corpus",))


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("answered", range(10))
def test_a_shard_may_fail_at_any_time_of_a_search(
    servers: Cluster, both: Both, monkeypatch: pytest.MonkeyPatch, answered: int, mode: Mode
) -> None:
    """The shard answers ``answered`` times in a search, then never again; every score must be a number."""
    query_shard, left = Servers._query_shard, [answered]

    def fail_after(self: Servers, shard: Shard, query: str, parameters: Parameters) -> list[Record]:
        if shard is not self.shards[1]:
            return query_shard(self, shard, query, parameters)
        if left[0] <= 0:
            self._failures[shard.name] = math.inf, "it failed"
            return []
        left[0] -= 1
        return query_shard(self, shard, query, parameters)

    with closing(PostgresGeneration(servers.coordinator.dsn)) as generation:
        engine = engine_on(generation)
        monkeypatch.setattr(Servers, "_query_shard", fail_after)
        hits = engine.search(Request(parse("munitions Russie", TODAY), mode, limit=50))

    assert all(math.isfinite(hit.score) for hit in hits.shown)
    assert len(hits.hits) >= 2


@settings(max_examples=30)
@given(requests, st.sampled_from(FILTERS))
def test_the_mark_of_an_article_is_the_same_on_every_page(
    both: Both, request_: Request, filtering: str
) -> None:
    check_marks(both.servers, request_, filtering)
    check_answer(both.servers, request_, filtering)
