"""The keyword index of a generation, open for searching."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from search.errors import IndexCorrupt, Worded
from search.keyword import array_file
from search.keyword.bm25 import Bm25f, TermPostings
from search.keyword.boolean_filter import Constraints
from search.keyword.fields import BODY, DAYS, EXACT, FIRST_ROWS, PASSAGES, STEMMED, WRITTEN
from search.keyword.fuzzy_terms import Neighbourhood
from search.keyword.postings import Field, FieldArrays, FoldedField
from search.protocols import Bools, Holders, Ints, KeywordScores, Neighbour
from search.query.ast import Node, Pattern, RankingWord
from search.types import Scorer

if TYPE_CHECKING:
    from search.keyword.whoosh_reader import PlainWhoosh


class WhooshIndex:
    """Implements ``protocols.KeywordIndex`` over a file written by ``inversion.write``.

    May be used from several threads.
    """

    def __init__(self, path: Path, scorer: Scorer = Scorer.ARRAYS) -> None:
        """Open the index; raises IndexCorrupt when it cannot be read."""
        self._path = path
        arrays = array_file.opened(path)
        try:
            self._kept = {name: FieldArrays(arrays, name) for name in EXACT + STEMMED}
            self._first_rows, self._days = arrays[FIRST_ROWS].copy(), arrays[DAYS].copy()
            body = FoldedField(self._kept[PASSAGES], self._first_rows)
        except (KeyError, ValueError) as exc:
            raise self._corrupt() from exc
        self._fields: dict[str, Field] = {**self._kept, BODY: body}
        self._scorer = Bm25f(self._fields, self._postings(scorer), self._expansion)
        self._constraints = Constraints(self._fields, self._kept, self._days, self._expansion)

    @property
    def articles(self) -> int:
        """How many articles the index holds."""
        return len(self._days)

    @property
    def passages(self) -> int:
        """How many passages the index holds."""
        return len(self._fields[PASSAGES].lengths)

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        return self._scorer.score(words)

    def allowed(self, constraint: Node) -> Bools:
        """See ``protocols.KeywordIndex.allowed``."""
        return self._constraints.allowed(constraint)

    def holders(self, words: Sequence[RankingWord]) -> list[Holders]:
        """See ``protocols.KeywordIndex.holders``."""
        return self._scorer.holders(words)

    def neighbours(self, term: str, limit: int) -> list[Neighbour]:
        """See ``protocols.KeywordIndex.neighbours``."""
        return self._neighbourhood.of(term, limit)

    def holding(self, term: str) -> Ints:
        """See ``protocols.KeywordIndex.holding``."""
        return self._kept[WRITTEN].postings(term).docs

    def verify(self) -> None:
        """Check that every array agrees with the others; raises IndexCorrupt."""
        sound = all(
            field.sound(self.passages if name == PASSAGES else self.articles)
            for name, field in self._kept.items()
        )
        placed = all(self._kept[name].positions_sound() for name in EXACT)
        dated = self._days.shape == (self.articles, 2) and len(self._first_rows) == self.articles
        if not (sound and placed and dated):
            raise self._corrupt()

    def close(self) -> None:
        """Release the file, of which every array is a view; nothing can be asked afterwards."""
        self._fields.clear()
        self._kept.clear()

    def _corrupt(self) -> IndexCorrupt:
        return IndexCorrupt(
            Worded("The keyword index {} contradicts itself; run: depeche build PATH", self._path)
        )

    @cached_property
    def _neighbourhood(self) -> Neighbourhood:
        """The words that a misspelt one may stand for, which most searches do without."""
        return Neighbourhood(self._kept[WRITTEN])

    @cached_property
    def _whoosh(self) -> "PlainWhoosh":
        """Whoosh over the arrays, which most searches do without."""
        from search.keyword.whoosh_reader import PlainWhoosh

        return PlainWhoosh(self._fields, self.articles)

    def _expansion(self, pattern: Pattern, field: str) -> list[str]:
        return self._whoosh.expansion(pattern, field)

    def _postings(self, scorer: Scorer) -> TermPostings:
        if scorer is Scorer.WHOOSH:
            return self._whoosh.postings
        return lambda field, term: self._fields[field].postings(term)
