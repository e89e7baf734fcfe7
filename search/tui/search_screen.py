"""The main screen: a query, its results, and the article selected among them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Footer, OptionList, Static
from textual.worker import get_current_worker

from search.engine import Engine
from search.errors import SearchError
from search.model import Mode, Sort
from search.query.tree import RankingWord
from search.tui.asking import Asker, Question
from search.tui.local_screen import LocalScreen
from search.tui.messages import Answered, Edited, Failed
from search.tui.query_bar import QueryBar
from search.tui.reader import ArticlePane, ReaderScreen
from search.tui.results import ResultList
from search.tui.texts import Texts

WIDE = 100
"""Columns from which the article is shown beside the results."""
_MODES = list(Mode)
_SORTS = list(Sort)
_Choice = TypeVar("_Choice", Mode, Sort)


class SearchScreen(LocalScreen):
    """Asks while the user types; an answer to an earlier question than the last is never shown."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "read", "read", tooltip="Read the selected article", priority=True),
        Binding("slash", "search", "search", tooltip="Go to the search box", key_display="/"),
        Binding("f2", "next_mode", "mode", tooltip="Mode: hybrid, keywords, meaning"),
        Binding("f3", "next_sort", "sort", tooltip="Sort by relevance or by date"),
        Binding("down", "move('cursor_down')", "Next result, from the box", show=False, priority=True),
        Binding("up", "move('cursor_up')", "Previous result, from the box", show=False, priority=True),
        Binding("pagedown", "move('page_down')", "A page of results down", show=False, priority=True),
        Binding("pageup", "move('page_up')", "A page of results up", show=False, priority=True),
        Binding("tab", "app.focus_next", "Next pane", show=False),
        Binding("shift+tab", "app.focus_previous", "Previous pane", show=False),
        Binding("escape", "back", "back", tooltip="Step back; in the search box, empty it"),
    ]

    def __init__(self, texts: Texts, about: str) -> None:
        super().__init__(texts)
        self._about = about
        self._bar = QueryBar(texts)
        self._results = ResultList(texts)
        self._pane = ArticlePane(texts)
        self._asker: Asker | None = None
        self._question = Question(0, "", Mode.HYBRID, Sort.RELEVANCE)
        self._answered = 0
        self._words: tuple[RankingWord, ...] = ()

    def compose(self) -> ComposeResult:
        """Title, query, results beside the article, keys."""
        with Horizontal(id="top"):
            yield Static(self.app.title, id="title", markup=False)
            yield Static(self._about, id="about", markup=False)
        yield self._bar
        with Horizontal(id="panes"):
            yield self._results
            yield self._pane
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Let the user type at once."""
        self._bar.show_choices(self._question.mode, self._question.sort)
        self._bar.focus_box()

    def use(self, engine: Engine) -> None:
        """Answer from this engine, what was typed meanwhile first."""
        self._asker = Asker(engine)
        self._bar.show_hint()
        self._ask(self._question)

    @on(Edited)
    def _ask_text(self, message: Edited) -> None:
        self._ask(replace(self._question, text=message.text))

    def action_next_mode(self) -> None:
        """Ask the same of other legs."""
        self._ask(replace(self._question, mode=_following(_MODES, self._question.mode)))

    def action_next_sort(self) -> None:
        """Ask for the same in another order."""
        self._ask(replace(self._question, sort=_following(_SORTS, self._question.sort)))

    def _ask(self, question: Question) -> None:
        self._question = replace(question, number=self._question.number + 1)
        self._bar.show_choices(question.mode, question.sort)
        if self._asker is None:
            return
        if question.text.strip():
            self._search(self._asker, self._question)
        else:
            self._show_nothing()

    def _show_nothing(self) -> None:
        self.workers.cancel_group(self, "search")
        self._bar.show_hint()
        self._results.show_note("")
        self._pane.clear()

    @work(thread=True, exclusive=True, group="search")
    def _search(self, asker: Asker, question: Question) -> None:
        worker = get_current_worker()
        try:
            for query, result in asker.answers(question, lambda: worker.is_cancelled):
                self.post_message(Answered(question, query, result))
        except SearchError as error:
            self.post_message(Failed(question, error))

    @on(Answered)
    def _show_answer(self, answer: Answered) -> None:
        if answer.question.number != self._question.number:
            return
        selected = self._results.selected
        again = answer.question.number == self._answered
        self._answered = answer.question.number
        self._words = answer.query.words
        self._bar.show_answer(answer)
        if answer.result.results:
            keep = selected.article.id if again and selected else None
            self._results.show(answer.result.results, self._words, keep)
        else:
            self._results.show_note("" if answer.pending else self.texts.nothing_found)
            self._pane.clear()

    @on(Failed)
    def _show_failure(self, failure: Failed) -> None:
        if failure.question.number == self._question.number:
            self._bar.show_error(failure.error)

    @on(OptionList.OptionHighlighted)
    def _show_article(self) -> None:
        if selected := self._results.selected:
            self._pane.show(selected, self._words)

    @on(OptionList.OptionSelected)
    def _read_clicked(self) -> None:
        self.action_read()

    def action_read(self) -> None:
        """Read the selected article; a query still waiting for a pause is asked first, instead."""
        selected = self._results.selected
        if self._bar.flush() or selected is None:
            return
        if self._pane.display:
            self._pane.focus()
        else:
            self._results.focus()
            self.app.push_screen(ReaderScreen(self.texts, selected, self._words))

    def action_search(self) -> None:
        """Go to the search box."""
        self._bar.focus_box()

    def action_back(self) -> None:
        """Go from the article to the results, from there to the box, there empty it."""
        if self._pane.has_focus:
            self._results.focus()
        elif self._bar.focused:
            self._bar.clear()
        else:
            self._bar.focus_box()

    async def action_move(self, how: str) -> None:
        """Move the cursor of the results, by the name of one of their actions."""
        await self._results.run_action(how)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Give the arrows to the results while the user types, and ``/`` a meaning when not."""
        if action == "move":
            return self._bar.focused
        if action == "search":
            return not self._bar.focused
        return super().check_action(action, parameters)


def _following(choices: Sequence[_Choice], choice: _Choice) -> _Choice:
    return choices[(choices.index(choice) + 1) % len(choices)]
