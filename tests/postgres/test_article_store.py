"""Tests that articles and chunks on servers are those of a folder, however many are asked for."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql

from search.errors import IndexCorrupt
from search.local.reader import open_current
from search.postgres.connections import Servers
from search.protocols import ArticleStore
from tests.fakes import build_index
from tests.keyword.corpus import random_articles

from .cluster import Cluster
from .servers import on_servers

_COUNT = 60
ARTICLES = random_articles(seed=3, count=_COUNT)


@dataclass(frozen=True, slots=True)
class Both:
    """The same articles in a folder and on servers."""

    folder: ArticleStore
    servers: ArticleStore


@pytest.fixture(scope="module")
def both(servers: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    index = tmp_path_factory.mktemp("folder") / "index"
    build_index(index, ARTICLES)
    with closing(open_current(index)) as local, on_servers(servers, ARTICLES) as generation:
        yield Both(local.store, generation.store)


@settings(max_examples=30)
@given(st.lists(st.integers(0, _COUNT - 1)))
def test_articles_are_the_same_in_the_order_asked(both: Both, keys: list[int]) -> None:
    assert both.servers.articles(keys) == both.folder.articles(keys)


@settings(max_examples=30)
@given(st.lists(st.integers(0, _COUNT - 1)))
def test_chunks_are_the_same_in_the_order_asked(both: Both, rows: list[int]) -> None:
    assert both.servers.chunks(rows) == both.folder.chunks(rows)


def test_all_of_them_are_the_same(both: Both) -> None:
    rows = range(both.folder.chunk_count)
    assert both.servers.chunks(rows) == both.folder.chunks(rows)
    assert both.servers.articles(range(_COUNT)) == both.folder.articles(range(_COUNT))


def test_an_article_comes_with_its_chunks(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = both.servers.articles([5, 1])
    monkeypatch.setattr(Servers, "query_shards", None)
    assert both.servers.articles([1, 5]) == articles[::-1]
    rows = [int(both.folder.first_rows[key]) for key in (1, 5)]
    assert both.servers.chunks(rows) == both.folder.chunks(rows)


def test_a_passage_that_is_gone_is_an_error(servers: Cluster) -> None:
    with on_servers(servers, ARTICLES[:9]) as generation:
        for shard in servers.shards:
            with psycopg.connect(shard.dsn, autocommit=True) as connection:
                table = sql.Identifier(generation.manifest.id, "passage")
                connection.execute(sql.SQL('DELETE FROM {} WHERE "row" = 0').format(table))
        with pytest.raises(IndexCorrupt, match="lacks articles"):
            generation.store.articles([0])
