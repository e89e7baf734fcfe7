"""The names of keys in sentences, as they are printed on a keyboard of the user's language."""

from textual.binding import Binding
from textual.keys import format_key

from search.language import Language


def key_name(binding: Binding, language: Language) -> str:
    """The key of a binding in words: ``Ctrl-N``, ``Esc``, ``F4``, ``n``."""
    *modifiers, key = binding.key.split("+")
    names = _names(language)
    name = names.get(key) or format_key(key)
    if name[1:].isdigit() or (modifiers and len(name) == 1):
        name = name.upper()
    return "-".join([*map(names.__getitem__, modifiers), name])


def _names(language: Language) -> dict[str, str]:
    translate = language.translate
    return {
        "ctrl": "Ctrl",
        "alt": "Alt",
        "super": "Super",
        "shift": translate("Shift"),
        "enter": translate("Enter"),
        "space": translate("Space"),
        "tab": "Tab",
        "escape": translate("Esc"),
        "delete": translate("Delete"),
        "home": translate("Home"),
        "end": translate("End"),
        "pageup": translate("PgUp"),
        "pagedown": translate("PgDn"),
    }
