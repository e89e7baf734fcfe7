"""The years of an archive: which year each article is of, and which year is its last."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.protocols import Ints

_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_NOT_LATER = 0.999  # of the dated articles are not later than the last year: some are dated by mistake
_UNKNOWN = 0


def year_in(text: str) -> int | None:
    """The year that a word is; None when it is none."""
    return int(text) if _YEAR.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class ArticleYears:
    """``published`` is the year by article key, 0 where it is unknown; ``last`` is None where all are."""

    published: Ints
    last: int | None

    @classmethod
    def of(cls, published: Sequence[str]) -> "ArticleYears":
        """From the dates of the articles by key, as ``Article.published``."""
        years = np.array([year_in(date[:4]) or _UNKNOWN for date in published], np.int64)
        known = years[years != _UNKNOWN]
        return cls(years, int(np.quantile(known, _NOT_LATER, method="higher")) if len(known) else None)

    def is_later(self, year: int | None) -> bool:
        """Whether a year lies after the last year of the archive."""
        return year is not None and self.last is not None and year > self.last


NO_YEARS = ArticleYears.of(())
"""For a query without a year."""
