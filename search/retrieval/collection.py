"""What counting needs of the collection that an engine answers from."""

from collections.abc import Iterator
from dataclasses import dataclass

from search.protocols import ArticleStore, Ints, KeywordIndex
from search.retrieval.facets import FacetCounter
from search.retrieval.rescoring import RankedArticle
from search.retrieval.timeline_counter import TimelineCounter


@dataclass(frozen=True, slots=True)
class Collection:
    """The articles and words of one generation, and what counts the articles by date and by value."""

    store: ArticleStore
    keyword: KeywordIndex
    counter: FacetCounter
    timelines: TimelineCounter

    @classmethod
    def of(cls, store: ArticleStore, keyword: KeywordIndex) -> "Collection":
        """A collection of which nothing is counted yet."""
        return cls(store, keyword, FacetCounter(store), TimelineCounter(store))


@dataclass(frozen=True, slots=True)
class Results:
    """The keys of all results of a request, ascending; ``degraded`` says in words what is missing.

    A group of copies that answer alike is there once, as the article that stands for it, unless all copies
    are asked for. ``pages`` give the same articles once in the order asked for; they are ranked when taken.
    """

    keys: Ints
    pages: Iterator[tuple[RankedArticle, ...]]
    degraded: tuple[str, ...] = ()

    def in_order(self) -> Iterator[int]:
        """The keys in the order asked for; once."""
        return (article.key for page in self.pages for article in page)
