"""Connects to the servers of an archive: the coordinator, and the shards that it names."""

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

from search.errors import Translatable, UsageError

_TIMEOUT = 3  # seconds until a server that does not answer counts as failed
_RETRY_AFTER = 5.0  # seconds until a failed server is tried again
_CONNECTIONS = 4  # to one server
TRIGRAM_SIMILARITY = 0.15
"""The least similarity for pg_trgm: longer words that are a few edits apart reach it."""
_EF_SEARCH = 400  # of the HNSW graph: more gives a higher recall and a slower search
_SHARDS = """
SELECT srvname, srvoptions, coalesce(umoptions, '{}')
FROM pg_foreign_server JOIN pg_foreign_data_wrapper ON pg_foreign_data_wrapper.oid = srvfdw
LEFT JOIN pg_user_mappings USING (srvname)
WHERE fdwname = 'postgres_fdw' AND srvname LIKE 'depeche\\_%' AND (usename IS NULL OR usename = current_user)
ORDER BY srvname
"""

_ADDRESS_OPTIONS = ("host", "port", "dbname", "user", "password")

logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())  # ``missing`` reports failures

Record = tuple[Any, ...]
Parameters = Sequence[object] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shard:
    """A server that has a part of the articles: its name at the coordinator, and its address.

    A coordinator that has all articles itself is a shard without a name.
    """

    name: str
    conninfo: str


def location(dsn: str) -> str:
    """The address of a server without user and password: ``host:port/database``."""
    parts = _parts(dsn)
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"


@contextmanager
def connect(dsn: str) -> Iterator[psycopg.Connection[Record]]:
    """A connection that commits each statement; raises UsageError when the server cannot be reached."""
    try:
        connection = psycopg.connect(_with_timeouts(dsn), autocommit=True)
    except psycopg.OperationalError as exc:
        raise unreachable_error(dsn, exc) from exc
    with connection:
        try:
            yield connection
        except psycopg.OperationalError as exc:
            if connection.broken:
                raise unreachable_error(dsn, exc) from exc
            raise


def unreachable_error(dsn: str, exc: Exception) -> UsageError:
    """The error for a server that does not answer."""
    return UsageError(
        Translatable(
            "The server {} cannot be reached ({}); start it, or give another with --database.",
            location(dsn),
            _reason(exc),
        )
    )


def find_shards(coordinator: psycopg.Connection[Record], dsn: str) -> tuple[Shard, ...]:
    """The shards of an archive: the coordinator's foreign servers ``depeche_…``, else the coordinator itself.

    A shard has the database, user and password of the coordinator unless its options say otherwise.
    """
    own = _parts(dsn)
    inherited = {key: own[key] for key in ("dbname", "user", "password") if key in own}
    shards = []
    for name, server_options, user_options in coordinator.execute(_SHARDS).fetchall():
        options = dict(option.split("=", 1) for option in (*server_options, *user_options))
        address = {key: options[key] for key in _ADDRESS_OPTIONS if key in options}
        shards.append(Shard(name, make_conninfo("", **(inherited | address))))
    return tuple(shards) or (Shard("", dsn),)


class _Server:
    """Queries one server over a pool of connections; a broken pool is replaced at the next query."""

    def __init__(self, dsn: str) -> None:
        self._dsn = _with_timeouts(dsn)
        self._pool: ConnectionPool[psycopg.Connection[Record]] | None = None
        self._lock = Lock()

    def query(self, query: str, parameters: Parameters) -> list[Record]:
        """The records of a query; raises psycopg.OperationalError, soon, when the server does not answer."""
        if (pool := self._pool) is not None:
            try:
                return _fetch_all(pool, query, parameters)
            except psycopg.OperationalError:  # of an old connection: the server may answer again by now
                self._close_pool(pool)
        return _fetch_all(self._open_pool(), query, parameters)

    def close(self) -> None:
        """Close every connection."""
        if (pool := self._pool) is not None:
            self._close_pool(pool)

    def _open_pool(self) -> ConnectionPool[psycopg.Connection[Record]]:
        with self._lock:
            if self._pool is None:
                # One connection first: a pool would try again without end and hide the reason.
                psycopg.connect(self._dsn).close()
                self._pool = ConnectionPool(
                    self._dsn,
                    min_size=1,
                    max_size=_CONNECTIONS,
                    timeout=_TIMEOUT,
                    kwargs={"autocommit": True},
                    configure=_configure,
                    open=True,
                )
            return self._pool

    def _close_pool(self, pool: ConnectionPool[psycopg.Connection[Record]]) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.close()


class Servers:
    """Queries the coordinator and the shards of an archive; several threads may use it.

    A shard that does not answer is left out; ``missing`` reports it until it answers again.
    """

    def __init__(self, dsn: str) -> None:
        """Connect to the coordinator; raises UsageError when it cannot be reached."""
        self.dsn = dsn
        with connect(dsn) as coordinator:
            self.shards = find_shards(coordinator, dsn)
        self._coordinator = _Server(dsn)
        self._by_name = {shard.name: _Server(shard.conninfo) for shard in self.shards}
        self._failures: dict[str, tuple[float, str]] = {}  # time and reason, by shard
        self._threads = ThreadPoolExecutor(2 * len(self.shards))

    @property
    def missing(self) -> tuple[str, ...]:
        """One message for each shard that does not answer."""
        failures = self._failures.copy()
        return tuple(
            Translatable(
                "The server {} does not answer ({}): the articles that it keeps are missing.",
                f"{shard.name} ({location(shard.conninfo)})".lstrip(),
                failures[shard.name][1],
            )
            for shard in self.shards
            if shard.name in failures
        )

    def query_coordinator(self, query: str, parameters: Parameters = ()) -> list[Record]:
        """The records of the coordinator; raises UsageError when it does not answer."""
        try:
            return self._coordinator.query(query, parameters)
        except psycopg.OperationalError as exc:
            raise unreachable_error(self.dsn, exc) from exc

    def query_shards(self, query: str, parameters: Parameters = ()) -> list[Record]:
        """The records of all shards that answer, in the order of the shards; they work at the same time."""
        first, *others = self.shards
        futures = [self._threads.submit(self._query_shard, shard, query, parameters) for shard in others]
        by_shard = [self._query_shard(first, query, parameters), *(future.result() for future in futures)]
        return [record for records in by_shard for record in records]

    def close(self) -> None:
        """Close every connection."""
        self._threads.shutdown()
        for server in (self._coordinator, *self._by_name.values()):
            server.close()

    def _query_shard(self, shard: Shard, query: str, parameters: Parameters) -> list[Record]:
        failure = self._failures.get(shard.name)
        if failure is not None and time.monotonic() - failure[0] < _RETRY_AFTER:
            return []
        try:
            records = self._by_name[shard.name].query(query, parameters)
        except psycopg.OperationalError as exc:
            self._failures[shard.name] = time.monotonic(), _reason(exc)
            return []
        self._failures.pop(shard.name, None)
        return records


def _configure(connection: psycopg.Connection[Record]) -> None:
    """Make the server use its indexes: it cannot know how many terms an array parameter will have."""
    connection.execute("SET enable_seqscan = off")
    connection.execute(f"SET pg_trgm.similarity_threshold = {TRIGRAM_SIMILARITY}")
    connection.execute(f"SET hnsw.ef_search = {_EF_SEARCH}")
    connection.execute("SET hnsw.iterative_scan = strict_order")
    connection.execute("SET hnsw.max_scan_tuples = 200000")


def _fetch_all(
    pool: ConnectionPool[psycopg.Connection[Record]], query: str, parameters: Parameters
) -> list[Record]:
    with pool.connection() as connection:
        return connection.execute(query, parameters, binary=True).fetchall()


def _reason(exc: Exception) -> str:
    return (str(exc).strip() or type(exc).__name__).splitlines()[0]


def _with_timeouts(dsn: str) -> str:
    _parts(dsn)
    milliseconds = 1000 * _TIMEOUT
    return make_conninfo(
        dsn, connect_timeout=_TIMEOUT, tcp_user_timeout=milliseconds, application_name="depeche"
    )


def _parts(dsn: str) -> dict[str, Any]:
    """The parameters of an address; raises UsageError when it is not one."""
    try:
        return dict(conninfo_to_dict(dsn))
    except psycopg.ProgrammingError as exc:
        raise UsageError(
            Translatable(
                "--database {!r} is no address of a server ({}); write for instance "
                "--database postgresql://user@host:5432/database",
                dsn,
                str(exc).strip(),
            )
        ) from exc
