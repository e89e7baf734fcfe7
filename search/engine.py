"""The search itself: a request to one generation, answered through protocols only."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from search.errors import EncoderUnavailable, UsageError
from search.evidence import Evidence, Rows
from search.fusion import fuse, score
from search.model import Article, Contribution, Fusion, Mode, Passage, Result, SearchResult, Sort
from search.protocols import ArticleStore, Bools, Encoder, Floats, Ints, KeywordIndex, VectorIndex
from search.query.matching import matches
from search.query.render import understood
from search.query.tree import Query, RankingWord

DEPTH = 100
"""Articles that each leg puts forward, or as many as the page asked for needs."""
_ROWS_AN_ARTICLE = 4  # rows fetched for each article wanted; more when that was not enough
_REMEMBERED = 1024  # queries whose vector is kept: another mode, order or page costs no encoding
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
class _Ranking:
    """The articles of an answer in order, and what each leg contributed to each."""

    keys: list[int]
    contributions: list[tuple[Contribution, ...]]
    total: int


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

    def search(self, request: Request) -> SearchResult:
        """Answer a request; raises EncoderUnavailable for a semantic one without an encoder."""
        started = time.perf_counter()
        query = request.query
        allowed = self._allowed(query)
        if query.words:
            aim, degraded = self._aim(request)
            evidence = self._evidence(() if request.mode is Mode.SEMANTIC else query.words, aim)
            ranking = self._ranked(request, evidence, allowed, aim)
        else:
            degraded = ()
            evidence = Evidence.gathered(self._rows, None, None)
            ranking = self._newest(request, allowed)
        results = self._results(request, ranking, evidence)
        return self._answer(request, results, ranking.total, started, degraded)

    def rank(self, request: Request) -> list[tuple[str, float]]:
        """Ids and scores of the articles that ``search`` would show, without looking them up."""
        aim, _ = self._aim(request)
        evidence = self._evidence(() if request.mode is Mode.SEMANTIC else request.query.words, aim)
        ranking = self._ranked(request, evidence, self._allowed(request.query), aim)
        ids = self._store.ids(ranking.keys)
        return [
            (article_id, score(parts)) for article_id, parts in zip(ids, ranking.contributions, strict=True)
        ]

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
        evidence = self._evidence((), aim)
        ranking = self._ranked(request, evidence, others, aim)
        return self._answer(request, self._results(request, ranking, evidence), ranking.total, started, ())

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

    def _allowed(self, query: Query) -> Bools:
        if query.constraint is None:
            return np.ones(len(self._rows.first), bool)
        return self._keyword.allowed(query.constraint)

    def _aim(self, request: Request) -> tuple[_Aim | None, tuple[str, ...]]:
        """What the semantic leg looks for, or why it cannot."""
        if request.mode is Mode.KEYWORD:
            return None, ()
        try:
            return self._aim_of(request.query.text), ()
        except EncoderUnavailable as exc:
            if request.mode is Mode.SEMANTIC:
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

    def _ranked(self, request: Request, evidence: Evidence, allowed: Bools, aim: _Aim | None) -> _Ranking:
        """Score the union of what each leg puts forward, each candidate by every leg."""
        depth = max(DEPTH, request.offset + request.limit)
        nearest = self._nearest(aim, allowed, depth)
        keys = np.union1d(evidence.by_keyword(allowed, depth, request.fusion), nearest)
        total = int(np.union1d(np.flatnonzero(evidence.matching() & allowed), nearest).size)
        contributions = fuse(evidence.legs(keys), evidence.coverage(keys), request.fusion)
        scores = np.array([score(parts) for parts in contributions])
        order = np.argsort(-scores, kind="stable")
        if request.sort is Sort.DATE:
            order = np.argsort(self._ages()[keys], kind="stable")
        page = order[request.offset : request.offset + request.limit]
        return _Ranking(keys[page].tolist(), [contributions[place] for place in page], total)

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
        if request.query.constraint is None:
            return _Ranking([], [], 0)
        keys = self._store.newest_first()
        keys = keys[allowed[keys]]
        page = keys[request.offset : request.offset + request.limit].tolist()
        return _Ranking(page, [()] * len(page), len(keys))

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

    def _answer(
        self,
        request: Request,
        results: tuple[Result, ...],
        total: int,
        started: float,
        degraded: tuple[str, ...],
    ) -> SearchResult:
        return SearchResult(
            query=request.query.raw,
            understood=understood(request.query),
            mode=request.mode,
            results=results,
            total=total,
            generation_id=self._generation_id,
            took_ms=(time.perf_counter() - started) * 1000,
            degraded=degraded,
        )
