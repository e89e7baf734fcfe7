"""Loads the postings of terms from the shards; those that were asked for last are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.lru import LruCache
from search.postgres.connections import Servers
from search.postgres.lexicon import TermEntry, names_as_columns
from search.postgres.schema import checked_id
from search.postgres.wire_format import unpack_floats, unpack_ints
from search.protocols import Floats, Ints

_CACHED_NAMES = 1024
_NAMED = "FROM {id}.posting WHERE (field, term) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"
ARTICLES = f"SELECT field, term, number, articles, rows, keys, scores, ''::bytea, ''::bytea {_NAMED}"
"""Loads postings without rows."""
ARTICLES_AND_ROWS = f"SELECT field, term, number, articles, rows, keys, scores, in_rows, row_scores {_NAMED}"
"""Loads whole postings."""
Name = tuple[str, str]
"""Of a term in the lexicon: its field and its text as it is stored."""
_Key = tuple[Name, tuple[str, ...]]  # with the shards that do not answer


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents of a shard, ascending, and the score of each by a term, without the idf.

    Terms of fields that do not rank have no scores.
    """

    documents: Ints
    scores: Floats


@dataclass(frozen=True)
class TermPostings:
    """A term of one field: its entry in the lexicon, and its postings on each of the shards that answer."""

    entry: TermEntry
    in_articles: list[Postings]
    in_rows: list[Postings]

    @cached_property
    def articles(self) -> Ints:
        """The keys of the articles that have it, ascending."""
        return _ascending(self.in_articles)

    @cached_property
    def rows(self) -> Ints:
        """The rows that have it, ascending."""
        return _ascending(self.in_rows)


class StoredPostings:
    """The postings of one generation, loaded by one of the queries above; several threads may use it."""

    def __init__(self, servers: Servers, generation: str, query: str) -> None:
        self._servers = servers
        self._query = query.format(id=checked_id(generation))
        self._kept: LruCache[_Key, TermPostings | None] = LruCache(_CACHED_NAMES)

    def of(self, names: Iterable[Name]) -> dict[Name, TermPostings]:
        """The postings of those of these terms that exist; one query loads all that are not kept."""
        distinct, missing = list(dict.fromkeys(names)), self._servers.missing
        kept = self._kept.get_all([(name, missing) for name in distinct], self._load)
        if self._servers.missing != missing:  # a shard has failed in the meantime
            self._kept.clear()
        return {name: postings for name, postings in zip(distinct, kept, strict=True) if postings is not None}

    def _load(self, keys: Sequence[_Key]) -> list[TermPostings | None]:
        names = [name for name, _ in keys]
        loaded: dict[Name, TermPostings] = {}
        records = self._servers.query_shards(self._query, names_as_columns(names))
        for field, term, number, articles, rows, article_keys, scores, row_numbers, row_scores in records:
            empty = TermPostings(TermEntry(number, articles, rows), [], [])
            postings = loaded.setdefault((field, term), empty)
            postings.in_articles.append(Postings(unpack_ints(article_keys), unpack_floats(scores)))
            postings.in_rows.append(Postings(unpack_ints(row_numbers), unpack_floats(row_scores)))
        return [loaded.get(name) for name in names]


def _ascending(parts: Sequence[Postings]) -> Ints:
    return np.sort(np.concatenate([part.documents for part in parts]))
