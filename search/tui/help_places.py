"""The keys of each place of the interface, for the help."""

from collections.abc import Mapping
from typing import Any

from textual.app import App
from textual.dom import DOMNode

from search.tui.i18n import Texts
from search.tui.screens.comparison import ComparisonScreen
from search.tui.screens.counts import CountsScreen
from search.tui.screens.help import keys_of
from search.tui.screens.localized import LocalizedModal
from search.tui.screens.reader import ReaderScreen
from search.tui.screens.search import SearchScreen
from search.tui.widgets.article_pane import ArticlePane
from search.tui.widgets.compared_query import ComparedBox
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.filter_chips import ChipRow
from search.tui.widgets.period_table import PeriodTable
from search.tui.widgets.query_bar import SearchBox
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.timeline import TimelineChart


def explained_places(
    texts: Texts, app: App[Any], chosen: Mapping[str, str]
) -> Mapping[str, list[tuple[str, str]]]:
    """The keys of each place with what they do, under its heading; the place of the user comes first.

    ``chosen`` are the keys of the configuration.
    """
    translate = texts.translate
    places: dict[str, tuple[type[DOMNode], ...]] = {
        translate("In the search"): (SearchBox, SearchScreen),
        translate("In the results"): (ResultList,),
        translate("In the article"): (ArticlePane, ReaderScreen),
        translate("In the filters"): (FacetList, TimelineChart, ChipRow),
        translate("In the comparison over time"): (ComparisonScreen, ComparedBox, PeriodTable),
        translate("In the counts"): (CountsScreen,),
        translate("Everywhere"): (type(app),),
    }
    if isinstance(app.screen, LocalizedModal) and not isinstance(app.screen, ComparisonScreen | CountsScreen):
        places[translate("In this dialog")] = (type(app.screen),)
    here = app.screen if isinstance(app.screen, LocalizedModal) else app.focused
    headings = sorted(places, key=lambda heading: not isinstance(here, places[heading]))
    return {heading: keys_of(places[heading], chosen, texts) for heading in headings}
