"""The semantic leg: HNSW over half-precision vectors, in every shard."""

from threading import Lock

import numpy as np

from search.model import Hit
from search.postgres.encoding import told
from search.postgres.schema import checked
from search.postgres.servers import Record, Servers
from search.protocols import Floats, Ints

_KEPT = 16_384  # vectors that are remembered: a query compares those of its candidates again and again
_FEW = 20_000  # rows that are compared one by one rather than through the graph
_NEAREST = """
SELECT "row", -(meaning <#> %(query)s::halfvec) FROM {id}.vector
ORDER BY meaning <#> %(query)s::halfvec LIMIT %(limit)s
"""
_NEAREST_AMONG = """
SELECT "row", -(meaning <#> %(query)s::halfvec) FROM {id}.vector WHERE get_bit(%(mask)s, "row") = 1
ORDER BY meaning <#> %(query)s::halfvec LIMIT %(limit)s
"""
_BEST_OF_ALL = """
WITH among AS MATERIALIZED (SELECT "row", meaning FROM {id}.vector WHERE "row" = ANY (%(rows)s))
SELECT "row", -(meaning <#> %(query)s::halfvec) AS score FROM among ORDER BY score DESC LIMIT %(limit)s
"""
_VECTORS = """
SELECT array_agg("row"), string_agg(halfvec_send(meaning), ''::bytea)
FROM (SELECT "row", meaning FROM {id}.vector WHERE "row" = ANY (%s)) AS each
"""
_HEADER = 2  # half words before the numbers of a halfvec: its dimension, and an unused one


class PostgresVectors:
    """Implements ``protocols.VectorIndex`` over the shards; may be used from several threads.

    A row whose shard does not answer has a vector of zeros.
    """

    def __init__(self, servers: Servers, generation: str, rows: int, dimension: int) -> None:
        self.rows, self.dimension = rows, dimension
        self._servers = servers
        self._id = checked(generation)
        self._kept = np.empty((_KEPT, dimension), np.float32)
        self._places = np.full(rows, -1, np.int32)
        self._used = 0
        self._one_at_a_time = Lock()

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> list[Hit]:
        """See ``protocols.VectorIndex.search``; the graph may miss some of the nearest."""
        wanted = min(limit, self.rows if rows is None else len(rows))
        if not wanted:
            return []
        found = self._nearest(query, wanted, rows)
        best = sorted((-score, row) for row, score in found)[:wanted]
        return [Hit(row, rank, -score) for rank, (score, row) in enumerate(best, start=1)]

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.similarity``."""
        found: Floats = self.of_rows(rows) @ query
        return found

    def of_rows(self, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.of_rows``."""
        if len(rows) > _KEPT or self._servers.missing:
            return self._read(rows)
        with self._one_at_a_time:
            new = np.unique(rows[self._places[rows] < 0])
            if self._used + len(new) > _KEPT:
                self._places[:], self._used, new = -1, 0, np.unique(rows)
            if len(new):
                self._keep(new)
            found: Floats = self._kept[self._places[rows]]
        return found

    def _keep(self, rows: Ints) -> None:
        end = self._used + len(rows)
        self._kept[self._used : end] = self._read(rows)
        self._places[rows] = np.arange(self._used, end)
        self._used = end

    def _nearest(self, query: Floats, wanted: int, rows: Ints | None) -> list[Record]:
        """So many of the nearest of every shard; of few rows, or if the graph finds too few, of them all."""
        asked: dict[str, object] = {"query": told(query), "limit": wanted}
        if rows is None:
            return self._asked(_NEAREST, asked)
        if len(rows) > _FEW:
            chosen = np.zeros(self.rows, bool)
            chosen[rows] = True
            mask = np.packbits(chosen, bitorder="little").tobytes()
            found = self._asked(_NEAREST_AMONG, asked | {"mask": mask})
            if len(found) >= wanted:
                return found
        return self._asked(_BEST_OF_ALL, asked | {"rows": rows.tolist()})

    def _asked(self, query: str, asked: dict[str, object]) -> list[Record]:
        return self._servers.ask_shards(query.format(id=self._id), asked)

    def _read(self, rows: Ints) -> Floats:
        """The vectors of these rows, in their order."""
        distinct, places = np.unique(rows, return_inverse=True)
        vectors = np.zeros((len(distinct), self.dimension), np.float32)
        for there, sent in self._servers.ask_shards(_VECTORS.format(id=self._id), (distinct.tolist(),)):
            if there:
                halves = np.frombuffer(sent, ">f2").reshape(len(there), _HEADER + self.dimension)
                vectors[np.searchsorted(distinct, there)] = halves[:, _HEADER:]
        found: Floats = vectors[places]
        return found
