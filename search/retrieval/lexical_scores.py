"""What the words of a query say about every article."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.protocols import Floats, Ints, KeywordScores, TermMatches
from search.retrieval.fusion import LegScores
from search.retrieval.query_terms import QueryTerms
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import ScoreStats
from search.types import Leg


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """The keyword scores of a generation, the best passage of each article, and the statistics of both.

    ``terms`` are those of the query, ``corrected`` those after its misspelt words were corrected.
    """

    scores: KeywordScores
    best: Floats
    articles: ScoreStats
    passages: ScoreStats
    terms: QueryTerms
    corrected: tuple[TermMatches, ...]

    @classmethod
    def of(
        cls, scores: KeywordScores, terms: QueryTerms, corrected: Sequence[TermMatches], rows: ArticleRows
    ) -> "LexicalScores":
        """From the scores of a generation."""
        best = rows.best(scores.passages, scores.rows)
        matching = np.flatnonzero((scores.articles > 0) | (best > 0))
        articles, passages = (
            ScoreStats.of_sparse(leg.take(matching), len(best)) for leg in (scores.articles, best)
        )
        return cls(scores, best, articles, passages, terms, tuple(corrected))

    def legs(self, keys: Ints) -> tuple[LegScores, LegScores]:
        """The scores of these articles: of the whole article, and of its best passage."""
        articles, passages = self.articles, self.passages
        whole = LegScores(Leg.KEYWORD, self.scores.articles[keys], articles.mean, articles.deviation)
        return whole, LegScores(Leg.PASSAGE, self.best[keys], passages.mean, passages.deviation)
