"""Checks of the stream of all hits, for any engine: it is what pages give one after another."""

from dataclasses import replace
from itertools import chain, count, takewhile

from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.types import Hit, Sort


def paged(engine: Engine, request: Request, size: int) -> list[Hit]:
    """The hits of all pages of a search, by offset and limit."""
    pages = (engine.search(replace(request, offset=start, limit=size)).hits for start in count(0, size))
    return list(chain.from_iterable(takewhile(bool, pages)))


def check_all_hits(engine: Engine, request: Request, size: int) -> None:
    """The stream has the hits of all pages, and knows their number beforehand."""
    stream = engine.all_hits(replace(request, limit=3, offset=1))
    expected = paged(engine, request, size)
    assert len(stream) == stream.total == len(expected)
    hits = list(stream)
    if request.sort is not Sort.RELEVANCE:  # ranks within a leg count the others of a page
        hits, expected = map(_without_contributions, (hits, expected))
    assert hits == expected


def _without_contributions(hits: list[Hit]) -> list[Hit]:
    return [replace(hit, contributions=()) for hit in hits]
