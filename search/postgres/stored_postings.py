"""Loads the postings of terms from the shards; those that were asked for last are kept."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from search.postgres.connections import Servers
from search.postgres.lexicon import TermEntry, names_as_columns
from search.postgres.schema import checked_id
from search.postgres.wire_format import unpack_floats, unpack_ints
from search.protocols import Floats, Ints

_CACHED_NAMES = 1024
_POSTINGS = """
SELECT field, term, number, articles, rows, keys, scores, in_rows, row_scores FROM {id}.posting
WHERE (field, term) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
Name = tuple[str, str]
"""Of a term in the lexicon: its field and its text as it is stored."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents, ascending, and the score of each by a term, without the idf; no scores in other fields."""

    documents: Ints
    scores: Floats

    @classmethod
    def joined(cls, parts: Sequence["Postings"]) -> "Postings":
        """Of several shards, which have different documents."""
        documents = np.concatenate([part.documents for part in parts])
        scores = np.concatenate([part.scores for part in parts])
        order = np.argsort(documents)
        return cls(documents[order], scores[order] if len(scores) else scores)


@dataclass(frozen=True, slots=True)
class TermPostings:
    """A term of one field: its entry in the lexicon, and its postings on all shards that answer."""

    entry: TermEntry
    articles: Postings
    rows: Postings


class StoredPostings:
    """The postings of one generation; several threads may use it."""

    def __init__(self, servers: Servers, generation: str) -> None:
        self._servers = servers
        self._id = checked_id(generation)
        self._kept: OrderedDict[tuple[Name, tuple[str, ...]], TermPostings | None] = OrderedDict()
        self._lock = Lock()

    def of(self, names: Iterable[Name]) -> dict[Name, TermPostings]:
        """The postings of those of these terms that exist; one query loads all that are not kept."""
        distinct, missing = list(dict.fromkeys(names)), self._servers.missing
        with self._lock:
            found = {name: self._kept[name, missing] for name in distinct if (name, missing) in self._kept}
        if new := [name for name in distinct if name not in found]:
            loaded = self._load(new)
            found |= {name: loaded.get(name) for name in new}
        if self._servers.missing == missing:
            self._keep({name: found[name] for name in distinct}, missing)
        return {name: postings for name in distinct if (postings := found[name]) is not None}

    def _keep(self, found: dict[Name, TermPostings | None], missing: tuple[str, ...]) -> None:
        with self._lock:
            for name, postings in found.items():
                self._kept[name, missing] = postings
                self._kept.move_to_end((name, missing))
            while len(self._kept) > _CACHED_NAMES:
                self._kept.popitem(last=False)

    def _load(self, names: Sequence[Name]) -> dict[Name, TermPostings]:
        entries: dict[Name, TermEntry] = {}
        articles, rows = defaultdict[Name, list[Postings]](list), defaultdict[Name, list[Postings]](list)
        records = self._servers.query_shards(_POSTINGS.format(id=self._id), names_as_columns(names))
        for field, term, number, in_articles, in_rows, keys, scores, row_numbers, row_scores in records:
            entries[field, term] = TermEntry(number, in_articles, in_rows)
            articles[field, term].append(Postings(unpack_ints(keys), unpack_floats(scores)))
            rows[field, term].append(Postings(unpack_ints(row_numbers), unpack_floats(row_scores)))
        return {
            name: TermPostings(entry, Postings.joined(articles[name]), Postings.joined(rows[name]))
            for name, entry in entries.items()
        }
