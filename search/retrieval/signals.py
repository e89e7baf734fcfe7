"""What the retrievers say about one query over a whole generation: pure arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.protocols import Bools, Floats, Ints, TermMatches, VectorIndex
from search.retrieval.confidence import CERTAIN, HYBRID, LEXICAL, SEMANTIC, Calibration, ConfidenceFeatures
from search.retrieval.fusion import LegScores, keyword_strength
from search.retrieval.lexical_scores import LexicalScores
from search.retrieval.query_kind import TOPIC, QueryKind
from search.retrieval.query_terms import matches
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import Doubles
from search.retrieval.semantic_scores import SemanticScores, article_centres, encoded_rows
from search.retrieval.term_support import TermCentroids
from search.retrieval.top import lowest
from search.types import ConfidenceBreakdown, Fusion, Leg

_BATCH = 4096  # articles whose vectors are in memory together
_NO_ARTICLES: Ints = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Signals:
    """What the legs say of one query; a leg that was not asked, or did not answer, is None.

    ``kind`` is that of the query, and ``centroids`` are those of its terms, where both legs were asked.
    ``vectors`` are those of the passages, where words alone answer: the query has no vector then, but
    articles are still alike.
    """

    rows: ArticleRows
    lexical: LexicalScores | None
    semantic: SemanticScores | None
    centroids: TermCentroids | None = None
    kind: QueryKind = TOPIC
    vectors: VectorIndex | None = None

    @property
    def asked(self) -> bool:
        """Whether any leg was asked."""
        return self.lexical is not None or self.semantic is not None

    def matching(self, allowed: Bools) -> Ints:
        """The allowed articles that hold a term of the query, ascending."""
        if self.lexical is None:
            return _NO_ARTICLES
        return np.flatnonzero((self.lexical.scores.coverage > 0) & allowed)

    def coverage(self, keys: Ints) -> Floats:
        """The coverage of these articles; 0 when keywords were not asked."""
        if self.lexical is None:
            return np.zeros(len(keys), np.float32)
        return self.lexical.scores.coverage[keys]

    def literal(self, keys: Ints) -> Bools:
        """Whether each of these articles holds a rare name or number of the query as it is written."""
        if self.lexical is None:
            return np.zeros(len(keys), bool)
        return self.lexical.scores.literal[keys]

    def legs(self, keys: Ints) -> list[LegScores]:
        """The scores of these articles by each leg that answered; that of meaning is NaN without vectors."""
        legs = [] if self.lexical is None else [*self.lexical.legs(keys)]
        if self.semantic is not None:
            stats = self.semantic.articles
            similarity = self.semantic.of_articles(keys)
            legs.append(LegScores(Leg.SEMANTIC, similarity, stats.mean, stats.deviation))
        return legs

    def centres(self, keys: Ints) -> Floats | None:
        """The centres of these articles, of length 1; None where words were not asked or no vectors are.

        NaN for an article without vectors.
        """
        if self.lexical is None:
            return None
        if self.semantic is not None:
            return self.semantic.centres(keys)
        if self.vectors is None:
            return None
        return article_centres(self.vectors, self.rows, keys)

    def best_by_keyword(self, matching: Ints, limit: int, fusion: Fusion) -> Ints:
        """The strongest of these articles, which hold a term, the strongest first, ties by key."""
        if self.lexical is None:
            return _NO_ARTICLES
        articles, passages = self.lexical.legs(matching)
        strength = keyword_strength(articles, passages, self.coverage(matching), fusion)
        return matching[lowest(-strength, limit)]

    def confidence(self, keys: Ints) -> Doubles:
        """How sure it is, from 0 to 1, that each of these articles answers."""
        batches = np.array_split(keys, len(keys) // _BATCH + 1)
        return np.concatenate([self._confidence(self._features(batch)) for batch in batches])

    def confidences(self, keys: Ints) -> tuple[Doubles, Doubles]:
        """How sure it is, from 0 to 1, that these articles answer: by every leg, and by meaning alone."""
        features = self._features(keys)
        return self._confidence(features), SEMANTIC.confidence(features)

    def breakdown(self, key: int) -> ConfidenceBreakdown | None:
        """What the confidence of one article is made of; None when no leg was asked."""
        if not self.asked:
            return None
        features = self._features(np.array([key]))
        words_alone = self.lexical is not None and features.unknown[0]
        return (LEXICAL if words_alone else self._calibration).breakdown(features)

    def matching_rows(self, rows: range, except_for: int) -> int:
        """How many of these rows hold a term of the query, one row left out."""
        if self.lexical is None:
            return 0
        matching = self.lexical.scores.passages[rows.start : rows.stop] > 0
        return int(np.count_nonzero(matching)) - bool(matching[except_for - rows.start])

    def best_rows(self, keys: Ints) -> list[int]:
        """The row of each article whose passage shows best why it was retrieved, in the order of the keys."""
        if not len(keys):
            return []
        places, starts = self.rows.of_all(keys)
        sizes = self.rows.counts[keys]
        scores = self.passage_scores(places, self.coverage(keys).repeat(sizes))
        best = np.flatnonzero(scores == np.maximum.reduceat(scores, starts).repeat(sizes))
        rows: list[int] = places[best[best.searchsorted(starts)]].tolist()
        return rows

    def passage_scores(self, rows: Ints, coverage: Floats) -> Doubles:
        """How well each of these rows shows why its article was retrieved: z(meaning) + √coverage·z(words).

        ``coverage`` is that of the row's article. The legs have equal weights, whatever the fusion: a word
        that can be seen says most.
        """
        scores = np.zeros(len(rows))
        if self.lexical is not None:
            passages = self.lexical.scores.passages[rows]
            scores += np.sqrt(coverage, dtype=np.float64) * self.lexical.passages.standardised(passages)
        if self.semantic is not None:
            scores += self.semantic.standardised(rows)
        return scores

    def _confidence(self, features: ConfidenceFeatures) -> Doubles:
        """By words and meaning; articles without vectors by their words alone."""
        confidence = self._calibration.confidence(features)
        if self.lexical is None or not features.unknown.any():
            return confidence
        return np.where(features.unknown, LEXICAL.confidence(features), confidence)

    @property
    def _calibration(self) -> Calibration:
        if self.lexical is None:
            return CERTAIN if self.semantic is None else SEMANTIC
        return LEXICAL if self.semantic is None else HYBRID

    def _features(self, keys: Ints) -> ConfidenceFeatures:
        missing = np.zeros(len(keys), np.float32)
        support = later = likeness = np.zeros(len(keys))
        if self.lexical is not None:
            terms, support = self.lexical.terms, self._support(self.lexical.corrected, keys)
            missing, later = terms.missing(keys), terms.later(keys, self.rows)
        if self.semantic is not None:
            likeness = self.semantic.pairs.standardised(self.semantic.best(keys))
        return ConfidenceFeatures(self.coverage(keys), support, missing, later, likeness)

    def _support(self, terms: Sequence[TermMatches], keys: Ints) -> Doubles:
        """How far each of these articles supports the term it supports least; 1 when it holds them all."""
        support = matches(terms, keys).astype(np.float64)
        if self.semantic is not None and self.centroids is not None and len(keys):
            known, places, starts = encoded_rows(self.semantic.index, self.rows, keys)
            if len(places):
                near = self.centroids.support(self.semantic.vectors(places), starts)
                support[:, known] = np.maximum(support[:, known], near)
        least: Doubles = support.min(axis=0, initial=1)
        return least
