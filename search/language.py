"""The languages that the program speaks to people: English in the code, French from a gettext catalogue.

After a change of an English text, run ``scripts/translations``: it updates the catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Literal

from search.errors import Translatable

DOMAIN = "depeche"
LOCALE = Path(__file__).with_name("locale")

Code = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class Language:
    """Messages, numbers and plurals in one language. The caller replaces the ``{}`` in a text."""

    catalogue: NullTranslations

    def translate(self, message: str) -> str:
        """An English message in this language; the message itself where the catalogue lacks it.

        A ``Translatable`` gets its values, which are translated too.
        """
        if not isinstance(message, Translatable):
            return self.catalogue.gettext(message) if message else ""  # gettext gives its header for ""
        values = (
            self.translate(value) if isinstance(value, Translatable) else value for value in message.values
        )
        return self.translate(message.template).format(*values)

    def plural(self, one: str, many: str, count: int) -> str:
        """The message for one thing or for many, translated, with the count put in."""
        return self.catalogue.ngettext(one, many, count).format(self.number(count))

    def number(self, value: int) -> str:
        """A whole number with a separator between thousands."""
        return f"{value:,}".replace(",", self.translate(","))

    def decimal(self, value: float, digits: int) -> str:
        """A number with this many digits after the decimal sign of the language."""
        return f"{value:.{digits}f}".replace(".", self.translate("."))


ENGLISH = Language(NullTranslations())
FRENCH = Language(translation(DOMAIN, LOCALE, ["fr"]))


def language_code(chosen: str, environment: Mapping[str, str]) -> Code:
    """The language of a user, who chose ``fr`` or ``en``; ``""`` leaves the choice to the locale.

    A locale without a language means French. A locale of another language than French means English.
    """
    if chosen:
        return "en" if chosen == "en" else "fr"
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "C")
    return "fr" if locale.partition(".")[0] in ("C", "POSIX") or locale.startswith("fr") else "en"
