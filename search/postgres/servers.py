"""The servers of an archive: one that is named, and the shards that it names."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from search.errors import UsageError, Worded

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
    reason = (str(exc).strip() or type(exc).__name__).splitlines()[-1]
    return UsageError(
        Worded(
            "The server {} cannot be reached ({}); start it, or give another with --engine.",
            place(dsn),
            reason,
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


class Servers:
    """Asks the coordinator and all shards of an archive; may be used from several threads.

    A shard that does not answer is left out, and ``missing`` tells so until it answers again.
    """

    def __init__(self, dsn: str) -> None:
        """Reach the coordinator; raises UsageError when it cannot be reached."""
        self.dsn = dsn
        with connected(dsn) as coordinator:
            self.shards = shards(coordinator, dsn)
        self._opened = ExitStack()
        self._coordinator = self._pool(dsn)
        self._pools = {shard.name: self._pool(shard.conninfo) for shard in self.shards}
        self._gone: dict[str, float] = {}
        self._threads = self._opened.enter_context(ThreadPoolExecutor(2 * len(self.shards)))

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing of an answer, in words."""
        return tuple(
            Worded(
                "The server {} does not answer: the articles that it keeps are missing.",
                f"{shard.name} ({place(shard.conninfo)})".lstrip(),
            )
            for shard in self.shards
            if shard.name in self._gone
        )

    def ask(self, query: str, parameters: Parameters = ()) -> list[Record]:
        """What the coordinator answers; raises UsageError when it does not."""
        try:
            return _asked_again(self._coordinator, query, parameters)
        except (psycopg.OperationalError, PoolTimeout) as exc:
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
        self._opened.close()

    def _ask_shard(self, shard: Shard, query: str, parameters: Parameters) -> list[Record]:
        if time.monotonic() - self._gone.get(shard.name, -_REST) < _REST:
            return []
        try:
            found = _asked_again(self._pools[shard.name], query, parameters)
        except (psycopg.OperationalError, PoolTimeout):
            self._gone[shard.name] = time.monotonic()
            return []
        self._gone.pop(shard.name, None)
        return found

    def _pool(self, dsn: str) -> ConnectionPool[psycopg.Connection[Record]]:
        return self._opened.enter_context(
            ConnectionPool(
                _with_patience(dsn),
                min_size=1,
                max_size=_CONNECTIONS,
                timeout=_PATIENCE,
                kwargs={"autocommit": True},
                configure=_settled,
                open=True,
            )
        )


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


def _asked_again(
    pool: ConnectionPool[psycopg.Connection[Record]], query: str, parameters: Parameters
) -> list[Record]:
    """As ``_asked``; a connection that was kept may have died with a server that is back by now."""
    try:
        return _asked(pool, query, parameters)
    except psycopg.OperationalError:
        pool.check()
        return _asked(pool, query, parameters)


def _with_patience(dsn: str) -> str:
    _parts(dsn)
    return make_conninfo(dsn, connect_timeout=_PATIENCE, application_name="depeche")


def _parts(dsn: str) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(dsn))
    except psycopg.ProgrammingError as exc:
        raise UsageError(
            Worded(
                "--engine {!r} is no address of a server ({}); write for instance "
                "--engine postgresql://user@host:5432/database",
                dsn,
                str(exc).strip(),
            )
        ) from exc
