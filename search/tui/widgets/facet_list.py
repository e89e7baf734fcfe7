"""A list of the values of one facet, to include or exclude."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from search.query.filters import (
    Filter,
    text_exchanging,
    text_with_filter,
    text_without_filter,
    text_without_filters,
)
from search.text.analyzer import fold
from search.text.sanitize import flat
from search.tui.format.charts import meter
from search.tui.messages import Refine

_METER_WIDTH = 5
_COUNT_WIDTH = 7
_GAP = " "
_RIGHT_BUTTON = 3


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and its number of articles.

    ``filter`` includes the value; it is None for articles without one. ``active`` is the filter for this
    value that the query has already, None when it has none; it ``shares`` it with other values where it is
    a word in all of them.
    """

    name: str
    count: str
    amount: int
    filter: Filter | None
    active: Filter | None
    shares: bool = False

    @property
    def sign(self) -> str:
        """A tick for an included value, a minus for an excluded one."""
        if self.active is None:
            return "  "
        return "− " if self.active.excludes else "✓ "


class FacetList(OptionList):
    """Values with their counts as bars. The user includes or excludes several of them: ``Refine``.

    Letters narrow the list to the values that contain them; accents and case do not matter.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space,enter",
            "include",
            "include",
            tooltip="Articles with this value; with others too, if there are; again: undo",
            key_display="␣",
            id="include",
        ),
        Binding(
            "minus",
            "exclude",
            "exclude",
            tooltip="No articles with this value; again: undo",
            key_display="-",
            id="exclude",
        ),
        Binding(
            "backspace",
            "delete_letter",
            "undo",
            tooltip="Delete the last letter typed, else remove the filter on this value",
            show=False,
            id="delete_letter",
        ),
        Binding(
            "delete,0",
            "clear_filters",
            "clear",
            tooltip="Remove every filter of this list",
            show=False,
            id="clear_filters",
        ),
    ]

    @dataclass
    class PastEnd(Message):
        """The cursor would leave the list: down, ``step`` 1, or up, -1."""

        list: "FacetList"
        step: int

    def __init__(self, title: str) -> None:
        super().__init__(markup=False)
        self.border_title = title
        self._title = title
        self._values: Sequence[FacetValue] = ()
        self._listed: Sequence[FacetValue] = ()
        self._letters = ""
        self._hides_some = False

    def show(self, values: Sequence[FacetValue]) -> None:
        """List these values; the cursor stays on the same name."""
        self._values = values
        self._fill()

    def clear_letters(self) -> bool:
        """List every value; return whether letters had narrowed the list."""
        narrowed = bool(self._letters)
        self._narrow("")
        return narrowed

    @property
    def wanted_height(self) -> int:
        """The number of lines for the heading and every value; one for a note where there are none."""
        return 1 + max(1, len(self._values))

    def set_height(self, height: int) -> None:
        """Take so many lines; the heading says how many values there are where they are more."""
        self.styles.height = height
        self._hides_some = height < self.wanted_height
        self._show_heading()

    def action_include(self) -> None:
        """Include the value under the cursor too, or undo that."""
        if not (value := self._selected()) or value.filter is None:
            return
        if value.active is None:
            self.post_message(Refine(text_with_filter, value.filter))
        elif value.active.excludes:
            self.post_message(Refine(partial(text_exchanging, removed=value.active), value.filter))
        else:
            self.post_message(Refine(text_without_filter, value.active))

    def action_exclude(self) -> None:
        """Exclude the value under the cursor, or undo that."""
        if not (value := self._selected()) or value.filter is None:
            return
        excluding = value.filter.negated
        if value.active is not None and value.active.excludes:
            self.post_message(Refine(text_without_filter, value.active))
        elif value.active is None or value.shares:
            self.post_message(Refine(text_with_filter, excluding))
        else:
            self.post_message(Refine(partial(text_exchanging, removed=value.active), excluding))

    def action_delete_letter(self) -> None:
        """Delete the last letter that narrows the list; without one, undo the filter under the cursor."""
        if self._letters:
            self._narrow(self._letters[:-1])
        elif (value := self._selected()) and value.active:
            self.post_message(Refine(text_without_filter, value.active))

    def action_clear_filters(self) -> None:
        """Remove every filter on values of this list."""
        filters = tuple(dict.fromkeys(value.active for value in self._values if value.active))
        if filters:
            self.post_message(
                Refine(lambda query, _, today: text_without_filters(query, filters, today), filters[0])
            )

    def action_cursor_down(self) -> None:
        """Go to the next value; after the last one, to the next list."""
        last = max((place for place, value in enumerate(self._listed) if value.filter), default=None)
        if self.highlighted is None or self.highlighted == last:
            self.post_message(self.PastEnd(self, 1))
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """Go to the value above; before the first one, to the list above."""
        if not self.highlighted:
            self.post_message(self.PastEnd(self, -1))
        else:
            super().action_cursor_up()

    def on_click(self, event: events.Click) -> None:
        """Exclude a value by the right button, or with Ctrl."""
        place = event.style.meta.get("option")
        if place is not None and (event.button == _RIGHT_BUTTON or event.ctrl):
            event.prevent_default()
            self.highlighted = place
            self.action_exclude()

    def on_key(self, event: events.Key) -> None:
        """Narrow the list by a letter or a digit, but not by 0 alone, which is a key."""
        if event.character and event.character.isalnum() and (self._letters or event.character != "0"):
            event.stop()
            self._narrow(self._letters + event.character)

    @on(OptionList.OptionSelected)
    def _include_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_include()

    def on_resize(self) -> None:
        """Fit the bars to the new width."""
        self._fill()

    def _selected(self) -> FacetValue | None:
        return self._listed[self.highlighted] if self._listed and self.highlighted is not None else None

    def _narrow(self, letters: str) -> None:
        self._letters = letters
        self._show_heading()
        self._fill()

    def _show_heading(self) -> None:
        number = str(len(self._values)) if self._hides_some else ""
        self.border_title = " · ".join(filter(None, (self._title, self._letters or number)))

    def _fill(self) -> None:
        selected = self._selected()
        letters = fold(self._letters)
        self._listed = [value for value in self._values if letters in fold(value.name)]
        most = max((value.amount for value in self._listed), default=0)
        self.set_options(
            Option(self._row(value, most), disabled=value.filter is None) for value in self._listed
        )
        names = [value.name for value in self._listed]
        first = next((place for place, value in enumerate(self._listed) if value.filter), 0)
        self.highlighted = names.index(selected.name) if selected and selected.name in names else first

    def _row(self, value: FacetValue, most: int) -> Content:
        padding = self.get_component_styles("option-list--option").padding.width
        taken = padding + _METER_WIDTH + _COUNT_WIDTH + len(value.sign) + len(_GAP)
        room = max(1, self.scrollable_content_region.width - taken)
        name = Content(flat(value.name)).truncate(room, ellipsis=True, pad=True)
        bar = meter(value.amount, most, _METER_WIDTH).rjust(_METER_WIDTH)
        count = value.count.rjust(_COUNT_WIDTH)
        return Content.assemble((value.sign, "bold"), name, _GAP, (bar, "dim"), count)
