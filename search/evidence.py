"""What the legs say about one query over a whole generation, and who they put forward: pure arrays."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.fusion import Doubles, LegScores, keyword_strength
from search.model import Fusion, Leg
from search.protocols import Bools, Floats, Ints, KeywordScores


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows belong to which article: ``first`` by article key, ``article`` by row."""

    first: Ints
    article: Ints

    @classmethod
    def starting(cls, first: Ints, rows: int) -> "Rows":
        """From each article's first row and the number of all rows."""
        counts = np.diff(first, append=rows)
        return cls(first, np.repeat(np.arange(len(first)), counts))

    def of_all(self, keys: Ints) -> tuple[Ints, Ints]:
        """The rows of these articles one after the other, and where each article's begin."""
        ends = np.append(self.first[1:], len(self.article))
        counts = ends[keys] - self.first[keys]
        starts = np.cumsum(counts) - counts
        return np.repeat(self.first[keys] - starts, counts) + np.arange(counts.sum()), starts

    def of(self, key: int) -> range:
        """The rows of one article."""
        last = self.first[key + 1] if key + 1 < len(self.first) else len(self.article)
        return range(int(self.first[key]), int(last))

    def best(self, by_row: Floats) -> Floats:
        """By article, the score of its best row."""
        return np.maximum.reduceat(by_row, self.first)


@dataclass(frozen=True, slots=True)
class Nearness:
    """What meaning says: the similarity of any rows to the query.

    ``mean`` and ``deviation`` are those of the articles' best rows.
    """

    of_rows: Callable[[Ints], Floats]
    mean: float
    deviation: float

    def best(self, rows: Rows, keys: Ints) -> Floats:
        """The similarity of the best row of each of these articles."""
        if not len(keys):
            return np.empty(0, np.float32)
        places, starts = rows.of_all(keys)
        return np.maximum.reduceat(self.of_rows(places), starts)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the legs say of one query; a leg that was not asked, or did not answer, is None.

    ``passage_best`` is by article the score of its best row.
    """

    rows: Rows
    keyword: KeywordScores | None
    passage_best: Floats | None
    nearness: Nearness | None

    @classmethod
    def gathered(cls, rows: Rows, keyword: KeywordScores | None, nearness: Nearness | None) -> "Evidence":
        """From what each leg says, or None."""
        return cls(rows, keyword, None if keyword is None else rows.best(keyword.passages), nearness)

    @property
    def asked(self) -> bool:
        """Whether any leg was asked."""
        return self.keyword is not None or self.nearness is not None

    def matching(self) -> Bools:
        """By article, whether it holds a word of the query."""
        if self.keyword is None:
            return np.zeros(len(self.rows.first), bool)
        return np.array(self.keyword.coverage > 0)

    def coverage(self, keys: Ints) -> Floats:
        """The coverage of these articles; 0 when keywords were not asked."""
        return np.zeros(len(keys), np.float32) if self.keyword is None else self.keyword.coverage[keys]

    def coverage_of(self, key: int) -> float:
        """The coverage of one article."""
        return float(self.coverage(np.array([key]))[0])

    def legs(self, keys: Ints) -> list[LegScores]:
        """What each leg that answered says of these articles."""
        found = self._keyword_legs(keys)
        if self.nearness is not None:
            best = self.nearness.best(self.rows, keys)
            found.append(LegScores(Leg.SEMANTIC, best, self.nearness.mean, self.nearness.deviation))
        return found

    def _keyword_legs(self, keys: Ints) -> list[LegScores]:
        if self.keyword is None or self.passage_best is None:
            return []
        return [_leg(Leg.KEYWORD, self.keyword.articles, keys), _leg(Leg.PASSAGE, self.passage_best, keys)]

    def by_keyword(self, allowed: Bools, limit: int, fusion: Fusion) -> Ints:
        """The allowed articles that hold a word, the strongest first, ties by key."""
        keys = np.flatnonzero(self.matching() & allowed)
        if not len(keys):
            return keys
        articles, passages = self._keyword_legs(keys)
        strength = keyword_strength(articles, passages, self.coverage(keys), fusion)
        return keys[np.argsort(-strength, kind="stable")[:limit]]

    def holding(self, rows: range, except_for: int) -> int:
        """How many of these rows hold a word of the query, one of them left out."""
        if self.keyword is None:
            return 0
        return sum(bool(self.keyword.passages[row] > 0) for row in rows if row != except_for)

    def passage_scores(self, rows: range, coverage: float) -> Doubles:
        """How well each of these rows shows why its article was found: z(meaning) + √coverage·z(words).

        The legs have equal voices, whatever the fusion: a word that can be seen says most.
        """
        found = np.zeros(len(rows))
        if self.keyword is not None and self.passage_best is not None:
            found += np.sqrt(coverage) * _standardised(self.keyword.passages[rows], self.passage_best)
        if self.nearness is not None:
            near = self.nearness.of_rows(np.array(rows)).astype(np.float64)
            found += (near - self.nearness.mean) / (self.nearness.deviation or 1.0)
        return found


def _leg(leg: Leg, scores: Floats, keys: Ints) -> LegScores:
    return LegScores(
        leg, scores[keys], float(scores.mean(dtype=np.float64)), float(scores.std(dtype=np.float64))
    )


def _standardised(scores: Floats, population: Floats) -> Doubles:
    deviation = float(population.std(dtype=np.float64)) or 1.0  # of an only article, or of equals
    found: npt.NDArray[np.float64] = (scores - population.mean(dtype=np.float64)) / deviation
    return found
