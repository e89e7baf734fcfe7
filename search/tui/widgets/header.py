"""The line above all: the program, whether meaning is there, and what is searched in."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from search.errors import SearchError
from search.text.sanitize import flat
from search.tui.i18n import Texts


class Headline(Horizontal):
    """Shows what it is told; a model that fails is told of in a notice too, which has room for the reason."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="top")
        self._texts = texts
        self._model = Static(id="model", markup=False)
        self._about = Static(id="about", markup=False)

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static(self.app.title, id="title", markup=False)
        yield self._model
        yield self._about

    def show_about(self, about: str) -> None:
        """Show what is searched in."""
        self._about.update(about)

    def show_loading(self) -> None:
        """Show that the model is loading."""
        self._model.update(self._texts.key("the model is loading"))

    def show_model(self, error: SearchError | None) -> None:
        """Show that the model is ready, or why it is not there."""
        if error is None:
            self._model.update(self._texts.model_ready)
            return
        reason = flat(self._texts.said(error.message))
        self._model.update(f"{self._texts.model_missing} · {reason}")
        self.notify(reason, title=self._texts.model_missing, severity="warning", markup=False)
