"""A codec by which Whoosh reads the flat arrays as one segment.

Whoosh's own files have pickles, postings in blocks of Python tuples, and every number several times. With
this codec, Whoosh's readers, matchers and automata work on the arrays. The codec cannot write.
"""

from collections.abc import Iterator

from whoosh.codec import base
from whoosh.formats import Format
from whoosh.matching import ListMatcher
from whoosh.reading import SegmentReader, TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from search.keyword.fields import PASSAGES
from search.keyword.postings import Field, round_lengths
from search.keyword.whoosh_schema import schema

_Term = tuple[str, bytes]


def reader(fields: dict[str, Field], articles: int) -> SegmentReader:
    """Whoosh's reader of the arrays; documents are numbered from the articles on to the passages."""
    segment = base.Segment("arrays")
    return SegmentReader(None, schema(), segment, codec=_ArrayCodec(fields, articles))


class _ArrayCodec(base.Codec):  # type: ignore[misc]
    def __init__(self, fields: dict[str, Field], articles: int) -> None:
        self._fields = fields
        self._articles = articles

    def terms_reader(self, storage: object, segment: object) -> base.TermsReader:
        return _Terms(self._fields, self._articles)

    def per_document_reader(self, storage: object, segment: object) -> base.PerDocumentReader:
        return _Documents(self._fields, self._articles)


class _Terms(base.TermsReader):  # type: ignore[misc]
    def __init__(self, fields: dict[str, Field], articles: int) -> None:
        self._fields = fields
        self._articles = articles

    def __contains__(self, term: _Term) -> bool:
        name, text = term
        return self._fields[name].lexicon.find(text) is not None

    def indexed_field_names(self) -> list[str]:
        return list(self._fields)

    def cursor(self, fieldname: str, fieldobj: object) -> base.FieldCursor:
        return _Cursor(self._fields[fieldname])

    def terms(self) -> Iterator[_Term]:
        for name in sorted(self._fields):
            yield from self.terms_from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[_Term]:
        lexicon = self._fields[fieldname].lexicon
        for index in range(lexicon.at_or_after(prefix), len(lexicon)):
            yield fieldname, lexicon[index]

    def items(self) -> Iterator[tuple[_Term, TermInfo]]:
        for term in self.terms():
            yield term, self.term_info(*term)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[_Term, TermInfo]]:
        for term in self.terms_from(fieldname, prefix):
            yield term, self.term_info(*term)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        field = self._fields[fieldname]
        postings = field.postings(text.decode())
        if not len(postings.docs):
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        lengths = round_lengths(field.lengths[postings.docs])
        return TermInfo(
            float(postings.counts.sum()),
            len(postings.docs),
            int(lengths.min()),
            int(lengths.max()),
            float(postings.counts.max()),
            self._first_document(fieldname) + int(postings.docs[0]),
            self._first_document(fieldname) + int(postings.docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self._fields[fieldname].postings(text.decode()).counts.sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return self._fields[fieldname].frequency(text.decode())

    def matcher(
        self, fieldname: str, text: bytes, format_: Format, scorer: BaseScorer | None = None
    ) -> ListMatcher:
        info = self.term_info(fieldname, text)
        postings = self._fields[fieldname].postings(text.decode())
        docs = (postings.docs + self._first_document(fieldname)).tolist()
        return ListMatcher(
            docs,
            postings.counts.tolist(),
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=info,
        )

    def _first_document(self, fieldname: str) -> int:
        return self._articles if fieldname == PASSAGES else 0


class _Cursor(base.FieldCursor):  # type: ignore[misc]
    """A cursor over the terms of a field."""

    def __init__(self, field: Field) -> None:
        self._lexicon = field.lexicon
        self._index = 0

    def first(self) -> str | None:
        self._index = 0
        return self.text()

    def find(self, string: str) -> str | None:
        self._index = self._lexicon.at_or_after(string.encode())
        return self.text()

    def next(self) -> str | None:
        self._index += 1
        return self.text()

    def text(self) -> str | None:
        return self._lexicon[self._index].decode() if self._index < len(self._lexicon) else None


class _Documents(base.PerDocumentReader):  # type: ignore[misc]
    """The lengths of documents; no document has stored fields or is deleted."""

    def __init__(self, fields: dict[str, Field], articles: int) -> None:
        self._fields = fields
        self._articles = articles

    def doc_count(self) -> int:
        return self._articles + len(self._fields[PASSAGES].lengths)

    def doc_count_all(self) -> int:
        return self.doc_count()

    def has_deletions(self) -> bool:
        return False

    def is_deleted(self, docnum: int) -> bool:
        return False

    def deleted_docs(self) -> list[int]:
        return []

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        number = docnum - self._articles if fieldname == PASSAGES else docnum
        lengths = self._fields[fieldname].lengths
        return int(round_lengths(lengths[number])) if 0 <= number < len(lengths) else default

    def field_length(self, fieldname: str) -> int:
        return int(self._fields[fieldname].lengths.sum())

    def min_field_length(self, fieldname: str) -> int:
        return int(round_lengths(self._fields[fieldname].lengths).min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        return int(round_lengths(self._fields[fieldname].lengths).max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, str]:
        return {}
