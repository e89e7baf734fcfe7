"""How many articles were published when: by year, by month and by day."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from search.text.dates import DayRange, partial_date
from search.text.periods import TimeUnit, period_days

_JANUARY_1 = "YYYY-01-01"


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many articles have each date.

    The dates are ISO, as precise as known to the day, in order, each once; ``""`` is unknown.
    """

    dates: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        """All articles, those without a date too."""
        return sum(count for _, count in self.dates)

    @property
    def undated(self) -> int:
        """The articles without a date."""
        return sum(count for day, count in self.dates if not day)

    def imprecise(self, unit: TimeUnit) -> int:
        """The articles with a date that is less precise than this unit."""
        return sum(count for day, count in self.dates if 0 < len(day) < unit.precision)

    def counts(self, unit: TimeUnit) -> tuple[tuple[str, int], ...]:
        """How many articles each period has, in order, without those that have none.

        Only articles whose date is precise enough count.
        """
        counts: dict[str, int] = {}
        for day, count in self.dates:
            if len(day) >= unit.precision:
                period = day[: unit.precision]
                counts[period] = counts.get(period, 0) + count
        return tuple(counts.items())

    def within(self, days: DayRange) -> "Timeline":
        """The articles with a date all of which lies within these days."""
        first, last = str(days.first), str(days.last)
        start = bisect_left(self.dates, first[: len("2023")], key=_day_of)
        end = bisect_right(self.dates, last, key=_day_of)
        return Timeline(tuple(each for each in self.dates[start:end] if _lies_within(each[0], days)))

    def span(self, unit: TimeUnit) -> DayRange | None:
        """The days from the first period of an article to the last; None where no date is so precise."""
        first = next((day for day, _ in self.dates if len(day) >= unit.precision), "")
        last = next((day for day, _ in reversed(self.dates) if len(day) >= unit.precision), "")
        return period_days(first[: unit.precision], last[: unit.precision]) if first else None


def _day_of(counted: tuple[str, int]) -> str:
    return counted[0]


def _lies_within(day: str, days: DayRange) -> bool:
    first, last = str(days.first), str(days.last)
    end = last[: len(day)]
    begins = day + _JANUARY_1[len(day) :] >= first
    return begins and (day < end or (day == end and partial_date(day).last <= days.last))
