"""The keyword index of a generation, open for searching."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from search.errors import IndexCorrupt, Translatable
from search.keyword import array_file
from search.keyword.array_file import Array
from search.keyword.bm25 import Bm25f
from search.keyword.boolean_filter import BooleanFilter
from search.keyword.fields import BODY, DAYS, EXACT, FIRST_ROWS, PASSAGES, STEMMED, WRITTEN
from search.keyword.fuzzy_terms import FuzzyTerms
from search.keyword.postings import Field, FieldArrays, FoldedField
from search.protocols import Bools, FuzzyTerm, Ints, KeywordScores, TermMatches
from search.query.ast import Node, Pattern, RankingWord

if TYPE_CHECKING:
    from search.keyword.whoosh_reader import PatternExpander


@dataclass(frozen=True, slots=True)
class StoredFields:
    """What a file of a keyword index holds; ``days`` as ``boolean_filter`` takes them."""

    arrays: dict[str, FieldArrays]
    first_rows: Array
    days: Array
    body: FoldedField

    @classmethod
    def read(cls, path: Path) -> "StoredFields":
        """Map the file; raises IndexCorrupt when it cannot be read or lacks a field."""
        stored = array_file.opened(path)
        try:
            arrays = {name: FieldArrays(stored, name) for name in EXACT + STEMMED}
            first_rows, days = stored[FIRST_ROWS].copy(), stored[DAYS].copy()
            return cls(arrays, first_rows, days, FoldedField(arrays[PASSAGES], first_rows))
        except (KeyError, ValueError) as exc:
            raise _corrupt(path) from exc

    @property
    def all(self) -> dict[str, Field]:
        """Every field by name, the body among them."""
        return {**self.arrays, BODY: self.body}


class WhooshIndex:
    """Implements ``protocols.KeywordIndex`` over a file written by ``inverter.write``.

    May be used from several threads.
    """

    def __init__(self, path: Path) -> None:
        """Open the index; raises IndexCorrupt when it cannot be read."""
        self._path = path
        stored = StoredFields.read(path)
        self._arrays, self._fields = stored.arrays, stored.all
        self._first_rows, self._days = stored.first_rows, stored.days
        self._scorer = Bm25f(stored.arrays, stored.body, self._expansion)
        self._filter = BooleanFilter(self._fields, self._arrays, self._days, self._expansion)

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
        return self._filter.allowed(constraint)

    def lookup(self, words: Sequence[RankingWord]) -> list[TermMatches]:
        """See ``protocols.KeywordIndex.lookup``."""
        return self._scorer.lookup(words)

    def fuzzy_terms(self, term: str, limit: int) -> list[FuzzyTerm]:
        """See ``protocols.KeywordIndex.fuzzy_terms``."""
        return self._fuzzy.near(term, limit)

    def articles_with(self, term: str) -> Ints:
        """See ``protocols.KeywordIndex.articles_with``."""
        return self._arrays[WRITTEN].postings(term).docs

    def verify(self) -> None:
        """Check that every array agrees with the others; raises IndexCorrupt."""
        sound = all(
            field.sound(self.passages if name == PASSAGES else self.articles)
            for name, field in self._arrays.items()
        )
        placed = all(self._arrays[name].positions_sound() for name in EXACT)
        dated = self._days.shape == (self.articles, 2) and len(self._first_rows) == self.articles
        if not (sound and placed and dated):
            raise _corrupt(self._path)

    def close(self) -> None:
        """Release the file, of which every array is a view; nothing can be asked afterwards."""
        self._fields.clear()  # what else refers to these dictionaries lets go of the arrays too
        self._arrays.clear()
        vars(self).clear()

    @cached_property
    def _fuzzy(self) -> FuzzyTerms:
        """The terms near a misspelt one, which most searches do without."""
        return FuzzyTerms(self._arrays[WRITTEN])

    @cached_property
    def _patterns(self) -> "PatternExpander":
        """Whoosh over the arrays, which most searches do without."""
        from search.keyword.whoosh_reader import PatternExpander

        return PatternExpander(self._fields, self.articles)

    def _expansion(self, pattern: Pattern, field: str) -> list[str]:
        return self._patterns.expansion(pattern, field)


def _corrupt(path: Path) -> IndexCorrupt:
    return IndexCorrupt(
        Translatable("The keyword index {} contradicts itself; run: depeche build PATH", path)
    )
