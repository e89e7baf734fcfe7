"""The screens' common ground: keys described in the user's language."""

from dataclasses import replace

from textual.binding import ActiveBinding
from textual.screen import ModalScreen, Screen, ScreenResultType

from search.tui.i18n import Texts


class LocalScreen(Screen[ScreenResultType]):
    """A screen whose bindings, and so its footer, speak the language of ``texts``."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """See ``Screen.active_bindings``; descriptions are translated."""
        return {key: self._translated(active) for key, active in super().active_bindings.items()}

    def _translated(self, active: ActiveBinding) -> ActiveBinding:
        binding = replace(active.binding, description=self.texts.key(active.binding.description))
        return active._replace(binding=binding, tooltip=self.texts.key(active.tooltip))


class LocalModal(LocalScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """Such a screen over another one, which stays in sight around it."""
