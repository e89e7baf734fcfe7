"""The list of results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from search.query.ast import RankingWord
from search.tui.format.missing_article import first_step, purpose
from search.tui.i18n import Texts
from search.tui.widgets.result_row import ResultRow, RowRenderer
from search.types import Hit
from search.user.article_marks import NO_MARKS, ArticleMarks

_MIN_WIDTH = 20
_LOAD_AHEAD = 10  # rows below the selected one; with fewer left, the next page is loaded


class ResultList(OptionList):
    """One row for each hit: title and date, source and score bars, two lines of snippet.

    Copies are listed below their hit once the user asks for them. The user may choose several hits. Posts
    ``NearEnd`` when the cursor comes near the last row, and ``Chosen`` when the chosen hits change.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "x,space",
            "choose",
            "choose",
            tooltip="Choose this result, or undo that",
            key_display="x",
            id="choose",
        ),
        Binding(
            "m",
            "screen.change('mode')",
            "mode",
            tooltip="Mode: hybrid, keywords, meaning",
            show=False,
            id="mode",
        ),
        Binding(
            "s",
            "screen.change('sort')",
            "sort",
            tooltip="Order: relevance, newest or oldest first",
            show=False,
            id="sort",
        ),
        Binding(
            "c",
            "screen.copies",
            "copies",
            tooltip="Show or hide the copies of this result",
            show=False,
            id="copies",
        ),
        Binding(
            "a",
            "app.dialog('form')",
            "form",
            tooltip="Advanced search: a form writes the query",
            show=False,
            id="form",
        ),
        Binding("f", "screen.filters", "filters", tooltip="Filters, with counts", show=False, id="filters"),
        Binding(
            "backspace",
            "screen.remove_filter",
            "remove filter",
            tooltip="Remove the last filter",
            show=False,
            id="remove_last_filter",
        ),
        Binding("j", "cursor_down", "Next result", show=False, id="next_result"),
        Binding("k", "cursor_up", "Previous result", show=False, id="previous_result"),
        Binding("g", "first", "First result", show=False, id="first_result"),
        Binding("G", "last", "Last result", show=False, id="last_result"),
    ]

    @dataclass
    class NearEnd(Message):
        """The cursor is near the last row."""

    @dataclass
    class Chosen(Message):
        """The user has chosen a hit, or undone a choice."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(markup=False)
        self._texts = texts
        self._hits: tuple[Hit, ...] = ()
        self._rows: list[ResultRow] = []
        self._copies: dict[str, tuple[Hit, ...]] = {}
        self._words: Sequence[RankingWord] = ()
        self._chosen: dict[str, Hit] = {}
        self._tops: list[int] = []
        self._marks = NO_MARKS
        self._places: dict[str, int] = {}

    @property
    def selected(self) -> Hit | None:
        """The hit under the cursor; it may be a copy."""
        row = self._selected_row
        return None if row is None else row.hit

    @property
    def leader(self) -> Hit | None:
        """The hit under the cursor; for a copy, the hit that it is a copy of."""
        row = self._selected_row
        return None if row is None else row.leader

    @property
    def place(self) -> int:
        """The place of ``leader`` among the hits, from 1; 0 without one."""
        leader = self.leader
        return 0 if leader is None else self._places[leader.article.id]

    @property
    def listed(self) -> tuple[Hit, ...]:
        """The hits in the order of the rows, listed copies included."""
        return tuple(row.hit for row in self._rows)

    @property
    def chosen(self) -> tuple[Hit, ...]:
        """The chosen hits, in the order of choice."""
        return tuple(self._chosen.values())

    @property
    def moved(self) -> bool:
        """Whether the cursor has left the first row."""
        return bool(self.highlighted)

    def show(self, hits: tuple[Hit, ...], words: Sequence[RankingWord]) -> None:
        """List these hits and select the first."""
        self._hits, self._words = hits, words
        self._copies.clear()
        self._fill(None)

    def replace(self, hits: tuple[Hit, ...], words: Sequence[RankingWord]) -> None:
        """List these hits; the selected article stays selected, on its line of the screen."""
        self._hits, self._words = hits, words
        ids = {hit.article.id: [copy.id for copy in hit.copies] for hit in hits}
        self._copies = {
            leader: copies
            for leader, copies in self._copies.items()
            if ids.get(leader) == [copy.article.id for copy in copies]
        }
        self._refill(self.selected)

    def extend(self, hits: tuple[Hit, ...]) -> None:
        """List these hits, which begin with the listed ones."""
        listed, self._hits = len(self._hits), hits
        self._add(hits[listed:])

    def copies_shown(self, hit: Hit) -> bool:
        """Whether the copies of this hit are listed."""
        return hit.article.id in self._copies

    def show_copies(self, hit: Hit, copies: tuple[Hit, ...]) -> None:
        """List these copies below their hit, unless the hit is no longer listed."""
        if any(_same_article(one, hit) and one.copies == hit.copies for one in self._hits):
            self._copies[hit.article.id] = copies
            self._refill(self.selected)
            self._scroll_to_copies(hit)

    def hide_copies(self, hit: Hit) -> None:
        """Hide the copies of this hit; it is selected if one of them was."""
        del self._copies[hit.article.id]
        self._refill(hit if self.leader == hit else self.selected)

    def show_nothing(self) -> None:
        """List no hit."""
        self._hits = ()
        self._copies.clear()
        self._fill(None)

    def show_marks(self, marks: ArticleMarks) -> None:
        """Show what the user has noted of articles; the rows whose marks have changed are drawn again."""
        before, self._marks = self._marks, marks
        first = bool(before.read) != bool(marks.read)
        renderer = self._renderer()
        for place, row in enumerate(self._rows):
            article_id = row.hit.article.id
            same = before.of(article_id) == marks.of(article_id) and all(
                (article_id in earlier) is (article_id in now)
                for earlier, now in ((before.read, marks.read), (before.news, marks.news))
            )
            if first or not same:
                self.replace_option_prompt_at_index(place, renderer.render(row))

    def clear_chosen(self) -> None:
        """Undo every choice."""
        self._chosen.clear()

    def action_choose(self) -> None:
        """Choose the selected hit, or undo that, and go to the next row."""
        selected = self.selected
        if selected is None or self.highlighted is None:
            self.notify(f"{purpose(self._texts, 'choose')} {first_step(self._texts)}")
            return
        if self._chosen.pop(selected.article.id, None) is None:
            self._chosen[selected.article.id] = selected
        prompt = self._renderer().render(self._rows[self.highlighted])
        self.replace_option_prompt_at_index(self.highlighted, prompt)
        if self.highlighted + 1 < len(self._rows):
            self.action_cursor_down()
        self.post_message(self.Chosen())

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Ask for the next page before the cursor reaches the last row."""
        super().watch_highlighted(highlighted)
        if highlighted is not None and highlighted + _LOAD_AHEAD >= len(self._rows):
            self.post_message(self.NearEnd())

    def on_resize(self) -> None:
        """Fit the rows to the new width."""
        if self._hits:
            self._fill(self.selected)

    @property
    def _selected_row(self) -> ResultRow | None:
        return self._rows[self.highlighted] if self._rows and self.highlighted is not None else None

    def _refill(self, keep: Hit | None) -> None:
        """List everything again; ``keep`` is selected, on the line of the screen where the cursor is now."""
        line = self._cursor_line()
        self._fill(keep)
        if keep is not None and self.selected is not None and _same_article(self.selected, keep):
            self._scroll_cursor_to(line)

    def _fill(self, keep: Hit | None) -> None:
        """List everything again and select ``keep``, else the first row."""
        self._tops, self._rows = [], []
        self._places.clear()
        self.set_options(())
        self._add(self._hits)
        if self._rows:
            places = (place for place, row in enumerate(self._rows) if keep and _same_article(row.hit, keep))
            self.highlighted = next(places, 0)

    def _add(self, leaders: Iterable[Hit]) -> None:
        """List these hits, each followed by its copies if they are shown."""
        renderer, listed = self._renderer(), len(self._rows)
        for leader in leaders:
            copies = self._copies.get(leader.article.id, ())
            self._places[leader.article.id] = len(self._places) + 1
            self._rows += [ResultRow(hit, leader) for hit in (leader, *copies)]
        options = [Option(renderer.render(row), row.hit.article.id) for row in self._rows[listed:]]
        heights = (str(option.prompt).count("\n") + 1 for option in options)
        self._tops += accumulate(heights, initial=self._tops.pop() if self._tops else 0)
        self.add_options(options)

    def _cursor_line(self) -> int:
        """The line, counted from the top of the visible list, where the selected row begins."""
        return 0 if self.highlighted is None else self._tops[self.highlighted] - self.scroll_offset.y

    def _scroll_cursor_to(self, line: int) -> None:
        """Scroll so that the selected row is on this line, as far as the list allows."""
        self.scroll_to(y=self._cursor_line() + self.scroll_offset.y - line, animate=False, immediate=True)

    def _scroll_to_copies(self, hit: Hit) -> None:
        """Scroll until the copies of a hit are in view, but never past the hit itself."""
        places = [place for place, row in enumerate(self._rows) if _same_article(row.leader, hit)]
        top, bottom = self._tops[places[0]], self._tops[places[-1] + 1]
        wanted = min(top, bottom - self.scrollable_content_region.height)
        if self.scroll_offset.y < wanted:
            self.scroll_to(y=wanted, animate=False, immediate=True)

    def _renderer(self) -> RowRenderer:
        padding = self.get_component_styles("option-list--option").padding
        width = max(_MIN_WIDTH, self.scrollable_content_region.width - padding.width)
        best_score = max((hit.score for hit in self._hits), default=0.0)
        return RowRenderer(self._texts, width, self._words, best_score, self._chosen, self._marks)


def _same_article(one: Hit, other: Hit) -> bool:
    return one.article.id == other.article.id
