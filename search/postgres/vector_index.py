"""Finds the nearest vectors on the servers; every shard has an HNSW graph over half-precision vectors."""

import math
from collections.abc import Sequence
from threading import Lock

import numpy as np

from search.postgres.connections import Servers
from search.postgres.encoding import halfvec
from search.postgres.schema import checked_id
from search.postgres.wire_format import int_array, unpack_floats, unpack_ints
from search.protocols import Bools, Floats, Ints, NearestRows

_CACHED_VECTORS = 16_384  # a query needs the vectors of its candidates several times
_FEW_ROWS = 500  # these are compared one by one
_SMALL_SHARD = 50_000  # rows; under a filter a smaller shard compares all rows and does not use the graph
_NEAREST = """
SELECT "row", -(meaning <#> %(query)s::halfvec) AS score FROM {id}.vector
ORDER BY meaning <#> %(query)s::halfvec LIMIT %(limit)s
"""
_NEAREST_AMONG = """
SELECT "row", -(meaning <#> %(query)s::halfvec) AS score FROM {id}.vector WHERE get_bit(%(mask)s, "row") = 1
ORDER BY meaning <#> %(query)s::halfvec LIMIT %(limit)s
"""
_NEAREST_OF_FEW = """
WITH among AS MATERIALIZED (SELECT "row", meaning FROM {id}.vector WHERE "row" = ANY (%(rows)s::int[]))
SELECT "row", -(meaning <#> %(query)s::halfvec) AS score FROM among ORDER BY score DESC LIMIT %(limit)s
"""
_NEAREST_AMONG_ALL = """
SELECT "row", -(meaning <#> %(query)s::halfvec) AS score FROM {id}.vector
WHERE get_bit(%(mask)s, "row") = 1 ORDER BY score DESC LIMIT %(limit)s
"""  # the graph cannot be used for this order
_PACKED = """
SELECT string_agg(int4send("row"), ''::bytea), string_agg(float4send(score::real), ''::bytea)
FROM ({nearest}) AS each
"""
_VECTORS = """
SELECT string_agg(int4send("row"), ''::bytea), string_agg(halfvec_send(meaning), ''::bytea)
FROM (SELECT "row", meaning FROM {id}.vector WHERE "row" = ANY (%s::int[])) AS each
"""
_MARGIN = 4  # standard deviations of a shard's share of the best rows
_ScoredRows = tuple[Ints, Floats]
_HEADER = 2  # 16-bit words before the numbers of a halfvec: its dimension, and an unused one


class PostgresVectorIndex:
    """Implements ``protocols.VectorIndex`` over the shards; several threads may use it.

    A row of a shard that does not answer has a vector of zeros.
    """

    def __init__(self, servers: Servers, generation: str, rows: int, dimension: int) -> None:
        self.rows, self.dimension = rows, dimension
        self.encoded: Bools = np.broadcast_to(np.True_, rows)
        self._servers = servers
        self._id = checked_id(generation)
        self._cache = np.empty((_CACHED_VECTORS, dimension), np.float32)
        self._cache_index = np.full(rows, -1, np.int32)  # by row; -1 if it is not cached
        self._cached = 0
        self._cache_lock = Lock()

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> NearestRows:
        """See ``protocols.VectorIndex.search``; the graph may miss some of the nearest rows."""
        count = min(limit, self.rows if rows is None else len(rows))
        if not count:
            return NearestRows(np.empty(0, np.int64), np.empty(0, np.float32))
        return NearestRows(*self._nearest(query, count, rows))

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.similarity``."""
        scores: Floats = self.of_rows(rows) @ query
        return scores

    def of_rows(self, rows: Ints) -> Floats:
        """See ``protocols.VectorIndex.of_rows``."""
        if len(rows) > _CACHED_VECTORS or self._servers.missing:
            return self._load(rows)
        with self._cache_lock:
            new = np.unique(rows[self._cache_index[rows] < 0])
            if self._cached + len(new) > _CACHED_VECTORS:
                self._cache_index[:], self._cached, new = -1, 0, np.unique(rows)
            if len(new):
                self._add_to_cache(new)
            vectors: Floats = self._cache[self._cache_index[rows]]
        return vectors

    def _add_to_cache(self, rows: Ints) -> None:
        end = self._cached + len(rows)
        self._cache[self._cached : end] = self._load(rows)
        self._cache_index[rows] = np.arange(self._cached, end)
        self._cached = end

    def _nearest(self, query: Floats, count: int, rows: Ints | None) -> _ScoredRows:
        """The nearest ``count`` rows; compares all of ``rows`` if they are few or the graph finds too few."""
        parameters: dict[str, object] = {"query": halfvec(query)}
        if rows is None:
            return self._best_of_shards(_NEAREST, parameters, count)
        if len(rows) > _FEW_ROWS:
            small = self.rows <= _SMALL_SHARD * len(self._servers.shards)
            among = _NEAREST_AMONG_ALL if small else _NEAREST_AMONG
            nearest = self._best_of_shards(among, parameters | {"mask": self._mask(rows)}, count)
            if len(nearest[0]) >= count:
                return nearest
        return self._best_of_shards(_NEAREST_OF_FEW, parameters | {"rows": int_array(rows.tolist())}, count)

    def _mask(self, rows: Ints) -> bytes:
        mask = np.zeros(self.rows, bool)
        mask[rows] = True
        return np.packbits(mask, bitorder="little").tobytes()

    def _best_of_shards(self, query: str, parameters: dict[str, object], count: int) -> _ScoredRows:
        """The best ``count`` rows of all shards.

        Each shard first gives its share and some more. If this may not be enough, each gives ``count``.
        """
        share = count / len(self._servers.shards)
        limit = min(count, math.ceil(share + _MARGIN * math.sqrt(share)))
        by_shard = self._by_shard(query, parameters | {"limit": limit})
        rows, scores = _merge(by_shard, count)
        least = scores[-1] if len(scores) == count else -math.inf
        if limit == count or all(len(own) < limit or own.min() <= least for _, own in by_shard):
            return rows, scores
        return _merge(self._by_shard(query, parameters | {"limit": count}), count)

    def _by_shard(self, query: str, parameters: dict[str, object]) -> list[_ScoredRows]:
        packed = _PACKED.format(nearest=query.format(id=self._id))
        records = self._servers.query_shards(packed, parameters)
        return [(unpack_ints(rows), unpack_floats(scores)) for rows, scores in records]

    def _load(self, rows: Ints) -> Floats:
        """The vectors of these rows, in their order, from the servers."""
        distinct, indexes = np.unique(rows, return_inverse=True)
        vectors = np.zeros((len(distinct), self.dimension), np.float32)
        query = _VECTORS.format(id=self._id)
        for shard_rows, packed in self._servers.query_shards(query, (int_array(distinct.tolist()),)):
            if shard_rows is not None:
                halves = np.frombuffer(packed, ">f2").reshape(-1, _HEADER + self.dimension)
                vectors[np.searchsorted(distinct, unpack_ints(shard_rows))] = halves[:, _HEADER:]
        ordered: Floats = vectors[indexes]
        return ordered


def _merge(by_shard: Sequence[_ScoredRows], count: int) -> _ScoredRows:
    """The best ``count`` of all these rows, the best first, equal scores by row."""
    rows = np.concatenate([np.empty(0, np.int64), *(rows for rows, _ in by_shard)])
    scores = np.concatenate([np.empty(0, np.float32), *(scores for _, scores in by_shard)])
    order = np.lexsort((rows, -scores))[:count]
    return rows[order], scores[order]
