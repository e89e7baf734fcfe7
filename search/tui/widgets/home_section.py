"""A part of the home: a heading and rows, which the cursor of the home walks through."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from search.tui.format.palette import TITLE
from search.tui.widgets.home_rows import Choice, Row

_BEFORE = 1  # options before the first row: the heading
_MIN_WIDTH = 20


class HomeSection(OptionList, can_focus=False):
    """Hidden while it has no row. The cursor of the home is in one section at a time."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._heading = ""
        self._width = 0
        self._rows: tuple[Row, ...] = ()
        self.display = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows."""
        return self._rows

    @property
    def place(self) -> int | None:
        """The row under the cursor, counted from 0; None when the cursor is elsewhere."""
        return None if self.highlighted is None else self.highlighted - _BEFORE

    @property
    def selected(self) -> Choice | None:
        """What the row under the cursor offers."""
        return None if self.place is None else self._rows[self.place].choice

    def show(self, heading: str, rows: Sequence[Row]) -> None:
        """Show these rows; the cursor stays on the same choice."""
        if (heading, tuple(rows)) == (self._heading, self._rows):
            return
        selected, self._heading, self._rows = self.selected, heading, tuple(rows)
        self.display = bool(rows)
        self._fill()
        choices = [row.choice for row in rows]
        self.move_to(choices.index(selected) if selected in choices else None)

    def move_to(self, place: int | None) -> None:
        """Put the cursor on this row, or away."""
        self.highlighted = None if place is None else place + _BEFORE

    def on_resize(self) -> None:
        """Fit the rows to the new width; a section that is shown again has its old one."""
        if self.scrollable_content_region.width != self._width:
            place = self.place
            self._fill()
            self.move_to(place)

    def _fill(self) -> None:
        padding = self.get_component_styles("option-list--option").padding.width
        self._width = self.scrollable_content_region.width
        width = max(_MIN_WIDTH, self._width - padding)
        options = [Option(row.render(width)) for row in self._rows]
        self.set_options([Option(Content.styled(self._heading, TITLE), disabled=True), *options])
