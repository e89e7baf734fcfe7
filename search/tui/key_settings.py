"""The keys that the configuration gives to actions: which keys there are, and which actions collide."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from string import ascii_lowercase, digits, punctuation

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys
from textual.screen import ModalScreen, Screen

from search.errors import ConfigError, Translatable


def _of_sign(sign: str) -> str:
    """Textual's name of the key that writes a sign."""
    (binding,) = Binding.make_bindings([Binding(sign, "")])
    return binding.key


_MODIFIERS = {"ctrl", "alt", "shift"}
_LETTERS = {*ascii_lowercase, *digits}
_NAMES = {key.value for key in Keys if key.value.isalnum()} - {"return"}  # enter, f1, pageup, …
_SIGNS = {"comma", *map(_of_sign, punctuation.replace(",", ""))}
_KNOWN = sorted(
    {*_NAMES, *_SIGNS, *(f"{modifier}+{key}" for modifier in _MODIFIERS for key in _LETTERS | _NAMES)}
)
_PROPOSED = ("f11", "f12", *(f"alt+{letter}" for letter in ascii_lowercase))


def textual_keys(written: str, action: str, place: str) -> str:
    """The keys of an action as Textual names them: ``?, Ctrl-E`` is ``question_mark,ctrl+e``.

    Raises ConfigError, with the name of the configuration, for a key that no keyboard has.
    """
    return ",".join(_textual_key(key.strip(), action, place) for key in written.split(",") if key.strip())


def _textual_key(written: str, action: str, place: str) -> str:
    if len(written) == 1 and written.isprintable():
        return _of_sign(written)
    key = written.lower().replace("-", "+")
    *modifiers, base = key.split("+")
    bases = _NAMES | _SIGNS if modifiers in ([], ["shift"]) else _NAMES | _SIGNS | _LETTERS
    if base in bases and set(modifiers) <= _MODIFIERS:
        return key
    if modifiers == ["shift"] and base in ascii_lowercase:
        near = [base.upper()]
    else:
        near = get_close_matches(key, _KNOWN) if key.isascii() else []
    example = (
        Translatable("did you mean {}?", ", ".join(near))
        if near
        else Translatable("keys are written a, A, é, f5, enter, pageup, ctrl+e, alt+e, shift+f5.")
    )
    raise ConfigError(Translatable("{}, [keys]: {} of {} is no key; {}", place, written, action, example))


def check_collisions(chosen: Mapping[str, str], owners: Sequence[type[DOMNode]], place: str) -> None:
    """Raise ConfigError where the configuration gives one key to two actions that work at the same time.

    ``chosen`` has the keys by action, as Textual names them. ``owners`` begin with the application and the
    screen of all widgets. ``place`` is the name of the configuration.
    """
    for group in _seen_together(owners):
        here = {binding.id for owner in group for binding in Binding.make_bindings(owner.BINDINGS)}
        first: dict[str, str] = {}
        for action in filter(here.__contains__, chosen):
            for key in filter(None, chosen[action].split(",")):
                if (other := first.setdefault(key, action)) != action:
                    raise ConfigError(
                        Translatable(
                            "{}, [keys]: {} cannot be the key of both {} and {}. Write, for example: {}",
                            *(place, key, other, action, f'{action} = "{free_key(chosen)}"'),
                        )
                    )


def free_key(chosen: Mapping[str, str]) -> str:
    """A key that no action has, for a message."""
    taken = {key for keys in chosen.values() for key in keys.split(",")}
    return next(key for key in _PROPOSED if key not in taken)


def _seen_together(owners: Sequence[type[DOMNode]]) -> Iterator[Sequence[type[DOMNode]]]:
    """The owners whose keys work at the same time: a dialog's alone, a widget's with those around it."""
    app, main, *_ = owners
    for owner in owners:
        if issubclass(owner, ModalScreen):
            yield (owner,)
        elif issubclass(owner, Screen):
            yield (app, owner)
        elif not issubclass(owner, App):
            yield (app, main, owner)
