"""The header line: the name of the program, what the model lacks, and the index."""

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from search.errors import SearchError
from search.text.sanitize import flat
from search.tui.i18n import Texts

_SEPARATOR = " · "
_PADDING = 4  # cells between the parts of the line


class AppHeader(Horizontal):
    """One line. It names the model only while that loads or is missing; a notification then says why."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="top")
        self._texts = texts
        self._model = Static(id="model", markup=False)
        self._about = Static(id="about", markup=False)
        self._summary = ""

    def compose(self) -> ComposeResult:
        """The name, the model, the index."""
        yield Static(self.app.title, id="title", markup=False)
        yield self._model
        yield self._about

    def show_index(self, summary: str) -> None:
        """Show what the open index is: facts, the most important first, separated by dots."""
        self._summary = summary
        self._draw()

    def show_model_loading(self) -> None:
        """Show that the model is loading."""
        self._show_model(self._texts.translate("loading the model of meaning…"))

    def show_model_loaded(self, error: SearchError | None) -> None:
        """Say no more of the model, or that it is missing, and why."""
        if error is None:
            self._show_model("")
            return
        reason = flat(self._texts.translate(error.message))
        self._show_model(self._texts.model_missing)
        self.notify(reason, title=self._texts.model_missing, severity="warning", markup=False)

    def on_resize(self) -> None:
        """Show as many facts as the new width holds."""
        self._draw()

    def _show_model(self, state: str) -> None:
        self._model.update(state)
        self._draw()

    def _draw(self) -> None:
        """Show the facts of the index that there is room for, each of them whole."""
        facts = self._summary.split(_SEPARATOR)
        taken = len(self.app.title) + cell_len(str(self._model.content)) + _PADDING
        while len(facts) > 1 and taken + cell_len(_SEPARATOR.join(facts)) > self.size.width:
            facts.pop()
        self._about.update(_SEPARATOR.join(facts))
