"""The servers of an archive: one that is named, and the shards that it names."""

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

_PATIENCE = 3  # seconds until a server that does not answer counts as gone
_REST = 5.0  # seconds until one that was gone is asked again
_CONNECTIONS = 4  # to a server at a time
ALIKE = 0.15
"""What pg_trgm takes for alike here: words a few edits apart, if they are not short."""
_WIDE = 400  # of the search through the graph of vectors: recall grows with it, and the time
_SHARDS = """
SELECT srvname, srvoptions, coalesce(umoptions, '{}')
FROM pg_foreign_server JOIN pg_foreign_data_wrapper ON pg_foreign_data_wrapper.oid = srvfdw
LEFT JOIN pg_user_mappings USING (srvname)
WHERE fdwname = 'postgres_fdw' AND srvname LIKE 'depeche\\_%' AND (usename IS NULL OR usename = current_user)
ORDER BY srvname
"""

logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())  # why a server is gone, ``missing`` tells

Record = tuple[Any, ...]
Parameters = Sequence[object] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shard:
    """A server that keeps a part of the articles: its name at the coordinator, and how it is reached.

    The coordinator that keeps them all itself has no name.
    """

    name: str
    conninfo: str


def place(dsn: str) -> str:
    """Where a server is, without the password: ``host:port/database``."""
    told = _parts(dsn)
    return f"{told.get('host', 'localhost')}:{told.get('port', 5432)}/{told.get('dbname', '')}"


@contextmanager
def connected(dsn: str) -> Iterator[psycopg.Connection[Record]]:
    """A connection that commits each statement; raises UsageError when the server cannot be reached."""
    try:
        connection = psycopg.connect(_with_patience(dsn), autocommit=True)
    except psycopg.OperationalError as exc:
        raise unreachable(dsn, exc) from exc
    with connection:
        try:
            yield connection
        except psycopg.OperationalError as exc:
            if connection.broken:
                raise unreachable(dsn, exc) from exc
            raise


def unreachable(dsn: str, exc: Exception) -> UsageError:
    """What is told of a server that does not answer."""
    return UsageError(
        Translatable(
            "The server {} cannot be reached ({}); start it, or give another with --database.",
            place(dsn),
            _reason(exc),
        )
    )


def shards(coordinator: psycopg.Connection[Record], dsn: str) -> tuple[Shard, ...]:
    """The shards that a coordinator names as its foreign servers ``depeche_…``; itself when it names none."""
    own = _parts(dsn)
    named = coordinator.execute(_SHARDS).fetchall()
    found = []
    for name, options, user in named:
        told = dict(option.split("=", 1) for option in (*options, *user))
        reached = {key: told[key] for key in ("host", "port", "dbname", "user", "password") if key in told}
        inherited = {key: own[key] for key in ("dbname", "user", "password") if key in own}
        found.append(Shard(name, make_conninfo("", **(inherited | reached))))
    return tuple(found) or (Shard("", dsn),)


class _Server:
    """One server over connections that are kept; one that was gone is reached anew when it is asked."""

    def __init__(self, dsn: str) -> None:
        self._dsn = _with_patience(dsn)
        self._pool: ConnectionPool[psycopg.Connection[Record]] | None = None
        self._one_at_a_time = Lock()

    def ask(self, query: str, parameters: Parameters) -> list[Record]:
        """What it answers; raises psycopg.OperationalError, soon, when it does not."""
        if (pool := self._pool) is not None:
            try:
                return _asked(pool, query, parameters)
            except psycopg.OperationalError:  # of a kept connection: the server may be back by now
                self._leave(pool)
        return _asked(self._reached(), query, parameters)

    def close(self) -> None:
        """Close every connection."""
        if (pool := self._pool) is not None:
            self._leave(pool)

    def _reached(self) -> ConnectionPool[psycopg.Connection[Record]]:
        with self._one_at_a_time:
            if self._pool is None:
                psycopg.connect(
                    self._dsn
                ).close()  # a pool would try on in silence, and not say what is wrong
                self._pool = ConnectionPool(
                    self._dsn,
                    min_size=1,
                    max_size=_CONNECTIONS,
                    timeout=_PATIENCE,
                    kwargs={"autocommit": True},
                    configure=_settled,
                    open=True,
                )
            return self._pool

    def _leave(self, pool: ConnectionPool[psycopg.Connection[Record]]) -> None:
        with self._one_at_a_time:
            if self._pool is pool:
                self._pool = None
        pool.close()


class Servers:
    """Asks the coordinator and all shards of an archive; may be used from several threads.

    A shard that does not answer is left out, and ``missing`` tells so until it answers again.
    """

    def __init__(self, dsn: str) -> None:
        """Reach the coordinator; raises UsageError when it cannot be reached."""
        self.dsn = dsn
        with connected(dsn) as coordinator:
            self.shards = shards(coordinator, dsn)
        self._coordinator = _Server(dsn)
        self._by_name = {shard.name: _Server(shard.conninfo) for shard in self.shards}
        self._gone: dict[str, tuple[float, str]] = {}
        self._threads = ThreadPoolExecutor(2 * len(self.shards))

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing of an answer, in words."""
        gone = self._gone.copy()
        return tuple(
            Translatable(
                "The server {} does not answer ({}): the articles that it keeps are missing.",
                f"{shard.name} ({place(shard.conninfo)})".lstrip(),
                gone[shard.name][1],
            )
            for shard in self.shards
            if shard.name in gone
        )

    def ask(self, query: str, parameters: Parameters = ()) -> list[Record]:
        """What the coordinator answers; raises UsageError when it does not."""
        try:
            return self._coordinator.ask(query, parameters)
        except psycopg.OperationalError as exc:
            raise unreachable(self.dsn, exc) from exc

    def ask_shards(self, query: str, parameters: Parameters = ()) -> list[Record]:
        """What all shards that are there answer, one after the other; they are asked at the same time."""
        return [record for found in self.ask_each(query, parameters) for record in found]

    def ask_each(self, query: str, parameters: Parameters = ()) -> list[list[Record]]:
        """The same by shard."""
        first, *others = self.shards
        asked = [self._threads.submit(self._ask_shard, shard, query, parameters) for shard in others]
        return [self._ask_shard(first, query, parameters), *(each.result() for each in asked)]

    def close(self) -> None:
        """Close every connection."""
        self._threads.shutdown()
        for server in (self._coordinator, *self._by_name.values()):
            server.close()

    def _ask_shard(self, shard: Shard, query: str, parameters: Parameters) -> list[Record]:
        if (gone := self._gone.get(shard.name)) is not None and time.monotonic() - gone[0] < _REST:
            return []
        try:
            found = self._by_name[shard.name].ask(query, parameters)
        except psycopg.OperationalError as exc:
            self._gone[shard.name] = time.monotonic(), _reason(exc)
            return []
        self._gone.pop(shard.name, None)
        return found


def _settled(connection: psycopg.Connection[Record]) -> None:
    """Plans are made for arrays of terms whose number is not known beforehand: an index is what is meant."""
    connection.execute("SET enable_seqscan = off")
    connection.execute(f"SET pg_trgm.similarity_threshold = {ALIKE}")
    connection.execute(f"SET hnsw.ef_search = {_WIDE}")
    connection.execute("SET hnsw.iterative_scan = strict_order")
    connection.execute("SET hnsw.max_scan_tuples = 200000")


def _asked(
    pool: ConnectionPool[psycopg.Connection[Record]], query: str, parameters: Parameters
) -> list[Record]:
    with pool.connection() as connection:
        return connection.execute(query, parameters, binary=True).fetchall()


def _reason(exc: Exception) -> str:
    return (str(exc).strip() or type(exc).__name__).splitlines()[0]


def _with_patience(dsn: str) -> str:
    _parts(dsn)
    milliseconds = 1000 * _PATIENCE
    return make_conninfo(
        dsn, connect_timeout=_PATIENCE, tcp_user_timeout=milliseconds, application_name="depeche"
    )


def _parts(dsn: str) -> dict[str, Any]:
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
