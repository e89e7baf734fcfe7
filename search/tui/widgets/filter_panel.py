"""The side panel of filters: facets of the results, and their number by month."""

from collections.abc import Iterator, Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from search.query.ast import Node, Query
from search.query.filters import Filter, filter_of_value, filters_of
from search.tui.format.charts import histogram
from search.tui.format.dates import month_name
from search.tui.i18n import Texts
from search.tui.widgets.facet_list import FacetList, FacetValue
from search.tui.widgets.filter_chips import filter_label
from search.types import Facet, FacetCounts

_OPTIONAL = (Facet.AUTHOR, Facet.PLACE, Facet.KEYWORD)  # many archives have none
_LISTED = (Facet.SOURCE, Facet.SECTION, *_OPTIONAL, Facet.MONTH)
_INDENT = "  "


class FilterPanel(Vertical):
    """Lists of the values of each facet, and a histogram of the months; hidden until it is opened.

    Authors, places and keywords are listed only where there are some.
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._months = Static(id="months", markup=False)
        self._lists = {facet: FacetList(texts.facets[facet]) for facet in _LISTED}
        for facet in _OPTIONAL:
            self._lists[facet].display = False
        self._counts: FacetCounts = {}
        self.display = False

    def compose(self) -> ComposeResult:
        """The lists, with the histogram above the list of dates."""
        *others, dates = self._lists.values()
        yield from others
        yield self._months
        yield dates

    def focus_lists(self) -> None:
        """Focus the first list."""
        self._lists[Facet.SOURCE].focus()

    def step_back(self) -> bool:
        """List every value where letters have narrowed a list; return whether there was such a list."""
        return any(facet_list.clear_letters() for facet_list in self._lists.values())

    def show(self, counts: FacetCounts, query: Query) -> None:
        """Show the counts of an answer, and the filters that its query has already."""
        self._counts = counts
        active = {filter_.canonical: filter_ for filter_ in filters_of(query)}
        for facet, facet_list in self._lists.items():
            values = list(self._values(facet, counts, active))
            listed = [value.active for value in values]
            others = [one for one in active.values() if one.facet is facet and one not in listed]
            facet_list.show([*map(_value_without_articles, others), *values])
            known = others or any(value.filter for value in values)
            facet_list.display = facet not in _OPTIONAL or bool(known)
        self._draw_months()

    def clear(self) -> None:
        """Empty the lists, and explain what the panel is for."""
        self._counts = {}
        for facet, facet_list in self._lists.items():
            facet_list.show(())
            facet_list.display = facet not in _OPTIONAL
        self._draw_months()

    def on_resize(self) -> None:
        """Draw the histogram in the new width."""
        self._draw_months()

    def _values(
        self, facet: Facet, counts: FacetCounts, active: Mapping[Node, Filter]
    ) -> Iterator[FacetValue]:
        """The counted values of a facet, each with the filter that the query has for it."""
        for value, count in _by_year(counts) if facet is Facet.MONTH else counts.get(facet, ()):
            filter_ = filter_of_value(facet, value)
            nodes = (filter_.canonical, filter_.negated.canonical) if filter_ else ()
            its_filter = next((active[node] for node in nodes if node in active), None)
            yield FacetValue(
                self._value_name(value, facet), self._texts.number(count), count, filter_, its_filter
            )

    def _value_name(self, value: str, facet: Facet) -> str:
        """A value for reading; months are indented under their years."""
        if facet is Facet.MONTH and "-" in value:
            return _INDENT + month_name(value, self._texts)
        return value or self._texts.unknown

    def _draw_months(self) -> None:
        if not self._counts:
            hint = self._texts.translate("Search first: this panel counts the articles found.")
            self._months.update(hint)
            self._months.border_subtitle = ""
            return
        chart = histogram(self._counts.get(Facet.MONTH, ()), self._months.size.width)
        years = Content.styled(chart.years, "dim")
        self._months.update(Content("\n").join([Content(chart.columns), years]))
        scale = self._texts.months_per_column.format(chart.months) if chart.months > 1 else ""
        self._months.border_subtitle = scale


def _by_year(counts: FacetCounts) -> list[tuple[str, int]]:
    """The years, latest first, each followed by its months, latest first; a missing date comes last."""
    months = [(value, count) for value, count in counts[Facet.MONTH] if "-" in value]
    return sorted([*counts[Facet.YEAR], *months], key=lambda counted: _sort_key(counted[0]), reverse=True)


def _sort_key(value: str) -> str:
    """A year sorts after its months; an empty value sorts first."""
    return value if not value or "-" in value else f"{value}-99"


def _value_without_articles(active: Filter) -> FacetValue:
    """The value of a filter that the query has and no result matches."""
    including = active.negated if active.excludes else active
    return FacetValue(filter_label(including).partition(" ")[2], "", 0, including, active)
