"""Everything a published generation holds, to compare one with another."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.generation.reading import open_current
from search.model import Article, Chunk
from search.protocols import Floats
from search.query.tree import RankingWord, Word
from search.text.chunking import encoded_text

_WORDS = tuple(RankingWord(Word(text)) for text in ("munitions", "Russie", "céréales", "hôpital", "le"))


@dataclass(frozen=True)
class Contents:
    """Two generations of the same articles have equal contents, whatever happened while they were built."""

    articles: tuple[Article, ...]
    chunks: tuple[Chunk, ...]
    text_hashes: tuple[bytes, ...]
    vectors: bytes
    keyword_scores: bytes

    @property
    def texts(self) -> list[str]:
        """What is encoded of each row."""
        return [encoded_text(self.articles[chunk.article], chunk.start, chunk.end) for chunk in self.chunks]

    @property
    def rows(self) -> Floats:
        """The vector of each row."""
        return np.frombuffer(self.vectors, np.float32).reshape(len(self.chunks), -1)


def contents(index: Path) -> Contents:
    """Verify the published generation and read it whole."""
    with closing(open_current(index)) as generation:
        generation.verify()
        store = generation.store
        scores = generation.keyword.score(_WORDS)
        return Contents(
            tuple(store.every_article()),
            tuple(store.chunks(range(store.chunk_count))),
            tuple(store.text_hashes()),
            generation.vectors.of_rows(np.arange(store.chunk_count)).tobytes(),
            scores.articles.tobytes() + scores.passages.tobytes() + scores.coverage.tobytes(),
        )


def leftovers(index: Path) -> set[str]:
    """What lies in an index folder beside what always does."""
    return {path.name for path in index.iterdir()} - {"CURRENT", ".lock", "generations"}


def generations(index: Path) -> set[str]:
    """The ids of the generations on disk."""
    return {path.name for path in (index / "generations").iterdir()}
