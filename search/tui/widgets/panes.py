"""The panes below the query: filters, results or suggestions, and the selected article."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import OptionList

from search.tui.i18n import Texts
from search.tui.messages import FacetsCounted
from search.tui.services.search_session import Current
from search.tui.widgets.article_pane import ArticlePane
from search.tui.widgets.filter_layout import panel_width
from search.tui.widgets.filter_panel import FilterPanel
from search.tui.widgets.home import Home
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.suggestion_list import Suggestion, SuggestionList
from search.types import Hit
from search.user.article_marks import ArticleMarks

THREE_PANES = 150
"""Columns from which filters, results and article stand side by side."""
_FILTERING = "-filtering"
_AT_HOME = "-at-home"


class Panes(Horizontal):
    """Shows answers. ``current`` is the answer on the screen, None when nothing was asked.

    ``filters_shown`` is what the user has chosen; with None the filters are open where there is room for
    three panes. Elsewhere they take the place of the article. Posts ``FiltersOpened``.
    """

    class FiltersOpened(Message):
        """The filters are shown and want to be counted."""

    def __init__(self, texts: Texts, home: Home) -> None:
        super().__init__(id="panes")
        self.home = home
        self.current: Current | None = None
        self.filters_shown: bool | None = None
        self._previewing = False
        self._filters_width = 0
        self._filters = FilterPanel(texts)
        self._results = ResultList(texts)
        self._suggestions = SuggestionList()
        self._article = ArticlePane(texts)
        self._article.add_class(_AT_HOME)

    def compose(self) -> ComposeResult:
        """The panes from left to right; some of them are hidden."""
        yield self._filters
        yield self._results
        yield self._suggestions
        yield self._article

    @property
    def selected(self) -> Hit | None:
        """The hit under the cursor."""
        return self.home.selected_article if self.home.display else self._results.selected

    @property
    def chosen(self) -> tuple[Hit, ...]:
        """The chosen hits, in the order of choice."""
        return self._results.chosen

    @property
    def place(self) -> int:
        """The place of the selected hit among the hits, from 1; 0 without one. A copy has that of its hit."""
        return self._results.place

    @property
    def moved(self) -> bool:
        """Whether the cursor has left the first hit."""
        return self._results.moved

    @property
    def filters_open(self) -> bool:
        """Whether the filters are open, or will be beside the next answer."""
        return self._three if self.filters_shown is None else self.filters_shown

    @property
    def _three(self) -> bool:
        """Whether there is room for filters, results and article."""
        return self.app.size.width >= THREE_PANES

    @property
    def in_filters(self) -> bool:
        """Whether the filters have the focus."""
        return self._filters.has_focus_within

    def title_of(self, article_id: str) -> str:
        """The title of a listed article; its id when it is not listed."""
        articles = (hit.article for hit in (*self._results.listed, *self.home.articles))
        return next((article.title for article in articles if article.id == article_id), article_id)

    @property
    def hit_with_hidden_copies(self) -> Hit | None:
        """The selected hit if it has copies that are not listed."""
        leader = self._results.leader
        return leader if leader and leader.copies and not self._results.copies_shown(leader) else None

    def show_copies(self, hit: Hit, copies: tuple[Hit, ...]) -> None:
        """List the copies of a hit below it."""
        self._results.show_copies(hit, copies)

    def hide_copies(self) -> bool:
        """Hide the copies of the selected hit; return whether they were listed."""
        leader = self._results.leader
        if listed := leader is not None and self._results.copies_shown(leader):
            self._results.hide_copies(leader)
        return listed

    def show(self, current: Current | None) -> None:
        """Show an answer from its first hit on, or nothing. The list stays as it is after a preview of it."""
        previewed = self._previewing and current is self.current
        self._previewing = False
        if previewed:
            self._show_article()
            return
        self.current = current
        self._leave_home()
        self._article.set_class(current is None, _AT_HOME)  # of the panes, it would style all in them again
        self.show_suggestions("", ())
        if current is not None:
            self._lay_out_filters()
        else:
            self._filters.clear()
            self._filters_width, self._filters.styles.width = 0, None
        if current is not None and current.hits.shown:
            self._results.show(current.hits.shown, current.words)
        else:
            self._results.show_nothing()
            self._article.clear()

    async def show_home(self) -> None:
        """Show the home over the whole width; raises UsageError when the user's searches cannot be read."""
        if not self.home.display:
            focused = self._visible_list.has_focus
            self.show(None)
            if not self.home.is_attached:
                await self.mount(self.home)  # not before the first frame, which it would delay
            self._make_room_for_home()
            if focused:
                self.home.focus()
        self.home.show()

    def _make_room_for_home(self) -> None:
        """Hide the lists; filters that the user has left wait for the next answer."""
        self.home.display = True
        self._results.display = False
        if not self.in_filters:
            self._filters.display = False

    def _leave_home(self) -> None:
        if not self.home.display:
            return
        focused = self.home.has_focus_within
        self.home.hide()
        self._results.display = True
        if focused:
            self.focus_list()

    def preview(self, current: Current) -> None:
        """List the hits of an answer while the user types; the article pane waits for ``show``."""
        self.show(current)
        self._previewing = True

    def replace(self, current: Current) -> None:
        """Show another answer to the same question; the selected article stays selected, on its line."""
        if not (self.current and self.current.hits.shown and current.hits.shown):
            self.show(current)
            return
        self.current = current
        self._results.replace(current.hits.shown, current.words)

    def revise(self, current: Current) -> None:
        """Show the same answer with one more page or with better snippets."""
        shown = self.current.hits.hits if self.current else ()
        if current.hits.hits[: len(shown)] != shown:
            self.replace(current)
            return
        self.current = current
        self._results.extend(current.hits.shown)

    def show_suggestions(self, heading: str, suggestions: Sequence[Suggestion], *keys: str) -> None:
        """Show suggestions in the place of the results; without a heading, show the results.

        The suggestions have these keys, which the screen handles; without keys they have digits.
        """
        focused = self._results.has_focus or self._suggestions.has_focus
        self._suggestions.show(heading, suggestions, *([keys] if keys else []))
        self._suggestions.display = bool(heading)
        self._results.display = not heading
        if focused:
            self.focus_list()

    def show_counts(self, counted: FacetsCounted) -> None:
        """Show the facet counts of an answer, unless another answer is shown now.

        It may have one more page or better snippets by now: these often come before the counts.
        """
        if self.current is not None and counted.current.same_results(self.current):
            self._filters.show(counted.counts, counted.timeline, counted.current.request.query)
            self._filters_width = max(self._filters_width, panel_width(counted.counts, self.app.size.width))
            self._filters.styles.width = self._filters_width

    def show_marks(self, marks: ArticleMarks) -> None:
        """Show what the user has noted of the listed articles."""
        self._results.show_marks(marks)

    def clear_chosen(self) -> None:
        """Undo every choice."""
        self._results.clear_chosen()

    def focus_list(self) -> None:
        """Focus the results, or the suggestions when they are shown."""
        self._visible_list.focus()

    def toggle_filters(self) -> None:
        """Open and focus the filters; close them when they have the focus."""
        if self.in_filters:
            self._close_filters()
            return
        if not self.filters_open:
            self.filters_shown = None if self._three else True
        self._show_filters()
        self._filters.focus_lists()
        self.post_message(self.FiltersOpened())

    def on_resize(self) -> None:
        """Open or close the filters as the new width asks."""
        closed = not self._filters.display
        if self.current is not None:
            self._lay_out_filters()
        if closed and self._filters.display:
            self.post_message(self.FiltersOpened())
        self._filters_width, self._filters.styles.width = 0, None

    def _lay_out_filters(self) -> None:
        if self.filters_open:
            self._show_filters()
        else:
            self._filters.display = False
            self.remove_class(_FILTERING)

    def _show_filters(self) -> None:
        self._filters.display = True
        self.set_class(not self._three, _FILTERING)

    def step_back(self) -> bool:
        """Go one step back from the filters or from the article; return whether the focus was there."""
        if self.in_filters:
            if self._filters.step_back():
                return True
            if self._three:
                self.focus_list()
            else:
                self._close_filters()
            return True
        if self._article.has_focus:
            self.focus_list()
            return True
        return False

    def read(self) -> bool:
        """Accept a suggestion or focus the article pane; return whether a reader screen is needed instead."""
        if self._suggestions.display:
            self._suggestions.accept_selected()
            return False
        if self.home.display:
            self.home.accept_selected()
            return False
        if self.selected is None:
            return False
        if self._article.display:
            self._article.focus()
            return False
        self._results.focus()
        return True

    def accept_suggestion(self, place: int) -> None:
        """Accept the suggestion at this place, counted from 0, if there is one."""
        self._suggestions.accept(place)

    async def move_cursor(self, action: str) -> None:
        """Run a cursor action of the list that is shown, such as ``cursor_down``."""
        await self._visible_list.run_action(action)

    @property
    def _visible_list(self) -> ResultList | SuggestionList | Home:
        if self.home.display:
            return self.home
        return self._suggestions if self._suggestions.display else self._results

    def _close_filters(self) -> None:
        self.filters_shown = False if self._three else None
        self._lay_out_filters()
        self.focus_list()

    @on(OptionList.OptionHighlighted, "ResultList")
    def _show_article(self) -> None:
        if self.current and not self._previewing and (selected := self.selected):
            self._article.show(selected, self.current.words)
