"""Reading Whoosh: postings, positions, lengths and the lexicon as plain arrays."""

import pickle
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh import index
from whoosh.filedb.filestore import FileStorage
from whoosh.index import IndexError as WhooshIndexError
from whoosh.query import NumericRange
from whoosh.reading import TermNotFound

from search.errors import IndexCorrupt
from search.keyword.schema import schema

Docs = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]

_CACHED_TERMS = 4096
# Whoosh unpickles its table of contents, and damaged bytes unpickle into nearly anything.
_UNREADABLE = (
    *(WhooshIndexError, OSError, EOFError, AssertionError, MemoryError, struct.error),
    *(pickle.UnpicklingError, ArithmeticError, AttributeError, ImportError, LookupError),
    *(RuntimeError, TypeError, ValueError),
)


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents that hold a term, ascending, and how often each does."""

    docs: Docs
    weights: Weights


_NOTHING = Postings(np.empty(0, np.int64), np.empty(0, np.float64))


class PostingReader:
    """One Whoosh index, read-only; a document number counts articles first, then passages."""

    def __init__(self, folder: Path) -> None:
        """Open the index; raises IndexCorrupt when Whoosh cannot read it."""
        try:
            storage = FileStorage(str(folder), readonly=True)
            self._index = index.FileIndex(storage, schema=schema())
            self._reader = self._index.reader()
        except _UNREADABLE as exc:
            raise IndexCorrupt(
                f"The keyword index in {folder} cannot be read ({exc}); run: depeche build PATH"
            ) from exc
        self.doc_count: int = self._reader.doc_count_all()
        self._term_postings = lru_cache(_CACHED_TERMS)(self._read_postings)
        self.lengths = lru_cache(None)(self._read_lengths)

    def close(self) -> None:
        """Release the files."""
        self._reader.close()
        self._index.close()

    def numbers(self) -> list[int]:
        """The stored key or row of every document, by document number."""
        return [fields["number"] for _, fields in self._reader.iter_docs()]

    def average_length(self, field: str, documents: int) -> float:
        """Mean number of terms of a field over so many documents, at least 1."""
        terms: int = self._reader.field_length(field)
        return max(1.0, terms / max(1, documents))

    def postings(self, field: str, terms: Sequence[str]) -> Postings:
        """Postings of a term, or of several taken as one word: their frequencies add up."""
        found = [self._term_postings(field, term) for term in terms]
        if len(found) == 1:
            return found[0]
        if not found:
            return _NOTHING
        docs, places = np.unique(np.concatenate([p.docs for p in found]), return_inverse=True)
        weights = np.zeros(len(docs))
        np.add.at(weights, places, np.concatenate([p.weights for p in found]))
        return Postings(docs, weights)

    def positions(self, field: str, term: str, docs: Docs) -> dict[int, list[int]]:
        """Where the term stands in each of these documents (ascending) that holds it."""
        found: dict[int, list[int]] = {}
        try:
            matcher = self._reader.postings(field, term)
        except TermNotFound:
            return found
        for doc in docs.tolist():
            if not matcher.is_active():
                break
            matcher.skip_to(doc)
            if matcher.is_active() and matcher.id() == doc:
                found[doc] = matcher.value_as("positions")
        return found

    def in_range(self, field: str, first: int | None, last: int | None) -> Docs:
        """Documents whose number in the field lies in ``first``..``last``, ends included."""
        with self._index.searcher() as searcher:
            return np.array(list(searcher.docs_for_query(NumericRange(field, first, last))), np.int64)

    def with_prefix(self, field: str, prefix: str) -> list[str]:
        """Terms of the field that begin so, the most frequent first."""
        return self._most_frequent(field, self._decoded(self._reader.expand_prefix(field, prefix)))

    def with_shape(self, field: str, pattern: str) -> list[str]:
        """Terms of the shape (``*`` any letters, ``?`` one), the most frequent first."""
        prefix = re.match(r"[^*?]*", pattern)
        pieces = (
            ".*" if c == "*" else "." if c == "?" else re.escape(c) for c in re.sub(r"\*+", "*", pattern)
        )
        shape = re.compile("".join(pieces))
        terms = self._decoded(self._reader.expand_prefix(field, prefix[0] if prefix else ""))
        return self._most_frequent(field, (term for term in terms if shape.fullmatch(term)))

    def within_edits(self, field: str, word: str, distance: int) -> list[str]:
        """Terms within so many edits of the word, the most frequent first."""
        return self._most_frequent(field, self._reader.terms_within(field, word, distance))

    def document_frequency(self, field: str, term: str) -> int:
        """How many documents hold a term in the field."""
        return int(self._reader.doc_frequency(field, term))

    def _decoded(self, terms: Iterable[bytes]) -> Iterable[str]:
        return (term.decode() for term in terms)

    def _most_frequent(self, field: str, terms: Iterable[str]) -> list[str]:
        ranked = sorted((-self._reader.doc_frequency(field, term), term) for term in terms)
        return [term for _, term in ranked]

    def _read_postings(self, field: str, term: str) -> Postings:
        try:
            matcher = self._reader.postings(field, term)
        except TermNotFound:
            return _NOTHING
        docs: list[int] = []
        weights: list[float] = []
        while matcher.is_active():
            docs.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        return Postings(np.array(docs, np.int64), np.array(weights, np.float64))

    def _read_lengths(self, field: str) -> Weights:
        length = self._reader.doc_field_length
        return np.array([length(doc, field, 0) for doc in range(self.doc_count)], np.float64)
