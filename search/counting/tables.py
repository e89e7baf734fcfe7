"""Counts as tables: a header and rows, and their text as CSV."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from search.counting.concordance import ConcordanceLine
from search.counting.cooccurrence import Cooccurrents
from search.counting.keyness import Terms
from search.counting.trends import Trends
from search.text.sanitize import spreadsheet_cell

Row = Sequence[str | int | float]
_DIGITS = 4


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """The rows as lines of CSV, one at a time; no cell can be read as a formula."""
    writer = csv.writer(_Passing(), lineterminator="\n")
    for row in rows:
        cells = [spreadsheet_cell(value) if isinstance(value, str) else value for value in row]
        yield writer.writerow(cells)  # what ``write`` gives


class _Passing:
    """Gives each line that is written to it."""

    def write(self, line: str) -> str:
        """The same line."""
        return line


def trend_rows(trends: Trends) -> Iterator[Row]:
    """A row for each series and period: its articles, those of the archive, and the share by thousand."""
    yield "query", "source", "period", "articles", "archive", "per_mille"
    for series in trends.series:
        columns = zip(trends.periods, series.counts, series.archive, series.per_mille, strict=True)
        for period, articles, archive, share in columns:
            yield series.query, series.source, period, articles, archive, round(share, _DIGITS)


def concordance_rows(lines: Iterable[ConcordanceLine]) -> Iterator[Row]:
    """A row for each occurrence; its place is ``start`` to ``end`` of the ``body`` or the ``title``."""
    header: Row = ("id", "date", "source", "title", "part", "start", "end", "left", "keyword", "right")
    return chain([header], map(_occurrence, lines))


def _occurrence(line: ConcordanceLine) -> Row:
    about = line.article_id, line.published, line.source, line.title
    part = "title" if line.in_title else "body"
    return (*about, part, line.start, line.end, line.left.strip(), line.keyword, line.right.strip())


def term_rows(terms: Terms) -> Iterator[Row]:
    """A row for each word: the articles of both sides that hold it, G² and the log ratio."""
    yield "word", "articles", "of", "reference", "of_reference", "log_likelihood", "log_ratio"
    for term in terms.terms:
        counts = term.articles, terms.articles, term.reference, terms.reference
        yield term.word, *counts, round(term.log_likelihood, _DIGITS), round(term.log_ratio, _DIGITS)


def cooccurrent_rows(found: Cooccurrents) -> Iterator[Row]:
    """A row for each word: its tokens near and in all, the articles where it is near, G² and logDice."""
    yield "word", "near", "total", "articles", "log_likelihood", "log_dice"
    for word in found.words:
        counts = word.near, word.total, word.articles
        yield word.word, *counts, round(word.log_likelihood, _DIGITS), round(word.log_dice, _DIGITS)
