"""The rules that turn a record into an article; they are the same for every format."""

import hashlib
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search.corpus.boilerplate import strip_boilerplate
from search.corpus.markup import plain
from search.corpus.prose import clean_line, clean_text, collapsed, first_sentence, has_words
from search.corpus.record import FIELDS, BadRecord, RawRecord, ReadOptions
from search.corpus.values import (
    UnreadableValue,
    by_name,
    comparable,
    joined_text,
    lookup,
    one_text,
    unprinted,
)
from search.errors import Translatable
from search.text.published import parse_published
from search.types import VALUE_SEPARATOR, Article

_PROSE = ("title", "text", "chapo")
_SEVERAL = ("author", "keywords")
_LONG_TEXT = 200  # characters from which on a value is a text rather than a label
_FAR_LONGER = 2
_ID_LIMIT = 200
_LINE_LIMIT = 10_000  # characters of any other field
_TITLE_LIMIT = 1_000
_TEXT_LIMIT = 2_000_000  # characters: a thousand pages
_DATE_LIMIT = 100
_MIDNIGHT = re.compile(r"[T ]00:00:00(?:[.,]0+)?(?:\s*(?:Z|UTC|[+-]\d\d:?\d\d))?$")
_UNSAFE_IN_ID = {"Cc", "Cs", "Zl", "Zp"}
_NUMBER = re.compile(r"\d{1,3}(?:[\s\u00a0\u202f.,]\d{3})+|\d+")
_LANGUAGES = {
    **dict.fromkeys(("francais", "french", "fra", "fre", "franzosisch", "frances", "francese"), "fr"),
    **dict.fromkeys(("anglais", "english", "eng", "englisch", "ingles", "inglese"), "en"),
    **dict.fromkeys(("allemand", "german", "deutsch", "deu", "ger", "aleman", "tedesco"), "de"),
    **dict.fromkeys(("espagnol", "spanish", "espanol", "spa", "spanisch", "spagnolo"), "es"),
    **dict.fromkeys(("italien", "italian", "italiano", "ita", "italienisch"), "it"),
    **dict.fromkeys(("neerlandais", "dutch", "nederlands", "nld", "dut"), "nl"),
    **dict.fromkeys(("portugais", "portuguese", "por"), "pt"),
}
_ENDLESS = re.compile(r"\s*(?:\[?(?:…|\.\.\.|&hellip;)\]?|\[&#8230;\])\s*$")


class UnmappedText(BadRecord):
    """Only a headline would be left of a record, and its ``column`` holds a long text."""

    def __init__(self, column: str) -> None:
        super().__init__(f"the column {column!r} holds a text, and no field takes it")
        self.column = column


@dataclass(frozen=True, slots=True)
class Converted:
    """An article, and what became of its record.

    ``names`` tells by field under which name the record has it, ``lost`` by field why it could not be read;
    that of the text says why only its beginning was there.
    """

    article: Article
    names: Mapping[str, str]
    lost: Mapping[str, str]


def to_article(record: RawRecord, options: ReadOptions) -> Converted:
    """Make an article from a record; raises BadRecord where there is no text.

    The lead comes before the text, unless the text already begins with it. A record that has only a title
    uses it as its body; but where another column holds a long text, UnmappedText is raised. A title that is
    too long moves to the beginning of the body. The first sentence replaces a missing title, and a hash of
    the content replaces a missing id. Any other field that cannot be read is lost, not the article.
    """
    values = _Values(record, options)
    title = clean_line(values.prose("title"))
    chapo, text = values.running_text("chapo"), values.running_text("text")
    standfirst, body = _body(chapo, text, title)
    if has_words(body) and not has_words(text):
        values.check_unmapped_text(len(body))
    if len(title) > _TITLE_LIMIT:
        title, body = "", _body(title, body, "")[1]
    if not has_words(body):
        raise BadRecord(values.missing_text())
    title = title if has_words(title) else first_sentence(body)
    published = values.published()
    source = values.line("source") or options.default_source
    article = Article(
        id=values.id() or _digest(title, body, published, source),
        title=title,
        body=body,
        published=published,
        source=source,
        section=values.line("section"),
        url=values.line("url"),
        lang=_language(values.line("lang")) or options.default_lang,
        place=values.line("place"),
        author=values.line("author"),
        page=values.line("page"),
        kicker=values.line("kicker"),
        standfirst=standfirst,
        keywords=values.line("keywords"),
        edition=values.line("edition"),
        word_count=values.word_count(),
    )
    return Converted(article, values.names, values.lost)


class _Values:
    """The values of one record by our fields; remembers which names were used and what was lost."""

    def __init__(self, record: RawRecord, options: ReadOptions) -> None:
        self.names: dict[str, str] = {}
        self.lost: dict[str, str] = {"text": record.cut} if record.cut else {}
        self._named = by_name(record.fields)
        self._written = {comparable(name): name for name in record.fields}
        self._aliases = record.aliases
        self._columns = options.columns

    def prose(self, field: str) -> str:
        """A text without markup, ``""`` when it is blank; raises BadRecord where it cannot be read."""
        try:
            text = self._first(field)
        except UnreadableValue as error:
            if field == "text":
                raise BadRecord(error.reason) from error
            return self._lose(field, error.reason)
        if len(text) > _TEXT_LIMIT:
            raise BadRecord(Translatable("the {} is longer than {} characters", field, _TEXT_LIMIT))
        return plain(text)

    def running_text(self, field: str) -> str:
        """A clean text of several lines, without those that are not the article's.

        Raises BadRecord where it cannot be read.
        """
        text, cut = strip_boilerplate(clean_text(self.prose(field)))
        if cut:
            self.lost["text"] = Translatable("it is cut short: {}", cut)
        return text

    def line(self, field: str) -> str:
        """A short text on one line; ``""`` when it is blank or cannot be read."""
        try:
            text = self._first(field)
        except UnreadableValue as error:
            return self._lose(field, error.reason)
        if len(text) > _LINE_LIMIT:
            return self._lose(field, Translatable("longer than {} characters", _LINE_LIMIT))
        return clean_line(plain(text))

    def id(self) -> str:
        """The id; ``""`` when it is blank or cannot be one."""
        given = self._raw_line("id").strip()
        if len(given) > _ID_LIMIT:
            return self._lose("id", Translatable("longer than {} characters", _ID_LIMIT))
        if any(unicodedata.category(character) in _UNSAFE_IN_ID for character in given):
            return self._lose("id", Translatable("{} contains control characters", repr(given)))
        return given

    def published(self) -> str:
        """The date and the time as ``Article.published``; ``""`` when it is blank or cannot be read."""
        # R, pandas and spreadsheets write a day without its hour as midnight.
        date, time = _MIDNIGHT.sub("", self._raw_line("date").strip()), self._raw_line("time").strip()
        if not date:
            return ""
        if len(date) + len(time) > _DATE_LIMIT:
            return self._lose("date", Translatable("longer than {} characters", _DATE_LIMIT))
        try:
            published = parse_published(date)
        except ValueError as error:
            return self._lose("date", Translatable("{} is not read: {}", repr(date), error.args[0]))
        if time and "T" not in published:
            try:
                published = parse_published(f"{published} {time}")
            except ValueError as error:
                self._lose("time", Translatable("{} is not read: {}", repr(time), error.args[0]))
        return published

    def word_count(self) -> int:
        """The number of words; 0 when it is blank or cannot be read."""
        text = self._raw_line("word_count")
        number = _NUMBER.search(text)
        if text.strip() and not number:
            self._lose("word_count", Translatable("{} is no number", repr(text)))
        return int(re.sub(r"\D", "", number[0])[:9]) if number else 0

    def check_unmapped_text(self, size: int) -> None:
        """Raise UnmappedText where a column that no field takes is far longer than the ``size`` that is left.

        Not where the record has a column of the text, and it is blank.
        """
        if self._has_prose("text"):
            return
        longest = max(_LONG_TEXT, _FAR_LONGER * size)
        taken = {comparable(name) for name in self.names.values()}
        for name, value in self._named.items():
            if name not in taken and isinstance(value, str) and len(value) > longest and " " in value.strip():
                raise UnmappedText(self._written[name])

    def missing_text(self) -> str:
        """Why a record has no text: it is blank, or its columns have other names."""
        if not self._named or self._has_prose(*_PROSE):
            return Translatable("no text")
        columns = textwrap.shorten(", ".join(self._named), 100, placeholder=" …")
        return Translatable(
            "no text: the record has only {}; name the column of the text with --column text=NAME", columns
        )

    def _has_prose(self, *fields: str) -> bool:
        return any(
            lookup(self._named, name) is not None or name in self._named
            for field in fields
            for name in self._candidates(field)
        )

    def _raw_line(self, field: str) -> str:
        try:
            return self._first(field)
        except UnreadableValue as error:
            return self._lose(field, error.reason)

    def _first(self, field: str) -> str:
        """The first value of a field that is not blank; raises UnreadableValue where none is text."""
        unreadable = ""
        for name in self._candidates(field):
            try:
                text = self._as_text(field, lookup(self._named, name))
            except UnreadableValue as error:
                unreadable = unreadable or Translatable(
                    "{} is {}", self._written.get(name, name), error.reason
                )
                continue
            if text.strip():
                self.names[field] = self._written.get(name, name)
                return text
        if unreadable:
            raise UnreadableValue(unreadable)
        return ""

    def _as_text(self, field: str, value: object) -> str:
        if field == "text":
            return joined_text(value, "\n\n")
        if field in _PROSE:
            return one_text(value)
        value = unprinted(value)
        return joined_text(value, VALUE_SEPARATOR) if field in _SEVERAL else one_text(value)

    def _candidates(self, field: str) -> Iterable[str]:
        """The names that the record may use for one of our fields, the mapped column first."""
        mapped = self._columns.get(field)
        given = () if mapped is None else (comparable(mapped),)
        return (*given, *self._aliases.get(field, ()), *FIELDS[field])

    def _lose(self, field: str, reason: str) -> str:
        self.names.pop(field, None)
        self.lost[field] = reason
        return ""


def _body(chapo: str, text: str, title: str) -> tuple[str, str]:
    """The standfirst, and the body that begins with it.

    A lead that is only the cut beginning of the text, as feeds and WordPress make it, is no standfirst.
    """
    if not has_words(text):
        return ("", chapo if has_words(chapo) else title)
    if not has_words(chapo):
        return "", text
    opening, lead = collapsed(text), collapsed(chapo)
    if opening.startswith(lead):
        return chapo, text
    cut = _ENDLESS.sub("", lead)
    if cut != lead and opening.startswith(cut):
        return "", text
    return chapo, f"{chapo}\n\n{text}"


def _digest(*parts: str) -> str:
    return "sha-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _language(tag: str) -> str:
    """The language of a tag: ``fr`` for ``fr-FR``, ``fr_CA``, ``FR`` and ``français``."""
    name = comparable(tag.replace("_", "-").partition("-")[0])
    return _LANGUAGES.get(name, name)
