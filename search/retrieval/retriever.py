"""The first stage of a search: what a query retrieves by its words and by its meaning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock

import numpy as np

from search.errors import EncoderUnavailable, Translatable
from search.lru import LruCache
from search.protocols import (
    ArticleStore,
    Begin,
    Bools,
    Encoder,
    Floats,
    Ints,
    KeywordIndex,
    TermMatches,
    VectorIndex,
    when_needed,
)
from search.query.ast import Query
from search.retrieval.archive_sample import ArchiveSample
from search.retrieval.lexical_scores import LexicalScores
from search.retrieval.not_encoded import not_encoded
from search.retrieval.query_kind import EXCERPT, TOPIC, QueryKind, kind_of
from search.retrieval.query_terms import QueryTerms, matches
from search.retrieval.relevance import RelevanceThreshold
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import Doubles, ScoreStats
from search.retrieval.semantic_scores import (
    SemanticScores,
    article_similarity,
    encoded_rows,
    normalised,
)
from search.retrieval.signals import Signals
from search.retrieval.spelling import corrected
from search.retrieval.term_support import TermCentroids
from search.retrieval.years import NO_YEARS, ArticleYears, year_in
from search.types import Fusion, Mode

DEPTH = 100
"""Articles that each leg retrieves."""
_ROWS_AN_ARTICLE = 4  # rows fetched for each article wanted; more when that was not enough
_QUERY_VECTORS = 128  # that are remembered
_SENTENCE_VECTORS = 256  # likewise: the same article is read again, or for another query
_RETRIEVED_SETS = 4  # likewise: another order, page or facet retrieves nothing again
_NO_KEY = -1
_NOTHING: Ints = np.empty(0, np.int64)
_FUSION = Fusion()


@dataclass(frozen=True, slots=True)
class SemanticIndex:
    """An encoder, and the vectors of passages in its space."""

    encoder: Encoder
    vectors: VectorIndex


@dataclass(frozen=True, slots=True)
class QueryVector:
    """The vector of a query, and the index to search with it."""

    vector: Floats
    index: VectorIndex


@dataclass(frozen=True, slots=True)
class RetrievedSet:
    """What a query retrieves, before an order or a page of it is asked for.

    ``terms`` are those of the words as typed. ``allowed`` tells by article key whether it meets the
    constraint. ``candidates`` are the keys, ascending, of the articles that are compared with each other:
    at most ``DEPTH`` of each leg, and every literal match; ``confidence`` is theirs, in that order.
    ``nearest`` are the keys of the ``DEPTH`` allowed articles nearest in meaning, ``nearness`` is their
    confidence by meaning alone. ``matching`` are the keys of the allowed articles that hold a term (by
    meaning alone, those of the nearest). ``degraded`` says in words what is missing.
    """

    query: Query
    query_vector: QueryVector | None
    terms: tuple[TermMatches, ...]
    signals: Signals
    allowed: Bools
    candidates: Ints
    confidence: Doubles
    nearest: Ints
    nearness: Doubles
    matching: Ints
    degraded: tuple[str, ...] = ()

    @property
    def corrected_terms(self) -> tuple[TermMatches, ...]:
        """The terms, where the leg of words was asked with its corrections of misspelt ones."""
        lexical = self.signals.lexical
        return self.terms if lexical is None else lexical.corrected

    @property
    def best_confidence(self) -> float:
        """How sure it is that anything answers; 1 for a query without words."""
        return float(self.confidence.max(initial=0.0)) if self.signals.asked else 1.0

    def confidence_of(self, keys: Ints) -> Doubles:
        """The confidence of any articles; that of candidates is not computed again."""
        places = np.searchsorted(self.candidates, keys)  # faster than isin, as candidates are ascending
        judged = np.append(self.candidates, _NO_KEY)[places] == keys
        confidence = np.empty(len(keys))
        confidence[judged] = self.confidence[places[judged]]
        if not judged.all():
            confidence[~judged] = self.signals.confidence(keys[~judged])
        return confidence

    def relevant(self, threshold: RelevanceThreshold) -> Bools:
        """By article key whether it is a result: the one definition of what a result is."""
        if not self.signals.asked:
            return self.allowed
        results = np.zeros(len(self.allowed), bool)
        results[self.matching] = True
        results[self.nearest[self.nearness >= threshold.semantic]] = True
        if threshold.minimum:
            keys = np.flatnonzero(results)
            results[keys] = self.confidence_of(keys) >= threshold.minimum
        return results


class Retriever:
    """Retrieves from one generation; may be used from several threads.

    ``semantic`` is called when it is first needed, and its encoder by one thread at a time. ``vectors`` gives
    the vectors of passages without an encoder, for queries that words alone answer. ``begin`` starts calls
    that may run at the same time. ``retrieve``, ``query_vector`` and ``sentence_vector`` remember their
    latest answers.
    """

    def __init__(
        self,
        store: ArticleStore,
        keyword: KeywordIndex,
        semantic: Callable[[], SemanticIndex],
        begin: Begin = when_needed,
        vectors: Callable[[], VectorIndex] | None = None,
    ) -> None:
        self._store = store
        self.rows = ArticleRows.starting(store.first_rows, store.chunk_count)
        self._keyword = keyword
        self._semantic = semantic
        self._begin = begin
        self._vectors = vectors
        self._encoding = Lock()
        self._sample: ArchiveSample | None = None
        self._article_years: ArticleYears | None = None
        self._retrieved: LruCache[tuple[Query, Mode, Fusion], RetrievedSet] = LruCache(_RETRIEVED_SETS)
        self._query_vectors: LruCache[str, QueryVector] = LruCache(_QUERY_VECTORS)
        self._sentence_vectors: LruCache[str, Floats] = LruCache(_SENTENCE_VECTORS)

    def retrieve(self, query: Query, mode: Mode, fusion: Fusion = _FUSION) -> RetrievedSet:
        """What a query retrieves, once for all pages, orders and facets of the answer.

        A query without words retrieves what meets its constraint, and no leg is asked. Raises
        EncoderUnavailable for a semantic one without an encoder.
        """
        return self._retrieved.get((query, mode, fusion), lambda: self._retrieve(query, mode, fusion))

    def query_vector(self, text: str) -> QueryVector:
        """The vector of a query; raises EncoderUnavailable."""
        return self._query_vectors.get(text, lambda: self._encode_query(text))

    def sentence_vector(self, text: str) -> Floats:
        """The vector of a short text; raises EncoderUnavailable."""
        return self._sentence_vectors.get(text, lambda: self._encode_sentence(text))

    def _retrieve(self, query: Query, mode: Mode, fusion: Fusion) -> RetrievedSet:
        allowing = self._begin(partial(self._allowed, query))
        if not query.words:
            return self._retrieved_set(query, Signals(self.rows, None, None), _NOTHING, allowing(), fusion)
        scoring = self._begin(partial(self._lexical, query, mode))
        vector, degraded = self._vector(query, mode)
        kind = _kind(query, mode)
        semantic = None if vector is None else self._semantic_scores(vector, kind)
        allowed = allowing()
        searching = self._begin(partial(self._nearest, semantic, allowed))
        signals = self._signals(scoring(), semantic, kind)
        retrieved = self._retrieved_set(query, signals, searching(), allowed, fusion)
        return replace(retrieved, query_vector=vector, degraded=degraded)

    def _encode_query(self, text: str) -> QueryVector:
        with self._encoding:
            semantic = self._semantic()
            if not semantic.vectors.encoded.any():
                raise EncoderUnavailable(
                    Translatable("no passage is encoded yet; to go on with it, run: depeche build PATH")
                )
            return QueryVector(semantic.encoder.encode_query(text), semantic.vectors)

    def _encode_sentence(self, text: str) -> Floats:
        with self._encoding:
            vector: Floats = self._semantic().encoder.encode_few([text])[0]
        return vector

    def warm(self) -> None:
        """Let the encoder prepare for many queries; raises EncoderUnavailable."""
        with self._encoding:
            self._semantic().encoder.warm()

    def similar(self, key: int, excluded: Ints) -> RetrievedSet:
        """What is near an article in meaning, without the excluded articles; raises EncoderUnavailable."""
        with self._encoding:
            index = self._semantic().vectors
        _, rows, _ = encoded_rows(index, self.rows, np.array([key]))
        if not len(rows):
            raise EncoderUnavailable(
                Translatable("This article is not encoded yet; to go on with it, run: depeche build PATH")
            )
        vector = QueryVector(normalised(index.of_rows(rows).mean(axis=0)), index)
        allowed = np.ones(len(self.rows.first), bool)
        allowed[excluded] = False
        semantic = self._semantic_scores(vector, TOPIC)
        signals, nearest = Signals(self.rows, None, semantic), self._nearest(semantic, allowed)
        retrieved = self._retrieved_set(Query("", (), None, ""), signals, nearest, allowed, _FUSION)
        return replace(
            retrieved, query_vector=vector, degraded=not_encoded(self._sampled(index), Mode.SEMANTIC)
        )

    def forget(self) -> None:
        """Drop what was retrieved: what can be searched has changed."""
        self._retrieved.clear()
        self._sample = None
        self._article_years = None

    def _retrieved_set(
        self, query: Query, signals: Signals, nearest: Ints, allowed: Bools, fusion: Fusion
    ) -> RetrievedSet:
        terms, matching = self._matching(query, signals, nearest, allowed)
        by_keyword = signals.best_by_keyword(matching, DEPTH, fusion)
        literal = matching[signals.literal(matching)]
        candidates = np.unique(np.concatenate([by_keyword, nearest, literal]))
        if signals.semantic is not None and len(candidates):
            signals = replace(signals, semantic=signals.semantic.fetch(candidates))
        confidence, by_meaning = signals.confidences(candidates)
        return RetrievedSet(
            query=query,
            query_vector=None,
            terms=terms,
            signals=signals,
            allowed=allowed,
            candidates=candidates,
            confidence=confidence,
            nearest=nearest,
            nearness=by_meaning[np.searchsorted(candidates, nearest)],
            matching=matching,
        )

    def _matching(
        self, query: Query, signals: Signals, nearest: Ints, allowed: Bools
    ) -> tuple[tuple[TermMatches, ...], Ints]:
        """The terms of the query, and the articles that hold one."""
        if signals.lexical is not None:
            return signals.lexical.scores.terms, signals.matching(allowed)
        terms = tuple(self._keyword.lookup(query.words)) if query.words else ()
        return terms, nearest[matches(terms, nearest).any(axis=0)]

    def _allowed(self, query: Query) -> Bools:
        if query.constraint is not None:
            return self._keyword.allowed(query.constraint)
        return np.full(len(self.rows.first), bool(query.words))

    def _vector(self, query: Query, mode: Mode) -> tuple[QueryVector | None, tuple[str, ...]]:
        """The vector of a query where meaning is asked, or why there is none."""
        if mode is Mode.KEYWORD:
            return None, ()
        try:
            vector = self.query_vector(query.text)
            return vector, not_encoded(self._sampled(vector.index), mode)
        except EncoderUnavailable as exc:
            if mode is Mode.SEMANTIC:
                raise
            return None, (Translatable("Answered by keywords only: {}", exc.message),)

    def _lexical(self, query: Query, mode: Mode) -> LexicalScores | None:
        if mode is Mode.SEMANTIC:
            return None
        scores = self._keyword.score(query.words)
        terms = QueryTerms.of(query.words, scores.terms, self._years(scores.terms))
        return LexicalScores.of(scores, terms, corrected(query.words, scores.terms, self._keyword), self.rows)

    def _semantic_scores(self, query: QueryVector, kind: QueryKind) -> SemanticScores:
        sample = self._sampled(query.index)
        aim = normalised(query.vector - np.float32(kind.centre) * sample.stats.centre)
        by_article = article_similarity(sample.vectors @ aim, sample.starts, kind.best_passage)
        articles = ScoreStats.of(by_article)
        return SemanticScores(
            query.vector, aim, kind.best_passage, query.index, self.rows, articles, sample.pairs
        )

    def _signals(
        self, lexical: LexicalScores | None, semantic: SemanticScores | None, kind: QueryKind
    ) -> Signals:
        if semantic is None:
            vectors = None if self._vectors is None else self._vectors()
            return Signals(self.rows, lexical, None, vectors=vectors)
        if lexical is None:
            return Signals(self.rows, None, semantic)
        sample = self._sampled(semantic.index)
        rows = [sample.with_vectors(term.rows) for term in lexical.corrected]
        centroids = TermCentroids.of(rows, semantic.index, sample.stats)
        return Signals(self.rows, lexical, semantic, centroids, kind)

    def _sampled(self, index: VectorIndex) -> ArchiveSample:
        if self._sample is None:
            self._sample = ArchiveSample.of(index, self.rows)
        return self._sample

    def _years(self, terms: Sequence[TermMatches]) -> ArticleYears:
        """The years of the articles, which are read where a term is a year."""
        if not any(year_in(term.text) for term in terms):
            return NO_YEARS
        if self._article_years is None:
            self._article_years = ArticleYears.of(self._store.published())
        return self._article_years

    def _nearest(self, semantic: SemanticScores | None, allowed: Bools) -> Ints:
        """The allowed articles whose best passage is nearest, at most ``DEPTH``."""
        if semantic is None:
            return _NOTHING
        rows = None if allowed.all() else self.rows.of_allowed(allowed)
        wanted = DEPTH * _ROWS_AN_ARTICLE
        while True:
            articles = self.rows.article[semantic.index.search(semantic.aim, wanted, rows).rows]
            _, first = np.unique(articles, return_index=True)
            if len(first) >= DEPTH or len(articles) < wanted:
                return articles[np.sort(first)[:DEPTH]]
            wanted *= _ROWS_AN_ARTICLE


def _kind(query: Query, mode: Mode) -> QueryKind:
    """The kind of a query; without words to tell articles apart, the mean of their passages is too weak."""
    kind = kind_of(query.text)
    return TOPIC if mode is Mode.SEMANTIC and kind is EXCERPT else kind
