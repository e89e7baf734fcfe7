"""The rules that turn a record into an article; they are the same for every file format."""

import hashlib
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from search.corpus.prose import clean_line, clean_text, first_sentence, has_words
from search.errors import Translatable, UsageError
from search.text.dates import parse_published
from search.types import Article

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "title": ("title", "titre"),
    "text": ("text", "body", "texte", "contenu", "content"),
    "chapo": ("chapo", "lead", "lede"),
    "date": ("date", "published"),
    "time": ("time", "heure"),
    "source": ("source",),
    "section": ("section", "rubrique"),
    "url": ("url", "link"),
    "lang": ("lang", "langue"),
    "place": ("place", "lieu"),
}
"""Our fields, and the names that records may give them, in order of preference. Case is ignored."""

_PROSE = ("title", "text", "chapo")
_ID_LIMIT = 200
_LINE_LIMIT = 10_000  # characters of any other field
_TITLE_LIMIT = 1_000
_TEXT_LIMIT = 2_000_000  # characters: a thousand pages
_DATE_LIMIT = 60
_UNSAFE_IN_ID = {"Cc", "Cs", "Zl", "Zp"}
_JSON_KINDS = {list: "a list", dict: "an object", bool: "true or false"}


class BadRecord(ValueError):
    """A record or a whole file cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the files do not say.

    ``columns`` maps our fields to the names that records use, such as ``{"text": "contenu"}``; raises
    UsageError for a field that does not exist. The defaults replace a blank source or language.
    ``skipped_folders`` are not read, at any depth.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    default_source: str = ""
    default_lang: str = ""
    skipped_folders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.columns) - set(FIELDS)):
            raise UsageError(
                Translatable("no such field: {}; the fields are {}", ", ".join(unknown), ", ".join(FIELDS))
            )


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as read from a file; ``label`` names it in messages where there is no line number."""

    fields: Mapping[str, object]
    line: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a file where a record could not be read."""

    reason: str
    line: int = 0


def to_article(record: Mapping[str, object], options: ReadOptions) -> Article:
    """Make an article from a record; raises BadRecord.

    The lead comes before the text, unless the text already begins with it. A record that has only a title
    uses it as its body. A title that is too long moves to the beginning of the body. The first sentence
    replaces a missing title, and a hash of the content replaces a missing id.
    """
    named = by_name(record)
    values = {name: _limited(name, field_of(named, _names(name, options))) for name in FIELDS}
    title = clean_line(values["title"])
    body = _body(clean_text(values["chapo"]), clean_text(values["text"]), title)
    if len(title) > _TITLE_LIMIT:
        title, body = "", _body(title, body, "")
    if not has_words(body):
        raise BadRecord(_missing_text(named, options))
    title = title if has_words(title) else first_sentence(body)
    published = _published(values["date"].strip(), values["time"].strip())
    source = clean_line(values["source"]) or options.default_source
    return Article(
        id=_checked_id(values["id"].strip()) or _digest(title, body, published, source),
        title=title,
        body=body,
        published=published,
        source=source,
        section=clean_line(values["section"]),
        url=clean_line(values["url"]),
        lang=_language(clean_line(values["lang"])) or options.default_lang,
        place=clean_line(values["place"]),
    )


def by_name(record: Mapping[str, object]) -> dict[str, object]:
    """The values of a record under the normalised names that ``field_of`` looks up."""
    return {_comparable(name): value for name, value in record.items()}


def field_of(named: Mapping[str, object], names: Iterable[str]) -> str:
    """The first value among these names that is not blank, as text; ``""`` when all are blank.

    Numbers become text. Raises BadRecord for a list, an object or a boolean.
    """
    for name in names:
        text = _text_of(name, named.get(name))
        if text.strip():
            return text
    return ""


def _names(name: str, options: ReadOptions) -> tuple[str, ...]:
    """The names that a record may use for one of our fields, the mapped column first."""
    mapped = options.columns.get(name)
    return FIELDS[name] if mapped is None else (_comparable(mapped), *FIELDS[name])


def _comparable(name: str) -> str:
    return name.strip().casefold()


def _text_of(name: str, value: object) -> str:
    if kind := _JSON_KINDS.get(type(value)):
        raise BadRecord(f"{name} is {kind}, not text")
    return "" if value is None else str(value)


def _limited(name: str, text: str) -> str:
    limit = _TEXT_LIMIT if name in _PROSE else _LINE_LIMIT
    if len(text) > limit:
        raise BadRecord(f"the {name} is longer than {limit} characters")
    return text


def _body(chapo: str, text: str, title: str) -> str:
    if not has_words(text):
        return chapo if has_words(chapo) else title
    if not chapo or _collapsed(text).startswith(_collapsed(chapo)):
        return text
    return f"{chapo}\n\n{text}"


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _missing_text(named: Mapping[str, object], options: ReadOptions) -> str:
    """Why a record has no text: it is blank, or its columns have other names."""
    if not named or any(name in named for prose in _PROSE for name in _names(prose, options)):
        return "no text"
    columns = textwrap.shorten(", ".join(named), 100, placeholder=" …")
    return f"no text: the record has only {columns}; name the column of the text with --column text=NAME"


def _published(date: str, time: str) -> str:
    if not date:
        return ""
    if len(date) + len(time) > _DATE_LIMIT:
        raise BadRecord(f"the date is longer than {_DATE_LIMIT} characters")
    try:
        published = parse_published(date)
        if time and "T" not in published:
            published = parse_published(f"{date}T{time}")
    except ValueError as error:
        raise BadRecord(f"impossible date {' '.join(filter(None, (date, time)))!r}: {error}") from error
    return published


def _checked_id(given: str) -> str:
    if len(given) > _ID_LIMIT:
        raise BadRecord(f"the id is longer than {_ID_LIMIT} characters")
    if any(unicodedata.category(character) in _UNSAFE_IN_ID for character in given):
        raise BadRecord(f"the id {given!r} contains control characters")
    return given


def _digest(*parts: str) -> str:
    return "sha-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _language(tag: str) -> str:
    """The language of a tag: ``fr`` for ``fr-FR``, ``fr_CA`` and ``FR``."""
    return tag.replace("_", "-").partition("-")[0].lower()
