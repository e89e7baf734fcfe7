"""Screens whose key bindings are described in the user's language."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import ModalScreen, Screen, ScreenResultType

from search.tui.i18n import Texts


class LocalizedScreen(Screen[ScreenResultType]):
    """A screen whose bindings, and so its footer, are in the language of ``texts``."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """See ``Screen.active_bindings``; the descriptions are translated."""
        return {key: self._translated(active) for key, active in super().active_bindings.items()}

    def _translated(self, active: ActiveBinding) -> ActiveBinding:
        binding = replace(active.binding, description=self.texts.translate(active.binding.description))
        return active._replace(binding=binding, tooltip=self.texts.translate(active.tooltip))


class LocalizedModal(LocalizedScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """A dialog in the user's language; the screen below stays visible. ``F1`` explains its keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.dialog('help')", "help", tooltip="Help", show=False, id="help")
    ]
