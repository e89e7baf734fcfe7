"""What a build makes of the texts of a block of articles, in one pass: postings, and signatures of copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.indexing.article_store import SqliteStore
from search.indexing.deduplication import Signatures, signatures
from search.keyword.block_inverter import ArticleToIndex, BlockInverter, InvertedBlock


@dataclass(frozen=True, slots=True)
class AnalysedBlock:
    """The postings of the articles of a block, and the signature of each."""

    inverted: InvertedBlock
    signatures: Signatures


Request = Sequence[int] | None
"""What a process is asked: to analyse the articles with these keys, or, None, to check their store."""
Answer = AnalysedBlock | bool
"""The articles of the block, or whether the store is sound."""


class ArticleAnalyser:
    """Analyses articles of a store, block by block."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._inverter = BlockInverter()

    def analyse(self, keys: Sequence[int]) -> AnalysedBlock:
        """Analyse the articles with these keys, ascending; raises IndexCorrupt."""
        articles = list(self._store.articles_with_chunks(keys))
        for key, (article, chunks) in zip(keys, articles, strict=True):
            first_row = int(self._store.first_rows[key])
            spans = [(chunk.start, chunk.end) for chunk in chunks]
            self._inverter.add(ArticleToIndex(key, first_row, article, spans))
        return AnalysedBlock(self._inverter.finish(), signatures(article for article, _ in articles))
