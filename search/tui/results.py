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

from search.certainty import above
from search.model import Result
from search.query.matching import matches
from search.query.tree import RankingWord
from search.text.legible import flat
from search.tui.bars import two_part
from search.tui.marking import marked, snippet
from search.tui.texts import Texts
from search.tui.when import when

_NARROWEST = 20
_INDENT = "  "
_CHOSEN = "✓ "
_GAP = "   "
_TITLE = 400  # characters of a title that are looked at: more never fit
_AHEAD = 10  # results under the selected one, below which more are asked for


class ResultList(OptionList):
    """One row an article: title and date, where it is from and why, two lines of its snippet.

    Articles below the line of evidence are dimmed, under a rule that stands in the first row of them.
    Tells ``NearEnd`` when the selection comes near the last row, ``Chosen`` when results are chosen.
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
        self._results: tuple[Result, ...] = ()
        self._words: Sequence[RankingWord] = ()
        self._chosen: dict[str, Result] = {}
        self._tops: list[int] = []
        self._above = 0

    @property
    def selected(self) -> Result | None:
        """The result that the cursor is on."""
        return self._results[self.highlighted] if self._results and self.highlighted is not None else None

    @property
    def chosen(self) -> tuple[Result, ...]:
        """The results chosen, in the order they were."""
        return tuple(self._chosen.values())

    @property
    def moved(self) -> bool:
        """Whether the cursor has left the first row."""
        return bool(self.highlighted)

    def show(self, results: tuple[Result, ...], words: Sequence[RankingWord]) -> None:
        """List these results and select the first."""
        self._results, self._words = results, words
        self._fill(None)

    def replace(self, results: tuple[Result, ...], words: Sequence[RankingWord]) -> None:
        """List these results; the selected article stays selected, on the line where it is."""
        selected, line = self.selected, self._line()
        self._results, self._words = results, words
        self._fill(selected)
        if selected is not None and self.selected is not None and _same(self.selected, selected):
            self._hold(line)

    def extend(self, results: tuple[Result, ...]) -> None:
        """List these results, which begin with those listed already."""
        listed, self._results = len(self._results), results
        if above(results) == self._above:
            self._add(range(listed, len(results)))
        else:
            self._fill(self.selected)

    def show_nothing(self) -> None:
        """List no result."""
        self._results = ()
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
        if self.highlighted + 1 < len(self._results):
            self.action_cursor_down()
        self.post_message(self.Chosen())

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Ask for more before the last row is reached."""
        super().watch_highlighted(highlighted)
        if highlighted is not None and highlighted + _AHEAD >= len(self._results):
            self.post_message(self.NearEnd())

    def on_resize(self) -> None:
        """Cut the rows to the new width."""
        if self._results:
            self._fill(self.selected)

    def _fill(self, keep: Result | None) -> None:
        self._tops = []
        self._above = above(self._results)
        self.set_options(())
        self._add(range(len(self._results)))
        if self._results:
            places = (place for place, one in enumerate(self._results) if keep and _same(one, keep))
            self.highlighted = next(places, 0)

    def _add(self, places: Iterable[int]) -> None:
        width = self._row_width()
        options = [Option(self._row(place, width), self._results[place].article.id) for place in places]
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

    def _row(self, place: int, width: int) -> Content:
        """The row of a result, by its place among all; the first below the line has the rule above it."""
        row = self._facts(self._results[place], width)
        if place < self._above:
            return row
        rule = f"── {self._texts.below} ".ljust(width, "─")[:width]
        return Content("\n").join([Content(rule)] * (place == self._above) + [row]).stylize("dim")

    def _facts(self, result: Result, width: int) -> Content:
        article = result.article
        day = flat(when(article.published, date.today(), self._texts))
        sign = _CHOSEN if article.id in self._chosen else ""
        begun = article.title[:_TITLE]
        title = sign + marked(begun, matches(self._words, begun), flat).stylize("bold")
        room = width - len(day) - len(_INDENT)
        head = title.truncate(room, ellipsis=True, pad=True)
        under = [
            self._origin(result, width - len(_INDENT)).truncate(width - len(_INDENT)),
            *snippet(result, width - len(_INDENT)),
        ]
        return Content("\n").join([head + _INDENT + day, *(_INDENT + line for line in under)])

    def _origin(self, result: Result, width: int) -> Content:
        """Where the article is from, cut to fit; what each leg says of it, how much more it holds."""
        article = result.article
        best = max(one.score for one in self._results)
        places = " · ".join(filter(None, map(flat, (article.source, article.section))))
        more = self._texts.more(result.passages_more) if result.passages_more else ""
        copies = self._texts.copies(len(result.copies)) if result.copies else ""
        told = (Content.styled(figure, "dim") for figure in (more, copies))
        figures = [Content(two_part(result.contributions, best)), *told]
        after = Content(_GAP).join([figure for figure in figures if figure.plain])
        room = width - after.cell_length - len(_GAP)
        origin = Content.styled(places, "dim").truncate(max(0, room), ellipsis=True)
        return Content(_GAP).join([part for part in (origin, after) if part.plain])


def _same(one: Result, other: Result) -> bool:
    return one.article.id == other.article.id
