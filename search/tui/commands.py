"""The command palette: every action that is possible, said in the user's language."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from search.tui.i18n import Texts
from search.tui.screens.search import SearchScreen
from search.tui.themes import THEMES

_SELF = "command_palette"


def palette(texts: Texts, app: App[None], screen: Screen[object]) -> Iterable[SystemCommand]:
    """A command for each action that is explained, with its keys; and one for each theme.

    The actions of the app are all there, those too whose keys are letters that would now be typed.
    """
    keys: dict[str, list[str]] = {}
    acts: dict[str, Callable[[], object]] = {}
    for binding, node in _possible(texts, app, screen):
        keys.setdefault(binding.tooltip, []).append(app.get_key_display(binding))
        acts.setdefault(binding.tooltip, partial(app.run_action, binding.action, node))
    for said, act in acts.items():
        yield SystemCommand(said, " ".join(dict.fromkeys(keys[said])), act)
    if isinstance(screen, SearchScreen):
        said = texts.key("Favour recent articles, or no longer")
        yield SystemCommand(said, "", partial(screen.action_change, "recency"))
    for name in THEMES:
        yield SystemCommand(texts.key(f"Colours: {name}"), "", partial(setattr, app, "theme", name))


def _possible(texts: Texts, app: App[None], screen: Screen[object]) -> Iterator[tuple[Binding, DOMNode]]:
    for active in screen.active_bindings.values():
        if active.tooltip and active.enabled and not active.binding.action.endswith(_SELF):
            yield replace(active.binding, tooltip=active.tooltip), active.node
    if not screen.is_modal:
        for binding in Binding.make_bindings(app.BINDINGS):
            if binding.tooltip and binding.action != _SELF and app.check_action(binding.action, ()):
                yield replace(binding, tooltip=texts.key(binding.tooltip)), app
