"""The table of compared periods: a row a period, a column an answer."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.coordinate import Coordinate
from textual.message import Message
from textual.widgets import DataTable

from search.tui.format.compared import LETTERS, ComparedRow
from search.tui.i18n import Texts


class PeriodTable(DataTable[Content]):
    """Posts ``Chosen`` for a cell of an answer, and ``Moved`` when the cursor is on another row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select_cursor",
            "search",
            tooltip="Search this query in this period",
            id="search_period",
        ),
    ]

    @dataclass
    class Chosen(Message):
        """The user wants the articles of an answer, by its place, in a row; the archive comes last."""

        row: ComparedRow
        answer: int

    @dataclass
    class Moved(Message):
        """The cursor is on this row."""

        row: ComparedRow

    def __init__(self, texts: Texts) -> None:
        super().__init__(cursor_type="cell", zebra_stripes=False, cell_padding=1)
        self._texts = texts
        self._rows: list[ComparedRow] = []

    def show(self, rows: list[ComparedRow], answers: int, period: str) -> None:
        """List these rows; the cursor stays on its period and on its answer."""
        self._rows = rows
        column = max(1, min(self.cursor_column, answers))
        self.clear(columns=True)
        self.add_column(self._texts.translate("period"), width=16)
        for name in [*LETTERS[:answers], self._texts.translate("archive")]:
            self.add_column(name.rjust(10), width=10)
        for row in rows:
            self.add_row(Content(row.name), *(Content(number.rjust(10)) for number in row.numbers))
        places = [place for place, row in enumerate(rows) if _overlap(row.period, period)]
        self.cursor_coordinate = Coordinate(places[0] if places else 0, column)

    def move_to(self, first: str, last: str) -> None:
        """Move the cursor to the first row of these periods."""
        for place, row in enumerate(self._rows):
            if row.period and first <= row.period <= last:
                self.move_cursor(row=place)
                return

    @property
    def period(self) -> str:
        """The period under the cursor; ``""`` for none."""
        return self._rows[self.cursor_row].period if self.cursor_row < len(self._rows) else ""

    @on(DataTable.CellHighlighted)
    def _move(self, event: DataTable.CellHighlighted) -> None:
        event.stop()
        if event.coordinate.row < len(self._rows):
            self.post_message(self.Moved(self._rows[event.coordinate.row]))

    @on(DataTable.CellSelected)
    def _choose(self, event: DataTable.CellSelected) -> None:
        event.stop()
        row = self._rows[event.coordinate.row]
        if row.period or row.whole:
            self.post_message(self.Chosen(row, max(0, event.coordinate.column - 1)))


def _overlap(period: str, other: str) -> bool:
    """Whether one of two periods is a part of the other."""
    return bool(period and other) and (period.startswith(other) or other.startswith(period))
