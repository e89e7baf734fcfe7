"""What the legs say about one query over a whole generation, and who they put forward: pure arrays."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from search.protocols import Bools, Floats, Ints, KeywordScores
from search.retrieval.confidence import BOTH, CERTAIN, MEANING, WORDS, Calibration, Signs
from search.retrieval.fusion import Doubles, LegScores, keyword_strength
from search.retrieval.term_support import Meant, Surroundings
from search.types import Fusion, Grounds, Leg

_AT_ONCE = 4096  # articles whose vectors are held in memory together


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
class Spread:
    """How a leg's scores of all articles lie."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, scores: Floats) -> "Spread":
        """That of these scores; of none, as if all were 0."""
        if not len(scores):
            return cls(0.0, 0.0)
        return cls(float(scores.mean(dtype=np.float64)), float(scores.std(dtype=np.float64)))

    def standardised(self, scores: Floats) -> Doubles:
        """Distances from the mean in deviations, as they are where all articles score the same."""
        found: Doubles = (scores.astype(np.float64) - self.mean) / (self.deviation or 1.0)
        return found

    @classmethod
    def of_pairs(cls, vectors: Floats) -> "Spread":
        """That of the similarity of any two of these unit vectors; of fewer than two, as if it were 0."""
        pairs = len(vectors) * (len(vectors) - 1)
        if not pairs:
            return cls(0.0, 0.0)
        wide = vectors.astype(np.float64)
        mean = (np.square(wide.sum(axis=0)).sum() - len(wide)) / pairs
        square = (np.square(wide.T @ wide).sum() - len(wide)) / pairs
        return cls(float(mean), float(np.sqrt(max(0.0, square - mean**2))))


def similarity(by_row: Floats, starts: Ints) -> Floats:
    """By article, halfway from the mean of its rows to the best: one passage alone may be near by chance.

    ``starts`` tells where the rows of each article begin.
    """
    counts = np.diff(starts, append=len(by_row)).astype(np.float32)
    both = np.maximum.reduceat(by_row, starts) + np.add.reduceat(by_row, starts) / counts
    return (both / 2).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Nearness:
    """What meaning says: the similarity of any rows to the query, their vectors, the spread of articles.

    ``pairs`` is the spread of the similarity of any two rows to one another.
    """

    of_rows: Callable[[Ints], Floats]
    vectors: Callable[[Ints], Floats]
    spread: Spread
    pairs: Spread

    def best(self, rows: Rows, keys: Ints) -> Floats:
        """The similarity of the best row of each of these articles."""
        if not len(keys):
            return np.empty(0, np.float32)
        places, starts = rows.of_all(keys)
        return np.maximum.reduceat(self.of_rows(places), starts)

    def of_articles(self, rows: Rows, keys: Ints) -> Floats:
        """The similarity of each of these articles; see ``similarity``."""
        if not len(keys):
            return np.empty(0, np.float32)
        places, starts = rows.of_all(keys)
        return similarity(self.of_rows(places), starts)

    def likeness(self, rows: Rows, keys: Ints) -> Floats:
        """The cosines of these articles to each other, each as the centre of its rows."""
        if not len(keys):
            return np.empty((0, 0), np.float32)
        places, starts = rows.of_all(keys)
        centres = np.add.reduceat(self.vectors(places), starts)
        unit = centres / np.linalg.norm(centres, axis=1, keepdims=True)
        found: Floats = unit @ unit.T
        return found


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words say: their scores, by article the score of its best row, and the spreads of both.

    ``meant`` are the words when misspelt ones are taken for those they stand for.
    """

    scores: KeywordScores
    best: Floats
    articles: Spread
    passages: Spread
    meant: Meant

    @classmethod
    def of(cls, scores: KeywordScores, meant: Meant, rows: Rows) -> "Wording":
        """From the scores of a generation."""
        best = rows.best(scores.passages)
        return cls(scores, best, Spread.of(scores.articles), Spread.of(best), meant)

    def legs(self, keys: Ints) -> tuple[LegScores, LegScores]:
        """What the words say of these articles, as a whole and by their best passages."""
        articles, passages = self.articles, self.passages
        whole = LegScores(Leg.KEYWORD, self.scores.articles[keys], articles.mean, articles.deviation)
        return whole, LegScores(Leg.PASSAGE, self.best[keys], passages.mean, passages.deviation)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the legs say of one query; a leg that was not asked, or did not answer, is None.

    ``surroundings`` are those of the words, where both were asked.
    """

    rows: Rows
    wording: Wording | None
    nearness: Nearness | None
    surroundings: Surroundings | None = None

    @property
    def asked(self) -> bool:
        """Whether any leg was asked."""
        return self.wording is not None or self.nearness is not None

    def matching(self) -> Bools:
        """By article, whether it holds a word of the query."""
        if self.wording is None:
            return np.zeros(len(self.rows.first), bool)
        return np.array(self.wording.scores.coverage > 0)

    def coverage(self, keys: Ints) -> Floats:
        """The coverage of these articles; 0 when keywords were not asked."""
        if self.wording is None:
            return np.zeros(len(keys), np.float32)
        return self.wording.scores.coverage[keys]

    def literal(self) -> Bools:
        """By article, whether it holds a rare name or number of the query as it is written."""
        if self.wording is None:
            return np.zeros(len(self.rows.first), bool)
        return self.wording.scores.literal

    def coverage_of(self, key: int) -> float:
        """The coverage of one article."""
        return float(self.coverage(np.array([key]))[0])

    def certainty(self, keys: Ints) -> Doubles:
        """How sure it is, from 0 to 1, that each of these articles answers."""
        parts = np.array_split(keys, len(keys) // _AT_ONCE + 1)
        return np.concatenate([self._calibration.evidence(self._signs(part)) for part in parts])

    def judged(self, keys: Ints) -> tuple[Doubles, Doubles]:
        """How sure it is, from 0 to 1, that each of these articles answers, and how sure by meaning alone."""
        signs = self._signs(keys)
        return self._calibration.evidence(signs), MEANING.evidence(signs)

    def grounds(self, key: int) -> Grounds | None:
        """What the certainty of one article is made of; None when no leg was asked."""
        return None if not self.asked else self._calibration.grounds(self._signs(np.array([key])))

    @property
    def _calibration(self) -> Calibration:
        if self.wording is None:
            return CERTAIN if self.nearness is None else MEANING
        return WORDS if self.nearness is None else BOTH

    def _signs(self, keys: Ints) -> Signs:
        coverage = missing = np.zeros(len(keys), np.float32)
        support = likeness = np.zeros(len(keys))
        if self.wording is not None:
            meant = self.wording.meant
            coverage, missing, support = meant.coverage(keys), meant.missing(keys), self._support(meant, keys)
        if self.nearness is not None:
            likeness = self.nearness.pairs.standardised(self.nearness.best(self.rows, keys))
        return Signs(coverage, support, missing, likeness)

    def _support(self, meant: Meant, keys: Ints) -> Doubles:
        """How far each of these articles backs the word that it backs least; 1 when it holds them all."""
        backed = meant.held(keys).astype(np.float64)
        if self.nearness is not None and self.surroundings is not None and len(keys):
            places, starts = self.rows.of_all(keys)
            near = self.surroundings.backing(self.nearness.vectors(places), starts)
            backed = np.maximum(backed, near)
        least: Doubles = backed.min(axis=0, initial=1)
        return least

    def legs(self, keys: Ints) -> list[LegScores]:
        """What each leg that answered says of these articles."""
        found = [] if self.wording is None else [*self.wording.legs(keys)]
        if self.nearness is not None:
            spread = self.nearness.spread
            near = self.nearness.of_articles(self.rows, keys)
            found.append(LegScores(Leg.SEMANTIC, near, spread.mean, spread.deviation))
        return found

    def likeness(self, keys: Ints) -> Floats | None:
        """The cosines of these articles to each other, where both words and meaning were asked."""
        if self.wording is None or self.nearness is None:
            return None
        return self.nearness.likeness(self.rows, keys)

    def by_keyword(self, allowed: Bools, limit: int, fusion: Fusion) -> Ints:
        """The allowed articles that hold a word, the strongest first, ties by key."""
        keys = np.flatnonzero(self.matching() & allowed)
        if self.wording is None or not len(keys):
            return keys
        articles, passages = self.wording.legs(keys)
        strength = keyword_strength(articles, passages, self.coverage(keys), fusion)
        return keys[np.argsort(-strength, kind="stable")[:limit]]

    def holding(self, rows: range, except_for: int) -> int:
        """How many of these rows hold a word of the query, one of them left out."""
        if self.wording is None:
            return 0
        held = self.wording.scores.passages[rows.start : rows.stop] > 0
        return int(np.count_nonzero(held)) - bool(held[except_for - rows.start])

    def passage_scores(self, rows: range, coverage: float) -> Doubles:
        """How well each of these rows shows why its article was found: z(meaning) + √coverage·z(words).

        The legs have equal voices, whatever the fusion: a word that can be seen says most.
        """
        found = np.zeros(len(rows))
        if self.wording is not None:
            passages = self.wording.scores.passages[rows.start : rows.stop]
            found += np.sqrt(coverage) * self.wording.passages.standardised(passages)
        if self.nearness is not None:
            found += self.nearness.spread.standardised(self.nearness.of_rows(np.array(rows)))
        return found
