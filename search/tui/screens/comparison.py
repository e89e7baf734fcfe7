"""The screen that compares two queries, or two sources of one query, over time."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from search.errors import SearchError
from search.query.filters import filter_of_days, text_with_period
from search.query.parser import parse
from search.query.value_pairs import QueryPair
from search.retrieval.comparison import Comparison
from search.text.periods import TimeUnit, period_days
from search.text.sanitize import flat
from search.tui.format.compared import LETTERS, compared_rows, omits_periods, table_text
from search.tui.format.palette import MUTED
from search.tui.format.time_columns import finest_unit
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.services.comparer import ComparedTexts, Comparer
from search.tui.services.search_session import next_choice
from search.tui.widgets.compared_query import ComparedQuery
from search.tui.widgets.comparison_chart import ComparisonChart
from search.tui.widgets.key_hints import COMPARISON, KeyHints
from search.tui.widgets.period_table import PeriodTable
from search.types import Mode


@dataclass(frozen=True, slots=True)
class ChosenSearch:
    """A query that the user wants to read, and the comparison that it comes from."""

    text: str
    compared: ComparedTexts


class ComparisonScreen(LocalizedModal[ChosenSearch | None]):
    """Two boxes, two histograms on one axis, and a table; returns the search that the user chooses there.

    With one query only it shows that one, and offers pairs of its main sources. Its list has the focus, so it
    is modal: keys that act on an article would act on one that is not in sight.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "next_mode", "mode", tooltip="Mode: hybrid, keywords, meaning", id="comparison_mode"),
        Binding("plus", "change_unit(1)", "closer", tooltip="Year, month, day", id="shorter_unit"),
        Binding("minus", "change_unit(-1)", "farther", tooltip="Day, month, year", id="longer_unit"),
        Binding(
            "r",
            "relative",
            "per mille",
            tooltip="Per thousand articles of the archive, or the numbers",
            id="relative",
        ),
        Binding(
            "slash", "write", "queries", tooltip="Go to the queries", key_display="/", id="write_queries"
        ),
        Binding("y", "copy", "copy", tooltip="Copy the table, for a spreadsheet", id="copy_table"),
        Binding("tab", "app.focus_next", "Next pane", show=False),
        Binding("shift+tab", "app.focus_previous", "Previous pane", show=False),
        Binding("f1", "app.dialog('help')", "help", tooltip="Help", id="comparison_help"),
        Binding("escape,ctrl+n", "dismiss", "back", tooltip="Go back", id="leave_comparison"),
    ]

    @dataclass
    class Compared(Message):
        """The queries are compared."""

        texts: ComparedTexts
        comparison: Comparison

    @dataclass
    class Offered(Message):
        """Pairs of sources of the first query."""

        pairs: tuple[QueryPair, ...]

    @dataclass
    class Failed(Message):
        """The query at this place could not be answered."""

        texts: ComparedTexts
        place: int
        error: SearchError

    def __init__(self, texts: Texts, comparer: Comparer, compared: ComparedTexts) -> None:
        super().__init__(texts)
        self._comparer = comparer
        self._compared = compared
        self._comparison: Comparison | None = None
        self._unit: TimeUnit | None = None
        self._relative = False
        self._waiting = False
        self._pairs: tuple[QueryPair, ...] = ()
        self._queries = [
            ComparedQuery(texts, letter, text)
            for letter, text in zip(LETTERS, (compared.first, compared.second), strict=True)
        ]
        self._note = Static(id="comparison-note", markup=False)
        self._offers = OptionList(markup=False, compact=True, id="offered-pairs")
        self._chart = ComparisonChart(texts)
        self._table = PeriodTable(texts)

    def compose(self) -> ComposeResult:
        """A heading, the queries, pairs of sources, the histograms, the table, and the footer."""
        yield self._note
        yield from self._queries
        yield self._offers
        yield self._chart
        yield self._table
        yield KeyHints(lambda: COMPARISON)

    def on_mount(self) -> None:
        """Compare what there is; go to the box that is empty, if one is."""
        self._offers.display = False
        self._describe()
        empty = next((query for query in self._queries if not query.text.strip()), None)
        if empty is None:
            self._table.focus()
        else:
            empty.focus_box()
        self._compare()

    def on_resize(self) -> None:
        """Write the facts of the answers in the new width."""
        self.call_after_refresh(self._show_answers)

    @on(ComparedQuery.Asked)
    def _ask(self) -> None:
        mistakes = [query.has_mistake() for query in self._queries]
        if any(mistakes):
            return
        first, second = self._queries
        self._compared = replace(self._compared, first=first.text, second=second.text)
        self._table.focus()
        self._compare()

    @on(OptionList.OptionSelected)
    def _take_pair(self, event: OptionList.OptionSelected) -> None:
        for query, text in zip(self._queries, self._pairs[event.option_index].texts, strict=True):
            query.set_text(text)
        self._ask()

    @on(Compared)
    def _show(self, message: Compared) -> None:
        if message.texts == self._compared:
            self._waiting, self._comparison = False, message.comparison
            self._draw()

    @on(Offered)
    def _offer(self, message: Offered) -> None:
        self._pairs = message.pairs
        self._offers.set_options(map(self._offer_row, message.pairs))
        self._offers.highlighted = 0 if message.pairs else None
        self._offers.display = bool(message.pairs) and len(self._compared.asked) == 1

    def _offer_row(self, pair: QueryPair) -> Option:
        action = f"{self.texts.translate('compare')}  "
        return Option(Content.assemble((action, MUTED), flat(" / ".join(pair.values))))

    @on(Failed)
    def _show_failure(self, message: Failed) -> None:
        if message.texts != self._compared:  # the user asks something else by now
            return
        self._waiting = False
        self._describe()
        self._queries[message.place].show_error(message.error)

    @on(PeriodTable.Moved)
    def _point(self, message: PeriodTable.Moved) -> None:
        self._chart.point_to(message.row.period)

    @on(ComparisonChart.Pointed)
    def _move(self, message: ComparisonChart.Pointed) -> None:
        self._table.move_to(message.first, message.last)
        self._table.focus()

    @on(PeriodTable.Chosen)
    def _search(self, message: PeriodTable.Chosen) -> None:
        asked = self._compared.asked
        text = asked[message.answer] if message.answer < len(asked) else ""
        if message.row.period:
            today = date.today()
            days = period_days(message.row.period, message.row.period)
            text = text_with_period(parse(text, today), filter_of_days(days), today)
        if text:
            self.dismiss(ChosenSearch(text, self._compared))

    def action_next_mode(self) -> None:
        """Ask the queries in the next mode."""
        self._compared = replace(self._compared, mode=next_choice(list(Mode), self._compared.mode))
        self._compare()

    def action_change_unit(self, step: int) -> None:
        """Count by the next shorter or longer unit."""
        unit = self._shown_unit.finer if step > 0 else self._shown_unit.coarser
        if unit is not None:
            self._unit = unit
            self._draw()

    def action_relative(self) -> None:
        """Count by thousand articles of the archive, or the articles themselves."""
        self._relative = not self._relative
        self._draw()

    def action_copy(self) -> None:
        """Copy the numbers of articles in every period."""
        if self._comparison is not None:
            self.app.copy_to_clipboard(table_text(self._comparison, self._shown_unit, self.texts))
            self.notify(self.texts.translate("The table is copied."))

    def action_write(self) -> None:
        """Go to the first query."""
        self._queries[0].focus_box()

    @property
    def _shown_unit(self) -> TimeUnit:
        """The unit that the user chose, else the finest that there is room for."""
        if self._comparison is None:
            return self._unit or TimeUnit.MONTH
        return self._unit or finest_unit(self._comparison.union, self._chart.room)

    def _compare(self) -> None:
        self._waiting = bool(self._compared.asked)
        self._describe()
        if self._waiting:
            self._ask_engine(self._compared)

    @work(thread=True, exclusive=True)
    def _ask_engine(self, texts: ComparedTexts) -> None:
        worker, asked = get_current_worker(), texts.asked
        for place, text in enumerate((texts.first, texts.second)):
            if (error := self._comparer.error(text, texts.mode)) is not None:
                self.post_message(self.Failed(texts, place, error))
                return
        try:
            self.post_message(self.Compared(texts, self._comparer.compare(texts)))
            pairs = self._comparer.source_pairs(asked[0], texts.mode) if len(asked) == 1 else ()
        except SearchError as error:  # of a server that is gone meanwhile, say
            self.post_message(self.Failed(texts, 0, error))
            return
        if not worker.is_cancelled:
            self.post_message(self.Offered(pairs))

    def _draw(self) -> None:
        if (comparison := self._comparison) is None:
            return
        self._chart.show(comparison, self._shown_unit, relative=self._relative)
        rows = compared_rows(comparison, self._shown_unit, self.texts, relative=self._relative)
        self._table.show(rows, len(comparison.answers), self._table.period)
        self._show_answers()
        self._describe()

    def _show_answers(self) -> None:
        if self._comparison is None:
            return
        answers = iter(self._comparison.answers)
        for query in self._queries:
            query.show_answer(next(answers, None) if query.text.strip() else None)

    def _describe(self) -> None:
        """Say in which mode and by which unit is counted, and what is left out."""
        texts, unit, comparison = self.texts, self._shown_unit, self._comparison
        units = {
            TimeUnit.YEAR: texts.translate("by year"),
            TimeUnit.MONTH: texts.translate("by month"),
            TimeUnit.DAY: texts.translate("by day"),
        }
        notes = [
            texts.modes[self._compared.mode],
            units[unit],
            texts.translate("‰ of the archive" if self._relative else "numbers of articles"),
        ]
        if self._waiting:
            notes.append(texts.translate("comparing…"))
        if comparison is not None:
            shared = self._chart.shared
            notes += [texts.shared_column(unit, shared)] if shared > 1 else []
            omitted = texts.translate("periods without articles are not listed")
            notes += [omitted] if omits_periods(comparison, unit) else []
            missing = dict.fromkeys(text for answer in comparison.answers for text in answer.degraded)
            notes += map(texts.translate, missing)
        heading = (texts.translate("Compare over time"), "bold")
        self._note.update(Content.assemble(heading, *(f" · {flat(note)}" for note in notes)))
