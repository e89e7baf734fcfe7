"""Help: the keys that work where the user is, and the query language by example."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from search.tui.i18n import Texts
from search.tui.screens.base import LocalModal


class HelpScreen(LocalModal[None]):
    """What the given bindings do, and how to write a query."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q", "dismiss", "close", tooltip="Back", id="close_help")
    ]

    def __init__(self, texts: Texts, bindings: Mapping[str, ActiveBinding]) -> None:
        super().__init__(texts)
        self._explained = bindings

    def compose(self) -> ComposeResult:
        """Two tables, which scroll where the terminal is small."""
        with VerticalScroll(classes="box") as tables:
            tables.border_subtitle = f"{self.texts.key_of('close_help')} {self.texts.key('close')}"
            yield Static(_table(self.texts.help_keys, self._keys()))
            yield Static(_table(self.texts.help_syntax, self.texts.syntax))

    def _keys(self) -> Iterable[tuple[str, str]]:
        """Every action once, with all its keys."""
        keys: dict[str, list[str]] = {}
        for active in self._explained.values():
            shown = self.app.get_key_display(active.binding)
            if active.tooltip and shown not in keys.setdefault(active.tooltip, []):
                keys[active.tooltip].append(shown)
        return ((" ".join(found), meaning) for meaning, found in keys.items())


def _table(title: str, rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, show_header=False)
    for left, right in rows:
        table.add_row(Text(left, "bold"), Text(right))
    return table
