"""What is shown of articles that were ranked: passage, snippet and marks, and their copies."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from search.protocols import ArticleStore, KeywordIndex
from search.query.ast import Query
from search.query.matcher import marks
from search.retrieval.fusion import score
from search.retrieval.grouping import Folded
from search.retrieval.rescoring import Ranked
from search.retrieval.retriever import Found, Legs
from search.retrieval.signals import Evidence
from search.retrieval.snippets import nearest, quoted, weights
from search.types import Article, Chunk, Passage, Result


class Showing:
    """Looks up what is shown of articles in one generation."""

    def __init__(self, store: ArticleStore, keyword: KeywordIndex, legs: Legs) -> None:
        self._store = store
        self._keyword = keyword
        self._legs = legs

    def results(self, query: Query, ranking: Sequence[Ranked], evidence: Evidence) -> tuple[Result, ...]:
        """The ranked articles in their order, each by its best passage."""
        keys = [key for key, _ in ranking]
        articles = self._store.articles(keys)
        rows = [self.best_row(key, evidence) for key in keys]
        passages = list(map(_passage, articles, self._store.chunks(rows)))
        marked = [marks(query.words, passage.text) for passage in passages]
        told = weights(query.words, self._keyword)
        certain = evidence.certainty(np.array(keys, np.int64)).tolist()
        found = zip(articles, rows, passages, marked, ranking, certain, strict=True)
        return tuple(
            Result(
                article=article,
                score=score(parts),
                passage=passage,
                snippet=quoted(passage, own, told),
                highlights=tuple((mark.start, mark.end) for mark in own),
                contributions=parts,
                passages_more=evidence.holding(self._legs.rows.of(key), except_for=row),
                evidence=certainty,
            )
            for article, row, passage, own, (key, parts), certainty in found
        )

    def with_copies(
        self, results: Sequence[Result], keys: Sequence[int], folded: Folded
    ) -> tuple[Result, ...]:
        """The results, each with the other members of its family, the oldest first."""
        alike = [folded.copies(key).tolist() for key in keys]
        articles = iter(self._store.articles([copy for copies in alike for copy in copies]))
        told = (tuple(sorted(islice(articles, len(copies)), key=_oldest)) for copies in alike)
        return tuple(replace(result, copies=copies) for result, copies in zip(results, told, strict=True))

    def as_copies(self, results: Sequence[Result], keys: Sequence[int], folded: Folded) -> tuple[Result, ...]:
        """The results, each with the one that would stand for it if copies were folded."""
        leaders = self._store.ids(folded.stands_for[keys].tolist())
        told = zip(results, leaders, strict=True)
        return tuple(
            replace(result, copy_of="" if leader == result.article.id else leader) for result, leader in told
        )

    def best_row(self, key: int, evidence: Evidence) -> int:
        """The row of an article's passage with the most evidence."""
        rows = self._legs.rows.of(key)
        scores = evidence.passage_scores(rows, evidence.coverage_of(key))
        return rows[int(np.argmax(scores))]

    def best_sentence(self, query: Query, found: Found, key: int) -> str:
        """Of the best passage, the sentence nearest in meaning, else the one with the most words."""
        chunks = self._store.chunks([self.best_row(key, found.evidence)])
        (passage,) = map(_passage, self._store.articles([key]), chunks)
        if found.aim is not None:
            return nearest(passage, found.aim.vector, self._legs.sentence).text
        return quoted(passage, marks(query.words, passage.text), weights(query.words, self._keyword)).text


def _oldest(article: Article) -> tuple[bool, str]:
    """Sorts the oldest first, the undated last."""
    return not article.published, article.published


def _passage(article: Article, chunk: Chunk) -> Passage:
    return Passage(article.body[chunk.start : chunk.end], chunk.start, chunk.end)
