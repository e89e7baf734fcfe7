"""One list of values that articles are counted by, to include, exclude or narrow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from search.query.filters import Filter, excluding, including
from search.text.analyzer import fold
from search.text.sanitize import flat
from search.tui.format.charts import meter
from search.tui.messages import Refine

_METER = 5
_COUNT = 7
_GAP = " "


@dataclass(frozen=True, slots=True)
class Value:
    """A value, how many articles have it, and the filter of it that the query demands already, if any."""

    name: str
    count: str
    amount: int
    filter: Filter | None
    demanded: Filter | None

    @property
    def sign(self) -> str:
        """A tick for a value included, a minus for one excluded."""
        if self.demanded is None:
            return "  "
        return "− " if self.demanded.excludes else "✓ "


class FacetList(OptionList):
    """Values with their counts as bars; tells ``Refine`` when one is included, excluded or freed again.

    Letters narrow the list to the values that hold them, whatever their accents.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space,enter",
            "include",
            "include",
            tooltip="Only articles of this value; again: of all",
            key_display="␣",
            id="include",
        ),
        Binding(
            "minus", "exclude", "exclude", tooltip="No articles of this value", key_display="-", id="exclude"
        ),
        Binding(
            "backspace", "widen", "Take back a letter that narrows the list", show=False, id="widen_list"
        ),
    ]

    def __init__(self, title: str) -> None:
        super().__init__(markup=False)
        self.border_title = title
        self._title = title
        self._values: Sequence[Value] = ()
        self._listed: Sequence[Value] = ()
        self._letters = ""

    def show(self, values: Sequence[Value]) -> None:
        """List these values; the cursor stays on the name where it was."""
        self._values = values
        self._fill()

    def clear_letters(self) -> bool:
        """Show every value again; say whether some were hidden."""
        narrowed = bool(self._letters)
        self._narrow("")
        return narrowed

    def action_include(self) -> None:
        """Demand the value under the cursor, or demand it no more."""
        if value := self._value():
            self._change(value, value.filter)

    def action_exclude(self) -> None:
        """Forbid the value under the cursor, or forbid it no more."""
        if (value := self._value()) and value.filter:
            self._change(value, value.filter.contrary)

    def action_widen(self) -> None:
        """Take back the last letter typed."""
        self._narrow(self._letters[:-1])

    def on_key(self, event: events.Key) -> None:
        """Narrow the list by a letter or a digit."""
        if event.character and event.character.isalnum():
            event.stop()
            self._narrow(self._letters + event.character)

    @on(OptionList.OptionSelected)
    def _include_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_include()

    def on_resize(self) -> None:
        """Fit the bars to the new width."""
        self._fill()

    def _value(self) -> Value | None:
        return self._listed[self.highlighted] if self._listed and self.highlighted is not None else None

    def _change(self, value: Value, wanted: Filter | None) -> None:
        """Tell of the filter wanted, or that it is wanted no more when it is demanded already."""
        if wanted is None:
            return
        if value.demanded and value.demanded.canonical == wanted.canonical:
            self.post_message(Refine(excluding, value.demanded))
        else:
            self.post_message(Refine(including, wanted))

    def _narrow(self, letters: str) -> None:
        self._letters = letters
        self.border_title = f"{self._title} · {letters}" if letters else self._title
        self._fill()

    def _fill(self) -> None:
        at = self._value()
        wanted = fold(self._letters)
        self._listed = [value for value in self._values if wanted in fold(value.name)]
        most = max((value.amount for value in self._listed), default=0)
        self.set_options(
            Option(self._row(value, most), disabled=value.filter is None) for value in self._listed
        )
        names = [value.name for value in self._listed]
        first = next((place for place, value in enumerate(self._listed) if value.filter), 0)
        self.highlighted = names.index(at.name) if at and at.name in names else first

    def _row(self, value: Value, most: int) -> Content:
        padding = self.get_component_styles("option-list--option").padding
        room = (
            self.scrollable_content_region.width
            - padding.width
            - _METER
            - _COUNT
            - len(value.sign)
            - len(_GAP)
        )
        name = Content(flat(value.name)).truncate(max(1, room), ellipsis=True, pad=True)
        bar = meter(value.amount, most, _METER).rjust(_METER)
        return Content.assemble((value.sign, "bold"), name, _GAP, (bar, "dim"), value.count.rjust(_COUNT))
