"""A histogram of articles over time, whose columns are filters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from search.query.ast import DateRange, Node, Query
from search.query.filters import (
    Filter,
    filter_of_days,
    filters_of,
    text_with_period,
    text_without_filter,
    without_periods,
)
from search.retrieval.timeline import Timeline
from search.text.dates import DayRange
from search.text.periods import TimeUnit
from search.tui.format.dates import periods_name
from search.tui.format.palette import MUTED
from search.tui.format.time_columns import Column, bars, columns_of, finest_unit, spans
from search.tui.format.time_labels import POINTER, marked_line
from search.tui.i18n import Texts
from search.tui.messages import Refine

_INCLUDED, _EXCLUDED = "✓", "−"
_FRAME_LINES = 2  # the line above the columns and the labels below them
_GAP = " · "


@dataclass(frozen=True, slots=True)
class View:
    """Which days are shown by which unit; without days all of the articles, without a unit the finest."""

    unit: TimeUnit | None = None
    days: DayRange | None = None


class TimelineChart(Widget, can_focus=True):
    """Columns of articles by year, month or day. Posts ``Refine`` when the user chooses a column.

    It is given the articles of an answer without the periods that its query asks for: these are marked, and
    choosing one of them again takes it out of the query. The line above says what the chosen column stands
    for, and what the columns leave out.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Earlier period", show=False, id="earlier_period"),
        Binding("right", "move(1)", "Later period", show=False, id="later_period"),
        Binding("home", "move_to(0)", "First period", show=False, id="first_period"),
        Binding("end", "move_to(-1)", "Last period", show=False, id="last_period"),
        Binding(
            "enter,space",
            "choose",
            "only this period",
            tooltip="Only articles of this period; again: all",
            key_display="⏎",
            id="choose_period",
        ),
        Binding(
            "plus,down", "deeper", "closer", tooltip="Year, month, day", key_display="+", id="shorter_periods"
        ),
        Binding(
            "minus,up,backspace",
            "back_up",
            "farther",
            tooltip="Day, month, year",
            key_display="-",
            id="longer_periods",
        ),
    ]

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._timeline = Timeline()
        self._views = [View()]
        self._summary = ""
        self._width = 0
        self._asked: tuple[object, ...] = ()
        self._active: Mapping[Node, Filter] = {}
        self._gutter = 0  # cells at the left for the scale
        self._unit = TimeUnit.YEAR
        self._columns: tuple[Column, ...] = ()
        self._imprecise = 0
        self._cursor = 0
        self._pointed: int | None = None

    @property
    def selected(self) -> Column | None:
        """The column under the cursor."""
        return self._columns[self._cursor] if self._columns else None

    def show(self, timeline: Timeline, query: Query, summary: str = "") -> None:
        """Show the dates of articles, and mark the periods of the query among them.

        For the same words the same days stay in sight. The ``summary`` is what the line above says while no
        column is pointed at.
        """
        self._summary = summary
        everything = without_periods(query)
        asked = (everything.words, everything.constraint)
        selected = self.selected
        if asked != self._asked:
            self._views = [View()]
        self._asked, self._timeline = asked, timeline
        self._active = {each.canonical: each for each in filters_of(query)}
        self._lay_out(selected)

    def clear(self) -> None:
        """Show nothing."""
        self._timeline, self._asked, self._active = Timeline(), (), {}
        self._views = [View()]
        self._lay_out()

    def action_move(self, step: int) -> None:
        """Move the cursor by this number of columns."""
        self._point_to(self._cursor + step)

    def action_move_to(self, place: int) -> None:
        """Move the cursor to this column; -1 is the last one."""
        self._point_to(place % len(self._columns) if self._columns else 0)

    def action_choose(self) -> None:
        """Ask for the articles of the selected column only; if the query does so already, for all."""
        if (column := self.selected) is None:
            return
        active = self._filter_on(column)
        if active is not None and not active.excludes:
            self.post_message(Refine(text_without_filter, active))
        else:
            self.post_message(Refine(text_with_period, filter_of_days(column.days)))

    def action_deeper(self) -> None:
        """Show the periods of the selected column."""
        column = self.selected
        if column is None or (unit := self._unit_within(column)) is None:
            return
        self._views.append(View(unit, column.days))
        self._lay_out()
        self._point_to(next((place for place, each in enumerate(self._columns) if each.count), 0))

    def action_back_up(self) -> None:
        """Show the longer time that these periods are part of."""
        selected = self.selected
        if len(self._views) > 1:
            self._views.pop()
        elif (coarser := self._unit.coarser) is not None:
            self._views = [View(coarser)]
        self._lay_out(selected)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the steps that there are."""
        match action:
            case "choose":
                return bool(self._columns)
            case "deeper":
                return self.selected is not None and self._unit_within(self.selected) is not None
            case "back_up":
                return len(self._views) > 1 or self._unit.coarser is not None
            case _:
                return super().check_action(action, parameters)

    def on_resize(self) -> None:
        """Lay the columns out in the new width; the cursor stays on its period."""
        if self.size.width != self._width:  # a histogram that is shown again has its old one
            self._lay_out(self.selected)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell what the column under the mouse stands for."""
        pointed = self._column_at(event)
        if pointed != self._pointed:
            self._pointed = pointed
            self.refresh()

    def on_leave(self) -> None:
        """Tell of the column under the cursor again."""
        self._pointed = None
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the column under the mouse."""
        if (place := self._column_at(event)) is not None:
            event.stop()
            self._point_to(place)
            self.action_choose()

    def render(self) -> Content:
        """The line above, the columns with their scale, and the labels."""
        if not self._columns or self.size.height <= _FRAME_LINES:
            return self._headline()
        width, height = self._room, self.size.height - _FRAME_LINES
        most = max(column.count for column in self._columns)
        lines = bars([column.count for column in self._columns], most, width, height)
        top = self._texts.number(most).rjust(self._gutter - 1)
        margins = [top, *[" " * len(top)] * (len(lines) - 1)]
        chart = [
            Content.assemble((margin, MUTED), " ", *self._styled(line))
            for margin, line in zip(margins, lines, strict=True)
        ]
        below = Content.assemble(" " * self._gutter, *self._below(width))
        return Content("\n").join([self._headline(), *chart, below])

    @property
    def _described(self) -> int | None:
        """The column under the mouse, else the one under the cursor while that is shown."""
        return self._pointed if self._pointed is not None else self._cursor if self.has_focus else None

    @property
    def _room(self) -> int:
        """Cells for the columns."""
        return max(0, self.size.width - self._gutter)

    def _lay_out(self, selected: Column | None = None) -> None:
        """Make the columns; the cursor goes to the one with the selected period, else to the last."""
        self._pointed, self._width = None, self.size.width
        view = self._views[-1]
        shown = self._timeline if view.days is None else self._timeline.within(view.days)
        self._place_columns(shown, view, shown.total)
        highest = max((column.count for column in self._columns), default=0)
        if self._gutter_for(highest) < self._gutter:  # its number is narrower than that of all articles
            self._place_columns(shown, view, highest)
        self._imprecise = shown.imprecise(self._unit)
        last = len(self._columns) - 1
        same = (place for place, each in enumerate(self._columns) if selected and each.overlaps(selected))
        self._cursor = max(0, next(same, last))
        self.refresh()
        self.refresh_bindings()

    def _place_columns(self, shown: Timeline, view: View, most: int) -> None:
        """Make the columns beside a scale with room for this number."""
        self._gutter = self._gutter_for(most)
        self._unit = view.unit or finest_unit(shown, self._room)
        self._columns = columns_of(shown, self._unit, self._room, view.days)

    def _gutter_for(self, most: int) -> int:
        return len(self._texts.number(most)) + 1

    def _unit_within(self, column: Column) -> TimeUnit | None:
        """The unit that divides a column further; None where its articles have no finer date."""
        inner = self._timeline.within(column.days)
        if column.first != column.last:
            return finest_unit(inner, self._room) if column.count else None
        finer = self._unit.finer
        return finer if finer is not None and inner.counts(finer) else None

    def _point_to(self, place: int) -> None:
        self._cursor = max(0, min(place, len(self._columns) - 1))
        self._pointed = None
        self.refresh()
        self.refresh_bindings()

    def _column_at(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        if offset is None or not self._columns or offset.y == 0:
            return None
        cells = spans(len(self._columns), self._room)
        return next((place for place, span in enumerate(cells) if offset.x - self._gutter in span), None)

    def _filter_on(self, column: Column) -> Filter | None:
        """The filter that the query has for just this column."""
        including = filter_of_days(column.days)
        return self._active.get(including.canonical) or self._active.get(including.negated.canonical)

    def _is_asked_for(self, column: Column) -> bool:
        """Whether the query asks for these days, among others or alone."""
        ranges = (each.node for each in self._active.values())
        return any(isinstance(each, DateRange) and _covers(each, column.days) for each in ranges)

    def _headline(self) -> Content:
        """What the columns, or the one that is pointed to, stand for, and what they leave out."""
        texts, timeline = self._texts, self._timeline
        pointed = self._described
        if pointed is None and self._summary:
            return Content.styled(self._summary, "bold").truncate(self.size.width, ellipsis=True)
        if not timeline.dates:
            return Content("")
        notes = [
            self._sharing_note(),
            texts.imprecise_count(self._unit, self._imprecise) if self._imprecise else "",
            texts.undated_count(timeline.undated) if timeline.undated else "",
        ]
        line = Content(self._facts(pointed) if self._columns else "")
        line = line.stylize("bold") if pointed is not None else line
        for note in filter(None, notes):
            added = Content.assemble(line, (_GAP if line else "", MUTED), (note, MUTED))
            line = added if added.cell_length <= self.size.width else line
        return line.truncate(self.size.width, ellipsis=True)

    def _facts(self, pointed: int | None) -> str:
        """The period and the number of articles of a column, or of all of them."""
        if pointed is None:
            first, last = self._columns[0].first, self._columns[-1].last
            mark, count = "", sum(column.count for column in self._columns)
        else:
            column = self._columns[pointed]
            first, last = column.first, column.last
            mark, count = self._mark(column), column.count
        named = " ".join(filter(None, (mark, periods_name(first, last, self._texts))))
        facts = f"{named}{_GAP}{self._texts.article_count(count)}"
        return facts if cell_len(facts) <= self.size.width else f"{named}{_GAP}{self._texts.number(count)}"

    def _sharing_note(self) -> str:
        """How many periods share a column."""
        share = max((column.share for column in self._columns), default=1)
        return self._texts.shared_column(self._unit, share) if share > 1 else ""

    def _mark(self, column: Column) -> str:
        active = self._filter_on(column)
        return "" if active is None else _EXCLUDED if active.excludes else _INCLUDED

    def _styled(self, line: str) -> Iterator[tuple[str, str]]:
        """A line of the columns, each in its colour."""
        pointed = self._described
        for place, span in enumerate(spans(len(self._columns), self._room)):
            asked = self._is_asked_for(self._columns[place])
            style = "$foreground" if place == pointed else "$success" if asked else "$primary"
            yield line[span.start : span.stop], style

    def _below(self, width: int) -> Iterator[tuple[str, str]]:
        """The labels, and over them the marks of filters and of the cursor."""
        marks = {place: mark for place, each in enumerate(self._columns) if (mark := self._mark(each))}
        if self.has_focus:
            marks[self._cursor] = POINTER
        for cell in marked_line(self._columns, marks, width, self._texts):
            yield cell, "bold" if cell in (POINTER, _INCLUDED, _EXCLUDED) else MUTED


def _covers(wanted: DateRange, days: DayRange) -> bool:
    """Whether all these days are in the range, which may be open at either end."""
    after = wanted.first is None or wanted.first <= days.first
    return after and (wanted.last is None or days.last <= wanted.last)
