"""The terms of a query as typed, and what articles lack of them: names, numbers and years."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.protocols import Bools, Floats, Ints, TermMatches
from search.query.ast import RankingWord
from search.query.printer import leaf_text
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import Doubles
from search.retrieval.years import ArticleYears, year_in


def matches(terms: Sequence[TermMatches], keys: Ints) -> Bools:
    """Which terms these articles hold, shape ``(terms, keys)``."""
    return np.array([term.articles[keys] for term in terms], bool).reshape(len(terms), len(keys))


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The terms of a query with their matches; ``names`` tells which are names or numbers.

    A name is a term with a digit, or with a capital unless it begins the query or all terms are in capitals.
    ``years`` are those of the archive.
    """

    terms: tuple[TermMatches, ...]
    names: Bools
    years: ArticleYears

    @classmethod
    def of(
        cls, query: Sequence[RankingWord], terms: Sequence[TermMatches], years: ArticleYears
    ) -> "QueryTerms":
        """From the words as typed and the terms that count."""
        all_capitals = all(term.text == term.text.upper() for term in terms)
        begins = leaf_text(query[0].leaf) if query else ""
        capital = [term.text[:1].isupper() and not all_capitals for term in terms]
        if terms and begins.startswith(terms[0].text):
            capital[0] = False
        number = [any(map(str.isdigit, term.text)) for term in terms]
        return cls(tuple(terms), np.array(capital, bool) | np.array(number, bool), years)

    def missing(self, keys: Ints) -> Floats:
        """The share of the idf mass of the names that each of these articles lacks.

        An article of a year holds that year, whether it names it or not.
        """
        lacked = ~matches(self.terms, keys) & self.names[:, np.newaxis]
        for place, year in enumerate(self._years_of_terms()):
            if year is not None:
                lacked[place] &= self.years.published[keys] != year
        share: Floats = self._shares() @ lacked.astype(np.float32)
        return share

    def later(self, keys: Ints, rows: ArticleRows) -> Doubles:
        """How far each of these articles leaves a later year of the query open: 0 to 1; 0 without one.

        An article speaks of a year after the archive's end as far as one of its passages holds the year
        together with the other terms: an article on games to come may answer a question about them.
        """
        open_share = np.zeros(len(keys))
        for term, year in zip(self.terms, self._years_of_terms(), strict=True):
            if self.years.is_later(year):
                together = np.zeros(len(rows.first))
                np.maximum.at(together, rows.article[term.rows], self._shares() @ self._in_rows(term.rows))
                open_share = np.maximum(open_share, 1 - together[keys])
        return np.clip(open_share, 0, 1)

    def _years_of_terms(self) -> list[int | None]:
        return [year_in(term.text) for term in self.terms]

    def _shares(self) -> Floats:
        """By term, its share of the idf mass of the query."""
        idf = np.array([term.idf for term in self.terms], np.float32)
        shares: Floats = idf / (idf.sum() or np.float32(1))
        return shares

    def _in_rows(self, rows: Ints) -> Floats:
        """Which terms these rows hold, shape ``(terms, rows)``: 1 or 0."""
        matching = [np.isin(rows, term.rows, assume_unique=True) for term in self.terms]
        return np.array(matching, np.float32).reshape(len(self.terms), len(rows))
