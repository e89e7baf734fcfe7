"""Counts of one answer for the screen of counts. The caller chooses the thread."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from search.counting.concordance import ConcordanceLine, ConcordanceOrder, Context, concordance
from search.counting.cooccurrence import cooccurrents
from search.counting.keyness import terms
from search.counting.tables import Row, concordance_rows, cooccurrent_rows, csv_lines, term_rows
from search.query.ast import Query
from search.retrieval.request import Request
from search.types import Hit, Leg, Passage, Snippet

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

SHOWN_LINES = 1000
"""Lines of a concordance that are listed; a file has all."""
CONCORDANCE, TERMS, COOCCURRENTS = KINDS = ("concordance", "terms", "cooccurrents")
_WORDS = 100
_NOTHING_ASKED = Query("", (), None, "")


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows below their header; ``lines`` are the occurrences of a concordance, in the order of the rows."""

    kind: str
    rows: tuple[Row, ...]
    lines: tuple[ConcordanceLine, ...] = ()


class AnswerCounter:
    """Counts the answer to one request."""

    def __init__(self, engine: "Engine", request: Request) -> None:
        self._engine = engine
        self.request = request

    def count(self, kind: str, order: ConcordanceOrder) -> Counted:
        """The rows of one kind of counts, without their header; raises SearchError."""
        if kind == CONCORDANCE:
            lines = tuple(islice(self._lines(order), SHOWN_LINES))
            return Counted(kind, tuple(concordance_rows(lines))[1:], lines)
        return Counted(kind, tuple(self._words(kind))[1:])

    def csv(self, kind: str, order: ConcordanceOrder) -> Iterator[str]:
        """All rows of one kind of counts as lines of CSV; raises SearchError."""
        return csv_lines(concordance_rows(self._lines(order)) if kind == CONCORDANCE else self._words(kind))

    def hit(self, line: ConcordanceLine) -> Hit:
        """The article of a line as a hit whose passage is the occurrence; raises SearchError."""
        hit = self._engine.hit(self.request, line.article_id)
        if line.in_title:
            return hit
        text = hit.article.body[line.start : line.end]
        return replace(
            hit,
            passage=Passage(text, line.start, line.end),
            snippet=Snippet(text, line.start, line.end, Leg.KEYWORD),
            highlights=((0, len(text)),),
        )

    def _lines(self, order: ConcordanceOrder) -> Iterator[ConcordanceLine]:
        return concordance(self._engine, self.request, order, Context())

    def _words(self, kind: str) -> Iterator[Row]:
        if kind == TERMS:
            archive = replace(self.request, query=_NOTHING_ASKED)
            return term_rows(terms(self._engine, self.request, archive, _WORDS))
        return cooccurrent_rows(cooccurrents(self._engine, self.request, limit=_WORDS))
