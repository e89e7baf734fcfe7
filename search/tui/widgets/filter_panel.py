"""The side panel of filters: facets of the results, and a histogram of them over time."""

from collections.abc import Iterator, Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from search.query.ast import Node, Query
from search.query.filters import Filter, filter_of_value, filters_of
from search.retrieval.timeline import Timeline
from search.tui.i18n import Texts
from search.tui.widgets.facet_list import FacetList, FacetValue
from search.tui.widgets.filter_chips import filter_label
from search.tui.widgets.timeline import TimelineChart
from search.types import Facet, FacetCounts

_OPTIONAL = (Facet.AUTHOR, Facet.PLACE, Facet.KEYWORD)  # many archives have none
_LISTED = (Facet.SOURCE, Facet.SECTION, *_OPTIONAL)


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
        active = {filter_.canonical: filter_ for filter_ in filters_of(query)}
        for facet, facet_list in self._lists.items():
            values = list(self._values(facet, counts, active))
            listed = [value.active for value in values]
            others = [one for one in active.values() if one.facet is facet and one not in listed]
            facet_list.show([*map(_value_without_articles, others), *values])
            known = others or any(value.filter for value in values)
            facet_list.display = facet not in _OPTIONAL or bool(known)
        self._timeline.show(timeline, query)

    def clear(self) -> None:
        """Empty the lists, and explain what the panel is for."""
        self._hint.display = True
        for facet, facet_list in self._lists.items():
            facet_list.show(())
            facet_list.display = facet not in _OPTIONAL
        self._timeline.clear()

    def _values(
        self, facet: Facet, counts: FacetCounts, active: Mapping[Node, Filter]
    ) -> Iterator[FacetValue]:
        """The counted values of a facet, each with the filter that the query has for it."""
        for value, count in counts.get(facet, ()):
            filter_ = filter_of_value(facet, value)
            nodes = (filter_.canonical, filter_.negated.canonical) if filter_ else ()
            its_filter = next((active[node] for node in nodes if node in active), None)
            name = value or self._texts.unknown
            yield FacetValue(name, self._texts.number(count), count, filter_, its_filter)


def _value_without_articles(active: Filter) -> FacetValue:
    """The value of a filter that the query has and no result matches."""
    including = active.negated if active.excludes else active
    return FacetValue(filter_label(including).partition(" ")[2], "", 0, including, active)
