"""The screen of counts of an answer: its concordance, the words that mark it, the words near its words."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable, Static
from textual.worker import get_current_worker

from search.counting.concordance import ConcordanceOrder
from search.counting.tables import Row
from search.errors import SearchError
from search.export.file import write_file
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.screens.reader import ReaderScreen
from search.tui.services.counter import CONCORDANCE, KINDS, SHOWN_LINES, TERMS, AnswerCounter, Counted
from search.tui.widgets.key_hints import COUNTS, KeyHints
from search.types import Hit

_MOST_CONTEXT = 60  # characters on each side
_WIDEST_WORD = 30


class CountsScreen(LocalizedModal[str | None]):
    """A table of counts; returns the query with the word that the user chooses in it.

    An occurrence that is chosen is read in its article. Its table has the focus, so it is modal.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "next_kind", "counts", tooltip="Concordance, terms, words near", id="next_counts"),
        Binding(
            "f3",
            "next_order",
            "order",
            tooltip="Order of the lines: relevance, left, right, keyword, date, source",
            id="line_order",
        ),
        Binding("f8", "export", "export", tooltip="Write this table as CSV", id="export_counts"),
        Binding("f1", "app.dialog('help')", "help", tooltip="Help", id="counts_help"),
        Binding("escape", "dismiss", "back", tooltip="Go back", id="leave_counts"),
    ]

    @dataclass
    class Ready(Message):
        """The counts are there."""

        counted: Counted
        order: ConcordanceOrder

    @dataclass
    class Opened(Message):
        """The article of an occurrence is there."""

        hit: Hit

    @dataclass
    class Told(Message):
        """What happened, for a notice."""

        text: str
        failed: bool = False

    def __init__(self, texts: Texts, counter: AnswerCounter) -> None:
        super().__init__(texts)
        self._counter = counter
        self._kind = CONCORDANCE
        self._order = ConcordanceOrder.RELEVANCE
        self._counted: Counted | None = None
        self._note = Static(id="counts-note", markup=False)
        self._table: DataTable[Content] = DataTable(cursor_type="row", cell_padding=1, id="counts-table")

    def compose(self) -> ComposeResult:
        """A heading, the table, and the footer."""
        yield self._note
        yield self._table
        yield KeyHints(lambda: COUNTS)

    def on_mount(self) -> None:
        """Count."""
        self._table.focus()
        self._count()

    def on_resize(self) -> None:
        """Fit the contexts into the new width."""
        self.call_after_refresh(self._draw)

    def action_next_kind(self) -> None:
        """Show the next kind of counts."""
        self._kind = KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)]
        self._count()

    def action_next_order(self) -> None:
        """Sort the lines of the concordance in the next order."""
        if self._kind == CONCORDANCE:
            orders = list(ConcordanceOrder)
            self._order = orders[(orders.index(self._order) + 1) % len(orders)]
            self._count()

    def action_export(self) -> None:
        """Write all rows as CSV into the current folder."""
        self._write(self._kind, self._order)

    @on(Ready)
    def _show(self, message: Ready) -> None:
        if (message.counted.kind, message.order) == (self._kind, self._order):
            self._counted = message.counted
            self._draw()

    @on(Opened)
    def _open(self, message: Opened) -> None:
        self.app.push_screen(ReaderScreen(self.texts, message.hit, self._counter.request.query.words))

    @on(Told)
    def _tell(self, message: Told) -> None:
        self.notify(message.text, severity="error" if message.failed else "information")

    @on(DataTable.RowSelected)
    def _choose(self, event: DataTable.RowSelected) -> None:
        event.stop()
        if (counted := self._counted) is None or event.cursor_row >= len(counted.rows):
            return
        if counted.lines:
            self._read(event.cursor_row)
        elif counted.kind != CONCORDANCE:
            word = str(counted.rows[event.cursor_row][0])
            self.dismiss(f"{self._counter.request.query.raw} {word}")

    @work(thread=True, exclusive=True, group="count")
    def _count_in_thread(self, kind: str, order: ConcordanceOrder) -> None:
        try:
            counted = self._counter.count(kind, order)
        except SearchError as error:  # of a server that is gone meanwhile, say
            self.post_message(self.Told(self.texts.translate(error.message), failed=True))
            return
        if not get_current_worker().is_cancelled:
            self.post_message(self.Ready(counted, order))

    @work(thread=True, exclusive=True, group="read")
    def _read(self, row: int) -> None:
        if self._counted is None:
            return
        try:
            self.post_message(self.Opened(self._counter.hit(self._counted.lines[row])))
        except SearchError as error:
            self.post_message(self.Told(self.texts.translate(error.message), failed=True))

    @work(thread=True, exclusive=True, group="write")
    def _write(self, kind: str, order: ConcordanceOrder) -> None:
        path = _free_path(kind)
        try:
            text = "".join(self._counter.csv(kind, order))
            write_file(path, lambda file: file.write(text.encode()))
        except SearchError as error:
            self.post_message(self.Told(self.texts.translate(error.message), failed=True))
            return
        self.post_message(self.Told(self.texts.translate("Written: {}").format(path)))

    def _count(self) -> None:
        self._counted = None
        self._table.clear(columns=True)
        self._describe()
        self._count_in_thread(self._kind, self._order)

    def _draw(self) -> None:
        self._describe()
        if self._counted is None:
            return
        cursor = self._table.cursor_row
        self._table.clear(columns=True)
        if self._counted.kind == CONCORDANCE:
            self._draw_lines(self._counted)
        else:
            self._draw_words(self._counted)
        self._table.move_cursor(row=cursor)

    def _draw_lines(self, counted: Counted) -> None:
        widest = max((len(line.keyword) for line in counted.lines), default=0)
        side = max(
            8, min(_MOST_CONTEXT, (self.size.width - min(widest, _WIDEST_WORD) - len("2023-09-12") - 10) // 2)
        )
        widths = (side, min(widest, _WIDEST_WORD), side, len("2023-09-12"))
        for title, width in zip(("before", "word", "after", "date"), widths, strict=True):
            self._table.add_column(self.texts.translate(title), width=width)
        for line in counted.lines:
            left, right = flat(line.left)[-side:].rjust(side), flat(line.right)[:side].ljust(side)
            word = Content.styled(flat(line.keyword), "bold")
            self._table.add_row(Content(left), word, Content(right), Content(line.published[:10]))

    def _draw_words(self, counted: Counted) -> None:
        translate = self.texts.translate
        if counted.kind == TERMS:
            titles, places = ("articles", "elsewhere", "log-likelihood", "log ratio"), (1, 3, 5, 6)
        else:
            titles, places = ("near", "in all", "log-likelihood", "logDice"), (1, 2, 4, 5)
        self._table.add_column(translate("word"), width=20)
        for title in titles:
            self._table.add_column(translate(title).rjust(13), width=13)
        for row in counted.rows:
            cells = (Content(self._figure(row, place).rjust(13)) for place in places)
            self._table.add_row(Content(flat(str(row[0]))), *cells)

    def _figure(self, row: Row, place: int) -> str:
        value = row[place]
        return self.texts.decimal(value, 1) if isinstance(value, float) else self.texts.number(int(value))

    def _describe(self) -> None:
        """Say what is counted, in which order, and what is not listed."""
        translate, counted = self.texts.translate, self._counted
        kinds = {CONCORDANCE: translate("Concordance"), TERMS: translate("Terms")}
        notes = [flat(self._counter.request.query.raw)]
        if self._kind == CONCORDANCE:
            notes.append(self._order_name())
        if counted is None:
            notes.append(translate("counting…"))
        elif not counted.rows:
            notes.append(translate("nothing to count"))
        elif len(counted.lines) == SHOWN_LINES:
            notes.append(
                translate("the first {} lines; the export has all").format(self.texts.number(SHOWN_LINES))
            )
        heading = (kinds.get(self._kind, translate("Near the words")), "bold")
        self._note.update(Content.assemble(heading, *(f" · {note}" for note in notes)))

    def _order_name(self) -> str:
        translate = self.texts.translate
        return {
            ConcordanceOrder.RELEVANCE: translate("by relevance"),
            ConcordanceOrder.DATE: translate("by date, the newest first"),
            ConcordanceOrder.OLDEST: translate("by date, the oldest first"),
            ConcordanceOrder.SOURCE: translate("by source"),
            ConcordanceOrder.KEYWORD: translate("by the word found"),
            ConcordanceOrder.LEFT: translate("by the words before"),
            ConcordanceOrder.RIGHT: translate("by the words after"),
        }[self._order]


def _free_path(kind: str) -> Path:
    """A file of the current folder that is not there yet."""
    paths = (Path.cwd() / f"depeche-{kind}{'' if n == 1 else f'-{n}'}.csv" for n in range(1, 1_000_000))
    return next(path for path in paths if not path.exists())
