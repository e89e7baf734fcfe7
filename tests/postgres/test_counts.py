"""Tests that counts of answers from servers are the same as from a folder."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from search.local.reader import open_current
from tests.counting.checks import QUERIES, check_concordance, check_stem_counts, every_count
from tests.fakes import build_index, engine_of

from .cluster import Cluster
from .servers import on_servers
from .test_engine import ARTICLES, Both, engine_on


@pytest.fixture(scope="module")
def both(servers: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder: Path = tmp_path_factory.mktemp("folder") / "index"
    build_index(folder, ARTICLES)
    with closing(open_current(folder)) as generation, on_servers(servers, ARTICLES) as on_all:
        yield Both(engine_of(generation), engine_on(on_all))


def test_stems_are_counted_as_the_texts_have_them(both: Both) -> None:
    for engine in (both.folder, both.servers):
        check_stem_counts(engine, engine.collection.store.articles(range(len(ARTICLES))))


@pytest.mark.parametrize("query", QUERIES)
def test_counts_are_the_same(both: Both, query: str) -> None:
    check_concordance(both.servers, query)
    assert every_count(both.servers, query) == every_count(both.folder, query)
