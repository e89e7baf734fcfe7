"""The list of results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from search.query.ast import RankingWord
from search.query.matcher import matches
from search.retrieval.confidence import above
from search.text.sanitize import flat
from search.tui.format.charts import two_part
from search.tui.format.dates import when
from search.tui.format.highlight import marked, snippet
from search.tui.i18n import Texts
from search.types import Article, Hit

_NARROWEST = 20
_INDENT = "  "
_CHOSEN = "✓ "
_COPY = "= "
_GAP = "   "
_TITLE = 400  # characters of a title that are looked at: more never fit
_AHEAD = 10  # results under the selected one, below which more are asked for


@dataclass(frozen=True, slots=True)
class _Row:
    """An article that is listed, and the result it stands under: itself, or the one it is a copy of."""

    result: Hit
    leader: Hit
    place: int

    @property
    def copy(self) -> bool:
        """Whether it is another article's copy."""
        return self.result is not self.leader


class ResultList(OptionList):
    """One row an article: title and date, where it is from and why, two lines of its snippet.

    Articles below the line of evidence are dimmed, under a rule that stands in the first row of them.
    The copies of a result are listed under it when they are unfolded, indented. Tells ``NearEnd`` when the
    selection comes near the last row, ``Chosen`` when results are chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "x,space", "choose", "choose", tooltip="Choose or leave this result", key_display="x", id="choose"
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
            tooltip="Sort by relevance or by date",
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
        """More results could be shown soon."""

    @dataclass
    class Chosen(Message):
        """Another set of results is chosen."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(markup=False)
        self._texts = texts
        self._results: tuple[Hit, ...] = ()
        self._rows: list[_Row] = []
        self._unfolded: dict[str, tuple[Hit, ...]] = {}
        self._words: Sequence[RankingWord] = ()
        self._chosen: dict[str, Hit] = {}
        self._tops: list[int] = []
        self._above = 0

    @property
    def selected(self) -> Hit | None:
        """The result, or the copy of one, that the cursor is on."""
        row = self._selected_row
        return None if row is None else row.result

    @property
    def leader(self) -> Hit | None:
        """The result that the cursor is on, or on a copy of."""
        row = self._selected_row
        return None if row is None else row.leader

    @property
    def listed(self) -> tuple[Hit, ...]:
        """The results, each followed by those of its copies that are unfolded."""
        return tuple(row.result for row in self._rows)

    @property
    def chosen(self) -> tuple[Hit, ...]:
        """The results chosen, in the order they were."""
        return tuple(self._chosen.values())

    @property
    def moved(self) -> bool:
        """Whether the cursor has left the first row."""
        return bool(self.highlighted)

    def show(self, results: tuple[Hit, ...], words: Sequence[RankingWord]) -> None:
        """List these results and select the first."""
        self._results, self._words = results, words
        self._unfolded.clear()
        self._fill(None)

    def replace(self, results: tuple[Hit, ...], words: Sequence[RankingWord]) -> None:
        """List these results; the selected article stays selected, on the line where it is."""
        self._results, self._words = results, words
        alike = {result.article.id: [copy.id for copy in result.copies] for result in results}
        self._unfolded = {
            leader: copies
            for leader, copies in self._unfolded.items()
            if alike.get(leader) == [copy.article.id for copy in copies]
        }
        self._refill(self.selected)

    def extend(self, results: tuple[Hit, ...]) -> None:
        """List these results, which begin with those listed already."""
        listed, self._results = len(self._results), results
        if above(results) == self._above:
            self._add(range(listed, len(results)))
        else:
            self._fill(self.selected)

    def unfolded(self, result: Hit) -> bool:
        """Whether the copies of this result are listed."""
        return result.article.id in self._unfolded

    def unfold(self, result: Hit, copies: tuple[Hit, ...]) -> None:
        """List these copies under their result, unless it is listed no more."""
        if any(_same(one, result) and one.copies == result.copies for one in self._results):
            self._unfolded[result.article.id] = copies
            self._refill(self.selected)

    def fold(self, result: Hit) -> None:
        """List no copy of this result; where one was selected, the result is now."""
        del self._unfolded[result.article.id]
        self._refill(result if self.leader == result else self.selected)

    def show_nothing(self) -> None:
        """List no result."""
        self._results = ()
        self._unfolded.clear()
        self._fill(None)

    def leave_all(self) -> None:
        """Forget which results were chosen."""
        self._chosen.clear()

    def action_choose(self) -> None:
        """Choose the selected result, or leave it, and go to the next."""
        selected = self.selected
        if selected is None or self.highlighted is None:
            return
        if self._chosen.pop(selected.article.id, None) is None:
            self._chosen[selected.article.id] = selected
        prompt = self._row(self.highlighted, self._row_width())
        self.replace_option_prompt_at_index(self.highlighted, prompt)
        if self.highlighted + 1 < len(self._rows):
            self.action_cursor_down()
        self.post_message(self.Chosen())

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Ask for more before the last row is reached."""
        super().watch_highlighted(highlighted)
        if highlighted is not None and highlighted + _AHEAD >= len(self._rows):
            self.post_message(self.NearEnd())

    def on_resize(self) -> None:
        """Cut the rows to the new width."""
        if self._results:
            self._fill(self.selected)

    @property
    def _selected_row(self) -> _Row | None:
        return self._rows[self.highlighted] if self._rows and self.highlighted is not None else None

    def _refill(self, keep: Hit | None) -> None:
        """List everything again; the article to keep stays selected, on the line where the selection is."""
        line = self._line()
        self._fill(keep)
        if keep is not None and self.selected is not None and _same(self.selected, keep):
            self._hold(line)

    def _fill(self, keep: Hit | None) -> None:
        self._tops, self._rows = [], []
        self._above = above(self._results)
        self.set_options(())
        self._add(range(len(self._results)))
        if self._rows:
            places = (place for place, row in enumerate(self._rows) if keep and _same(row.result, keep))
            self.highlighted = next(places, 0)

    def _add(self, places: Iterable[int]) -> None:
        """List the results in these places, with their copies where those are unfolded."""
        width, listed = self._row_width(), len(self._rows)
        for place in places:
            leader = self._results[place]
            copies = self._unfolded.get(leader.article.id, ())
            self._rows += [_Row(result, leader, place) for result in (leader, *copies)]
        rows = range(listed, len(self._rows))
        options = [Option(self._row(row, width), self._rows[row].result.article.id) for row in rows]
        heights = (str(option.prompt).count("\n") + 1 for option in options)
        self._tops += accumulate(heights, initial=self._tops.pop() if self._tops else 0)
        self.add_options(options)

    def _line(self) -> int:
        """The line of the screen, within the list, where the selected row begins."""
        return 0 if self.highlighted is None else self._tops[self.highlighted] - self.scroll_offset.y

    def _hold(self, line: int) -> None:
        """Put the selected row on this line, as far as the ends of the list allow."""
        self.scroll_to(y=self._line() + self.scroll_offset.y - line, animate=False, immediate=True)

    def _row_width(self) -> int:
        padding = self.get_component_styles("option-list--option").padding
        return max(_NARROWEST, self.scrollable_content_region.width - padding.width)

    def _row(self, number: int, width: int) -> Content:
        """A row by its number; the first one below the line has the rule above it."""
        row = self._rows[number]
        told = self._told_copy(row, width) if row.copy else self._told(row.result, width)
        if row.place < self._above:
            return told
        rule = f"── {self._texts.below} ".ljust(width, "─")[:width]
        ruled = row.place == self._above and not row.copy
        return Content("\n").join([Content(rule)] * ruled + [told]).stylize("dim")

    def _told(self, result: Hit, width: int) -> Content:
        under = [self._origin(result, width - len(_INDENT)), *snippet(result, width - len(_INDENT))]
        return self._facts(result.article, under, width)

    def _told_copy(self, row: _Row, width: int) -> Content:
        """A copy, indented; quoted where it says it otherwise."""
        room = width - len(_COPY) - len(_INDENT)
        same = row.result.article.body == row.leader.article.body
        kind = self._texts.same_text if same else self._texts.other_version
        origin = _GAP.join(filter(None, [_places(row.result.article), kind]))
        quoted = [] if same else snippet(row.result, room)
        under = [Content.styled(origin, "dim"), *quoted]
        lines = self._facts(row.result.article, under, width - len(_COPY)).split("\n")
        signs = [_COPY, *[" " * len(_COPY)] * (len(lines) - 1)]
        return Content("\n").join(sign + line for sign, line in zip(signs, lines, strict=True))

    def _facts(self, article: Article, under: Sequence[Content], width: int) -> Content:
        """Title and date on a line, and what stands under them, indented and cut to fit."""
        day = flat(when(article.published, date.today(), self._texts))
        sign = _CHOSEN if article.id in self._chosen else ""
        begun = article.title[:_TITLE]
        title = sign + marked(begun, matches(self._words, begun), flat).stylize("bold")
        head = title.truncate(width - len(day) - len(_INDENT), ellipsis=True, pad=True)
        below = (_INDENT + line.truncate(width - len(_INDENT)) for line in under)
        return Content("\n").join([head + _INDENT + day, *below])

    def _origin(self, result: Hit, width: int) -> Content:
        """Where the article is from, cut to fit; what each leg says of it, how much more it holds."""
        best = max(one.score for one in self._results)
        more = self._texts.more(result.passages_more) if result.passages_more else ""
        copies = self._texts.copies(len(result.copies)) if result.copies else ""
        told = (Content.styled(figure, "dim") for figure in (more, copies))
        figures = [Content(two_part(result.contributions, best)), *told]
        after = Content(_GAP).join([figure for figure in figures if figure.plain])
        room = width - after.cell_length - len(_GAP)
        origin = Content.styled(_places(result.article), "dim").truncate(max(0, room), ellipsis=True)
        return Content(_GAP).join([part for part in (origin, after) if part.plain])


def _places(article: Article) -> str:
    """Where an article is from."""
    return " · ".join(filter(None, map(flat, (article.source, article.section))))


def _same(one: Hit, other: Hit) -> bool:
    return one.article.id == other.article.id
