"""The keyword index of a generation, open for searching."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from search.errors import IndexCorrupt
from search.keyword.constraints import Constraints
from search.keyword.neighbours import neighbours
from search.keyword.postings import PostingReader
from search.keyword.scoring import Scorer
from search.protocols import Bools, Holders, Ints, KeywordScores
from search.query.tree import Node, RankingWord


class WhooshIndex:
    """Implements ``protocols.KeywordIndex`` over a folder written by ``schema.write``."""

    def __init__(self, folder: Path, articles: int) -> None:
        """Open the index of so many articles; raises IndexCorrupt when it cannot be read."""
        self._reader = PostingReader(folder)
        self._folder = folder
        self._articles = articles
        self._scorer = Scorer(self._reader, articles)
        self._constraints = Constraints(self._reader, articles)
        self._one_at_a_time = Lock()  # Whoosh's readers share a place in their files

    @property
    def passages(self) -> int:
        """How many passages the index holds."""
        return self._reader.doc_count - self._articles

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        with self._one_at_a_time:
            return self._scorer.score(words)

    def allowed(self, constraint: Node) -> Bools:
        """See ``protocols.KeywordIndex.allowed``."""
        with self._one_at_a_time:
            return self._constraints.allowed(constraint)

    def holders(self, words: Sequence[RankingWord]) -> list[Holders]:
        """See ``protocols.KeywordIndex.holders``."""
        with self._one_at_a_time:
            return self._scorer.holders(words)

    def document_frequency(self, term: str) -> int:
        """See ``protocols.KeywordIndex.document_frequency``."""
        with self._one_at_a_time:
            return self._scorer.document_frequency(term)

    def neighbours(self, term: str, distance: int) -> list[tuple[str, int]]:
        """See ``protocols.KeywordIndex.neighbours``."""
        with self._one_at_a_time:
            return neighbours(self._reader, term, distance)

    def holding(self, term: str, limit: int) -> Ints:
        """See ``protocols.KeywordIndex.holding``."""
        with self._one_at_a_time:
            return self._reader.postings("exact", [term]).docs[:limit]

    def verify(self) -> None:
        """Check that documents stand in the order of keys and rows; raises IndexCorrupt."""
        expected = [*range(self._articles), *range(self.passages)]
        if self._reader.numbers() != expected:
            raise IndexCorrupt(f"The keyword index in {self._folder} is out of step; run: depeche build PATH")

    def close(self) -> None:
        """Release the files."""
        self._reader.close()
