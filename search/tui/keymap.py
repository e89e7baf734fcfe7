"""The key bindings of the app and of the search screen, and the keys that the user's configuration sets."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from search.config import config_path
from search.errors import ConfigError, Translatable
from search.language import Language
from search.tui.format.key_names import key_name
from search.tui.key_settings import check_collisions, free_key, textual_keys

_RENAMED = {
    "heat": "sentences",
    "next_form": "next_format",
    "next_what": "next_content",
    "widen_list": "delete_letter",
    "remove_question": "remove_from_history",
    **{f"way_{number}": f"alternative_{number}" for number in range(1, 5)},
}
"""Actions by their names up to 0.1."""
APP_BINDINGS = [
    Binding("f1,question_mark", "dialog('help')", "help", tooltip="Help", id="help"),
    Binding("f6,w", "dialog('why')", "why", tooltip="Why this article was found", show=False, id="why"),
    Binding(
        "f7", "article('similar')", "similar", tooltip="Articles like this one", show=False, id="similar"
    ),
    Binding("f8", "dialog('export')", "export", tooltip="Export to a file", show=False, id="export"),
    Binding(
        "f9", "dialog('index')", "index", tooltip="The index: its facts; build it", show=False, id="index"
    ),
    Binding("f10,u", "switch", "new index", tooltip="Search in the newer index", id="switch"),
    Binding("ctrl+r", "dialog('history')", "history", tooltip="Earlier searches", show=False, id="history"),
    Binding(
        "ctrl+s",
        "dialog('saved')",
        "saved",
        tooltip="Saved searches; save this search",
        show=False,
        id="saved",
    ),
    Binding(
        "ctrl+n,v", "dialog('compare')", "compare", tooltip="Compare over time", show=False, id="compare"
    ),
    Binding(
        "ctrl+k,K",
        "dialog('counts')",
        "counts",
        tooltip="Count the words of the answer",
        show=False,
        id="counts",
    ),
    Binding("d", "dialog('dossier')", "dossier", tooltip="Put into a dossier, or take out", id="dossier"),
    Binding(
        "ctrl+d",
        "dialog('dossiers')",
        "dossiers",
        tooltip="Dossiers: ask for one, rename, delete, export",
        show=False,
        priority=True,  # the box would delete a letter
        id="dossiers",
    ),
    Binding("o", "article('open')", "open", tooltip="Open in the browser", show=False, id="open_outside"),
    Binding("O", "article('edit')", "editor", tooltip="Open in the editor", show=False, id="edit"),
    Binding("y", "article('copy')", "copy", tooltip="Copy the text", show=False, id="copy"),
    Binding("Y", "article('cite')", "cite", tooltip="Copy a reference", show=False, id="cite"),
    Binding(
        "r",
        "article('read')",
        "read or unread",
        tooltip="Mark as read, or as unread",
        show=False,
        id="mark_read",
    ),
    Binding(
        "ctrl+p",
        "command_palette",
        "palette",
        tooltip="Open the command palette",
        show=False,
        priority=True,
        id="palette",
    ),
    Binding(
        "ctrl+c",
        "help_quit",
        "Copy the selection, or show how to quit",
        show=False,
        system=True,
        id="help_quit",
    ),
    Binding("ctrl+q", "quit", "quit", tooltip="Quit", priority=True, id="quit"),
]

SEARCH_BINDINGS = [
    Binding("enter", "read", "read", tooltip="Read the selected article", priority=True, id="read"),
    Binding("slash", "search", "search", tooltip="Go to the search box", key_display="/", id="search"),
    Binding("f2", "change('mode')", "mode", tooltip="Mode: hybrid, keywords, meaning", show=False, id="mode"),
    Binding(
        "f3",
        "change('sort')",
        "sort",
        tooltip="Order: relevance, newest or oldest first",
        show=False,
        id="sort",
    ),
    Binding(
        "ctrl+t",
        "change('rerank')",
        "rerank",
        tooltip="Rerank the first results, or not",
        show=False,
        id="rerank",
    ),
    Binding("f4", "filters", "filters", tooltip="Filters, with counts", id="filters"),
    Binding(
        "ctrl+f",
        "app.dialog('form')",
        "form",
        tooltip="Advanced search: a form writes the query",
        show=False,
        priority=True,
        id="form",
    ),
    Binding("f5", "correct", "correct", tooltip="Search for the correction", id="correct"),
    Binding(
        "ctrl+g",
        "alternative(0)",
        "alternative",
        tooltip="Try an alternative when nothing is found",
        show=False,
        id="alternative_1",
    ),
    Binding(
        "ctrl+l",
        "alternative(1)",
        "alternative",
        tooltip="Try an alternative when nothing is found",
        show=False,
        id="alternative_2",
    ),
    Binding(
        "ctrl+o",
        "alternative(2)",
        "alternative",
        tooltip="Try an alternative when nothing is found",
        show=False,
        id="alternative_3",
    ),
    Binding(
        "ctrl+y",
        "alternative(3)",
        "alternative",
        tooltip="Try an alternative when nothing is found",
        show=False,
        id="alternative_4",
    ),
    Binding(
        "down",
        "move('cursor_down')",
        "Next result, from the search box",
        show=False,
        priority=True,
        id="down",
    ),
    Binding(
        "up", "move('cursor_up')", "Previous result, from the search box", show=False, priority=True, id="up"
    ),
    Binding(
        "pagedown", "move('page_down')", "A page of results down", show=False, priority=True, id="page_down"
    ),
    Binding("pageup", "move('page_up')", "A page of results up", show=False, priority=True, id="page_up"),
    Binding(
        "tab",
        "app.focus_next",
        "to the list",
        tooltip="Next pane; from the box to the list, where letters are commands",
        show=False,
        id="next_pane",
    ),
    Binding("shift+tab", "app.focus_previous", "Previous pane", show=False, id="previous_pane"),
    Binding("escape", "back", "back", tooltip="Go back, or empty the search box", id="back"),
]


def configurable_bindings(owners: Iterable[type[DOMNode]]) -> dict[str, Binding]:
    """The bindings of these screens and widgets whose keys the user can choose, by their ids."""
    bindings = (binding for owner in owners for binding in Binding.make_bindings(owner.BINDINGS))
    return {binding.id: binding for binding in bindings if binding.id}


def keymap(chosen: Mapping[str, str], owners: Sequence[type[DOMNode]]) -> dict[str, str]:
    """Textual's keymap from the keys in the configuration file.

    Actions may have the names of before 0.2. ``owners`` begin with the application and the screen of all
    widgets. Raises ConfigError for an unknown action or key, and for actions that collide.
    """
    place = str(config_path())
    chosen = {_RENAMED.get(name, name): keys for name, keys in chosen.items()}
    known = sorted(configurable_bindings(owners))
    for unknown in sorted(chosen.keys() - set(known)):
        near = get_close_matches(unknown, known)
        choice = (
            Translatable("did you mean {}?", ", ".join(near))
            if near
            else Translatable("the actions are: {}.", ", ".join(known))
        )
        raise ConfigError(Translatable("{}, [keys]: there is no action {}; {}", place, unknown, choice))
    keys = {name: textual_keys(written, name, place) for name, written in chosen.items()}
    check_collisions(keys, owners, place)
    return keys


def key_names(
    chosen: Mapping[str, str], owners: Iterable[type[DOMNode]], language: Language
) -> dict[str, str]:
    """The name of each action's first key, with these keys chosen.

    An action is missing when the user gave its only key to another action of the same owner.
    """
    names: dict[str, str] = {}
    for owner in owners:
        bindings = BindingsMap(owner.BINDINGS)
        bindings.apply_keymap(dict(chosen))
        for _, binding in bindings:
            names.setdefault(binding.id or "", key_name(binding, language))
    return names


class LateKeyNames(Mapping[str, str]):
    """Names of keys by action: the ``first`` ones at once, all others by ``load`` when one is wanted."""

    def __init__(self, first: Mapping[str, str], load: Callable[[], Mapping[str, str]]) -> None:
        self._first = first
        self._load = load

    def __getitem__(self, action: str) -> str:
        return self._first[action] if action in self._first else self._all[action]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> Mapping[str, str]:
        return self._load()


def actions_without_key(
    chosen: Mapping[str, str], owners: Sequence[type[DOMNode]], named: Collection[str]
) -> Iterator[Translatable]:
    """A notice for each action whose only key the configuration gave to another; "" for its keys agrees."""
    for action in configurable_bindings(owners):
        if action not in named and action not in chosen:
            yield Translatable(
                '{}, [keys]: the key of {} went to another action. Write: {} = "{}" – or {} = "" for none',
                *(config_path(), action, action, free_key(chosen), action),
            )
