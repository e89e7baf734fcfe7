"""The semantic leg: HNSW over half-precision vectors, in every shard."""

import math
from collections.abc import Sequence
from threading import Lock

import numpy as np

from search.postgres.connections import Servers
from search.postgres.encoding import told
from search.postgres.schema import checked
from search.postgres.wire_format import decimals, listed, numbers
from search.protocols import Floats, Ints, NearestRows

_KEPT = 16_384  # vectors that are remembered: a query compares those of its candidates again and again
_FEW = 500  # rows that are looked up one by one
_SMALL = 50_000  # rows of a shard that are all compared, under a filter, rather than those the graph leads to
_NEAREST = """
SELECT "row", -(meaning <#> %(query)s::halfvec) AS score FROM {id}.vector
ORDER BY meaning <#> %(query)s::halfvec LIMIT %(limit)s
"""
_NEAREST_AMONG = """
SELECT "row", -(meaning <#> %(query)s::halfvec) AS score FROM {id}.vector WHERE get_bit(%(mask)s, "row") = 1
ORDER BY meaning <#> %(query)s::halfvec LIMIT %(limit)s
"""
_BEST_OF = """
WITH among AS MATERIALIZED (SELECT "row", meaning FROM {id}.vector WHERE "row" = ANY (%(rows)s::int[]))
SELECT "row", -(meaning <#> %(query)s::halfvec) AS score FROM among ORDER BY score DESC LIMIT %(limit)s
"""
_BEST_AMONG = """
SELECT "row", -(meaning <#> %(query)s::halfvec) AS score FROM {id}.vector
WHERE get_bit(%(mask)s, "row") = 1 ORDER BY score DESC LIMIT %(limit)s
"""  # an order that no graph serves
_SENT = """
SELECT string_agg(int4send("row"), ''::bytea), string_agg(float4send(score::real), ''::bytea)
FROM ({best}) AS each
"""
_VECTORS = """
SELECT string_agg(int4send("row"), ''::bytea), string_agg(halfvec_send(meaning), ''::bytea)
FROM (SELECT "row", meaning FROM {id}.vector WHERE "row" = ANY (%s::int[])) AS each
"""
_MARGIN = 4  # deviations of a shard's share of the best that are asked for at once
_Scored = tuple[Ints, Floats]
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

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> NearestRows:
        """See ``protocols.VectorIndex.search``; the graph may miss some of the nearest."""
        wanted = min(limit, self.rows if rows is None else len(rows))
        if not wanted:
            return NearestRows(np.empty(0, np.int64), np.empty(0, np.float32))
        return NearestRows(*self._nearest(query, wanted, rows))

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

    def _nearest(self, query: Floats, wanted: int, rows: Ints | None) -> _Scored:
        """So many of the nearest; of few rows, or if the graph finds too few, of them all."""
        asked: dict[str, object] = {"query": told(query)}
        if rows is None:
            return self._best(_NEAREST, asked, wanted)
        if len(rows) > _FEW:
            small = self.rows <= _SMALL * len(self._servers.shards)
            among = _BEST_AMONG if small else _NEAREST_AMONG
            found = self._best(among, asked | {"mask": self._mask(rows)}, wanted)
            if len(found[0]) >= wanted:
                return found
        return self._best(_BEST_OF, asked | {"rows": listed(rows.tolist())}, wanted)

    def _mask(self, rows: Ints) -> bytes:
        chosen = np.zeros(self.rows, bool)
        chosen[rows] = True
        return np.packbits(chosen, bitorder="little").tobytes()

    def _best(self, query: str, asked: dict[str, object], wanted: int) -> _Scored:
        """The best of all shards: each is asked for its share and some more, then for all if need be."""
        share = wanted / len(self._servers.shards)
        limit = min(wanted, math.ceil(share + _MARGIN * math.sqrt(share)))
        by_shard = self._by_shard(query, asked | {"limit": limit})
        rows, scores = _merged(by_shard, wanted)
        least = scores[-1] if len(scores) == wanted else -math.inf
        if limit == wanted or all(len(own) < limit or own.min() <= least for _, own in by_shard):
            return rows, scores
        return _merged(self._by_shard(query, asked | {"limit": wanted}), wanted)

    def _by_shard(self, query: str, asked: dict[str, object]) -> list[_Scored]:
        sent = _SENT.format(best=query.format(id=self._id))
        return [(numbers(rows), decimals(scores)) for rows, scores in self._servers.ask_shards(sent, asked)]

    def _read(self, rows: Ints) -> Floats:
        """The vectors of these rows, in their order."""
        distinct, places = np.unique(rows, return_inverse=True)
        vectors = np.zeros((len(distinct), self.dimension), np.float32)
        for there, sent in self._servers.ask_shards(
            _VECTORS.format(id=self._id), (listed(distinct.tolist()),)
        ):
            if there is not None:
                halves = np.frombuffer(sent, ">f2").reshape(-1, _HEADER + self.dimension)
                vectors[np.searchsorted(distinct, numbers(there))] = halves[:, _HEADER:]
        found: Floats = vectors[places]
        return found


def _merged(by_shard: Sequence[_Scored], wanted: int) -> _Scored:
    """The best of these, the best first, equal scores by row."""
    rows = np.concatenate([np.empty(0, np.int64), *(rows for rows, _ in by_shard)])
    scores = np.concatenate([np.empty(0, np.float32), *(scores for _, scores in by_shard)])
    order = np.lexsort((rows, -scores))[:wanted]
    return rows[order], scores[order]
