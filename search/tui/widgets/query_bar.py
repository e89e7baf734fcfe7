"""The search box: the query, how it is asked, and what was understood of it."""

from datetime import date

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from search.errors import QueryError, SearchError
from search.query.parser import parse
from search.retrieval.confidence import relevant
from search.text.sanitize import clean, flat
from search.tui.i18n import Texts
from search.tui.messages import Edited, Refine, Typed
from search.tui.services.search_session import Current, Question
from search.types import Hits

DEBOUNCE = 0.125
"""Seconds without a key after which a query is asked whole, and no longer by its words alone."""


class SearchBox(Input):
    """Takes what is typed or pasted without what a terminal would obey."""

    def validate_value(self, value: str) -> str:
        """See ``textual.reactive``."""
        return clean(value)


class QueryBar(Vertical):
    """Tells ``Typed`` of every change, ``Edited`` when typing pauses; shows what it is told to.

    ``suggestion`` is what may have been meant, None where nothing is said of it.
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._timer: Timer | None = None
        self._input = SearchBox(placeholder=texts.placeholder, select_on_focus=False, compact=True)
        self.suggestion: str | None = None
        self._tall = True
        self._choices = Static(id="choices", markup=False)
        self._status = Static(texts.opening, id="status", markup=False)
        self._suggestion = Static(id="suggestion", markup=False)

    def compose(self) -> ComposeResult:
        """The query and the choices in one line; under them the status, and what may have been meant."""
        with Horizontal():
            yield Static("❯", id="prompt", markup=False)
            yield self._input
            yield self._choices
        yield self._status
        yield self._suggestion

    @property
    def text(self) -> str:
        """The query as it stands."""
        return self._input.value

    @property
    def focused(self) -> bool:
        """Whether the user types here."""
        return self._input.has_focus

    def focus_box(self) -> None:
        """Let the user type here."""
        self._input.focus()

    def clear(self) -> None:
        """Empty the box."""
        self._input.value = ""

    def put(self, text: str) -> None:
        """Write a query in the box, without telling of it."""
        self._stop_waiting()
        with self._input.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = len(text)

    def flush(self) -> bool:
        """Tell at once of an edit that still waits for a pause; say whether there was one."""
        if self._timer is None:
            return False
        self._tell()
        return True

    def show_choices(self, question: Question) -> None:
        """Show how the query is asked, and the keys that change it."""
        texts = self._texts
        mode, sort = texts.modes[question.mode], texts.sorts[question.sort]
        keys = [(f"{texts.key_of(action)} ", "dim") for action in ("mode", "sort")]
        self._choices.update(Content.assemble(keys[0], mode, " · ", keys[1], sort))

    def show_hint(self) -> None:
        """Show that a query is awaited."""
        self._show(Content(self._texts.hint.format(self._texts.key_of("help"))))

    def show_answer(self, result: Hits) -> None:
        """Show what was understood and what is missing."""
        missing = map(self._texts.said, result.degraded)
        self._show(Content("\n".join(map(flat, (result.understood, *missing)))))

    def show_figures(self, result: Hits, chosen: int, note: str) -> None:
        """Show how much was found, whether it answers, how many are chosen, how long it took, a note."""
        texts = self._texts
        sure = texts.nothing_relevant if result.shown and not (note or relevant(result)) else ""
        facts = [texts.found(result.total), sure, texts.chosen(chosen) if chosen else ""]
        self.show_note(" · ".join(filter(None, (*facts, f"{result.took_ms:.0f} ms", note))))

    def order(self, current: Current, question: Question) -> str:
        """What there is to say of an answer's order, beside that the legs are merged."""
        texts = self._texts
        told = [texts.recency] if current.request.rescoring.half_life else []
        if current.reranked:
            told.append(texts.reranked)
        elif current.awaits_reranking(question):
            told.append(texts.reranking)
        return " · ".join(told)

    def show_note(self, note: str) -> None:
        """Show a note in the place of figures."""
        self.border_subtitle = note

    def show_suggestion(self, text: str | None) -> None:
        """Show what may have been meant, with the key that asks it."""
        self.suggestion = text
        self._suggestion.display = text is not None
        if text is not None:
            said = self._texts.did_you_mean.format(flat(text), self._texts.key_of("correct"))
            self._suggestion.update(said)

    def refined(self, message: Refine) -> str | None:
        """The query with another filter, or with one less; a mistake in it is shown instead."""
        today = date.today()
        try:
            query = parse(self.text, today)
        except QueryError as error:
            self.show_error(error)
            return None
        return message.rewrite(query, message.filter, today)

    def show_error(self, error: SearchError) -> None:
        """Show what is wrong; a mistake in the query with a caret under its place."""
        message = flat(self._texts.said(error.message))
        if not isinstance(error, QueryError):
            self._show(Content(message))
            return
        advice = f" → {flat(self._texts.said(error.suggestion))}" if error.suggestion else ""
        caret = " " * self._column(error.position) + "^"
        self._show(Content(f"{caret}\n{message}{advice}"))

    def _column(self, position: int) -> int:
        """Where this character of the query stands in the box, as far as it is in sight."""
        column = cell_len(clean(self.text[:position])) - self._input.scroll_offset.x
        return max(0, min(column, self._input.size.width - 1))

    def _show(self, status: Content) -> None:
        self._suggestion.display = False
        tall = "\n" in status.plain or status.cell_length > self._status.content_size.width
        self._status.update(status, layout=tall or self._tall)  # otherwise not, as that is slow
        self._tall = tall
        self.show_note("")

    @on(Input.Changed)
    def _wait_for_pause(self, event: Input.Changed) -> None:
        event.stop()
        self._stop_waiting()
        self.post_message(Typed(self.text))
        self._timer = self.set_timer(DEBOUNCE, self._tell)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = None

    def _tell(self) -> None:
        self._stop_waiting()
        self.post_message(Edited(self.text))
