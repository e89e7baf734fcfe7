"""The search box: the query, its mode and sort order, mistakes in it, and figures of the answer."""

import asyncio
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key, Paste
from textual.widgets import Input, Static

from search.errors import QueryError, SearchError
from search.query.parser import parse
from search.retrieval.relevance import relevant
from search.text.sanitize import clean, flat
from search.tui.format.palette import MUTED
from search.tui.i18n import Texts
from search.tui.messages import Edited, Entered, Refine, Typed
from search.tui.services.search_session import Current, Question
from search.types import Hits

_HELP = "?"  # asks for help in the empty box; after a blank it begins a query
_BORDER, _CORNERS = "─", 6  # cells of the line below that are no label: corners, ends, blanks
DEBOUNCE = 0.125
"""Seconds without a key after which the whole question is asked; until then keywords answer."""


class SearchBox(Input):
    """An input that joins the lines that are pasted, and removes control characters from what it is given.

    It has the key of ``read`` itself: a binding of the screen would overtake letters that are on their way.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "read", tooltip="Read the selected article", id="read")
    ]

    def on_paste(self, event: Paste) -> None:
        """Make one line of several; ``Input``, which gets the event next, takes only the first."""
        event.text = " ".join(filter(None, event.text.splitlines()))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """See ``Input``; a question mark is a key of the screen while the box is empty."""
        return super().check_consume_key(key, character) and bool(self.value or character != _HELP)

    def on_key(self, event: Key) -> None:
        """Leave a question mark to the screen while the box is empty; ``Input`` gets other keys next."""
        if event.character == _HELP and not self.value:
            event.prevent_default()

    def validate_value(self, value: str) -> str:
        """See ``textual.reactive``."""
        return clean(value)

    def described(self, error: SearchError, texts: Texts) -> Content:
        """An error; a mistake in the query with a line before it, and there a caret below its place."""
        message = flat(texts.translate(error.message))
        if not isinstance(error, QueryError):
            return Content(message)
        advice = f" → {flat(texts.translate(error.suggestion))}" if error.suggestion else ""
        caret = " " * self._column(error.position) + "^"
        return Content.assemble((caret, "bold $error"), f"\n{message}", (advice, MUTED))

    def _column(self, position: int) -> int:
        """The column where this character of the query is; the nearest edge when it is hidden."""
        column = cell_len(clean(self.value[:position])) - self.scroll_offset.x
        return max(0, min(column, self.size.width - 1))


class QueryBar(Vertical):
    """Posts ``Typed`` after every change, ``Edited`` when the user pauses, and ``Entered``.

    It lies above the rest of the screen: an error makes it higher, and nothing below moves.
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._pause: asyncio.TimerHandle | None = None  # Textual's timers may be lost where time leaps
        self._input = SearchBox(placeholder=texts.placeholder, select_on_focus=False, compact=True)
        self._choices = Static(id="choices", markup=False)
        self._error = Static(id="error", markup=False)
        self._error.display = False
        self._legend = ""
        self._figures = ""

    def compose(self) -> ComposeResult:
        """The query with mode and sort order in one line; below it an error."""
        with Horizontal():
            yield Static("❯", id="prompt", markup=False)
            yield self._input
            yield self._choices
        yield self._error

    @property
    def text(self) -> str:
        """The query in the box."""
        return self._input.value

    @property
    def focused(self) -> bool:
        """Whether the box has the focus."""
        return self._input.has_focus

    def focus_box(self) -> None:
        """Focus the box."""
        self._input.focus()

    def clear(self) -> None:
        """Empty the box."""
        self._input.value = ""

    def set_text(self, text: str) -> None:
        """Put a query in the box without posting a message."""
        self._stop_waiting()
        with self._input.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = len(text)

    @property
    def waits(self) -> bool:
        """Whether an edit waits for a pause, so that ``Edited`` will follow."""
        return self._pause is not None

    def end_pause(self) -> bool:
        """Post ``Edited`` now for an edit that waits for a pause; return whether there was one."""
        if not self.waits:
            return False
        self._post_edited()
        return True

    def show_choices(self, question: Question) -> None:
        """Show the mode and the sort order of the question, each with its key."""
        texts = self._texts
        mode, sort = texts.modes[question.mode], texts.sorts[question.sort]
        keys = [(f"{texts.key_name(action)} ", MUTED) for action in ("mode", "sort")]
        self._choices.update(Content.assemble(keys[0], mode, (" · ", MUTED), keys[1], sort))

    def show_figures(self, hits: Hits, place: int, chosen: int, note: str) -> None:
        """Show the figures of an answer in the border.

        These are the ``place`` of the selected result and the number of articles, the number of chosen
        ones, whether none is relevant, the time, and a note. On the left, the score bars are explained.
        """
        texts = self._texts
        irrelevant = texts.nothing_relevant if hits.shown and not (note or relevant(hits)) else ""
        articles = texts.article_count(hits.total)
        position = f"{texts.number(place)}/{articles}" if 0 < place <= hits.total else articles
        facts = [position, irrelevant, texts.chosen_count(chosen) if chosen else ""]
        self._legend = texts.score_legend if any(hit.contributions for hit in hits.shown) else ""
        self.show_note(" · ".join(filter(None, (*facts, f"{hits.took_ms:.0f} ms", note))))

    def clear_answer(self) -> None:
        """Show no figures and no error."""
        self._legend = ""
        self.show_note("")
        self.hide_error()

    def order_note(self, current: Current, question: Question, *, model_loading: bool) -> str:
        """What the answer waits for: meaning, or its model; otherwise what its order is due to, or ``""``."""
        texts = self._texts
        if current.awaits_meaning(question):
            return texts.model_loading if model_loading else texts.meaning_pending
        notes = [texts.recency] if current.request.rescoring.half_life else []
        if current.reranked:
            notes.append(texts.reranked)
        elif current.awaits_reranking(question):
            notes.append(texts.reranking)
        return " · ".join(notes)

    def show_note(self, note: str) -> None:
        """Show a note in the place of the figures."""
        self._figures = note
        self._draw_border()

    def on_resize(self) -> None:
        """Fit the border to the new width."""
        self._draw_border()

    def _draw_border(self) -> None:
        """Write the legend into the border on the left where there is room, and the figures on the right."""
        figures = Content.styled(self._figures, "$title")
        line = self.outer_size.width - _CORNERS - len(self._legend) - figures.cell_length - 2 * len(" ")
        if self._legend and line > 0:
            rule = f" {_BORDER * line} "
            figures = Content.assemble((self._legend, MUTED), rule, figures)
        self.border_subtitle = figures

    def refined(self, message: Refine) -> str | None:
        """The query with one more or one less filter; None when the query has a mistake, which is shown."""
        today = date.today()
        try:
            query = parse(self.text, today)
        except QueryError as error:
            self.show_error(error)
            return None
        return message.rewrite(query, message.filter, today)

    def show_error(self, error: SearchError) -> None:
        """Show an error; a mistake in the query with a caret below its place."""
        self._show_error(self._input.described(error, self._texts))

    def hide_error(self) -> None:
        """Show no error."""
        self._error.display = False

    def _show_error(self, error: Content) -> None:
        self._error.update(error)
        self._error.display = True
        self._legend = ""
        self.show_note("")

    @on(Input.Changed)
    def _wait_for_pause(self, event: Input.Changed) -> None:
        event.stop()
        self._stop_waiting()
        self.post_message(Typed(self.text))
        self._pause = asyncio.get_running_loop().call_later(DEBOUNCE, self._post_edited)

    @on(Input.Submitted)
    def _enter(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Entered())

    def _stop_waiting(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
        self._pause = None

    def _post_edited(self) -> None:
        self._stop_waiting()
        self.post_message(Edited(self.text))
