"""What stands under the query: the filters, the results or what is offered instead, the article selected."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import OptionList

from search.tui.i18n import Texts
from search.tui.services.search_session import Counts, Current
from search.tui.widgets.article_view import ArticlePane
from search.tui.widgets.filter_panel import FilterPanel
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.suggestion_list import Offer, OfferList
from search.types import Hit

_FILTERING = "-filtering"


class Panes(Horizontal):
    """Shows answers; ``current`` is the one that is shown, None where nothing was asked."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="panes")
        self.current: Current | None = None
        self._glancing = False
        self._filters = FilterPanel(texts)
        self._results = ResultList(texts)
        self._offers = OfferList()
        self._article = ArticlePane(texts)

    def compose(self) -> ComposeResult:
        """Beside one another, as far as each is shown."""
        yield self._filters
        yield self._results
        yield self._offers
        yield self._article

    @property
    def selected(self) -> Hit | None:
        """The result that the cursor is on."""
        return self._results.selected

    @property
    def chosen(self) -> tuple[Hit, ...]:
        """The results chosen, in the order they were."""
        return self._results.chosen

    @property
    def marked(self) -> tuple[Hit, ...]:
        """The results chosen, else the selected one, if any."""
        return self.chosen or tuple(filter(None, [self.selected]))

    @property
    def moved(self) -> bool:
        """Whether the cursor has left the first result."""
        return self._results.moved

    @property
    def filtering(self) -> bool:
        """Whether the filters are open."""
        return self._filters.display

    @property
    def in_filters(self) -> bool:
        """Whether the user is in the filters."""
        return self._filters.has_focus_within

    def title_of(self, article_id: str) -> str:
        """The title of an article shown, else its id."""
        shown = (one.article for one in self._results.listed)
        return next((article.title for article in shown if article.id == article_id), article_id)

    @property
    def folded(self) -> Hit | None:
        """The selected result, if it has copies that are not listed."""
        leader = self._results.leader
        return leader if leader and leader.copies and not self._results.unfolded(leader) else None

    def unfold(self, result: Hit, copies: tuple[Hit, ...]) -> None:
        """List the copies of a result under it."""
        self._results.unfold(result, copies)

    def fold(self) -> None:
        """List no copy of the selected result any more."""
        if (leader := self._results.leader) and self._results.unfolded(leader):
            self._results.fold(leader)

    def show(self, current: Current | None) -> None:
        """Show an answer from its first result on, or nothing; one that was glanced at stays as it is."""
        glanced = self._glancing and current is self.current
        self._glancing = False
        if glanced:
            self._show_article()
            return
        self.current = current
        self.offer("", ())
        if current is None:
            self._filters.clear()
        if current is not None and current.result.shown:
            self._results.show(current.result.shown, current.words)
        else:
            self._results.show_nothing()
            self._article.clear()

    def glance(self, current: Current) -> None:
        """Show an answer with results, while there may soon be another: the article waits for ``show``."""
        self.show(current)
        self._glancing = True

    def replace(self, current: Current) -> None:
        """Show another answer to the same question; the article selected stays selected, on its line."""
        if not (self.current and self.current.result.shown and current.result.shown):
            self.show(current)
            return
        self.current = current
        self._results.replace(current.result.shown, current.words)

    def revise(self, current: Current) -> None:
        """Show the same answer, longer or with other snippets."""
        shown = self.current.result.hits if self.current else ()
        if current.result.hits[: len(shown)] != shown:
            self.replace(current)
            return
        self.current = current
        self._results.extend(current.result.shown)

    def offer(self, heading: str, offers: Sequence[Offer], *keys: str) -> None:
        """Show a heading and offers in the place of the results; without a heading, the results.

        The offers have these keys, which the screen acts on, or digits.
        """
        focused = self._results.has_focus or self._offers.has_focus
        self._offers.show(heading, offers, *([keys] if keys else []))
        self._offers.display = bool(heading)
        self._results.display = not heading
        if focused:
            self.focus_list()

    def count(self, counts: Counts, counted: Current) -> None:
        """Show the counts of the articles of an answer, unless it is shown no more."""
        if counted is self.current:
            self._filters.show(counts, counted.request.query)

    def leave_all(self) -> None:
        """Forget which results were chosen."""
        self._results.leave_all()

    def focus_list(self) -> None:
        """Let the user move in the results, or in what is offered instead."""
        (self._offers if self._offers.display else self._results).focus()

    def toggle_filters(self) -> bool:
        """Open the filters, in the place of the article, and go there; from there, close them.

        Says whether they are open.
        """
        if self.in_filters:
            self._close_filters()
            return False
        self.open_filters()
        self._filters.focus_lists()
        return True

    def open_filters(self) -> None:
        """Open the filters, in the place of the article."""
        self._filters.display = True
        self.add_class(_FILTERING)

    def step_back(self) -> bool:
        """Step back within the filters, or from them or the article to the results; say whether one could."""
        if self.in_filters:
            if not self._filters.step_back():
                self._close_filters()
            return True
        if self._article.has_focus:
            self.focus_list()
            return True
        return False

    def read(self) -> bool:
        """Take what is offered, or go to the article selected; say whether it has to be shown elsewhere."""
        if self._offers.display:
            self._offers.take()
            return False
        if self.selected is None:
            return False
        if self._article.display:
            self._article.focus()
            return False
        self._results.focus()
        return True

    def take(self, place: int) -> None:
        """Take what is offered in this place, counted from 0, if anything is."""
        self._offers.take_from(place)

    async def move(self, how: str) -> None:
        """Move the cursor of the results, or of what is offered, by the name of one of their actions."""
        await (self._offers if self._offers.display else self._results).run_action(how)

    def _close_filters(self) -> None:
        self._filters.display = False
        self.remove_class(_FILTERING)
        self.focus_list()

    @on(OptionList.OptionHighlighted, "ResultList")
    def _show_article(self) -> None:
        if self.current and not self._glancing and (selected := self.selected):
            self._article.show(selected, self.current.words)
