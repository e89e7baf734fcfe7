"""Finds the terms that match a pattern or a misspelt word, with Whoosh."""

import re
from collections.abc import Iterable

from search.keyword.postings import Field
from search.keyword.whoosh_codec import reader
from search.lru import LruCache
from search.query.ast import Pattern, Prefix, Wildcard
from search.query.matcher import pattern_test
from search.text.analyzer import folded_pattern, whole_term

_CACHED_PATTERNS = 1024


class PatternExpander:
    """Expands patterns with Whoosh's reader; several threads may use it."""

    def __init__(self, fields: dict[str, Field], articles: int) -> None:
        self._reader = reader(fields, articles)
        self._expansions: LruCache[tuple[Pattern, str], list[str]] = LruCache(_CACHED_PATTERNS)

    def within_edits(self, field: str, word: str, distance: int) -> list[str]:
        """Terms at most ``distance`` edits from the word, the most frequent first."""
        return self._most_frequent(field, self._reader.terms_within(field, word, distance))

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """The terms of a field that match a pattern, the most frequent first."""
        return self._expansions.get((pattern, field), lambda: self._expand(pattern, field))

    def _expand(self, pattern: Pattern, field: str) -> list[str]:
        if isinstance(pattern, Prefix):
            return self._most_frequent(field, self._with_prefix(field, folded_pattern(pattern.text)))
        if isinstance(pattern, Wildcard):
            return self._most_frequent(field, self._matching(field, folded_pattern(pattern.pattern)))
        return self.within_edits(field, whole_term(pattern.text), pattern.distance)

    def _with_prefix(self, field: str, prefix: str) -> Iterable[str]:
        return (term.decode() for term in self._reader.expand_prefix(field, prefix))

    def _matching(self, field: str, pattern: str) -> Iterable[str]:
        """Terms that match a pattern: ``*`` is any number of letters, ``?`` is one."""
        prefix = re.match(r"[^*?]*", pattern)
        return filter(pattern_test(pattern), self._with_prefix(field, prefix[0] if prefix else ""))

    def _most_frequent(self, field: str, terms: Iterable[str]) -> list[str]:
        ranked = sorted((-self._reader.doc_frequency(field, term), term) for term in terms)
        return [term for _, term in ranked]
