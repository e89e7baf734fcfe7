"""Stand-ins shared by the tests: a fast encoder without a model, and a build from plain articles."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import Stemmer

from search.build_types import BuildReport, Rejected, Stage
from search.errors import EncoderUnavailable
from search.local.builder import build
from search.local.reader import Generation, open_current
from search.protocols import Bools, Corpus, Floats, Ints, KeywordScores, NearestRows, VectorIndex
from search.retrieval.engine import Engine
from search.retrieval.retriever import SemanticIndex
from search.retrieval.rows import ArticleRows
from search.retrieval.score_stats import ScoreStats
from search.retrieval.semantic_scores import SemanticScores
from search.text.analyzer import tokenise
from search.text.stopwords import STOP_WORDS
from search.types import Article


def nothing() -> None:
    """Do nothing."""


def silent(_stage: Stage, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass
class FakeEncoder:
    """Implements ``protocols.Encoder``: a text is the sum of its stems, so shared words make texts near.

    The stems are those of Snowball and not of the analysis, so that vectors of older indexes stay the same.

    ``max_tokens`` counts words; ``before_batch`` is called before each batch of passages, and
    ``batches`` keeps those that were encoded.
    """

    name: str = "fake@1"
    dimension: int = 32
    max_tokens: int = 60
    notice: str = ""
    before_batch: Callable[[], None] = nothing
    batches: list[list[str]] = field(default_factory=list)
    warmed: bool = False

    def count_tokens(self, passage: str) -> int:
        return len(passage.split())

    def encode_query(self, text: str) -> Floats:
        return self._vector(text)

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        self.before_batch()
        self.batches.append(list(texts))
        return np.stack([self._vector(text) for text in texts])

    def encode_few(self, texts: Sequence[str]) -> Floats:
        return np.stack([self._vector(text) for text in texts])

    def warm(self) -> None:
        self.warmed = True

    def _vector(self, text: str) -> Floats:
        terms = [token.term for token in tokenise(text) if token.term not in STOP_WORDS] or [text]
        terms = _snowball().stemWords(terms)
        vector: Floats = np.stack([_signs(term, self.dimension) for term in terms]).sum(axis=0)
        return vector / np.float32(np.linalg.norm(vector))


class InMemory:
    """Implements ``local.vector_index.Vectors`` and ``protocols.VectorIndex`` over an array."""

    def __init__(self, content: Floats, encoded: Bools | None = None) -> None:
        self.rows, self.dimension = content.shape
        self.encoded: Bools = np.ones(self.rows, bool) if encoded is None else encoded
        self._content: Floats = np.where(self.encoded[:, None], content, np.float32(0))

    def search(self, query: Floats, limit: int, rows: Ints | None = None) -> NearestRows:
        searched = np.arange(self.rows) if rows is None else rows
        searched = searched[self.encoded[searched]]
        scores = self.similarity(query, searched)
        order = np.lexsort((searched, -scores))[:limit]
        return NearestRows(searched[order], scores[order])

    def similarity(self, query: Floats, rows: Ints) -> Floats:
        products: Floats = self._content[rows] @ query
        return products

    def of_rows(self, rows: Ints) -> Floats:
        vectors: Floats = self._content[rows]
        return vectors


@cache
def _snowball() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")


def _signs(term: str, dimension: int) -> Floats:
    digest = hashlib.shake_256(term.encode()).digest(dimension // 8)
    bits = np.unpackbits(np.frombuffer(digest, np.uint8))
    return bits.astype(np.float32) * 2 - 1


def build_index(
    index: Path, records: Iterable[Article | Rejected], encoder: FakeEncoder | None = None
) -> BuildReport:
    """Build and publish a generation of these records."""
    corpus = Corpus(("corpus",), records, on_unread=lambda _: None)
    return build(index, corpus, encoder or FakeEncoder(), "", silent)


def no_encoder() -> SemanticIndex:
    """A semantic leg that cannot be had."""
    raise EncoderUnavailable("no model here; try another")


def engine_of(generation: Generation, semantic: Callable[[], SemanticIndex] | None = None) -> Engine:
    """An engine over a generation that ``FakeEncoder`` encoded."""

    def fake() -> SemanticIndex:
        return SemanticIndex(FakeEncoder(), generation.vectors)

    return Engine(
        generation.store,
        generation.keyword,
        semantic or fake,
        generation.manifest.id,
        leaders=generation.leaders,
        vectors=lambda: generation.vectors,
    )


@contextmanager
def engine_over(index: Path, articles: Iterable[Article]) -> Iterator[Engine]:
    """An engine over a new index of these articles."""
    build_index(index, articles)
    with closing(open_current(index)) as generation:
        yield engine_of(generation)


def keyword_scores(articles: Floats, passages: Floats, coverage: Floats, literal: Bools) -> KeywordScores:
    """What words say of a generation; the rows with a score follow from the passages, the last row first."""
    return KeywordScores(articles, passages, np.flatnonzero(passages)[::-1], coverage, literal)


def semantic_scores(
    query: Floats,
    index: VectorIndex,
    articles: ScoreStats,
    pairs: ScoreStats,
    rows: ArticleRows,
) -> SemanticScores:
    """The similarities to a query that is its own aim, with the best passage as strong as the mean."""
    return SemanticScores(query, query, 0.5, index, rows, articles, pairs)
