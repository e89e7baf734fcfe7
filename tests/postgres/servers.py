"""Servers for the tests; the tests are skipped, with the reason, if no server can be started."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from random import Random

import psycopg
import psycopg_pool.base
import pytest

from search.postgres.builder import Encoding, build
from search.postgres.reader import PostgresGeneration
from search.protocols import Corpus
from search.types import Article
from tests.fakes import FakeEncoder, silent

from .cluster import CannotStart, Cluster, cluster


@pytest.fixture(name="servers", scope="session")
def running() -> Iterator[Cluster]:
    """A coordinator with three shards, and a replica of the first shard."""
    try:
        with cluster() as started, _pools_with_own_random_generator():
            join(started)
            yield started
    except CannotStart as exc:
        pytest.skip(f"PostgreSQL cannot be started here: {exc}")


@contextmanager
def _pools_with_own_random_generator() -> Iterator[None]:
    """psycopg_pool draws random numbers in threads; hypothesis forbids the global generator."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(psycopg_pool.base, "random", Random().random)  # noqa: S311 - nothing secret
        yield


def join(servers: Cluster) -> None:
    """Register the shards at the coordinator, as docs/servers.md describes."""
    with psycopg.connect(servers.coordinator.dsn, autocommit=True) as coordinator:
        coordinator.execute(
            "CREATE EXTENSION IF NOT EXISTS postgres_fdw; CREATE EXTENSION IF NOT EXISTS vector"
        )
        for number, shard in enumerate(servers.shards, start=1):
            coordinator.execute(
                f"CREATE SERVER depeche_{number} FOREIGN DATA WRAPPER postgres_fdw OPTIONS "
                f"(host '127.0.0.1', port '{shard.port}', dbname 'postgres', extensions 'vector')"
            )
            coordinator.execute(
                f"CREATE USER MAPPING FOR CURRENT_USER SERVER depeche_{number} OPTIONS (user 'depeche')"
            )


@contextmanager
def on_servers(servers: Cluster, articles: Iterable[Article]) -> Iterator[PostgresGeneration]:
    """An open generation of these articles on the servers."""
    corpus = Corpus(("corpus",), articles, lambda _: None)
    build(servers.coordinator.dsn, corpus, Encoding(FakeEncoder(), ""), silent)
    with closing(PostgresGeneration(servers.coordinator.dsn)) as generation:
        yield generation
