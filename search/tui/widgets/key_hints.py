"""The line of keys at the bottom: what can be done here, the most useful first."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.keys import key_to_character
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey  # private: Footer makes one for every key, fitting or not

from search.tui.widgets.article_pane import ArticlePane
from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.filter_chips import ChipRow
from search.tui.widgets.query_bar import SearchBox
from search.tui.widgets.result_list import ResultList
from search.tui.widgets.timeline import TimelineChart

EMPTY_BOX = ("read", "help", "form", "history", "saved", "quit", "dossiers", "compare", "index")
ANSWERED_BOX = (
    *("correct", "alternative_1", "read", "next_pane", "filters", "form", "saved", "compare", "export"),
    "back",
)
RESULTS = (
    *("read", "search", "choose", "filters", "why", "dossier", "copies", "sort", "similar", "mark_read"),
    *("export", "back"),
)
ARTICLE = (
    *("next_match", "back", "back_to_results", "copy", "cite", "dossier", "why", "similar"),
    *("open_outside", "sentences"),
)
FILTERS = ("include", "exclude", "choose_period", "longer_periods", "remove_filter", "back", "filters")
COMPARISON = (
    *("compare_queries", "search_period", "leave_comparison", "comparison_help", "relative", "copy_table"),
    *("comparison_mode", "shorter_unit", "longer_unit", "write_queries"),
)
COUNTS = ("next_counts", "line_order", "export_counts", "leave_counts", "counts_help")
SUGGESTIONS = ("correct", "alternative_1", "read", "search", "form", "history", "saved", "quit")
_ALWAYS = ("help", "palette")
_BLANK = 1  # cells between the hints


def useful_actions(focused: Widget | None, *, answered: bool) -> Sequence[str]:
    """The actions that are useful to a user who is here; ``answered`` is whether an answer is shown."""
    match focused:
        case SearchBox():
            return ANSWERED_BOX if answered else EMPTY_BOX
        case ResultList():
            return RESULTS
        case ArticlePane():
            return ARTICLE
        case FacetList() | ChipRow() | TimelineChart():
            return FILTERS
        case _:
            return SUGGESTIONS


class KeyHints(Footer):
    """As many hints as fit, each of them whole; at the end how to get help and every action.

    ``order`` says which actions are useful here, by the names of their bindings.
    """

    def __init__(self, order: Callable[[], Sequence[str]]) -> None:
        super().__init__(compact=True)
        self._order = order
        self._drawn_width = 0
        self._drawn: list[Binding] = []

    def compose(self) -> ComposeResult:
        """One hint for each action that is possible now."""
        if self._bindings_ready:
            yield from map(self._hint, self._fitting())

    async def recompose(self) -> None:
        """See ``Widget``; the same hints are not drawn again, which would take several milliseconds."""
        if not self.is_attached:  # its screen was closed since this was called for
            return
        bindings = [active.binding for active in self._fitting()]
        if bindings != self._drawn:
            self._drawn = bindings
            await super().recompose()

    def on_resize(self) -> None:
        """Show as many hints as the new width holds."""
        if self._bindings_ready and self.size.width != self._drawn_width:
            self.call_after_refresh(self.recompose)

    def _fitting(self) -> Iterator[ActiveBinding]:
        """The hints that fit, in order."""
        self._drawn_width = self.size.width
        hints = first_keys(self.screen.active_bindings.values())
        order = [*dict.fromkeys((*self._order(), *_ALWAYS))]
        room = self.size.width
        widths = {name: self._width(hints[name]) for name in order if name in hints}
        room -= sum(widths.get(name, 0) for name in _ALWAYS)
        for name, width in widths.items():
            if name not in _ALWAYS:
                room -= width
            if room >= 0 or name in _ALWAYS:
                yield hints[name]

    def _width(self, active: ActiveBinding) -> int:
        key = self.app.get_key_display(active.binding)
        return cell_len(key) + _BLANK + cell_len(active.binding.description) + _BLANK

    def _hint(self, active: ActiveBinding) -> FooterKey:
        binding = active.binding
        key = self.app.get_key_display(binding)
        return FooterKey(binding.key, key, binding.description, binding.action, tooltip=active.tooltip)


def first_keys(active: Iterable[ActiveBinding]) -> dict[str, ActiveBinding]:
    """For each action that is possible, by its name, the key that reaches it: its first letter if it has one.

    Where letters go into a text, they are no active bindings.
    """
    chosen: dict[str, ActiveBinding] = {}
    for one in active:
        name = one.binding.id or ""
        if one.enabled and (name not in chosen or (_is_letter(one) and not _is_letter(chosen[name]))):
            chosen[name] = one
    return chosen


def _is_letter(active: ActiveBinding) -> bool:
    """Whether the key writes a character into a text."""
    character = key_to_character(active.binding.key)
    return character is not None and character.isprintable()
