"""Help: every key of a screen, and the query language by example."""

from collections.abc import Iterable
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from search.tui.texts import Texts


class HelpScreen(ModalScreen[None]):
    """What the given bindings do, and how to write a query."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "dismiss", "close")]

    def __init__(self, texts: Texts, bindings: Iterable[Binding]) -> None:
        super().__init__()
        self._texts = texts
        self._bindings_explained = list(bindings)

    def compose(self) -> ComposeResult:
        """Two tables, which scroll where the terminal is small."""
        with VerticalScroll(id="help") as tables:
            tables.border_subtitle = f"esc {self._texts.key('close')}"
            yield Static(_table(self._texts.help_keys, self._keys()))
            yield Static(_table(self._texts.help_syntax, self._texts.syntax))

    def _keys(self) -> Iterable[tuple[str, str]]:
        for binding in self._bindings_explained:
            meaning = self._texts.key(binding.tooltip or binding.description)
            yield self.app.get_key_display(binding), meaning


def _table(title: str, rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, show_header=False)
    for left, right in rows:
        table.add_row(Text(left, "bold"), Text(right))
    return table
