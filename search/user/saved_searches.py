"""What saved searches find that their user has not seen."""

from dataclasses import dataclass, replace
from datetime import date

import msgspec

from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.types import Hits
from search.user.state import SavedSearch, SavedSearches

_LOOKED_AT = 100  # articles of a saved search among which those not seen are new
_KNOWN = 500  # articles that count as seen: one that moves up among the first is no news


@dataclass(frozen=True, slots=True)
class SavedSearchRunner:
    """Asks saved searches of an engine; relative dates in them count from ``today``.

    Raises QueryError, EncoderUnavailable, and UsageError where the saved searches cannot be kept.
    """

    saved: SavedSearches
    engine: Engine
    today: date

    def save(self, search: SavedSearch) -> None:
        """Save a search, in place of the one of the same name; what it finds now is not new."""
        self.saved.save(msgspec.structs.replace(search, seen=self._ids(search, _KNOWN)))

    def mark_seen(self, search: SavedSearch) -> None:
        """Take all that a saved search finds now as seen."""
        self.saved.mark_seen(search.name, self._ids(search, _KNOWN))

    def count(self, search: SavedSearch) -> int:
        """How many articles a saved search finds that were not seen."""
        return len(self.saved.new(search.name, self._ids(search, _LOOKED_AT)))

    def news(self, search: SavedSearch) -> Hits:
        """The articles that a saved search finds and that were not seen, the latest first."""
        found = self.engine.search(self._request(search, _LOOKED_AT))
        new = self.saved.new(search.name, [item.article.id for item in found.hits])
        items = [item for item in found.hits if item.article.id in new]
        items.sort(key=lambda item: item.article.published, reverse=True)
        return replace(found, hits=tuple(items), below=(), total=len(items))

    def _request(self, search: SavedSearch, limit: int) -> Request:
        return Request(parse(search.query, self.today), search.mode, limit=limit)

    def _ids(self, search: SavedSearch, limit: int) -> tuple[str, ...]:
        return tuple(article_id for article_id, _ in self.engine.rank(self._request(search, limit)))
