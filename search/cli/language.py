"""The language in which the command line speaks to people. What programs read is the same in all."""

import gettext
from collections.abc import MutableMapping, Sequence

from search import language
from search.config import language_setting
from search.errors import Translatable
from search.language import DOMAIN, LOCALE, Language, language_code

_OPTION = "--language"
_LANGUAGES = {"fr": language.FRENCH, "en": language.ENGLISH}


class _Spoken:
    """The language of this run of the program."""

    language: Language = language.ENGLISH


def choose_language(arguments: Sequence[str], environment: MutableMapping[str, str]) -> None:
    """Speak the language that the arguments name, else that of the settings, else that of the locale.

    Mistakes in the arguments are told too, so the option is looked for before click reads them.
    """
    code = language_code(_named(arguments) or language_setting(environment), environment)
    _Spoken.language = _LANGUAGES[code]
    gettext.bindtextdomain(DOMAIN, str(LOCALE))  # click asks gettext, which asks LANGUAGE
    gettext.textdomain(DOMAIN)
    environment["LANGUAGE"] = code


def _named(arguments: Sequence[str]) -> str:
    """The last language among the arguments, ``""`` for none."""
    named = ""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == _OPTION:
            named = next(iter(arguments[place + 1 :]), "")
        elif argument.startswith(f"{_OPTION}="):
            named = argument.removeprefix(f"{_OPTION}=")
    return named if named in _LANGUAGES else ""


def spoken() -> Language:
    """The language of this run."""
    return _Spoken.language


def translate(message: str, *values: object) -> str:
    """An English message in the language of this run, with the values in its ``{}``."""
    return _Spoken.language.translate(Translatable(message, *values) if values else message)


def plural(one: str, many: str, count: int) -> str:
    """The message for one thing or for many, with the count."""
    return _Spoken.language.plural(one, many, count)


def number(value: int) -> str:
    """A whole number with a separator between thousands."""
    return _Spoken.language.number(value)


def decimal(value: float, digits: int) -> str:
    """A number with this many digits after the decimal sign."""
    return _Spoken.language.decimal(value, digits)
