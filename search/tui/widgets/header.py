"""The header line: the name of the program, the state of the model, and the index."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from search.errors import SearchError
from search.text.sanitize import flat
from search.tui.i18n import Texts


class AppHeader(Horizontal):
    """One line. A notification also says why a model cannot be loaded, because it has more room."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="top")
        self._texts = texts
        self._model = Static(id="model", markup=False)
        self._about = Static(id="about", markup=False)

    def compose(self) -> ComposeResult:
        """The name, the model, the index."""
        yield Static(self.app.title, id="title", markup=False)
        yield self._model
        yield self._about

    def show_index(self, summary: str) -> None:
        """Show what the open index is."""
        self._about.update(summary)

    def show_model_loading(self) -> None:
        """Show that the model is loading."""
        self._model.update(self._texts.translate("the model is loading"))

    def show_model_loaded(self, error: SearchError | None) -> None:
        """Show that the model is ready, or why it cannot be loaded."""
        if error is None:
            self._model.update(self._texts.model_ready)
            return
        reason = flat(self._texts.translate(error.message))
        self._model.update(f"{self._texts.model_missing} · {reason}")
        self.notify(reason, title=self._texts.model_missing, severity="warning", markup=False)
