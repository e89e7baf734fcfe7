"""What Whoosh itself answers: the terms a pattern or a misspelling stands for, and postings one by one."""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from whoosh.reading import TermNotFound

from search.keyword.fields import PASSAGES
from search.keyword.postings import NOTHING, Field, Postings
from search.keyword.whoosh_codec import reader
from search.query.ast import Pattern, Prefix, Wildcard
from search.query.matcher import shape
from search.text.analyzer import folded_pattern, whole_term

_REMEMBERED = 1024  # patterns


class PlainWhoosh:
    """Asks Whoosh's reader; may be used from several threads."""

    def __init__(self, fields: dict[str, Field], articles: int) -> None:
        self._reader = reader(fields, articles)
        self._articles = articles
        self.expansion = lru_cache(_REMEMBERED)(self._expansion)

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term, walked through by Whoosh's matcher: the reference of the fast way."""
        try:
            matcher = self._reader.postings(field, term)
        except TermNotFound:
            return NOTHING
        docs: list[int] = []
        counts: list[float] = []
        while matcher.is_active():
            docs.append(matcher.id())
            counts.append(matcher.weight())
            matcher.next()
        first = self._articles if field == PASSAGES else 0
        return Postings(np.array(docs, np.int64) - first, np.array(counts, np.float32))

    def within_edits(self, field: str, word: str, distance: int) -> list[str]:
        """Terms within so many edits of the word, the most frequent first."""
        return self._most_frequent(field, self._reader.terms_within(field, word, distance))

    def _expansion(self, pattern: Pattern, field: str) -> list[str]:
        """The terms of a field that a pattern stands for, the most frequent first."""
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
