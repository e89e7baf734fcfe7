"""The search itself: a request to one generation, answered through protocols only."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from search.errors import UsageError, Worded
from search.protocols import ArticleStore, Begin, Ints, KeywordIndex, Reranker, when_needed
from search.query.ast import Query
from search.query.printer import understood
from search.retrieval.confidence import Bar
from search.retrieval.facets import FacetCounter
from search.retrieval.fusion import Doubles, Fused, fuse, lift, score, smooth
from search.retrieval.grouping import Folded
from search.retrieval.hits import Showing
from search.retrieval.rescoring import (
    AS_MERGED,
    Ranked,
    Reordering,
    Rereader,
    ages,
    favouring_recent,
    reranked,
)
from search.retrieval.retriever import Found, Legs, Meaning
from search.retrieval.sentence_scores import nearness
from search.retrieval.snippets import nearest
from search.retrieval.spelling import suggestion
from search.text.sentences import Span
from search.types import (
    Article,
    Contribution,
    Copies,
    Explanation,
    Facet,
    Fusion,
    MatchedWord,
    Method,
    Mode,
    Result,
    SearchResult,
    Sort,
)

_DEFAULT_FUSION = Fusion()
_DEFAULT_BAR = Bar()
_NO_BAR = Bar(near=0.0)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: a query, the legs to ask, and which part of the answer to give."""

    query: Query
    mode: Mode = Mode.HYBRID
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0
    fusion: Fusion = _DEFAULT_FUSION
    reordering: Reordering = AS_MERGED
    bar: Bar = _DEFAULT_BAR
    copies: Copies = Copies.FOLDED


class Engine:
    """Answers requests from one generation.

    ``meaning`` gives the semantic leg when it is first needed; when it raises EncoderUnavailable a
    hybrid request is answered by keywords and says so in ``degraded``, a semantic one fails with it.
    ``reranker`` is likewise given when it is first needed; without one nothing is reranked. ``families`` is
    by article key the one that stands for all that say the same; without it each stands for itself.
    ``missing`` tells, in words, what of the generation cannot be searched now; ``begin`` begins what the
    legs may be asked at the same time.
    """

    def __init__(
        self,
        store: ArticleStore,
        keyword: KeywordIndex,
        meaning: Callable[[], Meaning],
        generation_id: str,
        reranker: Callable[[], Reranker] | None = None,
        families: Ints | None = None,
        missing: Callable[[], tuple[str, ...]] = tuple,
        begin: Begin = when_needed,
    ) -> None:
        self._store = store
        self._keyword = keyword
        self._legs = Legs(store, keyword, meaning, begin)
        self._showing = Showing(store, keyword, self._legs)
        self._generation_id = generation_id
        self._counter = FacetCounter(store)
        self._families = families
        self._missing = missing
        self._rereader = None if reranker is None else Rereader(store, reranker)

    def search(self, request: Request) -> SearchResult:
        """Answer a request.

        Raises EncoderUnavailable for a semantic one without an encoder, and without the reranker asked for.
        """
        started, known = time.perf_counter(), self._missing()
        answer = self._answer(request, self._legs.ask(request.query, request.mode), started)
        if self._missing() == known:
            return answer
        self._forget()
        return self._answer(request, self._legs.ask(request.query, request.mode), started)

    def rank(self, request: Request) -> list[tuple[str, float]]:
        """Ids and scores of the results that ``search`` would give, without looking them up."""
        found = self._legs.ask(request.query, request.mode)
        ranking, _ = self._ranked(request, found, self._folded(request, found))
        ids = self._store.ids([key for key, _ in ranking])
        return [(name, score(parts)) for name, (_, parts) in zip(ids, ranking, strict=True)]

    def facets(self, request: Request) -> dict[Facet, tuple[tuple[str, int], ...]]:
        """How many of all the articles found have each source, section, year and month.

        Sources and sections with the most articles first, years and months in order; ``""`` is unknown.
        """
        folded = self._folded(request, self._legs.ask(request.query, request.mode))
        return {facet: self._counter.counts(facet, folded.standing) for facet in Facet}

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
            best_sentence=self._showing.best_sentence(request.query, found, key),
            grounds=found.evidence.grounds(key),
        )

    def heat(self, query: Query, article: Article, first: int = 0) -> Iterator[tuple[Span, float]]:
        """Each sentence of the article's body, with its cosine to the query.

        In order from the one at the offset ``first`` on, then those before it. A sentence is encoded when
        it is asked for; a query without words is near nothing. Raises EncoderUnavailable, at the first.
        """
        if query.words:
            yield from nearness(article.body, self._legs.aim(query.text).vector, self._legs.sentence, first)

    def copies(self, request: Request, result: Result) -> tuple[Result, ...]:
        """The copies of one of a request's results, in their order, each as the result that it would be.

        Raises what ``search`` does, and UsageError for one that is not in the index.
        """
        found = self._legs.ask(request.query, request.mode)
        keys = [self.key(copy.id) for copy in result.copies]
        parts = [self._contributions(request, found, key) for key in keys]
        copies = self._showing.results(request.query, list(zip(keys, parts, strict=True)), found.evidence)
        return tuple(replace(copy, copy_of=result.article.id) for copy in copies)

    def pinpoint(self, query: Query, result: Result) -> Result:
        """The result; where its passage holds no word, with the sentence nearest in meaning for its snippet.

        The passage's sentences are encoded for it. Raises EncoderUnavailable.
        """
        if result.snippet.leg is not None or not query.words:
            return result
        aim = self._legs.aim(query.text).vector
        return replace(result, snippet=nearest(result.passage, aim, self._legs.sentence))

    def suggest(self, query: Query) -> str | None:
        """See ``suggest.suggestion``."""
        return suggestion(query, self._keyword, self._store)

    def similar(self, article_id: str, limit: int) -> SearchResult:
        """The articles nearest in meaning to one of the index, its copies left out.

        Raises UsageError for an unknown id.
        """
        started = time.perf_counter()
        key = self.key(article_id)
        found = self._legs.like(key, self._kin(key))
        request = Request(Query(article_id, (), None, ""), Mode.SEMANTIC, limit=limit, bar=_NO_BAR)
        answer = self._answer(request, found, started)
        like = tuple(replace(one, evidence=1.0) for one in answer.results)  # nothing was asked to be answered
        return replace(answer, results=like, evidence=1.0)

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

    def _forget(self) -> None:
        """What was found, or looked up of every article, before a part of them was gone or came back."""
        self._legs.forget()
        self._counter = FacetCounter(self._store)
        for name in ("_ages", "_days_old"):
            self.__dict__.pop(name, None)

    def _ranked(self, request: Request, found: Found, folded: Folded) -> tuple[list[Ranked], list[Ranked]]:
        """The page asked for: first what the legs put forward, beyond it the other articles found.

        Beside it, where it is the first and results do not fill it, the nearest articles that are none.
        """
        if not found.evidence.asked:
            return self._newest(request, folded), []
        start, end = request.offset, request.offset + request.limit
        first = self._first(request, found, folded)
        ranked, below = self._parted(request, found, first, end)
        if end > len(ranked):
            others = np.setdiff1d(folded.standing, first, assume_unique=True)
            weighed = self._weighed(request, found, others)
            ranked += _told(others, weighed, self._order(request, others, weighed)[: end - len(ranked)])
        room = 0 if start or request.bar.least else max(0, end - len(ranked))
        return ranked[start:end], below[:room]

    def _folded(self, request: Request, found: Found) -> Folded:
        """The results, one for each family of copies unless all are asked for."""
        members = self._legs.members(found, request.bar)
        if self._families is None or request.copies is Copies.LISTED:
            return Folded.never(members, len(found.allowed))
        return Folded.of(members, self._families)

    def _first(self, request: Request, found: Found, folded: Folded) -> Ints:
        """What the legs put forward, a result by the one that stands for its family."""
        candidates = self._legs.candidates(found, request.fusion)
        within = np.isin(candidates, folded.members, assume_unique=True)
        return np.union1d(folded.fold(candidates[within]), candidates[~within])

    def _parted(
        self, request: Request, found: Found, keys: Ints, wanted: int
    ) -> tuple[list[Ranked], list[Ranked]]:
        """So many of the candidates in order: the results, which may be reranked, and the others."""
        fused = self._together(request, found, keys)
        order = self._order(request, keys, fused)
        within = np.isin(keys[order], self._legs.members(found, request.bar))
        enough = max(wanted, request.reordering.depth)
        ranked = _told(keys, fused, order[within][:enough])
        return self._reranked(request, found, ranked), _told(keys, fused, order[~within][:enough])

    def _order(self, request: Request, keys: Ints, fused: Fused) -> Ints:
        """The places of these articles in the order asked for, ties by key."""
        return np.argsort(self._ages[keys] if request.sort is Sort.DATE else -fused.scores, kind="stable")

    def _weighed(self, request: Request, found: Found, keys: Ints) -> Fused:
        """What every leg adds to each of these articles, and how recent it is."""
        return self._favoured(
            request, keys, fuse(found.evidence.legs(keys), found.evidence.coverage(keys), request.fusion)
        )

    def _favoured(self, request: Request, keys: Ints, fused: Fused) -> Fused:
        half_life = request.reordering.half_life
        return favouring_recent(fused, self._days_old[keys], half_life) if half_life else fused

    def _reranked(self, request: Request, found: Found, ranking: list[Ranked]) -> list[Ranked]:
        """The first of a ranking as the reranker puts them, where it is asked; never those by date."""
        first = ranking[: request.reordering.depth]
        if self._rereader is None or not first or request.sort is Sort.DATE:
            return ranking
        rows = tuple(self._showing.best_row(key, found.evidence) for key, _ in first)
        return reranked(ranking, self._rereader.opinions(request.query.text, rows))

    def _together(self, request: Request, found: Found, keys: Ints) -> Fused:
        """The same of candidates, which are then compared to each other."""
        evidence = found.evidence
        fused = fuse(evidence.legs(keys), evidence.coverage(keys), request.fusion)
        likeness = evidence.likeness(keys) if request.fusion.method is Method.STANDARDISED else None
        if likeness is not None:
            fused = smooth(fused, likeness)
        return lift(self._favoured(request, keys, fused), evidence.coverage(keys), evidence.literal()[keys])

    def _contributions(self, request: Request, found: Found, key: int) -> tuple[Contribution, ...]:
        """What each leg contributes to one article, in its place among the candidates."""
        if not found.evidence.asked:
            return ()
        keys = np.union1d(self._first(request, found, self._folded(request, found)), [key])
        ranked, below = self._parted(request, found, keys, len(keys))
        return dict(ranked + below)[key]

    def _newest(self, request: Request, folded: Folded) -> list[Ranked]:
        """Without a word to rank by: everything that meets the constraint, the latest first."""
        keys = self._store.newest_first()
        listed = keys[np.isin(keys, folded.standing, assume_unique=True)]
        page = listed[request.offset : request.offset + request.limit].tolist()
        return [(key, ()) for key in page]

    @cached_property
    def _days_old(self) -> Doubles:
        """By article, its age in days when the newest one was published."""
        return ages(self._store.published())

    @cached_property
    def _ages(self) -> Ints:
        """By article, its place among all by date, the latest first."""
        newest = self._store.newest_first()
        ages = np.empty_like(newest)
        ages[newest] = np.arange(len(newest))
        return ages

    def _kin(self, key: int) -> Ints:
        """The articles of one's family, oneself among them."""
        families = self._families
        return np.array([key]) if families is None else np.flatnonzero(families == families[key])

    def _related(
        self, request: Request, found: Found, folded: Folded, ranking: Sequence[Ranked]
    ) -> tuple[Result, ...]:
        """The results, each with its copies, or where those are listed with what it is a copy of."""
        results = self._showing.results(request.query, ranking, found.evidence)
        keys = [key for key, _ in ranking]
        if request.copies is Copies.FOLDED:
            return self._showing.with_copies(results, keys, folded)
        as_folded = self._folded(replace(request, copies=Copies.FOLDED), found)
        return self._showing.as_copies(results, keys, as_folded)

    def _answer(self, request: Request, found: Found, started: float) -> SearchResult:
        folded = self._folded(request, found)
        ranking, below = self._ranked(request, found, folded)
        return SearchResult(
            query=request.query.raw,
            understood=understood(request.query),
            mode=request.mode,
            results=self._related(request, found, folded, ranking),
            total=len(folded.standing),
            generation_id=self._generation_id,
            took_ms=(time.perf_counter() - started) * 1000,
            degraded=(*found.degraded, *self._missing()),
            evidence=found.best,
            below=self._showing.results(request.query, below, found.evidence),
        )


def _told(keys: Ints, fused: Fused, places: Ints) -> list[Ranked]:
    """The articles at these places, each with what was added to its score."""
    return [(int(keys[place]), fused.contributions(place)) for place in places.tolist()]
