"""The search box: the query, its mode and sort order, and how it was understood."""

from datetime import date

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Paste
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
"""Seconds without a key after which the whole question is asked; until then keywords answer."""


class SearchBox(Input):
    """An input that joins the lines that are pasted, and removes control characters from what it is given."""

    def on_paste(self, event: Paste) -> None:
        """Make one line of several; ``Input``, which gets the event next, takes only the first."""
        event.text = " ".join(filter(None, event.text.splitlines()))

    def validate_value(self, value: str) -> str:
        """See ``textual.reactive``."""
        return clean(value)


class QueryBar(Vertical):
    """Posts ``Typed`` after every change, and ``Edited`` when the user pauses.

    ``correction`` is the corrected query that the bar suggests, None when there is none.
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._timer: Timer | None = None
        self._input = SearchBox(placeholder=texts.placeholder, select_on_focus=False, compact=True)
        self.correction: str | None = None
        self._tall = True
        self._choices = Static(id="choices", markup=False)
        self._status = Static(texts.opening, id="status", markup=False)
        self._correction = Static(id="suggestion", markup=False)

    def compose(self) -> ComposeResult:
        """The query with mode and sort order in one line; below it the status and a correction."""
        with Horizontal():
            yield Static("❯", id="prompt", markup=False)
            yield self._input
            yield self._choices
        yield self._status
        yield self._correction

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
        self._stop_timer()
        with self._input.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = len(text)

    def end_pause(self) -> bool:
        """Post ``Edited`` now for an edit that waits for a pause; return whether there was one."""
        if self._timer is None:
            return False
        self._post_edited()
        return True

    def show_choices(self, question: Question) -> None:
        """Show the mode and the sort order of the question, each with its key."""
        texts = self._texts
        mode, sort = texts.modes[question.mode], texts.sorts[question.sort]
        keys = [(f"{texts.key_name(action)} ", "dim") for action in ("mode", "sort")]
        self._choices.update(Content.assemble(keys[0], mode, " · ", keys[1], sort))

    def show_hint(self) -> None:
        """Show how to begin."""
        self._show(Content(self._texts.hint.format(self._texts.key_name("help"))))

    def show_answer(self, hits: Hits) -> None:
        """Show how the query was understood, and what the answer lacks."""
        missing = map(self._texts.translate, hits.degraded)
        self._show(Content("\n".join(map(flat, (hits.understood, *missing)))))

    def show_figures(self, hits: Hits, chosen: int, note: str) -> None:
        """Show the number of articles and of chosen ones, whether none is relevant, the time, and a note."""
        texts = self._texts
        irrelevant = texts.nothing_relevant if hits.shown and not (note or relevant(hits)) else ""
        facts = [texts.article_count(hits.total), irrelevant, texts.chosen_count(chosen) if chosen else ""]
        self.show_note(" · ".join(filter(None, (*facts, f"{hits.took_ms:.0f} ms", note))))

    def order_note(self, current: Current, question: Question) -> str:
        """A note on recency and reranking in the order of an answer; ``""`` when neither applies."""
        texts = self._texts
        notes = [texts.recency] if current.request.rescoring.half_life else []
        if current.reranked:
            notes.append(texts.reranked)
        elif current.awaits_reranking(question):
            notes.append(texts.reranking)
        return " · ".join(notes)

    def show_note(self, note: str) -> None:
        """Show a note in the place of the figures."""
        self.border_subtitle = note

    def show_correction(self, text: str | None) -> None:
        """Show a corrected query with its key; None hides it."""
        self.correction = text
        self._correction.display = text is not None
        if text is not None:
            key = self._texts.key_name("correct")
            self._correction.update(self._texts.did_you_mean.format(flat(text), key))

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
        message = flat(self._texts.translate(error.message))
        if not isinstance(error, QueryError):
            self._show(Content(message))
            return
        advice = f" → {flat(self._texts.translate(error.suggestion))}" if error.suggestion else ""
        caret = " " * self._column(error.position) + "^"
        self._show(Content(f"{caret}\n{message}{advice}"))

    def _column(self, position: int) -> int:
        """The column of the box where this character of the query is; the nearest edge when it is hidden."""
        column = cell_len(clean(self.text[:position])) - self._input.scroll_offset.x
        return max(0, min(column, self._input.size.width - 1))

    def _show(self, status: Content) -> None:
        self._correction.display = False
        tall = "\n" in status.plain or status.cell_length > self._status.content_size.width
        self._status.update(status, layout=tall or self._tall)  # a new layout is slow
        self._tall = tall
        self.show_note("")

    @on(Input.Changed)
    def _wait_for_pause(self, event: Input.Changed) -> None:
        event.stop()
        self._stop_timer()
        self.post_message(Typed(self.text))
        self._timer = self.set_timer(DEBOUNCE, self._post_edited)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = None

    def _post_edited(self) -> None:
        self._stop_timer()
        self.post_message(Edited(self.text))
