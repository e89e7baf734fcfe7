"""The side panel of filters: what the articles found are from, and when."""

from collections.abc import Iterator, Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from search.query.ast import Node, Query
from search.query.filters import Filter, filters_of, of_value
from search.tui.format.charts import histogram
from search.tui.format.dates import month_name
from search.tui.i18n import Texts
from search.tui.services.search_session import Counts
from search.tui.widgets.facet_list import FacetList, Value
from search.tui.widgets.filter_chips import label
from search.types import Facet

_LISTED = (Facet.SOURCE, Facet.SECTION, Facet.MONTH)
_INDENT = "  "


class FilterPanel(Vertical):
    """Sources, sections, and years with their months under a histogram; hidden until it is opened."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._months = Static(id="months", markup=False)
        self._lists = {facet: FacetList(texts.facets[facet]) for facet in _LISTED}
        self._counts: Counts = {}
        self.display = False

    def compose(self) -> ComposeResult:
        """The lists, the months drawn above the last."""
        *others, dates = self._lists.values()
        yield from others
        yield self._months
        yield dates

    def focus_lists(self) -> None:
        """Let the user choose, in the first list."""
        self._lists[Facet.SOURCE].focus()

    def step_back(self) -> bool:
        """Show every value of the list that letters narrow; say whether there was one."""
        return any(each.clear_letters() for each in self._lists.values())

    def show(self, counts: Counts, query: Query) -> None:
        """Show the counts of an answer, and what its query demands already."""
        self._counts = counts
        demanded = {found.canonical: found for found in filters_of(query)}
        for facet, shown in self._lists.items():
            values = list(self._found(facet, counts, demanded))
            known = [value.demanded for value in values]
            others = [one for one in demanded.values() if one.facet is facet and one not in known]
            shown.show([*map(_unfound, others), *values])
        self._draw_months()

    def clear(self) -> None:
        """Say what would be counted here, where nothing is asked."""
        self._counts = {}
        for shown in self._lists.values():
            shown.show(())
        self._draw_months()

    def on_resize(self) -> None:
        """Draw the months to the new width."""
        self._draw_months()

    def _found(self, facet: Facet, counts: Counts, demanded: Mapping[Node, Filter]) -> Iterator[Value]:
        """The values found, each with what the query demands of it."""
        for value, count in _by_year(counts) if facet is Facet.MONTH else counts[facet]:
            filter_ = of_value(facet, value)
            ways = (filter_.canonical, filter_.contrary.canonical) if filter_ else ()
            known = next((demanded[way] for way in ways if way in demanded), None)
            yield Value(self._said(value, facet), self._texts.number(count), count, filter_, known)

    def _said(self, value: str, facet: Facet) -> str:
        """A value for reading; months stand under their years."""
        if facet is Facet.MONTH and "-" in value:
            return _INDENT + month_name(value, self._texts)
        return value or self._texts.unknown

    def _draw_months(self) -> None:
        if not self._counts:
            self._months.update(self._texts.key("Search first: the articles found are counted here."))
            self._months.border_subtitle = ""
            return
        drawn = histogram(self._counts.get(Facet.MONTH, ()), self._months.size.width)
        years = Content.styled(drawn.years, "dim")
        self._months.update(Content("\n").join([Content(drawn.columns), years]))
        self._months.border_subtitle = self._texts.scale.format(drawn.months) if drawn.months > 1 else ""


def _by_year(counts: Counts) -> list[tuple[str, int]]:
    """The latest year first, each followed by its months, the latest first; those without a year last."""
    months = [(value, count) for value, count in counts[Facet.MONTH] if "-" in value]
    return sorted([*counts[Facet.YEAR], *months], key=lambda counted: _last_day(counted[0]), reverse=True)


def _last_day(value: str) -> str:
    return value if not value or "-" in value else f"{value}-99"


def _unfound(demanded: Filter) -> Value:
    """A filter whose value no article found has."""
    wanted = demanded.contrary if demanded.excludes else demanded
    return Value(label(wanted).partition(" ")[2], "", 0, wanted, demanded)
