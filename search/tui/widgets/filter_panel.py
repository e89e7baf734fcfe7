"""The side panel of filters: facets of the results, and a histogram of them over time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from search.query.ast import Query
from search.query.filters import Filter, filter_of_value, filters_of
from search.retrieval.timeline import Timeline
from search.tui.i18n import Texts
from search.tui.widgets.facet_list import FacetList, FacetValue
from search.tui.widgets.filter_chips import filter_label
from search.tui.widgets.filter_layout import fair_shares
from search.tui.widgets.timeline import TimelineChart
from search.types import Facet, FacetCounts

_OPTIONAL = (Facet.AUTHOR, Facet.PLACE, Facet.KEYWORD)  # many archives have none
_LISTED = (Facet.SOURCE, Facet.SECTION, *_OPTIONAL)
_LEAST_HEIGHT = 2  # of a list: its heading and a value; the panel scrolls where there is less room


class FilterPanel(Vertical):
    """Lists of the values of each facet, and a histogram over time; hidden until it is opened.

    Authors, places and keywords are listed only where there are some.
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        hint = texts.translate("Search first: this panel counts the articles found.")
        self._hint = Static(hint, id="hint", markup=False)
        self._timeline = TimelineChart(texts)
        self._timeline.border_title = texts.facets[Facet.MONTH]
        self._lists = {facet: FacetList(texts.facets[facet]) for facet in _LISTED}
        for facet in _OPTIONAL:
            self._lists[facet].display = False
        self.display = False

    def compose(self) -> ComposeResult:
        """The lists, then the histogram; before a search, what the panel is for."""
        yield self._hint
        yield from self._lists.values()
        yield self._timeline

    def focus_lists(self) -> None:
        """Focus the first list."""
        self._lists[Facet.SOURCE].focus()

    def step_back(self) -> bool:
        """List every value where letters have narrowed a list; return whether there was such a list."""
        return any(facet_list.clear_letters() for facet_list in self._lists.values())

    def show(self, counts: FacetCounts, timeline: Timeline, query: Query) -> None:
        """Show the counts of an answer, and the filters that its query has already."""
        self._hint.display = False
        filters = filters_of(query)
        for facet, facet_list in self._lists.items():
            values = self._values(facet, counts, [each for each in filters if each.facet is facet])
            facet_list.show(values)
            facet_list.display = facet not in _OPTIONAL or any(value.filter for value in values)
        self._timeline.show(timeline, query)
        self._share_height()

    def clear(self) -> None:
        """Empty the lists, and explain what the panel is for."""
        self._hint.display = True
        for facet, facet_list in self._lists.items():
            facet_list.show(())
            facet_list.display = facet not in _OPTIONAL
        self._timeline.clear()
        self._share_height()

    def on_resize(self) -> None:
        """Share the new height among the lists."""
        self._share_height()

    @on(FacetList.PastEnd)
    def _focus_neighbour(self, message: FacetList.PastEnd) -> None:
        """Go on in the list below or above."""
        message.stop()
        shown = [each for each in (*self._lists.values(), self._timeline) if each.display]
        place = shown.index(message.list) + message.step
        if 0 <= place < len(shown):
            shown[place].focus()

    def _share_height(self) -> None:
        """Give each list a line for each of its values; where there is no room for all, fair shares."""
        lists = [each for each in self._lists.values() if each.display]
        room = self.size.height - self._timeline.outer_size.height
        shares = fair_shares([each.wanted_height for each in lists], room)
        for each, share in zip(lists, shares, strict=True):
            each.set_height(max(_LEAST_HEIGHT, share))

    def _values(self, facet: Facet, counts: FacetCounts, filters: Sequence[Filter]) -> list[FacetValue]:
        """The values of a facet with the filters on it: chosen ones first, unknown last."""
        values = [self._value(facet, *counted, filters) for counted in counts.get(facet, ())]
        of_no_article = [each for each in filters if each not in [value.active for value in values]]
        uses = Counter(value.active for value in values)
        values = [replace(value, shares=uses[value.active] > 1) for value in values]
        values = [*map(_value_without_articles, of_no_article), *values]
        return sorted(values, key=lambda value: 2 if value.filter is None else value.active is None)

    def _value(self, facet: Facet, name: str, count: int, filters: Sequence[Filter]) -> FacetValue:
        """A counted value with the filter that the query has for it; one that excludes comes first."""
        naming = sorted((each for each in filters if each.names(name)), key=lambda each: not each.excludes)
        active = naming[0] if naming else None
        shown = name or self._texts.unknown
        return FacetValue(shown, self._texts.number(count), count, filter_of_value(facet, name), active)


def _value_without_articles(active: Filter) -> FacetValue:
    """The value of a filter that the query has and no result matches."""
    including = active.negated if active.excludes else active
    return FacetValue(filter_label(including).partition(" ")[2], "", 0, including, active)
