"""The help dialog: the keys that work at the moment, and examples of the query language."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal


class HelpScreen(LocalizedModal[None]):
    """Explains these key bindings, and how to write a query."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q", "dismiss", "close", tooltip="Back", id="close_help")
    ]

    def __init__(self, texts: Texts, bindings: Mapping[str, ActiveBinding]) -> None:
        super().__init__(texts)
        self._explained = bindings

    def compose(self) -> ComposeResult:
        """Two tables in a box, which scrolls on a small terminal."""
        with VerticalScroll(classes="box") as box:
            box.border_subtitle = f"{self.texts.key_name('close_help')} {self.texts.translate('close')}"
            yield Static(_table(self.texts.help_keys, self._keys()))
            yield Static(_table(self.texts.help_queries, self.texts.query_examples))

    def _keys(self) -> Iterable[tuple[str, str]]:
        """The keys of each action, and what the action does."""
        keys: dict[str, list[str]] = {}
        for active in self._explained.values():
            key = self.app.get_key_display(active.binding)
            if active.tooltip and key not in keys.setdefault(active.tooltip, []):
                keys[active.tooltip].append(key)
        return ((" ".join(names), tooltip) for tooltip, names in keys.items())


def _table(title: str, rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, show_header=False)
    for left, right in rows:
        table.add_row(Text(left, "bold"), Text(right))
    return table
