"""What an archive holds: its period, months, sources and newest articles, and queries to begin with."""

from dataclasses import dataclass

from search.retrieval.timeline import Timeline
from search.text.periods import TimeUnit
from search.types import Hit


@dataclass(frozen=True, slots=True)
class ArchiveCounts:
    """How many articles of an archive, copies included, have each date and each source.

    ``sources`` begin with the one of the most articles; articles without a source are in none.
    """

    timeline: Timeline
    sources: tuple[tuple[str, int], ...]

    @property
    def first(self) -> str:
        """The earliest date, as precise as it is known; ``""`` where no article has one."""
        return next((day for day, _ in self.timeline.dates if day), "")

    @property
    def last(self) -> str:
        """The latest date."""
        return self.timeline.dates[-1][0] if self.timeline.dates else ""

    @property
    def busiest_month(self) -> str:
        """The month with the most articles, the latest of several; ``""`` where no month is known."""
        months = self.timeline.counts(TimeUnit.MONTH)
        return max(((count, month) for month, count in months), default=(0, ""))[1]

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
