"""Every operation, with its parameters: what the HTTP API and the tools for assistants offer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from search.operations.answer import Answer
from search.operations.archive import status
from search.operations.articles import show, similar
from search.operations.documents import (
    ArticleDocument,
    FacetsDocument,
    FindDocument,
    HitsDocument,
    StatusDocument,
    TimelineDocument,
)
from search.operations.finding import facets, find, timeline
from search.operations.parameters import (
    FacetsParameters,
    FindParameters,
    ShowParameters,
    SimilarParameters,
    StatusParameters,
    TimelineParameters,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """A question to an index: ``ask`` takes an Index and parameters of the type ``parameters``.

    It raises SearchError. ``summary`` says in a line what it gives; the docstring of ``parameters`` and
    their descriptions say the rest. ``document`` is the type of the answer's JSON object.
    """

    name: str
    summary: str
    parameters: type[Struct]
    ask: Callable[[Any, Any], Answer]
    document: type


OPERATIONS = (
    Operation(
        "find",
        "Search the archive: the results of a query, the best first.",
        FindParameters,
        find,
        FindDocument,
    ),
    Operation("show", "One article, with its text or a range of it.", ShowParameters, show, ArticleDocument),
    Operation(
        "similar", "The articles nearest in meaning to an article.", SimilarParameters, similar, HitsDocument
    ),
    Operation(
        "facets", "Count all results by the values of each facet.", FacetsParameters, facets, FacetsDocument
    ),
    Operation(
        "timeline", "Count all results by day, month or year.", TimelineParameters, timeline, TimelineDocument
    ),
    Operation("status", "What the index holds.", StatusParameters, status, StatusDocument),
)
