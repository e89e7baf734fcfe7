"""Whoosh by itself: its own writer, files, searcher and collector, with a weighting model of the formula.

And its reader over our arrays, which walks through their postings one by one.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh import index
from whoosh.filedb.filestore import FileStorage
from whoosh.matching import Matcher
from whoosh.query import Or, Term
from whoosh.reading import IndexReader, TermNotFound
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.searching import Searcher

from search.keyword.array_file import Array
from search.keyword.bm25 import K1, B
from search.keyword.fields import PASSAGES, SEPARATOR
from search.keyword.lexicon import Lexicon
from search.keyword.postings import (
    NO_POSTINGS,
    Docs,
    Field,
    PostingLists,
    Postings,
    merge_postings,
)
from search.keyword.whoosh_codec import reader
from search.keyword.whoosh_schema import schema
from search.text.chunking import own_title
from search.types import Article

Terms = Mapping[tuple[str, str], float]


def write(folder: Path, articles: Sequence[Article], passages: Iterable[str]) -> None:
    """Write an index as Whoosh does: articles first, then passages."""
    folder.mkdir()
    with closing(index.create_in(str(folder), schema())) as made, made.writer() as writer:
        for article in articles:
            writer.add_document(
                title=own_title(article),
                body=article.body,
                exact=own_title(article) + SEPARATOR + article.body,
                title_stems=article.title,
                title_exact=article.title,
                source=article.source,
                section=article.section,
            )
        for passage in passages:
            writer.add_document(passage=passage)


class _OneTerm(BaseScorer):  # type: ignore[misc]
    def __init__(self, searcher: Searcher, field: str, text: str, documents: int) -> None:
        self._length = searcher.doc_field_length
        self._field = field
        self._average = max(1.0, searcher.field_length(field) / documents)
        holding = searcher.doc_frequency(field, text)
        self._idf = math.log(1 + (documents - holding + 0.5) / (holding + 0.5))

    def score(self, matcher: Matcher) -> float:
        length = self._length(matcher.id(), self._field, 0)
        saturation = K1 * (1 - B + B * length / self._average)
        weight: float = matcher.weight()
        score: float = self._idf * weight * (K1 + 1) / (weight + saturation)
        return score


class _Bm25(WeightingModel):  # type: ignore[misc]
    def __init__(self, documents: int) -> None:
        self._documents = documents

    def scorer(self, searcher: Searcher, fieldname: str, text: str, qf: int = 1) -> BaseScorer:
        return _OneTerm(searcher, fieldname, text, self._documents)


class PlainIndex:
    """An index that Whoosh wrote, opened by Whoosh."""

    def __init__(self, folder: Path) -> None:
        self._index = index.FileIndex(FileStorage(str(folder), readonly=True), schema=schema())
        self._reader = self._index.reader()

    def best_first(self, terms: Terms, documents: int) -> dict[int, float]:
        """Documents that hold one of these boosted ``(field, term)`` and their scores, in Whoosh's order."""
        query = Or([Term(field, text, boost=boost) for (field, text), boost in terms.items()])
        searcher = Searcher(self._reader, weighting=_Bm25(documents))
        return {hit.docnum: hit.score for hit in searcher.search(query, limit=None)}

    def close(self) -> None:
        """Release the files."""
        self._reader.close()
        self._index.close()


@dataclass(frozen=True)
class WalkedField:
    """Implements ``postings.RankedField``: a field whose postings Whoosh's matcher walks through.

    ``first`` is Whoosh's number of the field's first document.
    """

    name: str
    field: Field
    reader: IndexReader
    first: int

    @property
    def lexicon(self) -> Lexicon:
        return self.field.lexicon

    @property
    def lengths(self) -> Array:
        return self.field.lengths

    def frequency(self, term: str) -> int:
        return len(self.postings(term).docs)

    def postings(self, term: str) -> Postings:
        try:
            matcher = self.reader.postings(self.name, term)
        except TermNotFound:
            return NO_POSTINGS
        docs: list[int] = []
        counts: list[float] = []
        while matcher.is_active():
            docs.append(matcher.id())
            counts.append(matcher.weight())
            matcher.next()
        return Postings(np.array(docs, np.int64) - self.first, np.array(counts, np.float32))

    def lists(self, terms: Sequence[Sequence[str]]) -> PostingLists:
        merged = [merge_postings([self.postings(form) for form in forms]) for forms in terms]
        return PostingLists.of([(each.docs, each.counts) for each in merged])

    def docs(self, forms: Sequence[str]) -> Docs:
        return self.lists([forms]).docs


def walked_by_whoosh(fields: dict[str, Field], articles: int) -> dict[str, WalkedField]:
    """These fields, each with the postings that Whoosh's reader finds in it."""
    whoosh = reader(fields, articles)
    return {
        name: WalkedField(name, field, whoosh, articles if name == PASSAGES else 0)
        for name, field in fields.items()
    }
