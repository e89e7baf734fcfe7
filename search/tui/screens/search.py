"""The search screen: the query, the results, and the selected article."""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import OptionList

from search.build_types import Manifest
from search.errors import SearchError
from search.query.article_sets import KnownSets, no_sets
from search.tui import messages
from search.tui.format.missing_article import first_step, purpose
from search.tui.i18n import Texts
from search.tui.keymap import SEARCH_BINDINGS
from search.tui.screens.localized import LocalizedScreen
from search.tui.screens.reader import ReaderScreen
from search.tui.services.search_session import Current, Question
from search.tui.services.search_worker import SearchWorker
from search.tui.services.user_data import UserData
from search.tui.widgets.answer_view import AnswerView
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.filter_chips import ChipRow
from search.tui.widgets.header import AppHeader
from search.tui.widgets.home import Home
from search.tui.widgets.key_hints import KeyHints, useful_actions
from search.tui.widgets.panes import Panes
from search.tui.widgets.query_bar import QueryBar
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.suggestion_list import Suggestion, SuggestionList, advice_keys
from search.tui.widgets.timeline import TimelineChart
from search.types import NO_RESCORING, Hit, Hits, Mode, Rescoring, Sort
from search.user.saved_searches import SavedSearch

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

WIDE = 100  # columns from which the article is shown beside the results
LOAD_AFTER = 1.0  # seconds for a first query before the model is loaded, which slows everything down


class SearchScreen(LocalizedScreen[None]):
    """Keywords answer after every key, and the whole question is asked when the user pauses.

    An older answer never replaces a newer one.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [*SEARCH_BINDINGS]

    def __init__(self, texts: Texts, user_data: UserData, preferred: Rescoring = NO_RESCORING) -> None:
        super().__init__(texts)
        self.header = AppHeader(texts)
        self._bar = QueryBar(texts)
        self.panes = Panes(texts, Home(texts, user_data))
        self._answer = AnswerView(texts, self.panes)
        self._preferred = preferred
        self._search_worker = SearchWorker(self, Question(0, "", Mode.HYBRID, Sort.RELEVANCE, preferred))

    @property
    def current(self) -> Current | None:
        """The answer that is shown."""
        return self.panes.current

    @property
    def question(self) -> Question:
        """The last question."""
        return self._search_worker.question

    @property
    def half_answered(self) -> bool:
        """Whether only keywords have answered a hybrid question so far."""
        return self.current is not None and self.current.awaits_meaning(self.question)

    def explain_missing_article(self, action: str) -> None:
        """Notify the user who acts on an article where there is none of what to do first."""
        asked = self.question.text.strip() if self._answer.nothing_found else ""
        self.notify(f"{purpose(self.texts, action)} {first_step(self.texts, asked)}")

    @property
    def focus_chain(self) -> list[Widget]:
        """The box, the results and the article; then the filters and their chips."""
        last = (FacetList, TimelineChart, ChipRow)
        return sorted(super().focus_chain, key=lambda widget: isinstance(widget, last))

    def compose(self) -> ComposeResult:
        """The header, the query, the answer, and the footer with the keys."""
        yield self.header
        yield self._bar
        yield self._answer
        yield KeyHints(lambda: useful_actions(self.focused, answered=self.current is not None))

    def on_mount(self) -> None:
        """Focus the box, so that the user can type at once."""
        self._bar.show_choices(self.question)
        self._bar.focus_box()

    def use(self, engine: "Engine", manifest: Manifest, sets: KnownSets = no_sets) -> None:
        """Ask this engine from now on, first what the user has typed meanwhile; ``sets`` are the user's."""
        self._search_worker.use(engine, sets)
        self.header.show_model_loading()
        self.panes.home.use(engine, manifest)
        self._ask(self.question)
        self.set_timer(LOAD_AFTER, self._search_worker.load_model)

    def ask(self, text: str, mode: Mode | None = None, sort: Sort | None = None) -> None:
        """Put a query in the box and ask it; without ``mode`` or ``sort`` they stay as they are."""
        self._bar.set_text(text)
        question = self.question
        self._ask(replace(question, text=text, mode=mode or question.mode, sort=sort or question.sort))

    def count(self, text: str) -> int:
        """See ``SearchWorker.count``."""
        return self._search_worker.count(text)

    def show_similar(self, hits: Hits) -> None:
        """Show the articles that are similar to the one whose id is ``hits.query``."""
        understood = self.texts.similar_to.format(self.panes.title_of(hits.query))
        self._show_similar(replace(hits, understood=understood), self.question)

    def _show_similar(self, similar: Hits, question: Question) -> None:
        self._search_worker.set_question(question)
        self._bar.show_choices(question)
        self._answer.show_similar(similar, question.sort)
        self._show_surroundings()
        self._count_facets()

    @on(messages.Typed)
    def _preview(self, message: messages.Typed) -> None:
        if self._bar.waits:  # otherwise a whole question was asked meanwhile, and none would follow
            self._begin(message.text)
            self._search_worker.preview(replace(self.question, text=message.text))

    @on(messages.Edited)
    def _ask_text(self, message: messages.Edited) -> None:
        if message.text == self._bar.text:  # otherwise the box was filled meanwhile, or is edited still
            self._ask(replace(self.question, text=message.text))

    def action_change(self, setting: str) -> None:
        """Ask the same question with one other setting; see ``Question.changed``.

        Similar articles stay, in another order.
        """
        question = self.question.changed(setting, self._preferred)
        if self._answer.similar is not None and setting == "sort":
            self._show_similar(self._answer.similar, question)
        else:
            self._ask(question)

    def _ask(self, question: Question) -> None:
        self._begin(question.text)
        self._search_worker.set_question(question)
        self._bar.show_choices(question)
        if question.text.strip():
            self._search_worker.answer()
        elif self._search_worker.ready:
            self.call_next(self._show_home)

    def _begin(self, text: str) -> None:
        if text != self.question.text:
            self.panes.clear_chosen()
        self._answer.similar = None

    async def _show_home(self) -> None:
        """Show the archive and earlier searches while the box is empty."""
        if self.question.text.strip():
            return
        self._bar.clear_answer()
        try:
            await self._answer.show_home()
        except SearchError as error:
            self._bar.show_error(error)

    @on(Home.Chosen)
    def _take_choice(self, message: Home.Chosen) -> None:
        match message.choice:
            case Hit() as hit:
                self.app.push_screen(ReaderScreen(self.texts, hit, ()))
            case SavedSearch(query=text, mode=mode) | Suggestion(text=text, mode=mode):
                self.ask(text, mode)

    @on(SuggestionList.Accepted)
    def _ask_suggestion(self, message: SuggestionList.Accepted) -> None:
        self.ask(message.suggestion.text, message.suggestion.mode)

    @on(messages.Advised)
    def _show_advice(self, message: messages.Advised) -> None:
        if self._search_worker.is_stale(message):
            return
        self._answer.show_correction(message.advice.correction)  # its key is one of those that are bound
        if self._answer.nothing_found:
            keys = advice_keys(self.active_bindings.values(), self.app.get_key_display)
            self._answer.show_alternatives(message.advice, keys)

    def action_alternative(self, place: int) -> None:
        """Ask an alternative."""
        self._answer.accept_alternative(place)

    def action_correct(self) -> None:
        """Ask the corrected query."""
        self.ask(self._answer.notes.correction or self._bar.text)

    @on(messages.ModelLoaded)
    def _show_model(self, message: messages.ModelLoaded) -> None:
        self.header.show_model_loaded(message.error)
        self.panes.home.allow_counting()

    @on(messages.Previewed)
    def _show_preview(self, message: messages.Previewed) -> None:
        if not self._search_worker.is_stale(message):
            self._answer.preview(message.current)
            self._show_surroundings()

    @on(messages.Answered)
    def _show_answer(self, message: messages.Answered) -> None:
        if self._search_worker.is_stale(message):
            return
        self._answer.show(message.question, message.current, keep_place=not self._bar.focused)
        self._show_surroundings()
        self._count_facets()

    def _show_surroundings(self) -> None:
        self._bar.hide_error()
        self._show_figures()

    @on(Panes.FiltersOpened)
    def _count_facets(self) -> None:
        if self.panes.filters_open and self.current:
            self._search_worker.count_facets(self.current)

    @on(messages.FacetsCounted)
    def _show_counts(self, message: messages.FacetsCounted) -> None:
        self.panes.show_counts(message)

    def action_filters(self) -> None:
        """Open and focus the filters; close them when they have the focus."""
        self.panes.toggle_filters()

    def action_remove_filter(self) -> None:
        """Remove the last filter."""
        self._answer.notes.chips.remove_last()

    @on(messages.Refine)
    def _refine(self, message: messages.Refine) -> None:
        if (text := self._bar.refined(message)) is not None:
            self.ask(text)

    @on(ResultList.NearEnd)
    def _load_next_page(self) -> None:
        if self.current:
            self._search_worker.load_next_page(self.current)

    @on(messages.Revised)
    def _show_revised(self, message: messages.Revised) -> None:
        if message.before is self.current:
            self.panes.revise(message.current)

    def action_copies(self) -> None:
        """Show the copies of the selected hit below it, or hide them; say where there are none."""
        if self.panes.selected is None:
            self.explain_missing_article("copies")
        elif self.current and (hit := self.panes.hit_with_hidden_copies):
            self._search_worker.load_copies(self.current, hit)
        elif not self.panes.hide_copies():
            self.notify(self.texts.translate("This article has no copies."))

    @on(messages.CopiesLoaded)
    def _show_copies(self, message: messages.CopiesLoaded) -> None:
        self.panes.show_copies(message.hit, message.copies)

    @on(ResultList.Chosen)
    @on(OptionList.OptionHighlighted, "ResultList")
    def _show_figures(self) -> None:
        if self.current is not None:
            loading = self._search_worker.model_loading
            note = self._bar.order_note(self.current, self.question, model_loading=loading)
            self._bar.show_figures(self.current.hits, self.panes.place, len(self.panes.chosen), note)

    @on(messages.Failed)
    def _show_failure(self, message: messages.Failed) -> None:
        if self._search_worker.is_stale(message):
            return
        if self._search_worker.ready:
            self._bar.show_error(message.error)
        else:
            self._answer.notes.show_no_index(message.error)

    @on(messages.Entered)
    def _read_answer(self) -> None:
        """Read the selected article, unless an answer to the query in the box is still to come."""
        answered = self._answer.answers(self.question)
        if self._bar.waits or answered or not self.question.text.strip():
            self.action_read()

    @on(OptionList.OptionSelected, "ResultList")
    def action_read(self) -> None:
        """Read the selected article. While a query waits for a pause, ask it instead."""
        if self._bar.end_pause() or not self.panes.read():
            return
        if self.panes.selected and self.current:
            self.app.push_screen(ReaderScreen(self.texts, self.panes.selected, self.current.words))

    def action_search(self) -> None:
        """Focus the box."""
        self._bar.focus_box()

    def action_back(self) -> None:
        """Go back: from article or filters to the results, from there to the box; in the box, empty it.

        From similar articles, go back to the answer before.
        """
        if self.panes.step_back():
            return
        if self._answer.similar is not None:
            self._ask(self.question)
        elif self._bar.focused:
            self._bar.clear()
        else:
            self._bar.focus_box()

    async def action_move(self, action: str) -> None:
        """Run a cursor action of the list, such as ``cursor_down``."""
        await self.panes.move_cursor(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow an action only where it is possible. The arrows move in the results while the user types."""
        match action:
            case "move":
                return self._bar.focused
            case "search":
                return not (self._bar.focused or self.panes.in_filters)
            case "read":
                elsewhere = self._answer.notes.chips.has_focus or isinstance(self.focused, TimelineChart)
                return not (self._bar.focused or self.panes.in_filters or elsewhere)
            case "alternative":
                return True if self._answer.nothing_found else None
            case "change":
                return parameters != ("rerank",) or self._preferred.depth > 0
            case "correct":
                return self._answer.notes.correction is not None
            case _:
                return super().check_action(action, parameters)
