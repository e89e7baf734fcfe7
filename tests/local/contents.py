"""Reads everything in a published generation, to compare it with another."""

import hashlib
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from search.local.reader import Generation, open_current
from search.protocols import Floats
from search.query.ast import RankingWord, Word
from search.query.parser import parse
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.text.chunking import encoded_text
from search.types import Article, Chunk
from tests.fakes import FakeEncoder, engine_of

_QUERY = parse("munitions livrées à la Russie", date(2023, 9, 12))
_WORDS = tuple(RankingWord(Word(text)) for text in ("munitions", "Russie", "céréales", "hôpital", "le"))


@dataclass(frozen=True)
class Contents:
    """Two generations of the same articles must have equal contents."""

    articles: tuple[Article, ...]
    chunks: tuple[Chunk, ...]
    text_hashes: tuple[bytes, ...]
    vectors: bytes
    keyword_scores: bytes
    leaders: bytes
    ranking: tuple[tuple[str, float], ...]

    @property
    def texts(self) -> list[str]:
        """The encoded text of each row."""
        return [encoded_text(self.articles[chunk.article], chunk.start, chunk.end) for chunk in self.chunks]

    @property
    def digest(self) -> str:
        """A hash; equal only for equal contents."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @property
    def rows(self) -> Floats:
        """The vector of each row."""
        return np.frombuffer(self.vectors, np.float32).reshape(len(self.chunks), -1)


def contents(index: Path) -> Contents:
    """Verify the published generation, and read all of it."""
    with closing(open_current(index)) as generation:
        generation.verify()
        return read(generation)


def read(generation: Generation) -> Contents:
    """Read all of an open generation, and search it."""
    store = generation.store
    scores = generation.keyword.score(_WORDS)
    return Contents(
        tuple(store.every_article()),
        tuple(store.chunks(range(store.chunk_count))),
        tuple(store.text_hashes()),
        generation.vectors.of_rows(np.arange(store.chunk_count)).tobytes(),
        scores.articles.tobytes() + scores.passages.tobytes() + scores.coverage.tobytes(),
        generation.leaders.tobytes(),
        tuple(engine_of(generation, lambda: _semantic_index(generation)).rank(Request(_QUERY))),
    )


def _semantic_index(generation: Generation) -> SemanticIndex:
    return SemanticIndex(FakeEncoder(dimension=generation.manifest.dimension), generation.vectors)


def leftovers(index: Path) -> set[str]:
    """The files of an index folder that are not there after every build."""
    return {path.name for path in index.iterdir()} - {"CURRENT", ".lock", "generations"}


def generations(index: Path) -> set[str]:
    """The ids of the generations on disk."""
    return {path.name for path in (index / "generations").iterdir()}
