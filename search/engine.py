"""The search itself: a request to one generation, answered through protocols only."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter

import numpy as np

from search.errors import UsageError, Worded
from search.evidence import Evidence
from search.facets import FacetCounter
from search.fusion import Fused, fuse, lift, score, smooth
from search.heat import nearness
from search.legs import Found, Legs, Meaning
from search.model import (
    Article,
    Chunk,
    Contribution,
    Explanation,
    Facet,
    Fusion,
    MatchedWord,
    Method,
    Mode,
    Passage,
    Result,
    SearchResult,
    Sort,
)
from search.protocols import ArticleStore, Bools, Ints, KeywordIndex
from search.query.matching import matches
from search.query.render import understood
from search.query.tree import Query
from search.suggest import suggestion
from search.text.sentences import Span, sentence_spans

_DEFAULT_FUSION = Fusion()


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: a query, the legs to ask, and which part of the answer to give."""

    query: Query
    mode: Mode = Mode.HYBRID
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0
    fusion: Fusion = _DEFAULT_FUSION


@dataclass(frozen=True, slots=True)
class _Ranking:
    """The articles of a page in order, and what each leg contributed to each."""

    keys: list[int]
    contributions: list[tuple[Contribution, ...]]


class Engine:
    """Answers requests from one generation.

    ``meaning`` gives the semantic leg when it is first needed; when it raises EncoderUnavailable a
    hybrid request is answered by keywords and says so in ``degraded``, a semantic one fails with it.
    """

    def __init__(
        self,
        store: ArticleStore,
        keyword: KeywordIndex,
        meaning: Callable[[], Meaning],
        generation_id: str,
    ) -> None:
        self._store = store
        self._keyword = keyword
        self._legs = Legs(store, keyword, meaning)
        self._generation_id = generation_id
        self._counter = FacetCounter(store)

    def search(self, request: Request) -> SearchResult:
        """Answer a request; raises EncoderUnavailable for a semantic one without an encoder."""
        started = time.perf_counter()
        return self._answer(request, self._legs.ask(request.query, request.mode), started)

    def rank(self, request: Request) -> list[tuple[str, float]]:
        """Ids and scores of the articles that ``search`` would show, without looking them up."""
        ranking = self._ranked(request, self._legs.ask(request.query, request.mode))
        scores = map(score, ranking.contributions)
        return list(zip(self._store.ids(ranking.keys), scores, strict=True))

    def facets(self, request: Request) -> dict[Facet, tuple[tuple[str, int], ...]]:
        """How many of all the articles found have each source, section, year and month.

        Sources and sections with the most articles first, years and months in order; ``""`` is unknown.
        """
        members = self._legs.members(self._legs.ask(request.query, request.mode))
        return {facet: self._counter.counts(facet, members) for facet in Facet}

    def explain(self, request: Request, article_id: str) -> Explanation:
        """Why an article answers a request: the figures of its result.

        An article that is no candidate is weighed as if it were one. Raises what ``search`` does, and
        UsageError for an unknown id.
        """
        key = self.key(article_id)
        found = self._legs.ask(request.query, request.mode)
        words = () if request.mode is Mode.SEMANTIC else request.query.words
        matched = [
            MatchedWord(word.text, int(word.articles.sum()), word.idf, bool(word.articles[key]))
            for word in self._keyword.holders(words)
        ]
        return Explanation(
            contributions=self._contributions(request, found, key),
            matched=tuple(matched),
            coverage=found.evidence.coverage_of(key),
            best_sentence=self._best_sentence(request, found, key),
        )

    def heat(self, query: Query, article: Article, first: int = 0) -> Iterator[tuple[Span, float]]:
        """Each sentence of the article's body, with its cosine to the query.

        In order from the one at the offset ``first`` on, then those before it. A sentence is encoded when
        it is asked for; a query without words is near nothing. Raises EncoderUnavailable, at the first.
        """
        if query.words:
            yield from nearness(article.body, self._legs.aim(query.text).vector, self._legs.sentence, first)

    def suggest(self, query: Query) -> str | None:
        """See ``suggest.suggestion``."""
        return suggestion(query, self._keyword, self._store)

    def similar(self, article_id: str, limit: int) -> SearchResult:
        """The articles nearest in meaning to one of the index; raises UsageError for an unknown id."""
        started = time.perf_counter()
        found = self._legs.like(self.key(article_id))
        request = Request(Query(article_id, (), None, ""), Mode.SEMANTIC, limit=limit)
        return self._answer(request, found, started)

    def article(self, article_id: str) -> Article:
        """The article with this id; raises UsageError for an unknown one."""
        return self._store.articles([self.key(article_id)])[0]

    def key(self, article_id: str) -> int:
        """The key of an article; raises UsageError for an unknown id."""
        key = self._store.key(article_id)
        if key is None:
            raise UsageError(
                Worded(
                    "There is no article {!r} in the index; ids are in: find QUERY --format json", article_id
                )
            )
        return key

    def _ranked(self, request: Request, found: Found) -> _Ranking:
        """The page asked for: first what the legs put forward, beyond it the other articles found."""
        if not found.evidence.asked:
            return self._newest(request, found.allowed)
        candidates = self._legs.candidates(found, request.fusion)
        first = self._page(request, candidates, self._together(request, found, candidates))
        wanted = request.limit - len(first.keys)
        if not wanted:
            return first
        beyond = replace(request, offset=max(0, request.offset - len(candidates)), limit=wanted)
        others = np.setdiff1d(self._legs.members(found), candidates)
        rest = self._page(beyond, others, self._weighed(request, found, others))
        return _Ranking(first.keys + rest.keys, first.contributions + rest.contributions)

    def _page(self, request: Request, keys: Ints, fused: Fused) -> _Ranking:
        """The page of these articles, in the order asked for, ties by key."""
        order = np.argsort(self._ages[keys] if request.sort is Sort.DATE else -fused.scores, kind="stable")
        places = order[request.offset : request.offset + request.limit].tolist()
        return _Ranking(keys[places].tolist(), [fused.contributions(place) for place in places])

    def _weighed(self, request: Request, found: Found, keys: Ints) -> Fused:
        """What every leg adds to each of these articles."""
        return fuse(found.evidence.legs(keys), found.evidence.coverage(keys), request.fusion)

    def _together(self, request: Request, found: Found, keys: Ints) -> Fused:
        """The same of candidates, which are then compared to each other."""
        evidence = found.evidence
        fused = self._weighed(request, found, keys)
        likeness = evidence.likeness(keys) if request.fusion.method is Method.STANDARDISED else None
        if likeness is not None:
            fused = smooth(fused, likeness)
        return lift(fused, evidence.coverage(keys), evidence.literal()[keys])

    def _contributions(self, request: Request, found: Found, key: int) -> tuple[Contribution, ...]:
        """What each leg contributes to one article, among the candidates."""
        if not found.evidence.asked:
            return ()
        keys = np.union1d(self._legs.candidates(found, request.fusion), [key])
        return self._together(request, found, keys).contributions(int(np.searchsorted(keys, key)))

    def _newest(self, request: Request, allowed: Bools) -> _Ranking:
        """Without a word to rank by: everything that meets the constraint, the latest first."""
        keys = self._store.newest_first()
        page = keys[allowed[keys]][request.offset : request.offset + request.limit].tolist()
        return _Ranking(page, [()] * len(page))

    @cached_property
    def _ages(self) -> Ints:
        """By article, its place among all by date, the latest first."""
        newest = self._store.newest_first()
        ages = np.empty_like(newest)
        ages[newest] = np.arange(len(newest))
        return ages

    def _results(self, request: Request, ranking: _Ranking, evidence: Evidence) -> tuple[Result, ...]:
        articles = self._store.articles(ranking.keys)
        rows = [self._best_row(key, evidence) for key in ranking.keys]
        passages = map(_passage, articles, self._store.chunks(rows))
        found = zip(ranking.keys, articles, ranking.contributions, rows, passages, strict=True)
        return tuple(
            Result(
                article=article,
                score=score(parts),
                passage=passage,
                highlights=matches(request.query.words, passage.text),
                contributions=parts,
                passages_more=evidence.holding(self._legs.rows.of(key), except_for=row),
            )
            for key, article, parts, row, passage in found
        )

    def _best_row(self, key: int, evidence: Evidence) -> int:
        rows = self._legs.rows.of(key)
        scores = evidence.passage_scores(rows, evidence.coverage_of(key))
        return rows[int(np.argmax(scores))]

    def _best_sentence(self, request: Request, found: Found, key: int) -> str:
        """Of the best passage, the sentence nearest in meaning, else the one with the most words."""
        chunks = self._store.chunks([self._best_row(key, found.evidence)])
        (passage,) = map(_passage, self._store.articles([key]), chunks)
        text = passage.text
        if found.aim is None:
            sentences = [text[start:end] for start, end in sentence_spans(text)]
            return max(sentences, key=lambda sentence: len(matches(request.query.words, sentence)))
        near = nearness(text, found.aim.vector, self._legs.sentence)
        (start, end), _ = max(near, key=itemgetter(1))
        return text[start:end]

    def _answer(self, request: Request, found: Found, started: float) -> SearchResult:
        ranking = self._ranked(request, found)
        return SearchResult(
            query=request.query.raw,
            understood=understood(request.query),
            mode=request.mode,
            results=self._results(request, ranking, found.evidence),
            total=len(self._legs.members(found)),
            generation_id=self._generation_id,
            took_ms=(time.perf_counter() - started) * 1000,
            degraded=found.degraded,
        )


def _passage(article: Article, chunk: Chunk) -> Passage:
    return Passage(article.body[chunk.start : chunk.end], chunk.start, chunk.end)
