"""What the interface says: its messages are English in the code, and French by a gettext catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations, translation
from pathlib import Path

from search.errors import Translatable
from search.types import Facet, Mode, Sort

DOMAIN = "depeche"
LOCALE = Path(__file__).with_name("locale")


@dataclass(frozen=True, slots=True)
class Message:
    """An attribute of ``Texts`` that is this message in the language of the texts."""

    english: str

    def __get__(self, texts: "Texts", owner: type["Texts"]) -> str:
        """The message, translated."""
        return texts.key(self.english)


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language; ``{}`` in a message stands for what the reader puts there.

    ``keys`` tells what the key of each action is called, by the name of the action.

    After a new message, ``scripts/translations`` brings the catalogue up to date.
    """

    catalogue: NullTranslations
    keys: Mapping[str, str] = field(default_factory=dict)

    placeholder = Message('Search: munitions Russie, "obus d\'artillerie" ET Moscou, date:2023-09…')
    hint = Message("Type to search; {} says how.")
    opening = Message("Opening the index…")
    undated = Message("undated")
    meaning_pending = Message("keywords… (meaning on its way)")
    model_loading = Message("keywords… (the model is loading)")
    model_ready = Message("meaning is ready")
    model_missing = Message("meaning is missing")
    reranking = Message("rereading the first ones…")
    reranked = Message("the first ones reread")
    recency = Message("recent articles favoured")
    nothing_found = Message("No article answers.")
    nothing_relevant = Message("nothing relevant")
    below = Message("What follows may not answer")
    same_text = Message("same text")
    other_version = Message("another version")
    did_you_mean = Message("Did you mean: {}  ({})")
    likeness = Message("articles like “{}”")
    unknown = Message("(unknown)")
    scale = Message("a column: {} months")
    recent = Message("Recent and saved searches")
    saved = Message("saved search")
    drop = Message("without {}")
    wider_dates = Message("whatever the date")
    soften = Message("the words alone, none demanded")
    by_meaning = Message("by meaning alone")
    help_keys = Message("Keys")
    help_syntax = Message("Queries")
    days_ago = Message("{} days ago")

    def key(self, message: str) -> str:
        """What an English message is in this language; the message itself where that is not known."""
        return self.catalogue.gettext(message) if message else ""  # a catalogue answers "" by its header

    def said(self, message: str) -> str:
        """What a message from below the interface, such as an error's, is in this language."""
        if not isinstance(message, Translatable):
            return self.key(message)
        values = (self.said(value) if isinstance(value, Translatable) else value for value in message.values)
        return self.key(message.template).format(*values)

    def key_of(self, action: str) -> str:
        """What the key of an action is called; a dash where the user's choices left it none."""
        return self.keys.get(action, "–")

    def naming(self, message: str, *actions: str) -> str:
        """A message with the keys of these actions put in."""
        return self.key(message).format(*map(self.key_of, actions))

    def plural(self, one: str, many: str, count: int) -> str:
        """The message for one or for many, with the count put in."""
        return self.catalogue.ngettext(one, many, count).format(self.number(count))

    def number(self, value: int) -> str:
        """A whole number with its thousands set apart."""
        return f"{value:,}".replace(",", self.key(","))

    def found(self, total: int) -> str:
        """How many articles answer."""
        return self.plural("{} article", "{} articles", total)

    def more(self, passages: int) -> str:
        """How many other passages of an article answer."""
        return self.plural("+{} passage", "+{} passages", passages)

    def copies(self, articles: int) -> str:
        """How many other articles say the same."""
        return self.plural("+{} copy", "+{} copies", articles)

    def chosen(self, results: int) -> str:
        """How many results are chosen."""
        return self.plural("{} chosen", "{} chosen", results)

    def filters(self, count: int) -> str:
        """How many filters there are."""
        return self.plural("{} filter", "{} filters", count)

    @property
    def last_days(self) -> tuple[str, str]:
        """What today and yesterday are called."""
        return self.key("today"), self.key("yesterday")

    @property
    def months(self) -> list[str]:
        """The names of the months, short."""
        return self.key("Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec").split()

    @property
    def facets(self) -> Mapping[Facet, str]:
        """What lists of values are headed by."""
        key = self.key
        return {Facet.SOURCE: key("Sources"), Facet.SECTION: key("Sections"), Facet.MONTH: key("Dates")}

    @property
    def modes(self) -> Mapping[Mode, str]:
        """What modes are called."""
        key = self.key
        return {Mode.HYBRID: key("hybrid"), Mode.KEYWORD: key("keywords"), Mode.SEMANTIC: key("meaning")}

    @property
    def sorts(self) -> Mapping[Sort, str]:
        """What orders are called."""
        return {Sort.RELEVANCE: self.key("relevance"), Sort.DATE: self.key("date")}

    @property
    def syntax(self) -> tuple[tuple[str, str], ...]:
        """Pairs of an example of the query language and what it means."""
        key = self.key
        return (
            ("munitions Russie", key("words: more of them ranks higher, none is demanded")),
            (key('"obus d\'artillerie"'), key("this phrase exactly")),
            ("munitions ET (Russie OU Moscou) SAUF Ukraine", key("operators, in capitals; also AND OR NOT")),
            ("+munitions -Ukraine", key("with, without")),
            ("titre:Kim  source:AFP  rubrique:monde", key("in the title, from a source, in a section")),
            ("munit*  r?ssie  munitiosn~", key("beginning, any letter, misspelt")),
            ("date:2023-09  date:2023..2024  depuis:7j", key("dates")),
        )


ENGLISH = Texts(NullTranslations())
FRENCH = Texts(translation(DOMAIN, LOCALE, ["fr"]))
_LANGUAGES = {"fr": FRENCH, "en": ENGLISH}


def texts_for(language: str, environment: Mapping[str, str]) -> Texts:
    """The texts of a language, ``fr`` or ``en``; of what the locale asks for where that is ``""``.

    French is also for a locale that says nothing, and English for every other language.
    """
    if language:
        return _LANGUAGES[language]
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "C")
    return FRENCH if locale.partition(".")[0] in ("C", "POSIX") or locale.startswith("fr") else ENGLISH
