"""Whoosh's answer to which terms a pattern or a misspelling stands for."""

import re
from collections.abc import Iterable

from search.keyword.postings import Field
from search.keyword.whoosh_codec import reader
from search.lru import LruCache
from search.query.ast import Pattern, Prefix, Wildcard
from search.query.matcher import shape
from search.text.analyzer import folded_pattern, whole_term

_REMEMBERED = 1024  # patterns


class PatternExpander:
    """Asks Whoosh's reader; may be used from several threads."""

    def __init__(self, fields: dict[str, Field], articles: int) -> None:
        self._reader = reader(fields, articles)
        self._expansions: LruCache[tuple[Pattern, str], list[str]] = LruCache(_REMEMBERED)

    def within_edits(self, field: str, word: str, distance: int) -> list[str]:
        """Terms within so many edits of the word, the most frequent first."""
        return self._most_frequent(field, self._reader.terms_within(field, word, distance))

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """The terms of a field that a pattern stands for, the most frequent first."""
        return self._expansions.get((pattern, field), lambda: self._expand(pattern, field))

    def _expand(self, pattern: Pattern, field: str) -> list[str]:
        if isinstance(pattern, Prefix):
            return self._most_frequent(field, self._beginning(field, folded_pattern(pattern.text)))
        if isinstance(pattern, Wildcard):
            return self._most_frequent(field, self._shaped(field, folded_pattern(pattern.pattern)))
        return self.within_edits(field, whole_term(pattern.text), pattern.distance)

    def _beginning(self, field: str, prefix: str) -> Iterable[str]:
        return (term.decode() for term in self._reader.expand_prefix(field, prefix))

    def _shaped(self, field: str, pattern: str) -> Iterable[str]:
        """Terms of the shape: ``*`` any letters, ``?`` one."""
        prefix = re.match(r"[^*?]*", pattern)
        return filter(shape(pattern), self._beginning(field, prefix[0] if prefix else ""))

    def _most_frequent(self, field: str, terms: Iterable[str]) -> list[str]:
        ranked = sorted((-self._reader.doc_frequency(field, term), term) for term in terms)
        return [term for _, term in ranked]
