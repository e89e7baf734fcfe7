"""The terms of a generation, as the coordinator keeps them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.keyword.fuzzy_terms import FuzzyTerms
from search.keyword.postings import Lexicon as SortedTerms
from search.lru import LruCache
from search.postgres.connections import ALIKE, Parameters, Servers
from search.postgres.schema import Field, checked
from search.postgres.term_vectors import LONGEST, kept
from search.protocols import FuzzyTerm, Ints
from search.query.ast import Fuzzy, Pattern, Prefix, Wildcard
from search.query.matcher import shape
from search.text.analyzer import folded_pattern, whole_term

_REMEMBERED = 1024  # patterns
_TERMS = 65536
_FOUND = """
SELECT field, term, number, articles, rows FROM {id}.lexicon
WHERE (field, term) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
_BEGINNING = """
SELECT term FROM {id}.lexicon WHERE field = %s AND term LIKE %s ORDER BY articles DESC, term COLLATE "C"
"""
_WITHIN_EDITS = """
SELECT term FROM {id}.lexicon
WHERE field = %(field)s AND length(term) BETWEEN %(shortest)s AND %(longest)s
AND {alike} levenshtein_less_equal(term, %(word)s, %(distance)s) <= %(distance)s
ORDER BY articles DESC, term COLLATE "C"
"""
_ALIKE = "term %% %(word)s AND"
_EVERY = """
SELECT convert_to(term, 'UTF8'), articles FROM {id}.lexicon WHERE field = 'exact' ORDER BY 1
"""


class Known(NamedTuple):
    """What is known of a term: its number, and how many articles and rows hold it."""

    number: int
    articles: int
    rows: int


class Terms:
    """Looks up terms, and those that a pattern stands for; may be used from several threads."""

    def __init__(self, servers: Servers, generation: str) -> None:
        self._servers = servers
        self._id = checked(generation)
        self._known: dict[tuple[str, str], Known | None] = {}
        self._expansions: LruCache[tuple[Pattern, str], list[str]] = LruCache(_REMEMBERED)

    def find(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Known]:
        """Those of these terms, each by its field and itself, that there are; asked for once."""
        asked = list(dict.fromkeys(wanted))
        new = [name for name in asked if name not in self._known]
        if new:
            if len(self._known) > _TERMS:
                self._known.clear()
            found = self._servers.ask(_FOUND.format(id=self._id), as_kept(new))
            answers = {(field, term): Known(*rest) for field, term, *rest in found}
            self._known |= {(field, term): answers.get((field, kept(term))) for field, term in new}
        return {name: known for name in asked if (known := self._known.get(name)) is not None}

    def numbers(self, field: Field, terms: Iterable[str]) -> list[int]:
        """The numbers of those of these terms that the field has."""
        return [known.number for known in self.find((field.value, term) for term in terms).values()]

    def fuzzy_terms(self, term: str, limit: int) -> list[FuzzyTerm]:
        """See ``protocols.KeywordIndex.fuzzy_terms``."""
        return self._fuzzy.near(term, limit)

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """The terms of a field that a pattern stands for, the most frequent first."""
        return self._expansions.get((pattern, field), lambda: self._expand(pattern, field))

    def _expand(self, pattern: Pattern, field: str) -> list[str]:
        match pattern:
            case Prefix(text):
                return self._beginning(field, folded_pattern(text))
            case Wildcard(text):
                folded = folded_pattern(text)
                begin = folded.partition("*")[0].partition("?")[0]
                return list(filter(shape(folded), self._beginning(field, begin)))
            case Fuzzy(text, distance):
                return self._within_edits(field, whole_term(text), distance)

    def _beginning(self, field: str, prefix: str) -> list[str]:
        escaped = prefix.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return self._told(_BEGINNING, (field, f"{escaped}%"))

    def _within_edits(self, field: str, word: str, distance: int) -> list[str]:
        """Terms within so many edits: those that share enough trigrams are measured.

        An edit touches three trigrams at most (Ukkonen, "Approximate string-matching with q-grams and
        maximal matches", Theoretical Computer Science 92, 1992); of short words none need be shared.
        """
        if len(word) > LONGEST:  # which is what fuzzystrmatch measures, too
            return [word] if self.find([(field, word)]) else []
        asked = {
            "word": word,
            "field": field,
            "shortest": len(word) - distance,
            "longest": len(word) + distance,
            "distance": distance,
        }
        alike = _likeness(word, distance) >= ALIKE
        return self._told(_WITHIN_EDITS.replace("{alike}", _ALIKE if alike else ""), asked)

    def _told(self, query: str, asked: Parameters) -> list[str]:
        return [term for (term,) in self._servers.ask(query.format(id=self._id), asked)]

    @cached_property
    def _fuzzy(self) -> FuzzyTerms:
        """Every word as written: asked for once, when a word is found to be in no article."""
        found = self._servers.ask(_EVERY.format(id=self._id))
        return FuzzyTerms(_Listed([term for term, _ in found], np.array([held for _, held in found])))


@dataclass(frozen=True)
class _Listed:
    """Terms in the order of their bytes, with their frequencies, as spelling takes them."""

    terms: Sequence[bytes]
    frequencies: Ints

    @cached_property
    def lexicon(self) -> SortedTerms:
        """The terms."""
        joined: npt.NDArray[np.uint8] = np.frombuffer(b"".join(self.terms), np.uint8)
        return SortedTerms(joined, np.cumsum([len(term) for term in self.terms]))


def as_kept(names: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Terms by field and themselves as queries take them: the fields, and the terms as they are kept."""
    return [field for field, _ in names], [kept(term) for _, term in names]


def _likeness(word: str, distance: int) -> float:
    """How alike pg_trgm finds a word and any that is so many edits away, at least."""
    if not word.isalnum():  # pg_trgm takes its parts for words
        return 0.0
    padded = f"  {word} "
    trigrams = len({padded[start : start + 3] for start in range(len(padded) - 2)})
    shared = trigrams - 3 * distance
    return shared / (trigrams + len(word) + 1 + distance - shared)
