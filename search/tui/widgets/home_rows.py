"""The rows of the home: what the user may choose while the box is empty, as text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from rich.cells import cell_len
from textual.content import Content

from search.query.filters import filter_of_value
from search.retrieval.overview import Overview
from search.text.sanitize import flat
from search.tui.format.charts import meter
from search.tui.format.dates import relative_date
from search.tui.i18n import Texts
from search.tui.widgets.suggestion_list import Suggestion
from search.types import Facet, Hit
from search.user.history import HistoryEntry
from search.user.saved_searches import SavedSearch

Choice = Suggestion | SavedSearch | Hit
"""What a row offers: a query, a saved search, or an article."""
_DIGITS = "123456789"
_NAME_SHARE, _METER_SHARE = 0.45, 0.3  # of the width, for a name and the bar after it


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A row: its label, a note after it, and a line below it.

    ``key`` is the digit that chooses it, ``""`` for none. ``share`` is what its bar shows, from 0 to 1, None
    for no bar.
    """

    choice: Choice
    label: str
    note: str = ""
    below: str = ""
    key: str = ""
    share: float | None = None

    def render(self, width: int) -> Content:
        """The lines of the row, ``width`` cells wide."""
        key = Content.styled(f"{self.key}  " if self.key else "", "bold")
        room = max(1, width - key.cell_length)
        if self.share is not None:
            return key + self._with_bar(room)
        if self.below:
            title = Content(flat(self.label)).truncate(room, ellipsis=True)
            under = Content(flat(self.below)).truncate(room, ellipsis=True)
            return Content.assemble(key, title, "\n", under.stylize("dim"))
        note = f"  {flat(self.note)}" if self.note else ""
        label = Content(flat(self.label)).truncate(max(1, room - cell_len(note)), ellipsis=True)
        return Content.assemble(key, label, (note, "dim"))

    def _with_bar(self, room: int) -> Content:
        """A name, a bar, and the note at the right edge."""
        name_width, bar_width = int(room * _NAME_SHARE), int(room * _METER_SHARE)
        name = Content(flat(self.label)).truncate(name_width, ellipsis=True, pad=True)
        bar = meter(self.share or 0.0, 1.0, bar_width).ljust(bar_width)
        note = flat(self.note).rjust(max(0, room - name_width - bar_width - 2))
        return Content.assemble(name, " ", (bar, "dim"), " ", note)


def saved_rows(texts: Texts, searches: Iterable[SavedSearch], new: Mapping[str, int]) -> list[HomeRow]:
    """Saved searches, each with the number of its new articles where that is known."""
    return [HomeRow(one, one.name, _new_note(texts, new.get(one.name, 0))) for one in searches]


def recent_rows(texts: Texts, entries: Iterable[HistoryEntry]) -> list[HomeRow]:
    """Recent queries, each with the number of articles that it found."""
    return [
        HomeRow(Suggestion(one.query, one.query, one.mode), one.query, texts.article_count(one.total))
        for one in entries
    ]


def example_rows(overview: Overview) -> list[HomeRow]:
    """Queries that find something."""
    return [HomeRow(Suggestion(text, text), text) for text in overview.examples]


def source_rows(texts: Texts, overview: Overview, limit: int) -> list[HomeRow]:
    """The main sources that a query can name, with bars."""
    sources = overview.counts.sources
    most = max((count for _, count in sources), default=1)
    filters = ((filter_of_value(Facet.SOURCE, name), name, count) for name, count in sources)
    return [
        HomeRow(Suggestion(one.text, name), name, texts.number(count), share=count / most)
        for one, name, count in islice((each for each in filters if each[0]), limit)
        if one is not None
    ]


def article_rows(texts: Texts, overview: Overview, today: date) -> list[HomeRow]:
    """The newest articles, each with its source and date below it."""
    return [HomeRow(hit, hit.article.title, below=_origin(texts, hit, today)) for hit in overview.newest]


def with_keys(*sections: Sequence[HomeRow]) -> Iterator[list[HomeRow]]:
    """The same sections of rows; the first rows have digits, counted through all sections."""
    keys = iter(_DIGITS)
    for rows in sections:
        yield [replace(row, key=next(keys, "")) for row in rows]


def _new_note(texts: Texts, count: int) -> str:
    return texts.plural("{} new", "{} new", count) if count else ""


def _origin(texts: Texts, hit: Hit, today: date) -> str:
    article = hit.article
    day = relative_date(article.published, today, texts)
    return " · ".join(filter(None, (article.source, article.section, day)))
