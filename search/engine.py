"""The search itself: a request to one generation, answered through protocols only."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np

from search.errors import EncoderUnavailable, UsageError
from search.evidence import Evidence, Rows
from search.fusion import fuse, score
from search.model import Article, Contribution, Facet, Fusion, Mode, Passage, Result, SearchResult, Sort
from search.protocols import ArticleStore, Bools, Encoder, Floats, Ints, KeywordIndex, VectorIndex
from search.query.matching import matches
from search.query.render import understood
from search.query.tree import Query, RankingWord

DEPTH = 100
"""Articles that each leg puts forward, or as many as the page asked for needs."""
_ROWS_AN_ARTICLE = 4  # rows fetched for each article wanted; more when that was not enough
_REMEMBERED = 1024  # queries whose vector is kept
_OPEN = 4  # queries whose evidence is kept: another order, page or facet asks no leg again
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
class Meaning:
    """The semantic leg: an encoder and vectors of one space."""

    encoder: Encoder
    vectors: VectorIndex


@dataclass(frozen=True, slots=True)
class _Aim:
    """Where a question points to, and the vectors it is compared to."""

    vector: Floats
    vectors: VectorIndex


@dataclass(frozen=True, slots=True)
class _Found:
    """What a query finds, before an order or a page of it is asked for."""

    aim: _Aim | None
    evidence: Evidence
    allowed: Bools
    degraded: tuple[str, ...]


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
        self._meaning = meaning
        self._generation_id = generation_id
        self._rows = Rows.starting(store.first_rows, store.chunk_count)
        self._aim_of = lru_cache(_REMEMBERED)(self._encode)
        self._found = lru_cache(_OPEN)(self._gather)
        self._values = cache(self._coded)

    def search(self, request: Request) -> SearchResult:
        """Answer a request; raises EncoderUnavailable for a semantic one without an encoder."""
        started = time.perf_counter()
        return self._answer(request, self._found(request.query, request.mode), started)

    def rank(self, request: Request) -> list[tuple[str, float]]:
        """Ids and scores of the articles that ``search`` would show, without looking them up."""
        ranking = self._ranked(request, self._found(request.query, request.mode))
        scores = map(score, ranking.contributions)
        return list(zip(self._store.ids(ranking.keys), scores, strict=True))

    def facets(self, request: Request) -> dict[Facet, tuple[tuple[str, int], ...]]:
        """How many of all the articles found have each source, section, year and month.

        Sources and sections with the most articles first, years and months in order; ``""`` is unknown.
        """
        members = self._members(self._found(request.query, request.mode))
        return {facet: self._counts(facet, members) for facet in Facet}

    def similar(self, article_id: str, limit: int) -> SearchResult:
        """The articles nearest in meaning to one of the index; raises UsageError for an unknown id."""
        started = time.perf_counter()
        key = self.key(article_id)
        vectors = self._meaning().vectors
        centre = vectors.of_rows(np.array(self._rows.of(key))).mean(axis=0)
        aim = _Aim(centre / np.linalg.norm(centre), vectors)
        others = np.ones(len(self._rows.first), bool)
        others[key] = False
        request = Request(Query(article_id, (), None, ""), Mode.SEMANTIC, limit=limit)
        return self._answer(request, _Found(aim, self._evidence((), aim), others, ()), started)

    def article(self, article_id: str) -> Article:
        """The article with this id; raises UsageError for an unknown one."""
        return self._store.articles([self.key(article_id)])[0]

    def key(self, article_id: str) -> int:
        """The key of an article; raises UsageError for an unknown id."""
        key = self._store.key(article_id)
        if key is None:
            raise UsageError(
                f"There is no article {article_id!r} in the index; ids are in: find QUERY --format json"
            )
        return key

    def _gather(self, query: Query, mode: Mode) -> _Found:
        """Ask every leg, once for all pages, orders and facets of the answer."""
        allowed = np.full(len(self._rows.first), query.constraint is not None)
        if query.constraint is not None:
            allowed = self._keyword.allowed(query.constraint)
        if not query.words:
            return _Found(None, Evidence.gathered(self._rows, None, None), allowed, ())
        if query.constraint is None:
            allowed = np.ones(len(self._rows.first), bool)
        aim, degraded = self._aim(query, mode)
        evidence = self._evidence(() if mode is Mode.SEMANTIC else query.words, aim)
        return _Found(aim, evidence, allowed, degraded)

    def _aim(self, query: Query, mode: Mode) -> tuple[_Aim | None, tuple[str, ...]]:
        """What the semantic leg looks for, or why it cannot."""
        if mode is Mode.KEYWORD:
            return None, ()
        try:
            return self._aim_of(query.text), ()
        except EncoderUnavailable as exc:
            if mode is Mode.SEMANTIC:
                raise
            return None, (f"Answered by keywords only: {exc}",)

    def _encode(self, text: str) -> _Aim:
        meaning = self._meaning()
        return _Aim(meaning.encoder.encode_query(text), meaning.vectors)

    def _evidence(self, words: Sequence[RankingWord], aim: _Aim | None) -> Evidence:
        return Evidence.gathered(
            self._rows,
            self._keyword.score(words) if words else None,
            None if aim is None else aim.vectors.similarity(aim.vector),
        )

    def _ranked(self, request: Request, found: _Found) -> _Ranking:
        """Score the union of what each leg puts forward, each candidate by every leg."""
        if not found.evidence.asked:
            return self._newest(request, found.allowed)
        depth = max(DEPTH, request.offset + request.limit)
        evidence, fusion = found.evidence, request.fusion
        keys = np.union1d(
            evidence.by_keyword(found.allowed, depth, fusion), self._nearest(found.aim, found.allowed, depth)
        )
        contributions = fuse(evidence.legs(keys), evidence.coverage(keys), fusion)
        order = np.argsort([-score(parts) for parts in contributions], kind="stable")
        if request.sort is Sort.DATE:
            order = np.argsort(self._ages[keys], kind="stable")
        page = order[request.offset : request.offset + request.limit]
        return _Ranking(keys[page].tolist(), [contributions[place] for place in page])

    def _members(self, found: _Found) -> Ints:
        """Every article of the answer: those that hold a word, and the nearest in meaning."""
        if not found.evidence.asked:
            return np.flatnonzero(found.allowed)
        matching = np.flatnonzero(found.evidence.matching() & found.allowed)
        return np.union1d(matching, self._nearest(found.aim, found.allowed, DEPTH))

    def _counts(self, facet: Facet, members: Ints) -> tuple[tuple[str, int], ...]:
        names, codes = self._values(facet)
        counts = np.bincount(codes[members], minlength=len(names)).tolist()
        found = [(name, count) for name, count in zip(names, counts, strict=True) if count]
        if facet in (Facet.SOURCE, Facet.SECTION):
            found.sort(key=lambda value: -value[1])
        return tuple(found)

    def _coded(self, facet: Facet) -> tuple[list[str], Ints]:
        names, codes = np.unique(np.array(self._store.values(facet)), return_inverse=True)
        return names.tolist(), codes

    def _nearest(self, aim: _Aim | None, allowed: Bools, limit: int) -> Ints:
        """The allowed articles whose best passage is nearest, at most so many."""
        if aim is None:
            return np.empty(0, np.int64)
        rows = None if allowed.all() else np.flatnonzero(allowed[self._rows.article])
        wanted = limit * _ROWS_AN_ARTICLE
        while True:
            hits = aim.vectors.search(aim.vector, wanted, rows)
            found = dict.fromkeys(int(self._rows.article[hit.row]) for hit in hits)
            if len(found) >= limit or len(hits) < wanted:
                return np.array(list(found)[:limit], np.int64)
            wanted *= _ROWS_AN_ARTICLE

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
        found = zip(ranking.keys, articles, ranking.contributions, strict=True)
        return tuple(self._result(request, key, article, parts, evidence) for key, article, parts in found)

    def _result(
        self,
        request: Request,
        key: int,
        article: Article,
        parts: tuple[Contribution, ...],
        evidence: Evidence,
    ) -> Result:
        rows = self._rows.of(key)
        coverage = float(evidence.coverage(np.array([key]))[0])
        row = rows[int(np.argmax(evidence.passage_scores(rows, coverage, request.fusion)))]
        (chunk,) = self._store.chunks([row])
        text = article.body[chunk.start : chunk.end]
        return Result(
            article=article,
            score=score(parts),
            passage=Passage(text, chunk.start, chunk.end),
            highlights=matches(request.query.words, text),
            contributions=parts,
            passages_more=evidence.holding(rows, except_for=row),
        )

    def _answer(self, request: Request, found: _Found, started: float) -> SearchResult:
        ranking = self._ranked(request, found)
        return SearchResult(
            query=request.query.raw,
            understood=understood(request.query),
            mode=request.mode,
            results=self._results(request, ranking, found.evidence),
            total=len(self._members(found)),
            generation_id=self._generation_id,
            took_ms=(time.perf_counter() - started) * 1000,
            degraded=found.degraded,
        )
