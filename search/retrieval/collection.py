"""What counting needs of the collection that an engine answers from."""

from dataclasses import dataclass

from search.protocols import ArticleStore, Ints, KeywordIndex
from search.retrieval.facets import FacetCounter
from search.retrieval.timeline_counter import TimelineCounter


@dataclass(frozen=True, slots=True)
class Collection:
    """The articles and words of one generation, and what counts the articles by date and by value."""

    store: ArticleStore
    keyword: KeywordIndex
    counter: FacetCounter
    timelines: TimelineCounter


@dataclass(frozen=True, slots=True)
class Results:
    """The keys of all results of a request, ascending; ``degraded`` says in words what is missing.

    A group of copies that answer alike is there once, as the article that stands for it, unless all copies
    are asked for.
    """

    keys: Ints
    degraded: tuple[str, ...] = ()
