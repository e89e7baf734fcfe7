"""A sample of an archive by which similarities are standardised."""

from dataclasses import dataclass

import numpy as np

from search.protocols import Bools, Floats, Ints, VectorIndex
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import ScoreStats
from search.retrieval.semantic_scores import encoded_rows
from search.retrieval.term_support import EmbeddingStats

_ARTICLES = 1024  # of fewer, all


@dataclass(frozen=True, slots=True)
class ArchiveSample:
    """The vectors of articles spread over the archive, where each article begins, and their statistics.

    ``encoded`` tells by row of the archive whether it has a vector, ``encoded_count`` how many have.
    """

    encoded: Bools
    encoded_count: int
    vectors: Floats
    starts: Ints
    pairs: ScoreStats
    stats: EmbeddingStats

    @classmethod
    def of(cls, index: VectorIndex, rows: ArticleRows) -> "ArchiveSample":
        """From an index with at least one vector."""
        known = np.unique(rows.article[index.encoded])
        places = np.unique(np.linspace(0, len(known) - 1, _ARTICLES).round().astype(np.int64))
        _, sampled, starts = encoded_rows(index, rows, known[places])
        vectors = index.of_rows(sampled)
        pairs, stats = ScoreStats.of_pairs(vectors), EmbeddingStats.of(vectors)
        return cls(index.encoded, int(np.count_nonzero(index.encoded)), vectors, starts, pairs, stats)

    @property
    def is_complete(self) -> bool:
        """Whether every row of the archive has a vector."""
        return self.encoded_count == len(self.encoded)

    def with_vectors(self, rows: Ints) -> Ints:
        """Those of these rows that have a vector."""
        return rows if self.is_complete else rows[self.encoded[rows]]
