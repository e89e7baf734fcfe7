"""The same scores asked of Whoosh itself: a weighting model of ours under an Or of its Terms."""

import math
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.matching import Matcher
from whoosh.query import Or, Term
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.searching import Searcher

from search.keyword.schema import schema
from search.keyword.scoring import K1, B

Terms = Mapping[tuple[str, str], float]


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


def best_first(folder: Path, terms: Terms, documents: int) -> Iterable[tuple[int, float]]:
    """Documents that hold one of these boosted ``(field, term)`` and their scores, in Whoosh's order."""
    query = Or([Term(field, text, boost=boost) for (field, text), boost in terms.items()])
    with (
        closing(FileIndex(FileStorage(str(folder), readonly=True), schema=schema())) as index,
        index.searcher(weighting=_Bm25(documents)) as searcher,
    ):
        found = searcher.search(query, limit=None)
        return [(hit.docnum, hit.score) for hit in found]
