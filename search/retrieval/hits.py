"""The last stage of a search: what is shown of ranked articles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from search.protocols import ArticleStore
from search.query.matcher import marks
from search.retrieval.grouping import Grouping
from search.retrieval.passages import PassageReader
from search.retrieval.ranking import Matches, Page, Ranker
from search.retrieval.rescoring import RankedArticle
from search.retrieval.retriever import RetrievedSet
from search.retrieval.snippets import keyword_snippet, word_weights
from search.types import Article, Copies, Hit


class HitBuilder:
    """Looks up passages, snippets, highlights and copies of articles of one store."""

    def __init__(self, store: ArticleStore, ranker: Ranker, passages: PassageReader) -> None:
        self._store = store
        self._ranker = ranker
        self._passages = passages

    def page(self, page: Page) -> tuple[Hit, ...]:
        """The hits of a page, with their copies; where copies are listed, with the id of their leader."""
        (hits,) = self.pages(page.matches, [page.articles])
        return hits

    def pages(self, matches: Matches, pages: Iterable[Sequence[RankedArticle]]) -> Iterator[tuple[Hit, ...]]:
        """The hits of each of these parts of the results, as ``page`` has them; each is built when asked."""
        folded = matches.request.copies is Copies.FOLDED
        add_copies = self._with_copies if folded else self._with_leaders
        members = matches.groups.members
        groups = matches.groups if folded else self._ranker.group(matches.retrieved, members)
        for articles in pages:
            keys = [article.key for article in articles]
            yield add_copies(self.hits(matches.retrieved, articles), keys, groups)

    def hits(self, retrieved: RetrievedSet, articles: Sequence[RankedArticle]) -> tuple[Hit, ...]:
        """Ranked articles in their order, each with its best passage, without copies."""
        words, signals = retrieved.query.words, retrieved.signals
        keys = np.array([ranked.key for ranked in articles], np.int64)
        rows = signals.best_rows(keys)
        passages = self._passages.passages(keys.tolist(), rows)
        weights = word_weights(words, retrieved.terms)
        confidence = retrieved.confidence_of(keys).tolist()
        hits = []
        for place, ranked in enumerate(articles):
            passage = passages[place].passage
            marked = marks(words, passage.text)
            hits.append(
                Hit(
                    article=passages[place].article,
                    score=ranked.score,
                    passage=passage,
                    snippet=keyword_snippet(passage, marked, weights),
                    highlights=tuple((mark.start, mark.end) for mark in marked),
                    contributions=ranked.contributions,
                    passages_more=signals.matching_rows(signals.rows.of(ranked.key), except_for=rows[place]),
                    confidence=confidence[place],
                )
            )
        return tuple(hits)

    def _with_copies(self, hits: Sequence[Hit], keys: Sequence[int], groups: Grouping) -> tuple[Hit, ...]:
        """The hits, each with the other members of its group, the oldest first."""
        copies = [groups.copies(key).tolist() for key in keys]
        articles = iter(self._store.articles([key for group in copies for key in group]))
        by_hit = (tuple(sorted(islice(articles, len(group)), key=_oldest_first)) for group in copies)
        return tuple(replace(hit, copies=group) for hit, group in zip(hits, by_hit, strict=True))

    def _with_leaders(self, hits: Sequence[Hit], keys: list[int], groups: Grouping) -> tuple[Hit, ...]:
        """The hits, each with the id of the article that would stand for it if copies were folded."""
        leaders = self._store.ids(groups.leader_of(np.array(keys, np.int64)).tolist())
        return tuple(
            replace(hit, copy_of="" if leader == hit.article.id else leader)
            for hit, leader in zip(hits, leaders, strict=True)
        )


def _oldest_first(article: Article) -> tuple[bool, str]:
    """Sorts the oldest first, the undated last."""
    return not article.published, article.published
