"""The main screen: a query, its results, and the article selected among them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Footer, OptionList, Static

from search.engine import Engine
from search.errors import QueryError, SearchError
from search.model import Mode, Result, SearchResult, Sort
from search.query.filters import Filter, excluding, filters_of, including
from search.query.parser import parse
from search.query.tree import Query
from search.tui.asking import Current, Question, likeness
from search.tui.chips import ChipRow
from search.tui.facet_list import FacetList
from search.tui.filters import FilterPanel
from search.tui.inquiry import Inquiry
from search.tui.local_screen import LocalScreen
from search.tui.messages import Advised, Answered, Counted, Edited, Failed, Lengthened, Loaded
from search.tui.offers import Offer, OfferList, ways_out
from search.tui.query_bar import QueryBar
from search.tui.reader import ArticlePane, ReaderScreen
from search.tui.results import ResultList
from search.tui.texts import Texts

WIDE = 100
"""Columns from which the article is shown beside the results."""
LOAD_AFTER = 1.0
"""Seconds left to a first query before the model is loaded, which slows everything down."""
_MODES = list(Mode)
_SORTS = list(Sort)
_Choice = TypeVar("_Choice", Mode, Sort)


class SearchScreen(LocalScreen[None]):
    """Asks while the user types; an answer to an earlier question than the last is never shown."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "read", "read", tooltip="Read the selected article", priority=True, id="read"),
        Binding("slash", "search", "search", tooltip="Go to the search box", key_display="/", id="search"),
        Binding("f2", "next_mode", "mode", tooltip="Mode: hybrid, keywords, meaning", id="mode"),
        Binding("f3", "next_sort", "sort", tooltip="Sort by relevance or by date", id="sort"),
        Binding("f4", "filters", "filters", tooltip="Filters, with counts", id="filters"),
        Binding("f5", "correct", "correct", tooltip="Ask what may have been meant", id="correct"),
        Binding("down", "move('cursor_down')", "Next result, from the box", show=False, priority=True),
        Binding("up", "move('cursor_up')", "Previous result, from the box", show=False, priority=True),
        Binding("pagedown", "move('page_down')", "A page of results down", show=False, priority=True),
        Binding("pageup", "move('page_up')", "A page of results up", show=False, priority=True),
        Binding("tab", "app.focus_next", "Next pane", show=False),
        Binding("shift+tab", "app.focus_previous", "Previous pane", show=False),
        Binding("escape", "back", "back", tooltip="Step back; in the search box, empty it"),
    ]

    def __init__(self, texts: Texts, about: str, recall: Callable[[], Sequence[Offer]] = tuple) -> None:
        super().__init__(texts)
        self._about = about
        self._recall = recall
        self._bar = QueryBar(texts)
        self._chips = ChipRow(texts)
        self._filters = FilterPanel(texts)
        self._results = ResultList(texts)
        self._offers = OfferList()
        self._pane = ArticlePane(texts)
        self._inquiry = Inquiry(self)
        self._answered = 0
        self._pending = False
        self._like = False
        self._current: Current | None = None
        self._suggestion: str | None = None

    @property
    def current(self) -> Current | None:
        """The answer that is shown."""
        return self._current

    @property
    def question(self) -> Question:
        """The last question put."""
        return self._inquiry.question

    @property
    def selected_result(self) -> Result | None:
        """The result that the cursor is on."""
        return self._results.selected

    @property
    def marked_results(self) -> tuple[Result, ...]:
        """The results chosen, else the selected one, if any."""
        selected = self._results.selected
        return self._results.chosen or (() if selected is None else (selected,))

    def compose(self) -> ComposeResult:
        """Title, query, results beside the article, keys."""
        with Horizontal(id="top"):
            yield Static(self.app.title, id="title", markup=False)
            yield Static(self._about, id="about", markup=False)
        yield self._bar
        yield self._chips
        with Horizontal(id="panes"):
            yield self._filters
            yield self._results
            yield self._offers
            yield self._pane
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Let the user type at once."""
        self._bar.show_choices(self._inquiry.question)
        self._bar.focus_box()

    def use(self, engine: Engine) -> None:
        """Answer from this engine, what was typed meanwhile first."""
        self._inquiry.use(engine)
        self._ask(self._inquiry.question)
        self.set_timer(LOAD_AFTER, self._inquiry.load)

    def ask(self, text: str, mode: Mode | None = None, sort: Sort | None = None) -> None:
        """Put a query in the box and ask it; mode and sort stay as they are unless given."""
        self._bar.put(text)
        question = self._inquiry.question
        self._ask(replace(question, text=text, mode=mode or question.mode, sort=sort or question.sort))

    def show_similar(self, result: SearchResult) -> None:
        """Show the articles like the one that ``result.query`` is the id of."""
        shown = self._current.result.results if self._current else ()
        titles = (one.article.title for one in shown if one.article.id == result.query)
        like = self.texts.likeness.format(next(titles, result.query))
        self._inquiry.prepare(self._inquiry.question)
        self._pending, self._like = False, True
        self._show(likeness(replace(result, understood=like)))

    @on(Edited)
    def _ask_text(self, message: Edited) -> None:
        self._ask(replace(self._inquiry.question, text=message.text))

    def action_next_mode(self) -> None:
        """Ask the same of other legs."""
        question = self._inquiry.question
        self._ask(replace(question, mode=_following(_MODES, question.mode)))

    def action_next_sort(self) -> None:
        """Ask for the same in another order."""
        question = self._inquiry.question
        self._ask(replace(question, sort=_following(_SORTS, question.sort)))

    def _ask(self, question: Question) -> None:
        if question.text != self._inquiry.question.text:
            self._results.leave_all()
        self._like = False
        self._inquiry.prepare(question)
        self._bar.show_choices(question)
        if not self._inquiry.ready:
            return
        if question.text.strip():
            self._inquiry.put()
        else:
            self._show_start()

    def _show_start(self) -> None:
        """Show what could be asked again, where nothing is asked."""
        self._current = None
        self._suggest(None)
        self._bar.show_hint()
        self._chips.show(())
        self._results.show_nothing()
        self._pane.clear()
        try:
            recalled = self._recall()
        except SearchError as error:
            recalled = ()
            self._bar.show_error(error)
        self._offer(self.texts.recent if recalled else "", recalled)

    def _offer(self, heading: str, offers: Sequence[Offer]) -> None:
        """Show a heading and offers in the place of the results; without a heading, the results."""
        focused = self._results.has_focus or self._offers.has_focus
        self._offers.show(heading, offers)
        self._offers.display = bool(heading)
        self._results.display = not heading
        if focused:
            (self._offers if heading else self._results).focus()

    @on(OfferList.Taken)
    def _ask_offer(self, taken: OfferList.Taken) -> None:
        self.ask(taken.offer.text, taken.offer.mode)

    @on(Advised)
    def _advise(self, advised: Advised) -> None:
        if advised.question.number != self._inquiry.question.number:
            return
        self._suggest(advised.advice.suggestion)
        if self._current and not self._current.result.results:
            self._offer(self.texts.nothing_found, ways_out(advised.advice, self.texts))

    def _suggest(self, text: str | None) -> None:
        self._suggestion = text
        self.refresh_bindings()
        if text is not None:
            self._bar.show_suggestion(text)

    def action_correct(self) -> None:
        """Ask what may have been meant."""
        if self._suggestion is not None:
            self.ask(self._suggestion)

    @on(Loaded)
    def _show_model(self, loaded: Loaded) -> None:
        if self._current is None:
            self._bar.show_facts([self.texts.model_missing if loaded.error else self.texts.model_ready])

    @on(Answered)
    def _show_answer(self, answer: Answered) -> None:
        if answer.question.number != self._inquiry.question.number:
            return
        again = answer.question.number == self._answered
        self._answered = answer.question.number
        self._pending = answer.pending
        if again and (self._results.moved or not self._bar.focused):
            self._take_over(answer.current)
            self._results.replace(answer.current.result.results, answer.current.words)
        else:
            self._show(answer.current)

    def _show(self, current: Current) -> None:
        """Show an answer from its first result on."""
        self._take_over(current)
        self._results.show(current.result.results, current.words)
        if not current.result.results:
            self._pane.clear()

    def _take_over(self, current: Current) -> None:
        self._current = current
        self._suggest(None)
        self._offer("", ())
        self._bar.show_answer(current.result)
        self._show_facts()
        self._chips.show(filters_of(current.request.query))
        if self._filters.display:
            self._inquiry.count(current)

    @on(Counted)
    def _show_counts(self, counted: Counted) -> None:
        if counted.current is self._current:
            self._filters.show(counted.counts, counted.current.request.query)

    def action_filters(self) -> None:
        """Open the filters and go there; from there, close them."""
        if self._filters.has_focus_within:
            self._close_filters()
        else:
            self._filters.display = True
            self.add_class("-filtering")
            self._filters.focus_lists()
            if self._current:
                self._inquiry.count(self._current)

    def _close_filters(self) -> None:
        self._filters.display = False
        self.remove_class("-filtering")
        self._results.focus()

    def action_remove_filter(self) -> None:
        """Take the last filter away."""
        self._chips.remove_last()

    @on(FacetList.Included)
    def _include(self, message: FacetList.Included) -> None:
        self._rewrite(including, message.filter)

    @on(FacetList.Freed)
    @on(ChipRow.Removed)
    def _exclude(self, message: FacetList.Freed | ChipRow.Removed) -> None:
        self._rewrite(excluding, message.filter)

    def _rewrite(self, written: Callable[[Query, Filter, date], str], filter_: Filter) -> None:
        """Ask the query in the box with another filter, or with one less."""
        today = date.today()
        try:
            query = parse(self._bar.text, today)
        except QueryError as error:
            self._bar.show_error(error)
        else:
            self.ask(written(query, filter_, today))

    @on(ResultList.NearEnd)
    def _ask_for_more(self) -> None:
        if self._current:
            self._inquiry.lengthen(self._current)

    @on(Lengthened)
    def _show_longer(self, longer: Lengthened) -> None:
        if longer.shorter is self._current:
            self._current = longer.current
            self._results.extend(longer.current.result.results)

    @on(ResultList.Chosen)
    def _show_facts(self) -> None:
        if self._current is None:
            return
        result, chosen = self._current.result, len(self._results.chosen)
        facts = [
            self.texts.found(result.total),
            self.texts.chosen.format(self.texts.number(chosen)) if chosen else "",
            f"{result.took_ms:.0f} ms",
            self._still_to_come() if self._pending else "",
        ]
        self._bar.show_facts(facts)

    def _still_to_come(self) -> str:
        return self.texts.model_loading if self._inquiry.loading else self.texts.meaning_pending

    @on(Failed)
    def _show_failure(self, failure: Failed) -> None:
        if failure.question.number == self._inquiry.question.number:
            self._bar.show_error(failure.error)

    @on(OptionList.OptionHighlighted, "ResultList")
    def _show_article(self) -> None:
        if self._current and (selected := self._results.selected):
            self._pane.show(selected, self._current.words)

    @on(OptionList.OptionSelected, "ResultList")
    def _read_clicked(self) -> None:
        self.action_read()

    def action_read(self) -> None:
        """Read the selected article; a query still waiting for a pause is asked first, instead."""
        selected, current = self._results.selected, self._current
        if self._bar.flush():
            return
        if self._offers.display:
            self._offers.take()
        if selected is None or current is None:
            return
        if self._pane.display:
            self._pane.focus()
        else:
            self._results.focus()
            self.app.push_screen(ReaderScreen(self.texts, selected, current.words))

    def action_search(self) -> None:
        """Go to the search box."""
        self._bar.focus_box()

    def action_back(self) -> None:
        """Go from the article or the filters to the results, from there to the box, there empty it."""
        if self._filters.has_focus_within:
            if not self._filters.step_back():
                self._close_filters()
        elif self._pane.has_focus:
            self._results.focus()
        elif self._bar.focused:
            self._bar.clear()
        elif self._like:
            self._ask(self._inquiry.question)
        else:
            self._bar.focus_box()

    async def action_move(self, how: str) -> None:
        """Move the cursor of the results, or of what is offered, by the name of one of their actions."""
        await (self._offers if self._offers.display else self._results).run_action(how)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Give the arrows to the results while the user types; offer what is possible only."""
        match action:
            case "move":
                return self._bar.focused
            case "search":
                return not self._bar.focused
            case "read":
                return not (self._filters.has_focus_within or self._chips.has_focus)
            case "correct":
                return self._suggestion is not None
            case _:
                return super().check_action(action, parameters)


def _following(choices: Sequence[_Choice], choice: _Choice) -> _Choice:
    return choices[(choices.index(choice) + 1) % len(choices)]
