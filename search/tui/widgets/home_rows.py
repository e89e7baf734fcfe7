"""The rows of the home: what the user may choose while the box is empty, as text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from textual.content import Content

from search.query.filters import filter_of_value
from search.retrieval.overview import Overview
from search.text.sanitize import flat
from search.tui.format.charts import meter
from search.tui.format.dates import relative_date
from search.tui.format.palette import MUTED, SOURCE
from search.tui.i18n import Texts
from search.tui.widgets.result_row import source_label
from search.tui.widgets.suggestion_list import Suggestion
from search.types import Facet, Hit
from search.user.history import HistoryEntry
from search.user.saved_searches import SavedSearch

Choice = Suggestion | SavedSearch | Hit
"""What a row offers: a query, a saved search, or an article."""
_DIGITS = "123456789"
_NAME_SHARE, _METER_SHARE = 0.45, 0.3  # of the width, for a name and the bar after it
_GAP = "  "


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A row: its label, what is new of it, and a note, which is left out where there is no room.

    ``key`` is the digit that chooses it, ``""`` for none.
    """

    choice: Choice
    label: str
    news: str = ""
    note: str = ""
    key: str = ""

    def render(self, width: int) -> Content:
        """The row, at most ``width`` cells wide."""
        key = Content.styled(f"{self.key}  " if self.key else "", MUTED)
        news = Content.styled(f"  {self.news}" if self.news else "", "bold")
        label = Content(flat(self.label))
        note = Content.styled(f"  {self.note}" if self.note else "", MUTED)
        room = max(1, width - key.cell_length - news.cell_length)
        with_note = label + note
        return (
            key + (with_note if with_note.cell_length <= room else label.truncate(room, ellipsis=True)) + news
        )


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, with a bar for its number of articles; ``share`` is 1 for the source with the most."""

    choice: Suggestion
    label: str
    count: str
    share: float

    def render(self, width: int) -> Content:
        """The row, ``width`` cells wide."""
        name_width, bar_width = int(width * _NAME_SHARE), int(width * _METER_SHARE)
        name = Content.styled(flat(self.label), SOURCE).truncate(name_width, ellipsis=True, pad=True)
        bar = meter(self.share, 1.0, bar_width).ljust(bar_width)
        count = self.count.rjust(max(0, width - name_width - bar_width - len(_GAP)))
        return Content.assemble(name, _GAP, (bar, MUTED), (count, MUTED))


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article: its title, and below it its source and date."""

    choice: Hit
    date: str

    def render(self, width: int) -> Content:
        """Two lines, at most ``width`` cells wide."""
        article = self.choice.article
        title = Content(flat(article.title)).truncate(width, ellipsis=True)
        source = source_label(article)
        below = Content.assemble((source, SOURCE), (" · " if source else "", MUTED), (self.date, MUTED))
        return Content("\n").join([title, below.truncate(width, ellipsis=True)])


Row = QueryRow | SourceRow | ArticleRow


def saved_rows(texts: Texts, searches: Iterable[SavedSearch], new: Mapping[str, int]) -> list[QueryRow]:
    """Saved searches, each with the number of its new articles where that is known."""
    return [QueryRow(one, one.name, _new_note(texts, new.get(one.name, 0))) for one in searches]


def recent_rows(texts: Texts, entries: Iterable[HistoryEntry]) -> list[QueryRow]:
    """Recent queries, each with the number of articles that it found."""
    return [
        QueryRow(Suggestion(one.query, one.query, one.mode), one.query, note=texts.article_count(one.total))
        for one in entries
    ]


def example_rows(overview: Overview) -> list[QueryRow]:
    """Queries that find something."""
    return [QueryRow(Suggestion(text, text), text) for text in overview.examples]


def source_rows(texts: Texts, overview: Overview, limit: int) -> list[SourceRow]:
    """The main sources that a query can name."""
    sources = overview.counts.sources
    most = max((count for _, count in sources), default=1)
    filters = ((filter_of_value(Facet.SOURCE, name), name, count) for name, count in sources)
    rows = (
        SourceRow(Suggestion(one.text, name), name, texts.number(count), count / most)
        for one, name, count in filters
        if one is not None
    )
    return list(islice(rows, limit))


def article_rows(texts: Texts, overview: Overview, today: date) -> list[ArticleRow]:
    """The newest articles."""
    return [
        ArticleRow(hit, flat(relative_date(hit.article.published, today, texts))) for hit in overview.newest
    ]


def with_keys(*sections: Sequence[QueryRow]) -> Iterator[list[QueryRow]]:
    """The same sections of rows; the first rows have digits, counted through all sections."""
    keys = iter(_DIGITS)
    for rows in sections:
        yield [replace(row, key=next(keys, "")) for row in rows]


def _new_note(texts: Texts, count: int) -> str:
    return texts.plural("{} new", "{} new", count) if count else ""
