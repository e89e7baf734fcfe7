"""The command palette: every action that is possible now, in the user's language."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from search.tui.format.key_names import key_name
from search.tui.i18n import Texts
from search.tui.screens.search import SearchScreen
from search.tui.themes import THEMES

_PALETTE = "command_palette"


def palette_commands(texts: Texts, app: App[None], screen: Screen[object]) -> Iterable[SystemCommand]:
    """A command for each action that has a tooltip, with its keys; then one for each theme.

    All actions of the app are included: also those whose keys are letters, which the search box would take.
    """
    keys: dict[str, list[str]] = {}
    callbacks: dict[str, Callable[[], object]] = {}
    for binding, node in _possible_bindings(texts, app, screen):
        keys.setdefault(binding.tooltip, []).append(key_name(binding, texts))
        callbacks.setdefault(binding.tooltip, partial(app.run_action, binding.action, node))
    for title, callback in callbacks.items():
        yield SystemCommand(title, " ".join(dict.fromkeys(keys[title])), callback)
    if isinstance(screen, SearchScreen):
        title = texts.translate("Favour recent articles, or stop that")
        yield SystemCommand(title, "", partial(screen.action_change, "recency"))
    for name in THEMES:
        title = texts.translate(f"Colours: {name}")
        yield SystemCommand(title, "", partial(setattr, app, "theme", name))


def _possible_bindings(
    texts: Texts, app: App[None], screen: Screen[object]
) -> Iterator[tuple[Binding, DOMNode]]:
    for active in screen.active_bindings.values():
        if active.tooltip and active.enabled and not active.binding.action.endswith(_PALETTE):
            yield replace(active.binding, tooltip=active.tooltip), active.node
    if not screen.is_modal:
        for binding in Binding.make_bindings(app.BINDINGS):
            if binding.tooltip and binding.action != _PALETTE and app.check_action(binding.action, ()):
                yield replace(binding, tooltip=texts.translate(binding.tooltip)), app
