"""The ranking that Dépêche began with, kept as a measure for the one of today.

    0.7·z(semantic) + 0.3·√c·(¾·z(BM25 of the article) + ¼·z(BM25 of its best passage))

over the hundred best candidates of each leg. An article is as near in meaning as its best passage. That is
standardised over a sample of the articles, and no candidate speaks for another. This module reads what the
index says of words and of meaning, and none of the ranking of today: so it stays what it was.
"""

from collections.abc import Callable

import numpy as np

from search.protocols import Floats, Ints, OpenIndex
from search.query.plain import plain_query
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import Doubles, ScoreStats

_DEPTH = 100
_SAMPLE = 1024
_SEMANTIC, _KEYWORD, _PASSAGE_SHARE = 0.7, 0.3, 0.25


class FirstDefault:
    """Ranks the articles of an index that is wholly encoded; ``encode`` gives the vector of a query."""

    def __init__(self, opened: OpenIndex, encode: Callable[[str], Floats]) -> None:
        self._opened = opened
        self._encode = encode
        self._rows = ArticleRows.starting(opened.store.first_rows, opened.store.chunk_count)
        articles = len(self._rows.first)
        self._sample = np.unique(np.linspace(0, articles - 1, _SAMPLE).round().astype(np.int64))

    def rank(self, text: str) -> dict[str, float]:
        """The first hundred articles for these plain words by id, with their scores."""
        words = self._words(text)
        near = self._nearness(text)
        candidates = np.union1d(_best(words, np.flatnonzero(words)), _best(near, np.arange(len(near))))
        meaning = ScoreStats.of(near[self._sample]).standardised(near[candidates])
        scores = _SEMANTIC * meaning + _KEYWORD * words[candidates]
        order = np.argsort(-scores, kind="stable")[:_DEPTH]
        ids = self._opened.store.ids(candidates[order].tolist())
        return dict(zip(ids, scores[order].tolist(), strict=True))

    def _words(self, text: str) -> Doubles:
        """By article, √c times the standardised BM25; exactly 0 without a word of the query."""
        scores = self._opened.keyword.score(plain_query(text).words)
        mixed = (1 - _PASSAGE_SHARE) * _standardised(scores.articles)
        mixed += _PASSAGE_SHARE * _standardised(self._rows.best(scores.passages, scores.rows))
        strength: Doubles = np.sqrt(scores.coverage, dtype=np.float64) * mixed
        return strength

    def _nearness(self, text: str) -> Floats:
        """By article, the similarity of its best passage."""
        vector = self._encode(plain_query(text).text)
        by_row = self._opened.vectors.similarity(vector, np.arange(len(self._rows.article)))
        nearness: Floats = np.maximum.reduceat(by_row, self._rows.first)
        return nearness


def _standardised(scores: Floats) -> Doubles:
    return ScoreStats.of(scores).standardised(scores)


def _best(scores: Floats | Doubles, keys: Ints) -> Ints:
    """The best of these articles, at most ``_DEPTH``."""
    return keys[np.argsort(-scores[keys], kind="stable")[:_DEPTH]]
