"""What the pages ask of an open index: no page searches by itself."""

from dataclasses import replace
from datetime import date

from search.errors import EncoderUnavailable, IndexProblem
from search.index import Index
from search.query.filters import without_periods
from search.query.parser import parse
from search.retrieval.advice import advice
from search.retrieval.engine import Engine
from search.retrieval.pinpointing import search_pinpointed
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.types import Hit
from search.web.pages.answer import Answer
from search.web.pages.state import PAGE_SIZE, SearchState

_SIMILAR = 6


def request_of(index: Index, state: SearchState) -> Request:
    """What a search asks of the engine; raises QueryError for a query with a mistake."""
    settings = index.settings
    return Request(
        parse(state.query, date.today()),
        state.mode,
        state.sort,
        limit=PAGE_SIZE,
        offset=state.offset,
        fusion=settings.fusion,
        rescoring=settings.rescoring,
        copies=state.copies,
        sets=index.article_sets(),
    )


def answer_to(index: Index, state: SearchState) -> Answer:
    """The answer to a search, with the counts and the advice beside it; raises SearchError."""
    request, engine = request_of(index, state), index.engine
    hits = search_pinpointed(engine, request)
    counts = engine.disjunctive_facets(request)
    return Answer(request.query, hits, counts, _timeline(engine, request), advice(engine, request, hits))


def hits_around(index: Index, request: Request, place: int | None) -> tuple[tuple[Hit, ...], int, int]:
    """The hits around a place of an answer, the place of the first, and how many there are in all."""
    if place is None:
        return (), 0, 0
    first = max(0, place - 1)
    hits = index.engine.search(replace(request, offset=first, limit=3))
    return hits.hits, first, hits.total


def similar_to(index: Index, article_id: str) -> tuple[tuple[Hit, ...], str]:
    """The articles nearest in meaning to one; where meaning cannot be asked none, and the reason."""
    try:
        return index.engine.similar(article_id, _SIMILAR).hits, ""
    except (EncoderUnavailable, IndexProblem) as error:
        return (), error.message


def _timeline(engine: Engine, request: Request) -> Timeline:
    """The dates of all results, of whatever days the query asks for."""
    if not request.query.words and request.query.constraint is None:
        return Timeline()
    return engine.timeline(replace(request, query=without_periods(request.query)))
