"""What an archive holds: its period, months, sources and newest articles, and queries to begin with."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.protocols import ArticleStore
from search.retrieval.facets import FacetCounter
from search.types import Facet, Hit


@dataclass(frozen=True, slots=True)
class ArchiveCounts:
    """How many articles an archive has, copies included: in all, without a date, by month, and by source.

    ``first`` and ``last`` are the earliest and the latest ``Article.published``, ``""`` where no article has
    a date. ``months`` are in order; articles of which only the year is known are in none of them. ``sources``
    begin with the one of the most articles; articles without a source are in none.
    """

    articles: int
    undated: int
    first: str
    last: str
    months: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, store: ArticleStore, counter: FacetCounter) -> "ArchiveCounts":
        """The counts of all articles of a store."""
        published = store.published()
        dates = list(filter(None, published))
        everything = np.arange(len(published))
        return cls(
            articles=len(published),
            undated=len(published) - len(dates),
            first=min(dates, default=""),
            last=max(dates, default=""),
            months=_known(counter.counts(Facet.MONTH, everything)),
            sources=_known(counter.counts(Facet.SOURCE, everything)),
        )

    @property
    def busiest_month(self) -> str:
        """The month with the most articles, the latest of several; ``""`` when there is none."""
        return max(((count, month) for month, count in self.months), default=(0, ""))[1]

    @property
    def main_source(self) -> str:
        """The source with the most articles; ``""`` when no source is known."""
        return self.sources[0][0] if self.sources else ""


@dataclass(frozen=True, slots=True)
class Overview:
    """What to show of an archive before a question.

    ``newest`` are its newest articles as hits of a query without words, the newest first, each text once.
    ``examples`` are queries, as text, that find something in it. ``missing`` says in words what of the
    archive could not be read now, and so is not counted.
    """

    counts: ArchiveCounts
    newest: tuple[Hit, ...]
    examples: tuple[str, ...]
    missing: tuple[str, ...] = ()


def _known(counts: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple((value, count) for value, count in counts if value)
