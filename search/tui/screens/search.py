"""The main screen: a query, its results, and the article selected among them."""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Footer, OptionList

from search.errors import SearchError
from search.query.filters import filters_of
from search.retrieval.engine import Engine
from search.retrieval.rescoring import NO_RESCORING, Rescoring
from search.tui import messages
from search.tui.i18n import Texts
from search.tui.keymap import SEARCHING
from search.tui.screens.base import LocalScreen
from search.tui.services.search_session import Current, Question, likeness
from search.tui.services.search_worker import Inquiry
from search.tui.widgets.article_view import ReaderScreen
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.filter_chips import ChipRow
from search.tui.widgets.header import Headline
from search.tui.widgets.panes import Panes
from search.tui.widgets.query_bar import QueryBar
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.suggestion_list import OfferList, Recall, way_keys, ways_out
from search.types import Hits, Mode, Sort

WIDE = 100  # columns from which the article is shown beside the results
LOAD_AFTER = 1.0  # seconds left to a first query before the model is loaded, which slows all down


class SearchScreen(LocalScreen[None]):
    """Asks by words with every key, and whole when typing pauses; never shows an older answer than it did."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [*SEARCHING]
    _possible = var((False, False), bindings=True)

    def __init__(self, texts: Texts, recall: Recall = tuple, preferred: Rescoring = NO_RESCORING) -> None:
        super().__init__(texts)
        self.headline = Headline(texts)
        self._recall = recall
        self._bar = QueryBar(texts)
        self._chips = ChipRow(texts)
        self.panes = Panes(texts)
        self._preferred = preferred
        self._inquiry = Inquiry(self, Question(0, "", Mode.HYBRID, Sort.RELEVANCE, preferred))
        self._answered = 0
        self._like = False

    @property
    def current(self) -> Current | None:
        """The answer that is shown."""
        return self.panes.current

    @property
    def question(self) -> Question:
        """The last question put."""
        return self._inquiry.question

    @property
    def half_answered(self) -> bool:
        """Whether only words have answered what legs are asked for."""
        by_words = self.current is not None and self.current.request.mode is Mode.KEYWORD
        return by_words and self.question.mode is Mode.HYBRID

    @property
    def _nothing_found(self) -> bool:
        """Whether the answer that is shown is empty."""
        return self.current is not None and not self.current.result.shown

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

    def show_similar(self, result: Hits) -> None:
        """Show the articles like the one that ``result.query`` is the id of."""
        like = self.texts.likeness.format(self.panes.title_of(result.query))
        self._inquiry.prepare(self.question)
        self._like = True
        current = likeness(replace(result, understood=like))
        self.panes.show(current)
        self._tell_of(current)
        self._count()

    @on(messages.Typed)
    def _glimpse(self, message: messages.Typed) -> None:
        self._begin(message.text)
        self._inquiry.glimpse(replace(self.question, text=message.text))

    @on(messages.Edited)
    def _ask_text(self, message: messages.Edited) -> None:
        self._ask(replace(self.question, text=message.text))

    def action_change(self, how: str) -> None:
        """Ask the same otherwise; see ``Question.changed``."""
        self._ask(self.question.changed(how, self._preferred))

    def _ask(self, question: Question) -> None:
        self._begin(question.text)
        self._inquiry.prepare(question)
        self._bar.show_choices(question)
        if question.text.strip():
            self._inquiry.put()
        elif self._inquiry.ready:
            self._show_start()

    def _begin(self, text: str) -> None:
        if text != self.question.text:
            self.panes.leave_all()
        self._like = False

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

    @on(messages.Advised)
    def _advise(self, advised: messages.Advised) -> None:
        if self._inquiry.stale(advised):
            return
        self._suggest(advised.advice.suggestion)
        if self._nothing_found:
            keys = way_keys(self.active_bindings.values(), self.app.get_key_display)
            self.panes.offer(self.texts.nothing_found, ways_out(advised.advice, self.texts), *keys)

    def action_way(self, place: int) -> None:
        """Take a way out."""
        self.panes.take(place + (self._bar.suggestion is not None))

    def _suggest(self, text: str | None) -> None:
        self._bar.show_suggestion(text)
        self._possible = (text is not None, self._nothing_found)  # the slow footer is drawn when it changes

    def action_correct(self) -> None:
        """Ask what may have been meant."""
        self.ask(self._bar.suggestion or self._bar.text)

    @on(messages.Loaded)
    def _show_model(self, loaded: messages.Loaded) -> None:
        self.headline.show_model(loaded.error)

    @on(messages.Glimpsed)
    def _show_glimpse(self, glimpse: messages.Glimpsed) -> None:
        if not self._inquiry.stale(glimpse):
            self.panes.glance(glimpse.current)
            self._tell_of(glimpse.current)

    @on(messages.Answered)
    def _show_answer(self, answer: messages.Answered) -> None:
        if self._inquiry.stale(answer):
            return
        again = answer.question.number == self._answered
        self._answered = answer.question.number
        kept = again and (self.panes.moved or not self._bar.focused)
        current = answer.current.followed_by(self.current if again else None)
        (self.panes.replace if kept else self.panes.show)(current)
        self._tell_of(current)
        self._count()

    def _tell_of(self, current: Current) -> None:
        """Say what is said of an answer around its results."""
        self._suggest(None)
        self._bar.show_answer(current.result)
        self._show_facts()
        self._chips.show(filters_of(current.request.query))

    def _count(self) -> None:
        if self.panes.filtering and self.current:
            self._inquiry.count(self.current)

    @on(messages.Counted)
    def _show_counts(self, counted: messages.Counted) -> None:
        self.panes.count(counted.counts, counted.current)

    def action_filters(self) -> None:
        """Open the filters and go there; from there, close them."""
        self.panes.toggle_filters()
        self._count()

    def action_remove_filter(self) -> None:
        """Take the last filter away."""
        self._chips.remove_last()

    @on(messages.Refine)
    def _refine(self, message: messages.Refine) -> None:
        if (text := self._bar.refined(message)) is not None:
            self.ask(text)

    @on(ResultList.NearEnd)
    def _ask_for_more(self) -> None:
        if self.current:
            self._inquiry.lengthen(self.current)

    @on(messages.Revised)
    def _show_revised(self, revised: messages.Revised) -> None:
        if revised.before is self.current:
            self.panes.revise(revised.current)

    def action_copies(self) -> None:
        """Show the copies of the selected result under it, or hide them."""
        if self.current and (folded := self.panes.folded):
            self._inquiry.unfold(self.current, folded)
        else:
            self.panes.fold()

    @on(messages.Unfolded)
    def _show_copies(self, unfolded: messages.Unfolded) -> None:
        self.panes.unfold(unfolded.result, unfolded.copies)

    @on(ResultList.Chosen)
    def _show_facts(self) -> None:
        if self.current is not None:
            loading = self._inquiry.loading
            pending = self.texts.model_loading if loading else self.texts.meaning_pending
            missing = pending if self.half_answered else self._bar.order(self.current, self.question)
            self._bar.show_figures(self.current.result, len(self.panes.chosen), missing)

    @on(messages.Failed)
    def _show_failure(self, failure: messages.Failed) -> None:
        if not self._inquiry.stale(failure):
            self._bar.show_error(failure.error)

    @on(OptionList.OptionSelected, "ResultList")
    def action_read(self) -> None:
        """Read the selected article; a query still waiting for a pause is asked first, instead."""
        if self._bar.flush() or not self.panes.read():
            return
        if self.panes.selected and self.current:
            self.app.push_screen(ReaderScreen(self.texts, self.panes.selected, self.current.words))

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
                return True if self._nothing_found else None
            case "change":
                return parameters != ("rerank",) or self._preferred.depth > 0
            case "correct":
                return self._bar.suggestion is not None
            case _:
                return super().check_action(action, parameters)
