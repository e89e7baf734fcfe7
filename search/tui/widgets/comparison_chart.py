"""Two histograms on one axis of time, each with a scale of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from search.retrieval.comparison import PER_MILLE, Comparison, per_mille
from search.text.periods import TimeUnit
from search.tui.format.compared import LETTERS, share
from search.tui.format.palette import MUTED
from search.tui.format.time_columns import Column, bars, columns_of, spans
from search.tui.format.time_labels import POINTER, marked_line
from search.tui.i18n import Texts

_APART = 5  # lines of a histogram from which a free one stands between two
_STYLES = ("$primary", "$success")


class ComparisonChart(Widget):
    """Draws the answers of a comparison; a click posts ``Pointed``."""

    @dataclass
    class Pointed(Message):
        """The user points to these periods, from the first to the last."""

        first: str
        last: str

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._comparison: Comparison | None = None
        self._unit = TimeUnit.MONTH
        self._relative = False
        self._pointed = ""
        self._drawn: list[tuple[Column, ...]] = []
        self._archive: tuple[Column, ...] = ()

    @property
    def room(self) -> int:
        """Cells for the columns; the scales stand beside them."""
        return max(0, self.content_size.width - self._gutter)

    @property
    def shared(self) -> int:
        """How many periods share a column."""
        return max((column.share for column in self._axis), default=1)

    def show(self, comparison: Comparison, unit: TimeUnit, *, relative: bool) -> None:
        """Draw the answers by this unit; ``relative`` to the archive by thousand of its articles."""
        self._comparison, self._unit, self._relative = comparison, unit, relative
        self._lay_out()

    def clear(self) -> None:
        """Draw nothing."""
        self._comparison = None
        self._lay_out()

    def on_resize(self) -> None:
        """Lay the columns out in the new width."""
        self._lay_out()

    def point_to(self, period: str) -> None:
        """Mark the column of a period; ``""`` marks none."""
        self._pointed = period
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Point to the column under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None or not self._axis:
            return
        for column, span in zip(self._axis, spans(len(self._axis), self.room), strict=True):
            if offset.x - self._gutter in span:
                self.post_message(self.Pointed(column.first, column.last))

    def render(self) -> Content:
        """The histograms, one above the other, and below them the labels of both."""
        if not self._axis:
            return Content("")
        lines: list[Content] = []
        rows = spans(len(self._drawn), max(len(self._drawn), self.content_size.height - 1))
        apart = min(map(len, rows)) >= _APART
        for place, (columns, span) in enumerate(zip(self._drawn, rows, strict=True)):
            between = [Content("")] if apart and place else []
            lines += [*between, *self._histogram(place, columns, len(span) - len(between))]
        return Content("\n").join([*lines, self._below()])

    @property
    def _gutter(self) -> int:
        """Cells at the left for the letter and the scale of each histogram."""
        if self._comparison is None:
            return 0
        most = max((answer.timeline.total for answer in self._comparison.answers), default=0)
        return max(len(self._texts.number(most)), len(share(self._texts, PER_MILLE))) + len("A ") + 1

    @property
    def _axis(self) -> tuple[Column, ...]:
        """The columns of the first answer: those of the others are of the same periods."""
        return self._drawn[0] if self._drawn else ()

    def _lay_out(self) -> None:
        """Make the columns of each answer and of the archive; none where nothing is dated."""
        compared, self._drawn, self._archive = self._comparison, [], ()
        if compared is not None and (days := compared.days(self._unit)) is not None and self.room:
            timelines = [answer.timeline for answer in compared.answers]
            self._drawn = [columns_of(each, self._unit, self.room, days) for each in timelines]
            self._archive = columns_of(compared.archive, self._unit, self.room, days)
        self.refresh()

    def _histogram(self, place: int, columns: Sequence[Column], height: int) -> Iterator[Content]:
        amounts: Sequence[float] = [column.count for column in columns]
        if self._relative:
            pairs = zip(columns, self._archive, strict=True)
            amounts = [per_mille(column.count, archive.count) for column, archive in pairs]
        most = max(amounts)
        scale = share(self._texts, most) if self._relative else self._texts.number(round(most))
        width = self._gutter - len("A ") - 1
        for number, line in enumerate(bars(amounts, most, self.room, height)):
            letter, figure = (f"{LETTERS[place]} ", scale) if number == 0 else ("  ", "")
            yield Content.assemble((letter, "bold"), figure.rjust(width), " ", (line, _STYLES[place]))

    def _below(self) -> Content:
        pointed = self._pointed
        marks = {
            place: POINTER
            for place, column in enumerate(self._axis)
            if pointed and column.first <= pointed <= column.last
        }
        return Content.assemble(
            " " * self._gutter, (marked_line(self._axis, marks, self.room, self._texts), MUTED)
        )
