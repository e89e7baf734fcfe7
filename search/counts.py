"""The front door's code that counts the answers of an open index: ``Index.counts``."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypedDict, Unpack

from search.arguments import choice, count, date_text, values
from search.config import Settings
from search.counting.concordance import (
    ConcordanceLine,
    ConcordanceOrder,
    Context,
    ContextUnit,
    concordance,
)
from search.counting.cooccurrence import Cooccurrents, cooccurrents
from search.counting.keyness import Terms, terms
from search.counting.periods import PeriodLength
from search.counting.trends import Bounds, Trends, trends
from search.query import options
from search.query.article_sets import ArticleSets
from search.query.ast import FieldName, Node, Query
from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Copies, Mode

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_NOTHING_ASKED = Query("", (), None, "")


class Filters(TypedDict, total=False):
    """Which articles are counted, as ``Index.search`` takes it.

    ``since`` and ``before`` are dates; the names of ``source``, ``section``, ``author``, ``place``,
    ``keyword`` and ``page`` are one or several; ``mode`` and ``copies`` are those of the search.
    """

    since: str | date | None
    before: str | date | None
    source: str | Sequence[str]
    section: str | Sequence[str]
    author: str | Sequence[str]
    place: str | Sequence[str]
    keyword: str | Sequence[str]
    page: str | Sequence[str]
    mode: str | None
    copies: str


class Counts:
    """Counts the answers of one index; every method takes ``Filters``, and counts all results.

    Each raises QueryError for a query that cannot be understood, UsageError for another argument,
    EncoderUnavailable.
    """

    def __init__(self, engine: "Engine", settings: Settings, sets: Callable[[], ArticleSets]) -> None:
        """Use ``Index.counts`` instead."""
        self._engine = engine
        self._settings = settings
        self._sets = sets

    def trends(
        self, *queries: str, by: str = "month", by_source: bool = False, **filters: Unpack[Filters]
    ) -> Trends:
        """How many articles each query has in every day, week (ISO), month or year, and of how many.

        Periods without articles are there too, between ``since`` and ``before`` where these are given, else
        between the first article of an answer and the last. With ``by_source``, each query has a series for
        each source. The articles that are compared with are those of the archive that meet the filters.
        """
        length = choice(PeriodLength, "by", by)
        nodes = _nodes(filters)
        requests = [self._request(query, filters, nodes) for query in queries]
        archive = self._request("", filters, nodes)
        return trends(self._engine, requests, archive, length, bounds_of(filters), by_source=by_source)

    def concordance(
        self,
        query: str,
        *,
        sort: str = "relevance",
        context: int = 60,
        unit: str = "characters",
        **filters: Unpack[Filters],
    ) -> Iterator[ConcordanceLine]:
        """Every occurrence of the words, phrases and patterns of a query in the articles of its answer.

        ``context`` is how much is given on each side, in ``characters`` or ``words``. ``sort`` is
        ``relevance``, ``date`` (newest first), ``oldest``, ``source``, ``keyword``, ``left`` or ``right``.
        Lines by relevance and date are made while they are taken.
        """
        order = choice(ConcordanceOrder, "sort", sort)
        size = Context(count("context", context), choice(ContextUnit, "unit", unit))
        return concordance(self._engine, self._request(query, filters, _nodes(filters)), order, size)

    def terms(
        self, query: str, against: str = "", *, limit: int = 50, minimum: int = 3, **filters: Unpack[Filters]
    ) -> Terms:
        """The words that more articles of an answer hold than of the archive, or of the answer ``against``.

        At most ``limit`` words that at least ``minimum`` articles of the answer hold, the surest first. The
        filters choose the articles of the query, and those of ``against`` where it is given.
        """
        request = self._request(query, filters, _nodes(filters))
        other = self._request(against, filters, _nodes(filters) if against.strip() else [])
        return terms(self._engine, request, other, count("limit", limit), count("minimum", minimum))

    def cooccurrents(
        self, query: str, *, window: int = 5, limit: int = 50, minimum: int = 3, **filters: Unpack[Filters]
    ) -> Cooccurrents:
        """The words that occur near the words of a query more often than chance explains, the surest first.

        Near is within ``window`` words on either side, or in the same sentence for 0.
        """
        request = self._request(query, filters, _nodes(filters))
        sizes = count("window", window), count("limit", limit), count("minimum", minimum)
        return cooccurrents(self._engine, request, *sizes)

    def _request(self, query: str, filters: Filters, nodes: Sequence[Node]) -> Request:
        parsed = parse(query, date.today()) if query.strip() else _NOTHING_ASKED
        return Request(
            options.restrict(parsed, *nodes),
            mode=choice(Mode, "mode", filters.get("mode") or self._settings.mode),
            fusion=self._settings.fusion,
            copies=choice(Copies, "copies", filters.get("copies", Copies.FOLDED.value)),
            sets=self._sets(),
        )


def bounds_of(filters: Filters) -> Bounds:
    """What periods are listed for, as far as the dates of the filters say; raises UsageError."""
    since, before, today = date_text(filters.get("since")), date_text(filters.get("before")), date.today()
    first = options.since(since, today).first if since else None
    last = options.before(before, today).last if before else None
    return Bounds(first, last)


def _nodes(filters: Filters) -> list[Node]:
    given = {
        FieldName.SOURCE: filters.get("source", ()),
        FieldName.SECTION: filters.get("section", ()),
        FieldName.AUTHOR: filters.get("author", ()),
        FieldName.PAGE: filters.get("page", ()),
        FieldName.PLACE: filters.get("place", ()),
        FieldName.KEYWORD: filters.get("keyword", ()),
    }
    names = {field: values(each) for field, each in given.items()}
    dates = date_text(filters.get("since")), date_text(filters.get("before"))
    return options.option_filters(*dates, names, date.today())
