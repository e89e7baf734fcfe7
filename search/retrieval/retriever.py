"""The two legs of a search: what a query finds by its words and by its meaning, in one generation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from threading import Lock

import numpy as np

from search.errors import EncoderUnavailable, Worded
from search.protocols import (
    ArticleStore,
    Begin,
    Bools,
    Encoder,
    Floats,
    Ints,
    KeywordIndex,
    VectorIndex,
    when_needed,
)
from search.query.ast import Query, RankingWord
from search.retrieval.confidence import Bar, Doubles
from search.retrieval.signals import Evidence, Nearness, Rows, Spread, Wording, similarity
from search.retrieval.spelling import corrected
from search.retrieval.term_support import Cloud, Meant, Surroundings
from search.types import Fusion, Mode

DEPTH = 100
"""Articles that each leg puts forward."""
_ROWS_AN_ARTICLE = 4  # rows fetched for each article wanted; more when that was not enough
_REMEMBERED = 128  # queries whose vector is kept
_SENTENCES = 256  # likewise: the same article is read again, or for another query
_SAMPLE = 1024  # articles by which a similarity is standardised; of fewer, all
_OPEN = 4  # queries whose evidence is kept: another order, page or facet asks no leg again
_NONE: Ints = np.empty(0, np.int64)
_FUSION = Fusion()


@dataclass(frozen=True, slots=True)
class Meaning:
    """The semantic leg: an encoder and vectors of one space."""

    encoder: Encoder
    vectors: VectorIndex


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a question points to, and the vectors it is compared to."""

    vector: Floats
    vectors: VectorIndex


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds, before an order or a page of it is asked for.

    ``nearest`` are the keys of the ``DEPTH`` allowed articles nearest in meaning, ``allowed`` tells by
    article key whether it may be shown; ``degraded`` what is missing, in words. ``holding`` are the keys of
    those that hold a word of the query (by meaning alone, of the nearest), ``near`` is the evidence of the
    nearest by meaning alone, ``best`` that of the best article.
    """

    aim: Aim | None
    evidence: Evidence
    nearest: Ints
    allowed: Bools
    degraded: tuple[str, ...]
    holding: Ints
    near: Doubles
    best: float


@dataclass(frozen=True, slots=True)
class _Sample:
    """The vectors of articles spread over all, where each article's begin, and how they lie."""

    vectors: Floats
    starts: Ints
    pairs: Spread
    cloud: Cloud


class Legs:
    """Asks the legs of one generation; may be used from several threads.

    ``meaning`` is called when it is first needed, and its encoder by one thread at a time. ``begin`` begins
    what may be asked meanwhile: one leg while the other answers. ``ask``, ``aim`` and ``sentence`` remember
    their latest answers.
    """

    def __init__(
        self,
        store: ArticleStore,
        keyword: KeywordIndex,
        meaning: Callable[[], Meaning],
        begin: Begin = when_needed,
    ) -> None:
        self.rows = Rows.starting(store.first_rows, store.chunk_count)
        self.ask = lru_cache(_OPEN)(self._ask)
        self.aim = lru_cache(_REMEMBERED)(self._aim)
        self.sentence = lru_cache(_SENTENCES)(self._sentence)
        self._sampled: _Sample | None = None
        self._keyword = keyword
        self._meaning = meaning
        self._begin = begin
        self._one_at_a_time = Lock()

    def forget(self) -> None:
        """Ask everything anew: what can be searched is not what it was."""
        self.ask.cache_clear()
        self._sampled = None

    def like(self, key: int, left_out: Ints) -> Found:
        """What is near an article in meaning but is none of those left out; raises EncoderUnavailable."""
        with self._one_at_a_time:
            vectors = self._meaning().vectors
        centre = vectors.of_rows(np.array(self.rows.of(key))).mean(axis=0)
        aim = Aim(centre / np.linalg.norm(centre), vectors)
        others = np.ones(len(self.rows.first), bool)
        others[left_out] = False
        nearest = self._nearest(aim, others)
        return self._found(Query("", (), None, ""), self._evidence(None, aim), aim, nearest, others)

    def candidates(self, found: Found, fusion: Fusion) -> Ints:
        """The articles that the legs put forward, by key: at most ``DEPTH`` each, and every literal match."""
        by_keyword = found.evidence.by_keyword(found.allowed, DEPTH, fusion)
        literal = np.flatnonzero(found.evidence.literal() & found.allowed)
        return np.unique(np.concatenate([by_keyword, found.nearest, literal]))

    def members(self, found: Found, bar: Bar) -> Ints:
        """Every article of the answer, by key: the one definition of what a result is."""
        if not found.evidence.asked:
            return np.flatnonzero(found.allowed)
        counted = np.zeros(len(self.rows.first), bool)
        counted[found.holding] = counted[found.nearest[found.near >= bar.near]] = True
        keys = np.flatnonzero(counted)
        return keys[found.evidence.certainty(keys) >= bar.least] if bar.least else keys

    def _ask(self, query: Query, mode: Mode) -> Found:
        """What a query finds, once for all pages, orders and facets of the answer.

        A query without words finds what it demands, and no leg is asked. Raises EncoderUnavailable for
        a semantic one without an encoder.
        """
        allowing = self._begin(partial(self._allowed, query))
        if not query.words:
            return self._found(query, Evidence(self.rows, None, None), None, _NONE, allowing())
        wording = self._begin(partial(self._wording, () if mode is Mode.SEMANTIC else query.words))
        aim, degraded = self._sought(query, mode)
        allowed = allowing()
        nearest = self._begin(partial(self._nearest, aim, allowed))
        evidence = self._evidence(wording(), aim)
        return replace(self._found(query, evidence, aim, nearest(), allowed), degraded=degraded)

    def _allowed(self, query: Query) -> Bools:
        if query.constraint is not None:
            return self._keyword.allowed(query.constraint)
        return np.full(len(self.rows.first), bool(query.words))

    def _found(
        self, query: Query, evidence: Evidence, aim: Aim | None, nearest: Ints, allowed: Bools
    ) -> Found:
        put_forward = np.union1d(evidence.by_keyword(allowed, DEPTH, _FUSION), nearest)
        sure, by_meaning = evidence.judged(put_forward)
        near = by_meaning[np.searchsorted(put_forward, nearest)]
        best = sure.max(initial=0.0) if evidence.asked else 1.0
        if evidence.wording is not None:
            holding = np.flatnonzero(evidence.matching() & allowed)
        else:
            holding = nearest[self._holding(query.words)[nearest]]
        return Found(aim, evidence, nearest, allowed, (), holding, near, float(best))

    def _holding(self, words: Sequence[RankingWord]) -> Bools:
        """By article, whether it holds one of these words."""
        holding = np.zeros(len(self.rows.first), bool)
        for holders in self._keyword.holders(words):
            holding |= holders.articles
        return holding

    def _sought(self, query: Query, mode: Mode) -> tuple[Aim | None, tuple[str, ...]]:
        """What the semantic leg looks for, or why it cannot."""
        if mode is Mode.KEYWORD:
            return None, ()
        try:
            return self.aim(query.text), ()
        except EncoderUnavailable as exc:
            if mode is Mode.SEMANTIC:
                raise
            return None, (Worded("Answered by keywords only: {}", exc.message),)

    def _aim(self, text: str) -> Aim:
        """Where a text points to; raises EncoderUnavailable."""
        with self._one_at_a_time:
            meaning = self._meaning()
            return Aim(meaning.encoder.encode_query(text), meaning.vectors)

    def _sentence(self, text: str) -> Floats:
        """The vector of a short text; raises EncoderUnavailable."""
        with self._one_at_a_time:
            found: Floats = self._meaning().encoder.encode_few([text])[0]
        return found

    def _evidence(self, wording: Wording | None, aim: Aim | None) -> Evidence:
        if aim is None:
            return Evidence(self.rows, wording, None)
        if self._sampled is None:
            self._sampled = self._sample(aim.vectors)
        nearness = self._nearness(aim, self._sampled)
        if wording is None:
            return Evidence(self.rows, None, nearness)
        around = Surroundings.of(wording.meant, aim.vectors.of_rows, self._sampled.cloud)
        return Evidence(self.rows, wording, nearness, around)

    def _wording(self, words: Sequence[RankingWord]) -> Wording | None:
        if not words:
            return None
        scores = self._keyword.score(words)
        intended = corrected(words, self._keyword)
        return Wording.of(scores, Meant.of(words, self._keyword.holders(intended)), self.rows)

    def _nearness(self, aim: Aim, sampled: _Sample) -> Nearness:
        spread = Spread.of(similarity(sampled.vectors @ aim.vector, sampled.starts))
        near = partial(aim.vectors.similarity, aim.vector)
        return Nearness(near, aim.vectors.of_rows, spread, sampled.pairs)

    def _sample(self, vectors: VectorIndex) -> _Sample:
        last = len(self.rows.first) - 1
        keys = np.unique(np.linspace(0, last, _SAMPLE).round().astype(np.int64))
        places, starts = self.rows.of_all(keys)
        content = vectors.of_rows(places)
        return _Sample(content, starts, Spread.of_pairs(content), Cloud.of(content))

    def _nearest(self, aim: Aim | None, allowed: Bools) -> Ints:
        """The allowed articles whose best passage is nearest, at most ``DEPTH``."""
        if aim is None:
            return _NONE
        rows = None if allowed.all() else np.flatnonzero(allowed[self.rows.article])
        wanted = DEPTH * _ROWS_AN_ARTICLE
        while True:
            hits = aim.vectors.search(aim.vector, wanted, rows)
            nearest = dict.fromkeys(int(self.rows.article[hit.row]) for hit in hits)
            if len(nearest) >= DEPTH or len(hits) < wanted:
                return np.array(list(nearest)[:DEPTH], np.int64)
            wanted *= _ROWS_AN_ARTICLE
