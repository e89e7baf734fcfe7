"""The filters of the query as chips in one line; the user removes a filter there."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from search.query.filters import Filter, text_without_filter
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.messages import Refine

_GAP = "  "
_SHARE = 0.7  # of the screen that the chips may fill; notes stand beside them


class ChipRow(Static, can_focus=True):
    """One chip for each filter. When there is not enough room: the number of filters, and the current chip.

    Posts ``Refine`` when the user removes a filter. Without filters the row is hidden.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move_cursor(-1)", "Previous filter", show=False, id="previous_filter"),
        Binding("right", "move_cursor(1)", "Next filter", show=False, id="next_filter"),
        Binding(
            "delete,backspace,enter,space",
            "remove_current",
            "remove filter",
            tooltip="Remove this filter",
            key_display="⌫",
            id="remove_filter",
        ),
    ]

    def __init__(self, texts: Texts) -> None:
        super().__init__(markup=False)
        self._texts = texts
        self._filters: Sequence[Filter] = ()
        self._cursor = 0
        self.display = False

    def show(self, filters: Sequence[Filter]) -> None:
        """Show these filters."""
        if tuple(filters) == tuple(self._filters):
            return
        self._filters = filters
        self.display = bool(filters)
        self.action_move_cursor(0)

    def remove_last(self) -> None:
        """Remove the last filter, if there is one."""
        self.action_remove(len(self._filters) - 1)

    def action_move_cursor(self, step: int) -> None:
        """Move the cursor by this number of chips."""
        self._cursor = max(0, min(self._cursor + step, len(self._filters) - 1))
        self._draw()

    def action_remove_current(self) -> None:
        """Remove the filter under the cursor."""
        self.action_remove(self._cursor)

    def action_remove(self, place: int) -> None:
        """Remove the filter at this place."""
        if 0 <= place < len(self._filters):
            self.post_message(Refine(text_without_filter, self._filters[place]))

    def on_focus(self) -> None:
        """Show the cursor."""
        self._draw()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self._draw()

    def on_resize(self) -> None:
        """Show the chips or their number, as the new width allows."""
        self._draw()

    def _draw(self) -> None:
        chips = Content(_GAP).join(map(self._chip, range(len(self._filters))))
        too_long = chips.cell_length > _SHARE * self.app.size.width
        self.update(self._summary() if too_long else chips)

    def _summary(self) -> Content:
        """The number of filters and, while the row has the focus, the current chip."""
        count = self._texts.filter_count(len(self._filters))
        summary = Content.styled(count, Style.from_meta({"@click": "screen.filters"}))
        return summary + _GAP + self._chip(self._cursor) if self.has_focus else summary

    def _chip(self, place: int) -> Content:
        style = "reverse" if self.has_focus and place == self._cursor else "bold"
        click = Style.from_meta({"@click": f"remove({place})"})
        return Content.styled(f"{filter_label(self._filters[place])} ✕", style).stylize(click)


def filter_label(filter_: Filter) -> str:
    """A filter for reading: its field and its value; a minus before a value that it excludes."""
    text = flat(filter_.text).replace(":", " ", 1).replace('"', "")
    return f"− {text[1:]}" if text.startswith("-") else text
