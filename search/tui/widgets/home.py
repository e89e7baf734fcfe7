"""The home: what is shown while the box is empty."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import OptionList, Static

from search.build_types import Manifest
from search.query.ast import Query
from search.retrieval.overview import Overview
from search.retrieval.timeline import Timeline
from search.text.sanitize import flat
from search.tui.format.archive_summary import archive_summary
from search.tui.format.missing_article import first_step, purpose
from search.tui.i18n import Texts
from search.tui.services.home_worker import HomeWorker, NewCounted, OverviewLoaded
from search.tui.services.user_data import EarlierSearches, UserData
from search.tui.widgets.home_rows import (
    Choice,
    QueryRow,
    article_rows,
    example_rows,
    recent_rows,
    saved_rows,
    source_rows,
    with_keys,
)
from search.tui.widgets.home_section import HomeSection
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.timeline import TimelineChart
from search.types import Hit
from search.user.saved_searches import SavedSearch

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_QUERIES = 6  # saved and recent ones, so that digits are left for the examples
_MOST_SAVED = 4
_MOST_SOURCES = 8
_SOURCES_IN_ONE_COLUMN = 5
_FEWEST_ARTICLES = 8  # more where they fit beside the searches
_ARTICLE_LINES, _OTHER_LINES = 2, 9
_LETTERS = ("choose", "mode", "sort", "copies", "form", "filters")  # keys of the results that work here too
_NO_QUERY = Query("", (), None, "")


class Home(VerticalScroll, can_focus=True):
    """An overview of the archive, and where to begin: saved and recent searches, examples, sources, news.

    It is drawn at once with what is known, and completed when workers have found out the rest. One cursor
    walks through all rows. The user chooses one by its digit, by Enter or by a click: ``Chosen``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor_down", "Next line", show=False),
        Binding("up,k", "cursor_up", "Previous line", show=False),
        *(
            replace(binding, show=False)
            for binding in Binding.make_bindings(ResultList.BINDINGS)
            if binding.id in _LETTERS
        ),
    ]

    @dataclass
    class Chosen(Message):
        """The user has chosen a query, a saved search or an article."""

        choice: Choice

    def __init__(self, texts: Texts, user_data: UserData) -> None:
        super().__init__(id="home")
        self._texts = texts
        self._user_data = user_data
        self._worker = HomeWorker(self, user_data)
        self._manifest: Manifest | None = None
        self._overview: Overview | None = None
        self._earlier = EarlierSearches((), ())
        self._new: dict[str, int] = {}
        self._outdated = False
        self._may_count = False
        self._timeline = TimelineChart(texts)
        self._missing = Static(id="missing", markup=False)
        self._saved, self._recent, self._examples = HomeSection(), HomeSection(), HomeSection()
        self._sources, self._newest = HomeSection(), HomeSection()
        self.display = False

    def compose(self) -> ComposeResult:
        """The archive over the whole width; below it the searches and the sources beside the articles."""
        yield self._timeline
        yield self._missing
        with Horizontal(id="home-columns"):
            with Vertical(id="home-searches"):
                yield from (self._saved, self._recent, self._examples, self._sources)
            with Vertical(id="home-articles"):
                yield self._newest

    @property
    def selected(self) -> Choice | None:
        """What the row under the cursor offers."""
        section = self._cursor_section
        return None if section is None else section.selected

    @property
    def selected_article(self) -> Hit | None:
        """The article under the cursor."""
        return selected if isinstance(selected := self.selected, Hit) else None

    @property
    def articles(self) -> tuple[Hit, ...]:
        """The articles that are listed."""
        return () if self._overview is None else self._overview.newest

    def use(self, engine: "Engine", manifest: Manifest) -> None:
        """Show this archive from now on; what is known of the one before stays until it is looked into."""
        self._manifest, self._outdated = manifest, True
        self._new.clear()
        self._worker.use(engine)

    def show(self) -> None:
        """Show what is known now; raises UsageError when the user's searches cannot be read."""
        if self._outdated:
            self._outdated = False
            self._show_archive()
            self._worker.load_overview()
        self._earlier = EarlierSearches((), ())
        try:
            self._earlier = self._user_data.earlier_searches(_MOST_SAVED, _QUERIES)
        finally:
            self._show_searches()
        self.count_new()

    def hide(self) -> None:
        """Make room for an answer."""
        self.display = False
        self._worker.stop_counting()

    def allow_counting(self) -> None:
        """Count new articles from now on: the model, which that needs, is loaded or cannot be."""
        self._may_count = True
        self.count_new()

    def count_new(self) -> None:
        """Count the new articles of the saved searches that are shown."""
        if self.display and self._may_count:
            self._worker.count_new(self._earlier.saved)

    def accept_selected(self) -> None:
        """Choose the row under the cursor."""
        if (selected := self.selected) is not None:
            self._choose(selected)

    def action_cursor_down(self) -> None:
        """Go to the next row, also in the next section."""
        self._move(1)

    def action_cursor_up(self) -> None:
        """Go to the row before; from the first one, show what is above it."""
        self._move(-1)

    def action_choose(self) -> None:
        """Tell what the results are chosen for: here there are none."""
        self.notify(f"{purpose(self._texts, 'choose')} {first_step(self._texts)}")

    def on_key(self, event: events.Key) -> None:
        """Choose the row of this digit."""
        rows = (row for section in self._sections for row in section.rows if isinstance(row, QueryRow))
        row = next((row for row in rows if row.key and row.key == event.character), None)
        if row is not None:
            event.stop()
            self._choose(row.choice)

    def on_resize(self) -> None:
        """Fit the articles to the new size."""
        self._show_articles()

    @on(OverviewLoaded)
    def _show_overview(self, message: OverviewLoaded) -> None:
        message.stop()
        self._overview = message.overview
        self._outdated = bool(message.overview.missing)  # what is missing may be back the next time
        self._show_archive()
        self._show_searches()
        self._show_articles()

    @on(NewCounted)
    def _show_new(self, message: NewCounted) -> None:
        message.stop()
        self._new[message.name] = message.new
        self._show_searches()

    @on(OptionList.OptionSelected)
    def _choose_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        for section in self._sections:
            if section is not event.option_list:
                section.move_to(None)
        self.accept_selected()

    @on(OptionList.OptionHighlighted)
    def _keep_to_itself(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

    @property
    def _sections(self) -> tuple[HomeSection, ...]:
        """The sections in the order in which the cursor walks through them."""
        return self._saved, self._recent, self._examples, self._sources, self._newest

    @property
    def _cursor_section(self) -> HomeSection | None:
        return next((section for section in self._sections if section.place is not None), None)

    def _choose(self, choice: Choice) -> None:
        if isinstance(choice, SavedSearch):
            self._new.pop(choice.name, None)
            self._worker.mark_seen(choice)
        self.post_message(self.Chosen(choice))

    def _move(self, step: int) -> None:
        rows = [(section, place) for section in self._sections for place in range(len(section.rows))]
        current = self._cursor_section
        if not rows:
            return
        at = -1 if current is None else rows.index((current, current.place or 0))
        section, place = rows[max(0, min(len(rows) - 1, at + step))]
        if current is not None and current is not section:
            current.move_to(None)
        section.move_to(place)
        if (section, place) == rows[0]:
            self.scroll_home(animate=False)

    def _show_searches(self) -> None:
        """Show what can be asked; the cursor stays, else it is on the first of the user's searches."""
        texts, overview = self._texts, self._overview
        saved, recent, examples = with_keys(
            saved_rows(texts, self._earlier.saved, self._new),
            recent_rows(texts, self._earlier.recent),
            [] if overview is None else example_rows(overview),
        )
        self._saved.show(texts.translate("Saved searches"), saved)
        self._recent.show(texts.translate("Recent searches"), recent)
        self._examples.show(texts.translate("To begin with"), examples)
        if self._cursor_section is None and (saved or recent):
            self._move(1)

    def _show_archive(self) -> None:
        """Show the dates of the archive, with what else is known of it above them."""
        overview, manifest = self._overview, self._manifest
        if manifest is None:
            return
        counts = None if overview is None else overview.counts
        timeline = Timeline() if counts is None else counts.timeline
        self._timeline.show(timeline, _NO_QUERY, archive_summary(self._texts, manifest, counts))
        self._timeline.set_class(counts is not None and counts.first == counts.last, "-flat")
        missing = () if overview is None else overview.missing
        self._missing.update("\n".join(flat(self._texts.translate(one)) for one in missing))
        self._missing.display = bool(missing)

    def _show_articles(self) -> None:
        """Show as many sources and articles as fit beside each other, or a few of them in one column."""
        texts, overview = self._texts, self._overview
        if overview is None:
            return
        most = _SOURCES_IN_ONE_COLUMN if self.screen.has_class("-narrow") else _MOST_SOURCES
        self._sources.show(texts.translate("Main sources"), source_rows(texts, overview, most))
        fit = (self.size.height - _OTHER_LINES) // _ARTICLE_LINES
        rows = article_rows(texts, overview, date.today())[: max(_FEWEST_ARTICLES, fit)]
        undated = not overview.counts.first
        heading = texts.translate("Articles") if undated else texts.translate("Newest articles")
        self._newest.show(heading, rows)
