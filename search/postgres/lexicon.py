"""Looks up the terms of a generation in the lexicon of the coordinator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.keyword.fuzzy_terms import FuzzyTerms
from search.keyword.lexicon import Lexicon
from search.lru import LruCache
from search.postgres.connections import TRIGRAM_SIMILARITY, Parameters, Servers
from search.postgres.schema import Field, checked_id
from search.postgres.term_vectors import LONGEST, stored_term
from search.protocols import FuzzyTerm, Ints
from search.query.ast import Fuzzy, Pattern, Prefix, Wildcard
from search.query.matcher import pattern_test
from search.text.analyzer import folded_pattern, whole_term

_CACHED_PATTERNS = 1024
_CACHED_TERMS = 65536
_ENTRIES = """
SELECT field, term, number, articles, rows FROM {id}.lexicon
WHERE (field, term) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
_WITH_PREFIX = """
SELECT term FROM {id}.lexicon WHERE field = %s AND term LIKE %s ORDER BY articles DESC, term COLLATE "C"
"""
_WITHIN_EDITS = """
SELECT term FROM {id}.lexicon
WHERE field = %(field)s AND length(term) BETWEEN %(shortest)s AND %(longest)s
AND {trigrams} levenshtein_less_equal(term, %(word)s, %(distance)s) <= %(distance)s
ORDER BY articles DESC, term COLLATE "C"
"""
_SHARE_TRIGRAMS = "term %% %(word)s AND"
_WRITTEN_TERMS = """
SELECT convert_to(term, 'UTF8'), articles FROM {id}.lexicon WHERE field = 'exact' ORDER BY 1
"""


class TermEntry(NamedTuple):
    """The number of a term, and how many articles and rows have it."""

    number: int
    articles: int
    rows: int


class StoredLexicon:
    """Looks up terms, and the terms that match a pattern; several threads may use it."""

    def __init__(self, servers: Servers, generation: str) -> None:
        self._servers = servers
        self._id = checked_id(generation)
        self._entries: dict[tuple[str, str], TermEntry | None] = {}
        self._expansions: LruCache[tuple[Pattern, str], list[str]] = LruCache(_CACHED_PATTERNS)

    def entries(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], TermEntry]:
        """The entries of those of these terms that exist; a term is named by its field and its text."""
        distinct = list(dict.fromkeys(names))
        new = [name for name in distinct if name not in self._entries]
        if new:
            if len(self._entries) > _CACHED_TERMS:
                self._entries.clear()
            records = self._servers.query_coordinator(_ENTRIES.format(id=self._id), names_as_columns(new))
            by_name = {(field, term): TermEntry(*rest) for field, term, *rest in records}
            self._entries |= {(field, term): by_name.get((field, stored_term(term))) for field, term in new}
        return {name: entry for name in distinct if (entry := self._entries.get(name)) is not None}

    def numbers(self, field: Field, terms: Iterable[str]) -> list[int]:
        """The numbers of those of these terms that the field has."""
        return [entry.number for entry in self.entries((field.value, term) for term in terms).values()]

    def fuzzy_terms(self, term: str, limit: int) -> list[FuzzyTerm]:
        """See ``protocols.KeywordIndex.fuzzy_terms``."""
        return self._fuzzy.near(term, limit)

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """The terms of a field that match a pattern, the most frequent first."""
        return self._expansions.get((pattern, field), lambda: self._expand(pattern, field))

    def _expand(self, pattern: Pattern, field: str) -> list[str]:
        match pattern:
            case Prefix(text):
                return self._with_prefix(field, folded_pattern(text))
            case Wildcard(text):
                folded = folded_pattern(text)
                prefix = folded.partition("*")[0].partition("?")[0]
                return list(filter(pattern_test(folded), self._with_prefix(field, prefix)))
            case Fuzzy(text, distance):
                return self._within_edits(field, whole_term(text), distance)

    def _with_prefix(self, field: str, prefix: str) -> list[str]:
        escaped = prefix.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return self._query_terms(_WITH_PREFIX, (field, f"{escaped}%"))

    def _within_edits(self, field: str, word: str, distance: int) -> list[str]:
        """Terms at most ``distance`` edits from the word; only terms that share enough trigrams are measured.

        One edit changes three trigrams at most (Ukkonen, "Approximate string-matching with q-grams and
        maximal matches", Theoretical Computer Science 92, 1992). A short word may share no trigram with a
        close term, so for short words all terms are measured.
        """
        if len(word) > LONGEST:  # fuzzystrmatch does not measure longer ones
            return [word] if self.entries([(field, word)]) else []
        parameters = {
            "word": word,
            "field": field,
            "shortest": len(word) - distance,
            "longest": len(word) + distance,
            "distance": distance,
        }
        share_trigrams = _least_similarity(word, distance) >= TRIGRAM_SIMILARITY
        query = _WITHIN_EDITS.replace("{trigrams}", _SHARE_TRIGRAMS if share_trigrams else "")
        return self._query_terms(query, parameters)

    def _query_terms(self, query: str, parameters: Parameters) -> list[str]:
        records = self._servers.query_coordinator(query.format(id=self._id), parameters)
        return [term for (term,) in records]

    @cached_property
    def _fuzzy(self) -> FuzzyTerms:
        """All words as written; they are loaded when a query has a word that no article has."""
        records = self._servers.query_coordinator(_WRITTEN_TERMS.format(id=self._id))
        terms, frequencies = [term for term, _ in records], np.array([articles for _, articles in records])
        return FuzzyTerms(_LoadedTerms(terms, frequencies))


@dataclass(frozen=True)
class _LoadedTerms:
    """Implements ``fuzzy_terms.TermFrequencies``; the terms are in the order of their bytes."""

    terms: Sequence[bytes]
    frequencies: Ints

    @cached_property
    def lexicon(self) -> Lexicon:
        """The terms."""
        joined: npt.NDArray[np.uint8] = np.frombuffer(b"".join(self.terms), np.uint8)
        return Lexicon(joined, np.cumsum([len(term) for term in self.terms]))


def names_as_columns(names: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """The parameters of a query for terms by name: their fields, and the terms as they are stored."""
    return [field for field, _ in names], [stored_term(term) for _, term in names]


def _least_similarity(word: str, distance: int) -> float:
    """The least similarity that pg_trgm gives a word and a term that is ``distance`` edits away."""
    if not word.isalnum():  # pg_trgm would take its parts as separate words
        return 0.0
    padded = f"  {word} "
    trigrams = len({padded[start : start + 3] for start in range(len(padded) - 2)})
    shared = trigrams - 3 * distance
    return shared / (trigrams + len(word) + 1 + distance - shared)
