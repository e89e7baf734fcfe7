"""The dialog that writes a query from fields, and reads the present query back into them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from search.errors import QueryError, SearchError, Translatable
from search.query.form import QueryForm, read_form
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.widgets.name_suggester import NameSuggester
from search.tui.widgets.paragraph import Paragraph
from search.tui.widgets.query_bar import SearchBox
from search.types import Facet

_PAUSE = 0.3  # seconds without a key after which mistakes are shown and articles are counted


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the form: its label, and its fields, each with an example and the text before it."""

    label: Translatable
    fields: tuple[tuple[str, str], ...]
    joint: Translatable | None = None
    after: Translatable | None = None


_ROWS = (
    _Row(Translatable("Words, none required"), (("words", "munitions Russie"),)),
    _Row(Translatable("All these words"), (("all_words", "grève SNCF"),)),
    _Row(Translatable("This phrase"), (("phrase", "obus d’artillerie"),)),
    _Row(Translatable("One of these words"), (("any_words", "Macron Élysée"),)),
    _Row(Translatable("None of these words"), (("none_words", "football"),)),
    _Row(
        Translatable("Words close together"),
        (("near", "Paris climat"), ("distance", "8")),
        Translatable("within"),
        Translatable("words"),
    ),
    _Row(Translatable("In the title"), (("title", "Macron"),)),
    _Row(Translatable("Source"), (("source", "AFP; Le Monde; -Reuters"),)),
    _Row(Translatable("Section"), (("section", "Économie"),)),
    _Row(Translatable("Author"), (("author", "Jeanne Modèle"),)),
    _Row(Translatable("Place"), (("place", "Marseille"),)),
    _Row(Translatable("Keyword"), (("keyword", "grève"),)),
    _Row(Translatable("From"), (("first", "2023-09, 12/09/2023, 7j"), ("last", "2023")), Translatable("to")),
    _Row(Translatable("Other conditions"), (("rest", "page:3"),)),
)
_FACETS = {
    "source": Facet.SOURCE,
    "section": Facet.SECTION,
    "author": Facet.AUTHOR,
    "place": Facet.PLACE,
    "keyword": Facet.KEYWORD,
}


class AdvancedFormScreen(LocalizedModal[str | None]):
    """Returns the query to ask, None to change nothing.

    Threads call ``count``, which gives the number of articles that a query finds, and ``names``, which gives
    the values of a facet, the most frequent first; either may raise SearchError.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask", "search", tooltip="Ask this query", priority=True, id="ask_form"),
        Binding("down", "app.focus_next", "next field", tooltip="Next field", show=False),
        Binding("up", "app.focus_previous", "previous field", tooltip="Previous field", show=False),
        Binding("ctrl+l", "clear", "empty", tooltip="Empty every field", priority=True, id="clear_form"),
        Binding("escape", "dismiss", "back", tooltip="Go back, and change nothing", id="leave_form"),
    ]

    @dataclass
    class Counted(Message):
        """A query finds so many articles, or cannot be asked because of an error."""

        text: str
        total: int | SearchError

    @dataclass
    class Named(Message):
        """The names that a field completes."""

        field: str
        names: Sequence[str]

    def __init__(
        self,
        texts: Texts,
        query: str,
        count: Callable[[str], int],
        names: Callable[[Facet], Sequence[str]],
    ) -> None:
        super().__init__(texts)
        self._form = _form_of(query)
        self._count = count
        self._names = names
        self._timer: Timer | None = None
        self._suggesters = {field: NameSuggester() for field in _FACETS}
        self._inputs = {
            field: SearchBox(
                getattr(self._form, field),
                placeholder=texts.translate("e.g. {}").format(example),
                compact=True,
                select_on_focus=False,
                suggester=self._suggesters.get(field),
                id=f"form-{field}",
            )
            for row in _ROWS
            for field, example in row.fields
        }
        self._errors = {field: Static(classes="form-error", markup=False) for field in self._inputs}
        self._query = Paragraph(id="form-query", markup=False)
        self._total = Static(id="form-total", markup=False)

    def compose(self) -> ComposeResult:
        """The fields, which scroll on a small terminal; below them the query and its number of articles."""
        with Vertical(classes="box", id="form") as box:
            box.border_title = self.texts.translate("Advanced search")
            box.border_subtitle = self.texts.translate("→ completes a name")
            with VerticalScroll(can_focus=False):
                for row in _ROWS:
                    yield from self._compose_row(row)
            yield self._query
            yield self._total
        yield Footer(compact=True)

    def _compose_row(self, row: _Row) -> ComposeResult:
        (first, _), *others = row.fields
        with Horizontal(classes="form-row"):
            yield Static(self.texts.translate(row.label), classes="form-label", markup=False)
            yield self._inputs[first]
            for field, _ in others:
                yield Static(self.texts.translate(row.joint or ""), classes="form-joint", markup=False)
                yield self._inputs[field]
            if row.after is not None:
                yield Static(self.texts.translate(row.after), classes="form-joint", markup=False)
        for field, _ in row.fields:
            yield self._errors[field]

    def on_mount(self) -> None:
        """Show the query, count its articles, and fetch the names that fields complete."""
        for error in self._errors.values():
            error.display = False
        self._inputs["words"].focus()
        self._show_query()
        self._check()
        self._fetch_names()

    @on(Input.Changed)
    def _change(self, event: Input.Changed) -> None:
        event.stop()
        values: dict[str, Any] = {field: box.value for field, box in self._inputs.items()}
        self._form = replace(self._form, **values)
        self._show_query()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._check)

    def _show_query(self) -> None:
        label, text = self.texts.translate("Query"), flat(self._form.text)
        self._query.show(Content.assemble((f"{label}  ", "bold"), text or "–"))

    def _check(self) -> None:
        """Show the mistakes; where there is none, count the articles."""
        errors = self._form.errors(date.today())
        for field, line in self._errors.items():
            line.display = field in errors
            line.update(_message(self.texts, errors[field]) if field in errors else "")
            if field in errors and self._inputs[field].has_focus:
                self.call_after_refresh(line.scroll_visible, animate=False)
        self._total.update("" if errors or not self._form.text else "…")
        if self._form.text and not errors:
            self._start_counting(self._form.text)

    @work(thread=True, exclusive=True, group="count")
    def _start_counting(self, text: str) -> None:
        try:
            self.post_message(self.Counted(text, self._count(text)))
        except SearchError as error:
            self.post_message(self.Counted(text, error))

    @on(Counted)
    def _show_total(self, message: Counted) -> None:
        if message.text == self._form.text:
            match message.total:
                case SearchError() as error:
                    self._total.update(_message(self.texts, error))
                case total:
                    self._total.update(self.texts.article_count(total))

    @work(thread=True)
    def _fetch_names(self) -> None:
        for field, facet in _FACETS.items():
            try:
                self.post_message(self.Named(field, self._names(facet)))
            except SearchError:
                return  # the user types the names whole

    @on(Named)
    def _use_names(self, message: Named) -> None:
        self._suggesters[message.field].names = message.names

    def action_ask(self) -> None:
        """Ask the query; where a field has a mistake, go to it instead."""
        errors = self._form.errors(date.today())
        if errors:
            self._check()
            self._inputs[next(field for field in self._inputs if field in errors)].focus()
        else:
            self.dismiss(self._form.text)

    def action_clear(self) -> None:
        """Empty every field."""
        self._form = QueryForm()
        for field, box in self._inputs.items():
            box.value = getattr(self._form, field)
        self._inputs["words"].focus()


def _form_of(query: str) -> QueryForm:
    """The form of a query; a query with a mistake is the rest, which shows it."""
    try:
        return read_form(query, date.today())
    except QueryError:
        return QueryForm(rest=" ".join(query.split()))


def _message(texts: Texts, error: SearchError) -> str:
    message = texts.translate(error.message)
    advice = texts.translate(error.suggestion) if isinstance(error, QueryError) else ""
    return flat(f"{message} → {advice}" if advice else message)
