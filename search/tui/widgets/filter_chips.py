"""The filters of a query in one line, where each can be taken away."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from search.query.filters import Filter, excluding
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.messages import Refine

_BETWEEN = "  "


class ChipRow(Static, can_focus=True):
    """One chip a filter; where they do not fit, their number, and the chip under the cursor.

    Tells ``Refine`` on a click or a key. Takes no room without filters.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Previous filter", show=False, id="previous_filter"),
        Binding("right", "step(1)", "Next filter", show=False, id="next_filter"),
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
        self._at = 0
        self.display = False

    def show(self, filters: Sequence[Filter]) -> None:
        """Show these filters."""
        if tuple(filters) == tuple(self._filters):
            return
        self._filters = filters
        self.display = bool(filters)
        self.action_step(0)

    def remove_last(self) -> None:
        """Take the last filter away, if there is one."""
        self.action_remove(len(self._filters) - 1)

    def action_step(self, step: int) -> None:
        """Move the cursor."""
        self._at = max(0, min(self._at + step, len(self._filters) - 1))
        self._draw()

    def action_remove_current(self) -> None:
        """Take the filter under the cursor away."""
        self.action_remove(self._at)

    def action_remove(self, place: int) -> None:
        """Take a filter away."""
        if 0 <= place < len(self._filters):
            self.post_message(Refine(excluding, self._filters[place]))

    def on_focus(self) -> None:
        """Show the cursor."""
        self._draw()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self._draw()

    def on_resize(self) -> None:
        """Fold or unfold."""
        self._draw()

    def _draw(self) -> None:
        chips = Content(_BETWEEN).join(map(self._chip, range(len(self._filters))))
        folds = chips.cell_length > self.size.width > 0
        self.update(self._folded() if folds else chips, layout=False)

    def _folded(self) -> Content:
        count = self._texts.filters(len(self._filters))
        folded = Content.styled(count, Style.from_meta({"@click": "screen.filters"}))
        return folded + _BETWEEN + self._chip(self._at) if self.has_focus else folded

    def _chip(self, place: int) -> Content:
        filter_ = self._filters[place]
        look = "reverse" if self.has_focus and place == self._at else "bold"
        click = Style.from_meta({"@click": f"remove({place})"})
        return Content.styled(f"{label(filter_)} ✕", look).stylize(click)


def label(shown: Filter) -> str:
    """A filter for reading: its field and its value, a minus before what it excludes."""
    text = flat(shown.text).replace(":", " ", 1).replace('"', "")
    return f"− {text[1:]}" if text.startswith("-") else text
