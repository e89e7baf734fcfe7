"""The search itself: a request to one generation, answered through protocols only.

A search is one value on its way: ``Request`` → ``RetrievedSet`` → ``Matches`` → ``Page`` → ``Hits``.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from search.errors import EncoderUnavailable, Translatable, UsageError
from search.lru import LruCache
from search.protocols import ArticleStore, Begin, Ints, KeywordIndex, Reranker, VectorIndex, when_needed
from search.query.article_sets import bind
from search.query.ast import ArticleKeys, Query
from search.query.filters import filters_of, without_facet
from search.query.matcher import marks
from search.query.printer import to_text, understood
from search.retrieval.collection import Collection, Results
from search.retrieval.date_order import in_order
from search.retrieval.example_queries import example_queries
from search.retrieval.facets import ValueCounts
from search.retrieval.hit_stream import PAGE_SIZE, HitStream
from search.retrieval.hits import HitBuilder
from search.retrieval.overview import ArchiveCounts, Overview
from search.retrieval.passages import PassageReader
from search.retrieval.ranking import Matches, Ranker
from search.retrieval.relevance import RelevanceThreshold
from search.retrieval.request import Request
from search.retrieval.rescoring import PassageReranker, RankedArticle
from search.retrieval.retriever import RetrievedSet, Retriever, SemanticIndex
from search.retrieval.sentence_scores import sentence_similarities
from search.retrieval.snippets import keyword_snippet, semantic_snippet, word_weights
from search.retrieval.spelling import suggestion
from search.retrieval.timeline import Timeline
from search.text.sentences import Span
from search.types import (
    Article,
    Copies,
    Explanation,
    Facet,
    FacetCounts,
    Hit,
    Hits,
    MatchedWord,
    Mode,
    Passage,
    Sort,
)

_DATES = {Facet.YEAR, Facet.MONTH}
_BOUND_SETS = 16  # sets of articles whose keys are remembered
_EVERYTHING = RelevanceThreshold(semantic=0.0)


class Engine:
    """Answers requests from one generation; may be used from several threads.

    ``semantic`` gives the encoder and the vectors when they are first needed; when it raises
    EncoderUnavailable a hybrid request is answered by keywords and says so in ``degraded``, and a semantic
    one fails with it. ``reranker`` is likewise called when it is first needed; without one nothing is
    reranked. ``leaders`` is by article key the one that stands for all copies of it; without it each stands
    for itself. ``missing`` says in words what of the generation cannot be searched now; ``begin`` starts
    calls that may run at the same time. ``vectors`` is called where words alone answer: by it, articles that
    are alike in meaning speak for each other there too.

    A request whose query names a set that the user does not have fails with QueryError, whatever is asked.
    """

    def __init__(
        self,
        store: ArticleStore,
        keyword: KeywordIndex,
        semantic: Callable[[], SemanticIndex],
        generation_id: str,
        reranker: Callable[[], Reranker] | None = None,
        leaders: Ints | None = None,
        missing: Callable[[], tuple[str, ...]] = tuple,
        begin: Begin = when_needed,
        vectors: Callable[[], VectorIndex] | None = None,
    ) -> None:
        self._store = store
        self._keyword = keyword
        self._generation_id = generation_id
        self._missing = missing
        self._leaders = leaders
        self._reranker = None if reranker is None else PassageReranker(store, reranker)
        self._retriever = Retriever(store, keyword, semantic, begin, vectors)
        self._set_keys: LruCache[frozenset[str], ArticleKeys] = LruCache(_BOUND_SETS)
        self._read_store()

    def search(self, request: Request) -> Hits:
        """Answer a request.

        Raises EncoderUnavailable for a semantic one without an encoder, and without the reranker asked for.
        """
        started, missing = time.perf_counter(), self._missing()
        hits = self._hits(self._match(request), started)
        if self._missing() == missing:
            return hits
        self._forget()
        return self._hits(self._match(request), started)

    def all_hits(self, request: Request) -> HitStream:
        """Every hit that ``search`` gives, in order, whatever ``limit`` and ``offset`` are.

        The request is matched at once, and the hits are built page by page when they are asked for, so that
        memory does not grow with their number. Raises what ``search`` does; see ``HitStream``.
        """
        started, missing = time.perf_counter(), self._missing()
        matches = self._match(replace(request, limit=0, offset=0))
        answer = self._hits(matches, started)
        pages = self._builder.pages(matches, self._ranker.pages(matches, PAGE_SIZE))
        return HitStream(answer, pages, missing, self._missing)

    def rank(self, request: Request) -> list[tuple[str, float]]:
        """Ids and scores of the hits that ``search`` would give, without looking them up."""
        page = self._ranker.page(self._match(request))
        ids = self._store.ids([article.key for article in page.articles])
        return [(name, article.score) for name, article in zip(ids, page.articles, strict=True)]

    def facets(self, request: Request) -> FacetCounts:
        """How many of all the results have each value of every facet.

        Years and months in order, others with the most articles first; ``""`` is unknown.
        """
        leaders = self._match(request).groups.leaders
        return {facet: self.collection.counter.counts(facet, leaders) for facet in Facet}

    def disjunctive_facets(self, request: Request) -> FacetCounts:
        """The counts of ``facets`` for choosing several values: what each value would add to the results.

        A facet that the query filters by is counted without the values that the query includes. A value that
        it excludes has the count that it would have without the filters on its facet. Years and months are
        those of ``facets``; ``timeline`` has other days.
        """
        counts = dict(self.facets(request))
        for facet in counts.keys() & {each.facet for each in filters_of(request.query)} - _DATES:
            counts[facet] = self._disjunctive_counts(request, facet)
        return counts

    def _disjunctive_counts(self, request: Request, facet: Facet) -> ValueCounts:
        query = request.query
        excluding = [each for each in filters_of(query) if each.facet is facet and each.excludes]
        counts = self._counts_for(request, without_facet(query, facet, kept_only=True), facet)
        if not excluding:
            return counts
        every = self._counts_for(request, without_facet(query, facet), facet)
        excluded = {name: count for name, count in every if any(each.names(name) for each in excluding)}
        counted = {name: count for name, count in counts if name not in excluded} | excluded
        return tuple(sorted(counted.items(), key=lambda value: -value[1]))

    def _counts_for(self, request: Request, query: Query, facet: Facet) -> ValueCounts:
        return self.collection.counter.counts(facet, self._leaders_of(replace(request, query=query)))

    def timeline(self, request: Request) -> Timeline:
        """How many of all the results have each date; an empty query stands for the whole archive."""
        return self.collection.timelines.timeline(self._leaders_of(request))

    def results(self, request: Request) -> Results:
        """All the results, not looked up; an empty query stands for the whole archive."""
        matches = self._match(replace(request, limit=0, offset=0))
        pages = self._ranker.pages(matches, PAGE_SIZE)
        return Results(self._leaders_of(request), pages, (*matches.retrieved.degraded, *self._missing()))

    def hit(self, request: Request, article_id: str) -> Hit:
        """One article as a hit of a request, in its place among the candidates whether it is one or not.

        Raises what ``search`` does, and UsageError for an unknown id.
        """
        matches = self._match(request)
        (hit,) = self._builder.hits(matches.retrieved, [self._ranker.article(matches, self.key(article_id))])
        return hit

    def copies(self, request: Request, hit: Hit) -> tuple[Hit, ...]:
        """The copies of a hit of a request, in their order, each as the hit that it would be by itself.

        Raises what ``search`` does, and UsageError for a copy that is not in the index.
        """
        copies = (self.hit(request, copy.id) for copy in hit.copies)
        return tuple(replace(copy, copy_of=hit.article.id) for copy in copies)

    def explain(self, request: Request, hit: Hit) -> Explanation:
        """Why a hit answers its request; nothing of the hit is computed again.

        Raises what ``search`` does, and UsageError for an unknown id.
        """
        key, retrieved = self.key(hit.article.id), self._retrieve(request)
        terms = () if request.mode is Mode.SEMANTIC else retrieved.terms
        matched = (
            MatchedWord(term.text, int(term.articles.sum()), term.idf, bool(term.articles[key]))
            for term in terms
        )
        return Explanation(
            contributions=hit.contributions,
            matched=tuple(matched),
            coverage=float(retrieved.signals.coverage(np.array([key]))[0]),
            best_sentence=self._best_sentence(retrieved, hit.passage),
            confidence=retrieved.signals.breakdown(key),
        )

    def sentence_scores(self, query: Query, article: Article, first: int = 0) -> Iterator[tuple[Span, float]]:
        """Each sentence of the article's body, with its cosine to the query.

        In order from the one at the offset ``first`` on, then those before it. A sentence is encoded when
        it is asked for; a query without words has no scores. Raises EncoderUnavailable, at the first.
        """
        if query.words:
            vector = self._retriever.query_vector(query.text).vector
            yield from sentence_similarities(article.body, vector, self._retriever.sentence_vector, first)

    def pinpoint(self, query: Query, hit: Hit) -> Hit:
        """The hit; where its passage holds no word, with the sentence nearest in meaning for its snippet.

        The passage's sentences are encoded for it. Raises EncoderUnavailable.
        """
        if hit.snippet.leg is not None or not query.words:
            return hit
        vector = self._retriever.query_vector(query.text).vector
        snippet = semantic_snippet(hit.passage, vector, self._retriever.sentence_vector)
        return replace(hit, snippet=snippet)

    def overview(self, newest: int) -> Overview:
        """What the archive holds, with so many of its newest articles."""
        every, counter = np.arange(len(self._store.first_rows)), self.collection.counter
        sources = ((name, count) for name, count in counter.counts(Facet.SOURCE, every) if name)
        counts = ArchiveCounts(self.collection.timelines.timeline(every), tuple(sources))
        examples = example_queries(self._store, counter, counts.busiest_month, counts.main_source)
        texts = tuple(map(to_text, filter(self._finds, examples)))
        return Overview(counts, self._newest(newest), texts, self._missing())

    def names(self, facet: Facet) -> tuple[str, ...]:
        """The values of a facet in the whole archive, those of most articles first, without the unknown."""
        every = np.arange(len(self._store.first_rows))
        return tuple(name for name, _ in self.collection.counter.counts(facet, every) if name)

    def suggest(self, query: Query) -> str | None:
        """See ``spelling.suggestion``."""
        return suggestion(query, self._keyword, self._store)

    def warm(self) -> None:
        """Prepare for many queries, in the background; without an encoder nothing happens."""
        with suppress(EncoderUnavailable):
            self._retriever.warm()

    def similar(self, article_id: str, limit: int, sort: Sort = Sort.RELEVANCE) -> Hits:
        """The articles nearest in meaning to one of the index, without its copies, in the order asked for.

        Raises UsageError for an unknown id, EncoderUnavailable.
        """
        started, key = time.perf_counter(), self.key(article_id)
        retrieved = self._retriever.similar(key, self._ranker.copies_of(key))
        query = Query(article_id, (), None, "")
        request = Request(query, Mode.SEMANTIC, limit=limit, threshold=_EVERYTHING)
        hits = self._hits(self._ranker.match(request, retrieved), started)
        certain = tuple(replace(hit, confidence=1.0) for hit in hits.hits)  # there was no question to answer
        return replace(hits, hits=in_order(certain, sort), confidence=1.0)

    def known(self, ids: frozenset[str]) -> frozenset[str]:
        """Those of these ids that articles of the index have."""
        return frozenset(self._store.ids(self._store.keys(ids)))

    def article(self, article_id: str) -> Article:
        """The article with this id; raises UsageError for an unknown one."""
        return self._store.articles([self.key(article_id)])[0]

    def key(self, article_id: str) -> int:
        """The key of an article; raises UsageError for an unknown id."""
        key = self._store.key(article_id)
        if key is None:
            raise UsageError(
                Translatable(
                    "There is no article {!r} in the index; ids are in: find QUERY --format json", article_id
                )
            )
        return key

    def _retrieve(self, request: Request) -> RetrievedSet:
        query = bind(request.query, request.sets, self._keys)
        return self._retriever.retrieve(query, request.mode, request.fusion)

    def _keys(self, ids: frozenset[str]) -> ArticleKeys:
        return self._set_keys.get(ids, lambda: ArticleKeys(frozenset(self._store.keys(ids))))

    def _match(self, request: Request) -> Matches:
        return self._ranker.match(request, self._retrieve(request))

    def _leaders_of(self, request: Request) -> Ints:
        """The articles that stand for all the results, or for the archive where nothing is asked."""
        matches = self._match(request)
        if request.query.words or request.query.constraint is not None:
            return matches.groups.leaders
        every = np.arange(len(self._store.first_rows))
        listed = request.copies is Copies.LISTED
        return every if listed else self._ranker.group(matches.retrieved, every).leaders

    def _hits(self, matches: Matches, started: float) -> Hits:
        page = self._ranker.page(matches)
        request, retrieved = matches.request, matches.retrieved
        return Hits(
            query=request.query.raw,
            understood=understood(request.query),
            mode=request.mode,
            hits=self._builder.page(page),
            total=matches.groups.size,
            generation_id=self._generation_id,
            took_ms=(time.perf_counter() - started) * 1000,
            degraded=(*retrieved.degraded, *self._missing()),
            confidence=retrieved.best_confidence,
            below=self._builder.hits(retrieved, page.below),
            offset=request.offset,
        )

    def _newest(self, limit: int) -> tuple[Hit, ...]:
        """The newest articles, each family once, as hits of a query without words."""
        order = self._store.newest_first()
        leaders = order if self._leaders is None else self._leaders[order]
        _, first = np.unique(leaders, return_index=True)
        keys = order[np.sort(first)[:limit]].tolist()
        unasked = self._retrieve(Request(Query("", (), None, ""), Mode.KEYWORD))
        return self._builder.hits(unasked, [RankedArticle(key, ()) for key in keys])

    def _finds(self, query: Query) -> bool:
        """Whether the words of a query find something."""
        return self.search(Request(query, Mode.KEYWORD, limit=1)).total > 0

    def _best_sentence(self, retrieved: RetrievedSet, passage: Passage) -> str:
        """Of a passage, the sentence nearest in meaning, else the sentences with the most words."""
        if retrieved.query_vector is not None:
            vector = retrieved.query_vector.vector
            return semantic_snippet(passage, vector, self._retriever.sentence_vector).text
        words = retrieved.query.words
        weights = word_weights(words, retrieved.terms)
        return keyword_snippet(passage, marks(words, passage.text), weights).text

    def _read_store(self) -> None:
        """Set up what looks up dates and values of every article, at first use."""
        passages = PassageReader(self._store)
        self._ranker = Ranker(self._store, self._keyword, self._leaders, self._reranker, passages)
        self._builder = HitBuilder(self._store, self._ranker, passages)
        self.collection = Collection.of(self._store, self._keyword)

    def _forget(self) -> None:
        """Drop what was looked up before a part of the articles was gone or came back."""
        self._retriever.forget()
        self._set_keys.clear()
        self._read_store()
