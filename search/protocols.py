"""What the engine and the build ask of their surroundings; adapters provide it, tests fake it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from search.build_types import BuildReport, Manifest, Progress, RepairReport, Unread
from search.query.ast import Node, RankingWord
from search.retention import Keeps, OnGone, ignore_gone, keep_none, lies_under
from search.types import Article, Chunk, Facet

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_Answer = TypeVar("_Answer")


class Encoder(Protocol):
    """Texts to unit vectors; queries and passages share one space."""

    @property
    def name(self) -> str:
        """The model and its revision, such as ``multilingual-e5-small-q4@3f2a…``."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def notice(self) -> str:
        """What the user should know of the model; ``""`` when there is nothing to say."""

    @property
    def max_tokens(self) -> int:
        """The most tokens that the model reads of one text, prefix and special tokens included."""

    def count_tokens(self, passage: str) -> int:
        """Tokens of a passage, prefix and special tokens included."""

    def encode_query(self, text: str) -> Floats:
        """Vector of a query: float32, shape ``(dimension,)``, length 1."""

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of passages: float32, shape ``(len(texts), dimension)``, length 1, in their order."""

    def encode_few(self, texts: Sequence[str]) -> Floats:
        """As ``encode_passages``, for a few short texts, without loading what only a build needs."""

    def warm(self) -> None:
        """Prepare for many queries, in the background: returns at once, and may be called again.

        Vectors of queries and few texts may differ a little before and after: their cosine is above 0.9998.
        """


class Begin(Protocol):
    """Begins a call that others need not wait for, and gives what fetches its answer."""

    def __call__(self, call: Callable[[], _Answer]) -> Callable[[], _Answer]:
        """Begin it."""


def when_needed(call: Callable[[], _Answer]) -> Callable[[], _Answer]:
    """A ``Begin`` for calls that only compute, and so gain nothing by being begun: its answer is the call."""
    return call


GONE = -1
"""In ``Moved``: what was published is not in the other generation, or not as it was."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where what was published lies in another generation: by old key the new one, by old row the new one.

    ``GONE`` for what has no place there.
    """

    keys: Ints
    rows: Ints


class Reranker(Protocol):
    """Reads a query and a text together, and says how well the text answers."""

    def score(self, query: str, texts: Sequence[str]) -> Floats:
        """How well each text answers, in their order: float32, higher = better, to no particular scale."""


@dataclass(frozen=True, slots=True)
class TermMatches:
    """Which articles and passages hold one term of a query.

    ``word`` is the place of the query's word that the term belongs to, ``text`` the term as typed.
    ``articles``: by article key. ``rows``: passages, ascending. ``idf``: in nats, never negative.
    ``titles``: keys of the articles whose title holds it, ascending; none for a stop word.
    """

    word: int
    text: str
    articles: Bools
    rows: Ints
    idf: float
    titles: Ints


@dataclass(frozen=True, slots=True)
class KeywordScores:
    """What the words of a query say about a whole generation; 0 where no word matches.

    ``articles``: BM25F by article key. ``passages``: BM25 by row. ``rows``: those with a score, in
    any order, some of them more than once. ``coverage``: by article key, the
    share (0 to 1) of the query's idf mass whose terms the article holds; a term that no article holds
    counts in the denominator. ``literal``: by article key, whether it holds, letter by letter but for
    accents and case, a word of the query with a capital or a digit that at most one article in a
    thousand holds, or a single one. ``terms``: the terms that count for the coverage, in the order typed.
    """

    articles: Floats
    passages: Floats
    rows: Ints
    coverage: Floats
    literal: Bools
    terms: tuple[TermMatches, ...] = ()


@dataclass(frozen=True, slots=True)
class FuzzyTerm:
    """A term near another in spelling; ``cost`` is that of the typing errors between them, in nats."""

    term: str
    cost: float


class KeywordIndex(Protocol):
    """Words: ranking and constraints. Keys and rows count from 0 without gaps.

    A term is a word as ``search.text.analyzer.tokenise`` gives it: folded, not stemmed.
    """

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """Score every article and passage by these words."""

    def score_stems(self, weights: Mapping[str, float]) -> Floats:
        """By article key, the weighted BM25 of title and body for the half of these stems that tells most.

        A stem tells more when its weight is higher and fewer passages hold it.
        """

    def allowed(self, constraint: Node) -> Bools:
        """By article key, whether the article meets the constraint."""

    def lookup(self, words: Sequence[RankingWord]) -> list[TermMatches]:
        """The matches of each term that counts for the coverage, in the order typed; nothing is scored."""

    def fuzzy_terms(self, term: str, limit: int) -> list[FuzzyTerm]:
        """At most ``limit`` other terms that a misspelt one may stand for, the likeliest first.

        A term is likely when many articles hold it and the typing errors cost little; see
        ``text.typo_costs.costs``.
        """

    def articles_with(self, term: str) -> Ints:
        """Keys of the articles that hold this very term, ascending."""

    def stem_counts(self, articles: Bools) -> Mapping[str, int]:
        """By stem, how many of these articles have it in their body; stems that none has are left out."""


@dataclass(frozen=True, slots=True)
class NearestRows:
    """Rows, the nearest first, equal scores by row; ``scores`` are their inner products with a query."""

    rows: Ints
    scores: Floats


class VectorIndex(Protocol):
    """Meaning: inner products of unit vectors, one vector a row; a row that is not encoded yet has none."""

    @property
    def encoded(self) -> Bools:
        """By row, whether it has a vector."""

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> NearestRows:
        """The nearest rows; among ``rows`` only, when given.

        Gives ``min(limit, number of encoded rows searched)`` rows: a filter never hides rows that exist.
        """

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        """Inner product of the query with each of these rows, in their order."""

    def of_rows(self, rows: Ints) -> Floats:
        """The vectors of these rows, in their order; zeros for a row without one."""


class ArticleStore(Protocol):
    """Articles and their chunks, as they were indexed."""

    @property
    def first_rows(self) -> Ints:
        """By article key, its first row; rows of an article are contiguous and every article has one."""

    @property
    def chunk_count(self) -> int:
        """How many chunks, and so rows, there are."""

    def articles(self, keys: Sequence[int]) -> list[Article]:
        """The articles with these keys, in the order asked."""

    def ids(self, keys: Sequence[int]) -> list[str]:
        """The ids of the articles with these keys, in the order asked."""

    def titles(self, keys: Sequence[int]) -> list[str]:
        """The titles of the articles with these keys, in the order asked."""

    def files(self) -> list[tuple[str, str]]:
        """By article key, its id and its file."""

    def chunks(self, rows: Sequence[int]) -> list[Chunk]:
        """The chunks of these rows, in the order asked."""

    def key(self, article_id: str) -> int | None:
        """The key of the article with this id."""

    def keys(self, article_ids: frozenset[str]) -> list[int]:
        """The keys of the articles with these ids, ascending; an id that no article has gives none."""

    def values(self, facet: Facet) -> list[str]:
        """By article key, what it is counted under: ISO for months and years, ``""`` when unknown."""

    def published(self) -> list[str]:
        """By article key, ``Article.published``."""

    def newest_first(self) -> Ints:
        """Every article key, the most recent date first, undated last, ties by key."""

    def oldest_first(self) -> Ints:
        """Every article key, the earliest date first, undated last, ties by key."""


class OpenIndex(Protocol):
    """A published generation, open for searching, wherever it is kept."""

    @property
    def manifest(self) -> Manifest:
        """What it is made of."""

    @property
    def store(self) -> ArticleStore:
        """Its articles."""

    @property
    def keyword(self) -> KeywordIndex:
        """Its words."""

    @property
    def vectors(self) -> VectorIndex:
        """Its vectors, opened at first use."""

    @property
    def leaders(self) -> Ints:
        """By article key, the article that stands for all copies of it."""

    @property
    def size(self) -> int:
        """Bytes on disk."""

    @property
    def begin(self) -> Begin:
        """How it is asked several things at a time."""

    def missing(self) -> tuple[str, ...]:
        """What of it cannot be searched now, in words."""

    def close(self) -> None:
        """Release its files or connections."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a build reads: where it comes from, its records, and what is called with what was not read.

    ``keeps`` says which published articles stay though they are not read; by default none does. ``on_gone``
    is called before some go, and nothing is published before it returns.
    """

    paths: tuple[str, ...]
    records: Iterable[Article | Unread]
    on_unread: Callable[[Unread], None]
    keeps: Keeps = keep_none
    on_gone: OnGone = ignore_gone

    def covers(self, file: str) -> bool:
        """Whether a file lies where this corpus comes from."""
        return lies_under(file, self.paths)

    def may_stay(self, article: Article) -> bool:
        """Whether a published article may be in the index after the build: it is kept, or may be read."""
        return self.keeps(article.id, article.file) or self.covers(article.file)

    def joined(self, published: Iterable[str]) -> "Corpus":
        """The same corpus, with those paths of the ``published`` index that it keeps before its own."""
        kept = (path for path in published if self.keeps("", path))
        return replace(self, paths=tuple(dict.fromkeys((*kept, *self.paths))))


class Backend(Protocol):
    """Where an index is kept: opened, built, checked and repaired there.

    Every method raises UsageError where a folder cannot be read or written or a server does not answer.
    """

    @property
    def location(self) -> str:
        """The folder or the server, in words."""

    def open(self) -> OpenIndex:
        """Open the published generation; raises IndexMissing, IndexCorrupt, IndexIncompatible."""

    def published_id(self) -> str:
        """The id of the published generation; ``""`` when there is none that could be opened."""

    def published_model(self) -> str:
        """What the user named the encoder of the published generation by; ``""`` for the embedded one."""

    def build(self, corpus: Corpus, encoder: Encoder, model: str, progress: Progress) -> BuildReport:
        """Build and publish a generation; whatever fails leaves the published one.

        ``model`` is what the user named the encoder by. Raises CorpusError when there is no article,
        IndexBusy, EncoderUnavailable.
        """

    def verify(self) -> Manifest:
        """Check the published generation whole; raises what ``open`` does, and names every fault."""

    def repair(self, load_encoder: Callable[[str], Encoder], progress: Progress) -> RepairReport:
        """Publish what is intact of the index; nothing is deleted before.

        ``load_encoder`` loads an encoder by what the user named it by. Raises IndexMissing, IndexCorrupt
        when nothing can be repaired, IndexIncompatible, IndexBusy, EncoderUnavailable.
        """
