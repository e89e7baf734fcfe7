"""The engines that keep words: what a query means is the same in each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import pytest

from search.protocols import KeywordIndex
from search.types import Article
from tests.postgres.cluster import Cluster
from tests.postgres.servers import on_servers

from .corpus import index_of


class _Kept(StrEnum):
    EMBEDDED = "embedded"
    POSTGRES = "postgres"


ENGINES = tuple(_Kept)


@dataclass(frozen=True, slots=True)
class Archive:
    """Articles, and the words of them that an engine keeps."""

    articles: Sequence[Article]
    index: KeywordIndex


@contextmanager
def indexed(request: pytest.FixtureRequest, articles: Sequence[Article]) -> Iterator[Archive]:
    """The articles in the index that the fixture's parameter names."""
    if request.param is _Kept.EMBEDDED:
        folder = request.getfixturevalue("tmp_path_factory").mktemp("index")
        with index_of(folder, articles) as press:
            yield Archive(articles, press.index)
    else:
        servers: Cluster = request.getfixturevalue("servers")
        with on_servers(servers, articles) as generation:
            yield Archive(articles, generation.keyword)
