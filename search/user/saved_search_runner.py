"""Run saved searches and find the articles that the user has not seen."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from search.query.article_sets import ArticleSets
from search.query.parser import parse
from search.retrieval.relevance import LINE, RelevanceThreshold
from search.retrieval.request import Request
from search.types import Hits
from search.user.saved_searches import SavedSearch, SavedSearches

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_EVERY = 2**31
# Versions before 0.2 remembered the best 500 articles of a search: what is beyond them is not new either.
_FORMER_DEPTH = 100


@dataclass(frozen=True, slots=True)
class SavedSearchRunner:
    """Runs saved searches in an engine; relative dates in them count from ``today``.

    ``sets`` are those that the searches may name. Methods raise QueryError, EncoderUnavailable, and
    UsageError where the file cannot be written.
    """

    saved: SavedSearches
    engine: "Engine"
    today: date
    sets: ArticleSets | None = None

    def save(self, search: SavedSearch) -> None:
        """Save a search; it replaces the one of the same name. Its current articles count as seen."""
        self.saved.save(msgspec.structs.replace(search, seen=self._found(search), complete=True))

    def mark_seen(self, search: SavedSearch) -> None:
        """Mark every article that a saved search finds now as seen, however sure it is."""
        self.saved.mark_seen(search.name, self._found(search))

    def count(self, search: SavedSearch) -> int:
        """Count the articles that a saved search finds and the user has not seen."""
        return len(self.new(search))

    def new(self, search: SavedSearch, minimum: float = LINE) -> set[str]:
        """The ids of these articles: all that have this confidence at least."""
        ranked = self.engine.rank(self._request(search, minimum, _depth(search)))
        return self.saved.new(search.name, [article_id for article_id, _ in ranked])

    def news(self, search: SavedSearch, minimum: float = LINE) -> Hits:
        """The articles of ``new`` as hits, latest first."""
        new = self.new(search, minimum)
        stream = self.engine.all_hits(self._request(search, minimum, _EVERY))
        hits = [hit for hit in stream if hit.article.id in new] if new else []
        hits.sort(key=lambda hit: hit.article.published, reverse=True)
        return replace(stream.answer, hits=tuple(hits), below=(), total=len(hits))

    def _request(self, search: SavedSearch, minimum: float, limit: int) -> Request:
        threshold = RelevanceThreshold(minimum=minimum)
        query = parse(search.query, self.today)
        return Request(query, search.mode, limit=limit, threshold=threshold, sets=self.sets)

    def _found(self, search: SavedSearch) -> tuple[str, ...]:
        """All that a search finds: what becomes surer later, or is asked with less, is not new."""
        return tuple(article_id for article_id, _ in self.engine.rank(self._request(search, 0.0, _EVERY)))


def _depth(search: SavedSearch) -> int:
    """How many of the best articles may be new."""
    return _EVERY if search.complete else _FORMER_DEPTH
