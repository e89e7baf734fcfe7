"""The keys: what they do everywhere and in a search, and what the user's configuration makes of them."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from search.errors import ConfigError

EVERYWHERE = [
    Binding("f1", "help", "help", tooltip="This help", id="help"),
    Binding("f6,w", "why", "why", tooltip="Why this article answers", show=False, id="why"),
    Binding("f7", "similar", "similar", tooltip="Articles like this one", show=False, id="similar"),
    Binding("f8", "export", "export", tooltip="Export to a file", show=False, id="export"),
    Binding("f9", "index", "index", tooltip="The index: what it is, build it", show=False, id="index"),
    Binding("f10,u", "switch", "new index", tooltip="Search in the newer index", id="switch"),
    Binding("ctrl+r", "history", "history", tooltip="Earlier questions", show=False, id="history"),
    Binding("ctrl+s", "saved", "saved", tooltip="Saved searches; save this", show=False, id="saved"),
    Binding("o", "open_outside", "open", tooltip="Open in the browser", show=False, id="open_outside"),
    Binding("O", "edit", "editor", tooltip="Open in the editor", show=False, id="edit"),
    Binding("y", "copy", "copy", tooltip="Copy the text", show=False, id="copy"),
    Binding("Y", "cite", "cite", tooltip="Copy a reference", show=False, id="cite"),
    Binding(
        "ctrl+p",
        "command_palette",
        "palette",
        tooltip="Open the command palette",
        show=False,
        priority=True,
        id="palette",
    ),
    Binding("ctrl+c", "help_quit", "Copy, else say how to quit", show=False, system=True, id="help_quit"),
    Binding("ctrl+q", "quit", "quit", tooltip="Quit", priority=True, id="quit"),
]

SEARCHING = [
    Binding("enter", "read", "read", tooltip="Read the selected article", priority=True, id="read"),
    Binding("slash", "search", "search", tooltip="Go to the search box", key_display="/", id="search"),
    Binding("f2", "change('mode')", "mode", tooltip="Mode: hybrid, keywords, meaning", show=False, id="mode"),
    Binding("f3", "change('sort')", "sort", tooltip="Sort by relevance or by date", show=False, id="sort"),
    Binding(
        "ctrl+t",
        "change('rerank')",
        "reread",
        tooltip="Have the reranker order the first results, or not",
        show=False,
        id="rerank",
    ),
    Binding("f4", "filters", "filters", tooltip="Filters, with counts", id="filters"),
    Binding("f5", "correct", "correct", tooltip="Ask what may have been meant", id="correct"),
    Binding(
        "ctrl+g",
        "way(0)",
        "way out",
        tooltip="Take a way out, where nothing is found",
        show=False,
        id="way_1",
    ),
    Binding(
        "ctrl+l",
        "way(1)",
        "way out",
        tooltip="Take a way out, where nothing is found",
        show=False,
        id="way_2",
    ),
    Binding(
        "ctrl+o",
        "way(2)",
        "way out",
        tooltip="Take a way out, where nothing is found",
        show=False,
        id="way_3",
    ),
    Binding(
        "ctrl+y",
        "way(3)",
        "way out",
        tooltip="Take a way out, where nothing is found",
        show=False,
        id="way_4",
    ),
    Binding("down", "move('cursor_down')", "Next result, from the box", show=False, priority=True, id="down"),
    Binding("up", "move('cursor_up')", "Previous result, from the box", show=False, priority=True, id="up"),
    Binding(
        "pagedown", "move('page_down')", "A page of results down", show=False, priority=True, id="page_down"
    ),
    Binding("pageup", "move('page_up')", "A page of results up", show=False, priority=True, id="page_up"),
    Binding("tab", "app.focus_next", "Next pane", show=False, id="next_pane"),
    Binding("shift+tab", "app.focus_previous", "Previous pane", show=False, id="previous_pane"),
    Binding("escape", "back", "back", tooltip="Step back; in the search box, empty it", id="back"),
]


def bindings(owners: Iterable[type[DOMNode]]) -> dict[str, Binding]:
    """By its name, every binding of these screens and widgets that keys can be chosen for."""
    found = (binding for owner in owners for binding in Binding.make_bindings(owner.BINDINGS))
    return {binding.id: binding for binding in found if binding.id}


def keymap(chosen: Mapping[str, str], owners: Iterable[type[DOMNode]]) -> dict[str, str]:
    """The keys chosen, by action; raises ConfigError for an action that none of these has."""
    known = sorted(bindings(owners))
    for unknown in sorted(chosen.keys() - set(known)):
        near = get_close_matches(unknown, known)
        choice = f"did you mean {' or '.join(near)}?" if near else f"the actions are: {', '.join(known)}."
        raise ConfigError(f"keys: there is no action {unknown}; {choice}")
    return {name: ",".join(key.strip() for key in keys.split(",")) for name, keys in chosen.items()}


def key_names(
    chosen: Mapping[str, str], owners: Iterable[type[DOMNode]], display: Callable[[Binding], str]
) -> dict[str, str]:
    """What the first key of each action is called, by action, when these keys are chosen.

    An action is missing whose only key was chosen for another one of the same owner.
    """
    names: dict[str, str] = {}
    for owner in owners:
        bound = BindingsMap(owner.BINDINGS)
        bound.apply_keymap(dict(chosen))
        for _, binding in bound:
            names.setdefault(binding.id or "", display(binding))
    return names
