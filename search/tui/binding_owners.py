"""The screens and widgets whose keys the user can choose, the screen of all widgets first."""

from search.tui.screens.advanced_form import AdvancedFormScreen
from search.tui.screens.comparison import ComparisonScreen
from search.tui.screens.counts import CountsScreen
from search.tui.screens.dossier_choice import DossierChoiceScreen
from search.tui.screens.dossiers import DossiersScreen
from search.tui.screens.explanation import ExplanationScreen
from search.tui.screens.export import ExportScreen
from search.tui.screens.help import HelpScreen
from search.tui.screens.history import HistoryScreen
from search.tui.screens.index import IndexScreen
from search.tui.screens.reader import ReaderScreen
from search.tui.screens.saved_searches import SavedSearchesScreen
from search.tui.screens.search import SearchScreen
from search.tui.widgets.article_pane import ArticlePane
from search.tui.widgets.compared_query import ComparedBox
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.filter_chips import ChipRow
from search.tui.widgets.period_table import PeriodTable
from search.tui.widgets.query_bar import SearchBox
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.timeline import TimelineChart

BINDING_OWNERS = (
    *(SearchScreen, ReaderScreen, ExplanationScreen, ExportScreen, HistoryScreen, SavedSearchesScreen),
    *(DossierChoiceScreen, DossiersScreen, AdvancedFormScreen),
    *(IndexScreen, HelpScreen, ResultList, ArticlePane, ChipRow, FacetList, TimelineChart, SearchBox),
    *(ComparisonScreen, ComparedBox, PeriodTable, CountsScreen),
)
