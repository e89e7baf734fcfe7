"""Opens a keyword index for searching."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.errors import IndexCorrupt, Translatable
from search.keyword import array_file
from search.keyword.array_file import Array
from search.keyword.bm25 import Bm25f
from search.keyword.boolean_filter import BooleanFilter
from search.keyword.fields import BODY, DAYS, EXACT, FIRST_ROWS, PASSAGES, SPELLED, STEMMED, WRITTEN
from search.keyword.fuzzy_terms import FuzzyTerms
from search.keyword.postings import BodyField, Field, FieldArrays
from search.keyword.text_bounds import TextBounds, Texts
from search.lru import LruCache
from search.protocols import Bools, Floats, FuzzyTerm, Ints, KeywordScores, TermMatches
from search.query.ast import Node, Pattern, RankingWord

if TYPE_CHECKING:
    from search.keyword.whoosh_reader import PatternExpander


_CACHED_CONSTRAINTS = 64


@dataclass(frozen=True, slots=True)
class StoredFields:
    """The fields in a file of a keyword index; ``days`` is described in ``boolean_filter``."""

    arrays: dict[str, FieldArrays]
    first_rows: Array
    days: Array
    body: BodyField

    @classmethod
    def read(cls, path: Path) -> "StoredFields":
        """Map the file into memory; raises IndexCorrupt when it cannot be read or lacks a field."""
        stored = array_file.open_arrays(path)
        try:
            slices = array_file.open_slices(path, stored)
            arrays = {name: FieldArrays(stored, slices, name) for name in (*EXACT, *STEMMED, SPELLED)}
            first_rows, days = stored[FIRST_ROWS].copy(), stored[DAYS].copy()
            return cls(arrays, first_rows, days, BodyField(arrays[PASSAGES], first_rows))
        except (KeyError, ValueError) as exc:
            raise _corrupt(path) from exc

    @property
    def all(self) -> dict[str, Field]:
        """All fields by name, also the body."""
        return {**self.arrays, BODY: self.body}


class KeywordReader:
    """Implements ``protocols.KeywordIndex`` for a file that ``inverter.write`` wrote.

    Several threads may use it.
    """

    def __init__(self, path: Path, texts: Texts) -> None:
        """Open the index; ``texts`` gives its articles. Raises IndexCorrupt when it cannot be read."""
        self._path = path
        stored = StoredFields.read(path)
        self._arrays, self._fields = stored.arrays, stored.all
        self._body = stored.body
        self._first_rows, self._days = stored.first_rows, stored.days
        self._scorer = Bm25f(stored.arrays, stored.body, self._expansion)
        self._filter = BooleanFilter(
            self._fields, self._arrays, self._days, self._expansion, TextBounds(texts)
        )
        self._allowed: LruCache[Node, Array] = LruCache(_CACHED_CONSTRAINTS)

    @property
    def articles(self) -> int:
        """The number of articles."""
        return len(self._days)

    @property
    def passages(self) -> int:
        """The number of passages."""
        return len(self._fields[PASSAGES].lengths)

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        return self._scorer.score(words)

    def score_stems(self, weights: Mapping[str, float]) -> Floats:
        """See ``protocols.KeywordIndex.score_stems``."""
        return self._scorer.score_stems(weights)

    def allowed(self, constraint: Node) -> Bools:
        """See ``protocols.KeywordIndex.allowed``; a filter stays while queries change, so masks are kept."""
        bits = self._allowed.get(constraint, lambda: np.packbits(self._filter.allowed(constraint)))
        return np.unpackbits(bits, count=self.articles).astype(bool)

    def lookup(self, words: Sequence[RankingWord]) -> list[TermMatches]:
        """See ``protocols.KeywordIndex.lookup``."""
        return self._scorer.lookup(words)

    def fuzzy_terms(self, term: str, limit: int) -> list[FuzzyTerm]:
        """See ``protocols.KeywordIndex.fuzzy_terms``."""
        return self._fuzzy.near(term, limit)

    def articles_with(self, term: str) -> Ints:
        """See ``protocols.KeywordIndex.articles_with``."""
        return self._arrays[WRITTEN].postings(term).docs

    def stem_counts(self, articles: Bools) -> Mapping[str, int]:
        """See ``protocols.KeywordIndex.stem_counts``."""
        counts = self._body.article_counts(articles)
        (places,) = counts.nonzero()
        terms = (self._body.lexicon[place].decode() for place in places.tolist())
        return dict(zip(terms, counts[places].tolist(), strict=True))

    def verify(self) -> None:
        """Check that every array agrees with the others; raises IndexCorrupt."""
        consistent = all(
            field.is_consistent(self.passages if name == PASSAGES else self.articles)
            for name, field in self._arrays.items()
        )
        complete = all(self._arrays[name].positions_are_complete() for name in EXACT)
        same_size = self._days.shape == (self.articles, 2) and len(self._first_rows) == self.articles
        if not (consistent and complete and same_size):
            raise _corrupt(self._path)

    def close(self) -> None:
        """Release the file; the index cannot be used any more."""
        self._fields.clear()  # every array is a view of the file, and others refer to these dictionaries
        self._arrays.clear()
        vars(self).clear()

    @cached_property
    def _fuzzy(self) -> FuzzyTerms:
        """Created at first use, as most searches do not need it."""
        return FuzzyTerms(self._arrays[WRITTEN])

    @cached_property
    def _patterns(self) -> "PatternExpander":
        """Created at first use, as most searches do not need it."""
        from search.keyword.whoosh_reader import PatternExpander

        return PatternExpander(self._fields, self.articles)

    def _expansion(self, pattern: Pattern, field: str) -> list[str]:
        return self._patterns.expansion(pattern, field)


def _corrupt(path: Path) -> IndexCorrupt:
    return IndexCorrupt(
        Translatable("The keyword index {} contradicts itself; run: depeche build PATH", path)
    )
