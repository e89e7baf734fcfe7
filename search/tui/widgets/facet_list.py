"""A list of the values of one facet, to include or exclude."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from search.query.filters import Filter, text_with_filter, text_without_filter
from search.text.analyzer import fold
from search.text.sanitize import flat
from search.tui.format.charts import meter
from search.tui.messages import Refine

_METER_WIDTH = 5
_COUNT_WIDTH = 7
_GAP = " "


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and its number of articles.

    ``filter`` includes the value; it is None for articles without one. ``active`` is the filter for this
    value that the query has already, None when it has none.
    """

    name: str
    count: str
    amount: int
    filter: Filter | None
    active: Filter | None

    @property
    def sign(self) -> str:
        """A tick for an included value, a minus for an excluded one."""
        if self.active is None:
            return "  "
        return "− " if self.active.excludes else "✓ "


class FacetList(OptionList):
    """Values with their counts as bars. Posts ``Refine`` when the user includes or excludes a value.

    Letters narrow the list to the values that contain them; accents and case do not matter.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space,enter",
            "include",
            "include",
            tooltip="Only articles with this value; again: all",
            key_display="␣",
            id="include",
        ),
        Binding(
            "minus",
            "exclude",
            "exclude",
            tooltip="No articles with this value",
            key_display="-",
            id="exclude",
        ),
        Binding("backspace", "delete_letter", "Delete the last letter typed", show=False, id="delete_letter"),
    ]

    def __init__(self, title: str) -> None:
        super().__init__(markup=False)
        self.border_title = title
        self._title = title
        self._values: Sequence[FacetValue] = ()
        self._listed: Sequence[FacetValue] = ()
        self._letters = ""

    def show(self, values: Sequence[FacetValue]) -> None:
        """List these values; the cursor stays on the same name."""
        self._values = values
        self._fill()

    def clear_letters(self) -> bool:
        """List every value; return whether letters had narrowed the list."""
        narrowed = bool(self._letters)
        self._narrow("")
        return narrowed

    def action_include(self) -> None:
        """Include the value under the cursor, or remove its filter when it is included."""
        if value := self._selected():
            self._toggle(value, value.filter)

    def action_exclude(self) -> None:
        """Exclude the value under the cursor, or remove its filter when it is excluded."""
        if (value := self._selected()) and value.filter:
            self._toggle(value, value.filter.negated)

    def action_delete_letter(self) -> None:
        """Delete the last letter that narrows the list."""
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

    def _selected(self) -> FacetValue | None:
        return self._listed[self.highlighted] if self._listed and self.highlighted is not None else None

    def _toggle(self, value: FacetValue, filter_: Filter | None) -> None:
        """Ask for this filter, or ask to remove it when the query has it already."""
        if filter_ is None:
            return
        if value.active and value.active.canonical == filter_.canonical:
            self.post_message(Refine(text_without_filter, value.active))
        else:
            self.post_message(Refine(text_with_filter, filter_))

    def _narrow(self, letters: str) -> None:
        self._letters = letters
        self.border_title = f"{self._title} · {letters}" if letters else self._title
        self._fill()

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
