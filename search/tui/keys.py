"""The keys: which actions they can be given to, and what the user's configuration makes of them."""

from collections.abc import Iterable, Mapping

from textual.binding import Binding
from textual.dom import DOMNode

from search.errors import ConfigError


def bindings(owners: Iterable[type[DOMNode]]) -> dict[str, Binding]:
    """By its name, every binding of these screens and widgets that keys can be chosen for."""
    found = (binding for owner in owners for binding in Binding.make_bindings(owner.BINDINGS))
    return {binding.id: binding for binding in found if binding.id}


def keymap(chosen: Mapping[str, str], owners: Iterable[type[DOMNode]]) -> dict[str, str]:
    """The keys chosen, by action; raises ConfigError for an action that none of these has."""
    known = bindings(owners)
    if unknown := sorted(chosen.keys() - known.keys()):
        raise ConfigError(
            f"keys: there is no action {', '.join(unknown)}; the actions are: {', '.join(sorted(known))}."
        )
    return dict(chosen)
