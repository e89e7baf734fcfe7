"""The main screen: a query, its results, and the article selected among them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Footer, OptionList

from search.engine import Engine
from search.errors import QueryError, SearchError
from search.model import Mode, Result, SearchResult, Sort
from search.query.filters import filters_of
from search.query.parser import parse
from search.tui.asking import Current, Question, likeness
from search.tui.chips import ChipRow
from search.tui.facet_list import FacetList
from search.tui.headline import Headline
from search.tui.inquiry import Inquiry
from search.tui.keys import SEARCHING
from search.tui.local_screen import LocalScreen
from search.tui.messages import Advised, Answered, Counted, Edited, Failed, Lengthened, Loaded, Refine
from search.tui.offers import Offer, OfferList, way_keys, ways_out
from search.tui.panes import Panes
from search.tui.query_bar import QueryBar
from search.tui.reader import ReaderScreen
from search.tui.results import ResultList
from search.tui.texts import Texts

WIDE = 100  # columns from which the article is shown beside the results
LOAD_AFTER = 1.0  # seconds left to a first query before the model is loaded, which slows all down


class SearchScreen(LocalScreen[None]):
    """Asks while the user types; an answer to an earlier question than the last is never shown."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [*SEARCHING]

    def __init__(self, texts: Texts, recall: Callable[[], Sequence[Offer]] = tuple) -> None:
        super().__init__(texts)
        self.headline = Headline(texts)
        self._recall = recall
        self._bar = QueryBar(texts)
        self._chips = ChipRow(texts)
        self.panes = Panes(texts)
        self._inquiry = Inquiry(self)
        self._answered = 0
        self._pending = False
        self._like = False
        self._suggestion: str | None = None

    @property
    def current(self) -> Current | None:
        """The answer that is shown."""
        return self.panes.current

    @property
    def question(self) -> Question:
        """The last question put."""
        return self._inquiry.question

    @property
    def selected_result(self) -> Result | None:
        """The result that the cursor is on."""
        return self.panes.selected

    @property
    def marked_results(self) -> tuple[Result, ...]:
        """The results chosen, else the selected one, if any."""
        return self.panes.chosen or tuple(filter(None, [self.panes.selected]))

    @property
    def focus_chain(self) -> list[Widget]:
        """The box, the results, the article; after them the filters, then their chips."""
        after = (FacetList, ChipRow)
        return sorted(super().focus_chain, key=lambda widget: isinstance(widget, after))

    def compose(self) -> ComposeResult:
        """Headline, query, results beside the article, keys."""
        yield self.headline
        yield self._bar
        yield self._chips
        yield self.panes
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Let the user type at once."""
        self._bar.show_choices(self.question)
        self._bar.focus_box()

    def use(self, engine: Engine) -> None:
        """Answer from this engine, what was typed meanwhile first."""
        self._inquiry.use(engine)
        self.headline.show_loading()
        self._ask(self.question)
        self.set_timer(LOAD_AFTER, self._inquiry.load)

    def ask(self, text: str, mode: Mode | None = None, sort: Sort | None = None) -> None:
        """Put a query in the box and ask it; mode and sort stay as they are unless given."""
        self._bar.put(text)
        question = self.question
        self._ask(replace(question, text=text, mode=mode or question.mode, sort=sort or question.sort))

    def show_similar(self, result: SearchResult) -> None:
        """Show the articles like the one that ``result.query`` is the id of."""
        like = self.texts.likeness.format(self.panes.title_of(result.query))
        self._inquiry.prepare(self.question)
        self._pending, self._like = False, True
        self._show(likeness(replace(result, understood=like)))

    @on(Edited)
    def _ask_text(self, message: Edited) -> None:
        self._ask(replace(self.question, text=message.text))

    def action_next_mode(self) -> None:
        """Ask the same of other legs."""
        self._ask(self.question.of_next_legs())

    def action_next_sort(self) -> None:
        """Ask for the same in another order."""
        self._ask(self.question.in_next_order())

    def _ask(self, question: Question) -> None:
        if question.text != self.question.text:
            self.panes.leave_all()
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
        self._suggest(None)
        self._bar.show_hint()
        self._chips.show(())
        self.panes.show(None)
        try:
            recalled = self._recall()
        except SearchError as error:
            recalled = ()
            self._bar.show_error(error)
        self.panes.offer(self.texts.recent if recalled else "", recalled)

    @on(OfferList.Taken)
    def _ask_offer(self, taken: OfferList.Taken) -> None:
        self.ask(taken.offer.text, taken.offer.mode)

    @on(Advised)
    def _advise(self, advised: Advised) -> None:
        if advised.question.number != self.question.number:
            return
        self._suggest(advised.advice.suggestion)
        if self.current and not self.current.result.results:
            keys = way_keys(self.active_bindings.values(), self.app.get_key_display)
            self.panes.offer(self.texts.nothing_found, ways_out(advised.advice, self.texts), *keys)

    def action_way(self, place: int) -> None:
        """Take a way out."""
        self.panes.take(place + (self._suggestion is not None))

    def _suggest(self, text: str | None) -> None:
        self._suggestion = text
        self.refresh_bindings()
        if text is not None:
            self._bar.show_suggestion(text)

    def action_correct(self) -> None:
        """Ask what may have been meant."""
        self.ask(self._suggestion or self._bar.text)

    @on(Loaded)
    def _show_model(self, loaded: Loaded) -> None:
        self.headline.show_model(loaded.error)

    @on(Answered)
    def _show_answer(self, answer: Answered) -> None:
        if answer.question.number != self.question.number:
            return
        again = answer.question.number == self._answered
        self._answered = answer.question.number
        self._pending = answer.pending
        if again and (self.panes.moved or not self._bar.focused):
            self.panes.replace(answer.current)
            self._tell_of(answer.current)
        else:
            self._show(answer.current)

    def _show(self, current: Current) -> None:
        """Show an answer from its first result on."""
        self.panes.show(current)
        self._tell_of(current)

    def _tell_of(self, current: Current) -> None:
        """Say what is said of an answer around its results."""
        self._suggest(None)
        self._bar.show_answer(current.result)
        self._show_facts()
        self._chips.show(filters_of(current.request.query))
        if self.panes.filtering:
            self._inquiry.count(current)

    @on(Counted)
    def _show_counts(self, counted: Counted) -> None:
        self.panes.count(counted.counts, counted.current)

    def action_filters(self) -> None:
        """Open the filters and go there; from there, close them."""
        if self.panes.toggle_filters() and self.current:
            self._inquiry.count(self.current)

    def action_remove_filter(self) -> None:
        """Take the last filter away."""
        self._chips.remove_last()

    @on(Refine)
    def _refine(self, message: Refine) -> None:
        """Ask the query in the box with another filter, or with one less."""
        today = date.today()
        try:
            query = parse(self._bar.text, today)
        except QueryError as error:
            self._bar.show_error(error)
        else:
            self.ask(message.rewrite(query, message.filter, today))

    @on(ResultList.NearEnd)
    def _ask_for_more(self) -> None:
        if self.current:
            self._inquiry.lengthen(self.current)

    @on(Lengthened)
    def _show_longer(self, longer: Lengthened) -> None:
        if longer.shorter is self.current:
            self.panes.extend(longer.current)

    @on(ResultList.Chosen)
    def _show_facts(self) -> None:
        if self.current is not None:
            note = self.texts.model_loading if self._inquiry.loading else self.texts.meaning_pending
            chosen = len(self.panes.chosen)
            self._bar.show_figures(self.current.result, chosen, note if self._pending else "")

    @on(Failed)
    def _show_failure(self, failure: Failed) -> None:
        if failure.question.number == self.question.number:
            self._bar.show_error(failure.error)

    @on(OptionList.OptionSelected, "ResultList")
    def action_read(self) -> None:
        """Read the selected article; a query still waiting for a pause is asked first, instead."""
        if self._bar.flush() or not self.panes.read():
            return
        if self.selected_result and self.current:
            self.app.push_screen(ReaderScreen(self.texts, self.selected_result, self.current.words))

    def action_search(self) -> None:
        """Go to the search box."""
        self._bar.focus_box()

    def action_back(self) -> None:
        """Go from the article or the filters to the results, from there to the box, there empty it."""
        if self.panes.step_back():
            return
        if self._bar.focused:
            self._bar.clear()
        elif self._like:
            self._ask(self.question)
        else:
            self._bar.focus_box()

    async def action_move(self, how: str) -> None:
        """Move the cursor of the list, by the name of one of its actions."""
        await self.panes.move(how)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Give the arrows to the results while the user types; offer what is possible only."""
        match action:
            case "move":
                return self._bar.focused
            case "search":
                return not (self._bar.focused or self.panes.in_filters)
            case "read":
                return not (self.panes.in_filters or self._chips.has_focus)
            case "way":
                return True if self.current and not self.current.result.results else None
            case "correct":
                return self._suggestion is not None
            case _:
                return super().check_action(action, parameters)
