"""Compares two queries over time. The caller chooses the thread."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from search.errors import QueryError, SearchError
from search.query.article_sets import KnownSets, no_sets
from search.query.filters import text_without_periods
from search.query.parser import parse
from search.query.value_pairs import QueryPair, text_without_facet, value_pairs
from search.retrieval.comparison import Comparison, compare
from search.retrieval.request import Request
from search.types import Facet, Mode

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_SOURCES = 4  # of which pairs are offered


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """Two queries as typed, of which one may be empty, and the mode that they are asked in."""

    first: str
    second: str
    mode: Mode

    @property
    def asked(self) -> tuple[str, ...]:
        """Those that are not empty."""
        return tuple(text for text in (self.first, self.second) if text.strip())

    def takes_up(self, text: str) -> bool:
        """Whether a query is one of these but for its dates."""
        today = date.today()
        try:
            return text_without_periods(parse(text, today), today) in self.asked
        except QueryError:
            return False


class Comparer:
    """Asks one engine; ``sets`` are those of the user, which a query may name."""

    def __init__(self, engine: "Engine", sets: KnownSets = no_sets) -> None:
        self._engine = engine
        self._sets = sets

    def error(self, text: str, mode: Mode) -> SearchError | None:
        """Why a query cannot be answered; None when it can be, or is empty."""
        try:
            if text.strip():
                self._engine.timeline(self._request(text, mode))
        except SearchError as error:
            return error
        return None

    def compare(self, texts: ComparedTexts) -> Comparison:
        """The answers to the queries that are not empty, at least one, over time; raises SearchError."""
        return compare(self._engine, [self._request(text, texts.mode) for text in texts.asked])

    def source_pairs(self, text: str, mode: Mode) -> tuple[QueryPair, ...]:
        """Pairs of the main sources of an answer, whichever of them it is limited to; raises SearchError."""
        today = date.today()
        query = parse(text, today)
        request = self._request(text_without_facet(query, Facet.SOURCE, today), mode)
        sources = [name for name, _ in self._engine.facets(request)[Facet.SOURCE] if name][:_SOURCES]
        return value_pairs(query, Facet.SOURCE, sources, today)

    def _request(self, text: str, mode: Mode) -> Request:
        return Request(parse(text, date.today()), mode, sets=self._sets())
