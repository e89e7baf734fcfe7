"""Run saved searches and find the articles that the user has not seen."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from search.query.article_sets import ArticleSets
from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Hits
from search.user.saved_searches import SavedSearch, SavedSearches

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_NEWS_DEPTH = 100  # best articles among which unseen articles are new
_SEEN_DEPTH = 500  # best articles that are marked as seen: a move up among the first 100 is not news


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
        self.saved.save(msgspec.structs.replace(search, seen=self._ids(search, _SEEN_DEPTH)))

    def mark_seen(self, search: SavedSearch) -> None:
        """Mark every article that a saved search finds now as seen."""
        self.saved.mark_seen(search.name, self._ids(search, _SEEN_DEPTH))

    def count(self, search: SavedSearch) -> int:
        """Count the articles that a saved search finds and the user has not seen."""
        return len(self.new(search))

    def new(self, search: SavedSearch) -> set[str]:
        """The ids of these articles."""
        return self.saved.new(search.name, self._ids(search, _NEWS_DEPTH))

    def news(self, search: SavedSearch) -> Hits:
        """The articles that a saved search finds and the user has not seen, latest first."""
        result = self.engine.search(self._request(search, _NEWS_DEPTH))
        new = self.saved.new(search.name, [hit.article.id for hit in result.hits])
        hits = [hit for hit in result.hits if hit.article.id in new]
        hits.sort(key=lambda hit: hit.article.published, reverse=True)
        return replace(result, hits=tuple(hits), below=(), total=len(hits))

    def _request(self, search: SavedSearch, limit: int) -> Request:
        return Request(parse(search.query, self.today), search.mode, limit=limit, sets=self.sets)

    def _ids(self, search: SavedSearch, limit: int) -> tuple[str, ...]:
        return tuple(article_id for article_id, _ in self.engine.rank(self._request(search, limit)))
