"""The advanced form: fields that a query is written from, and that a query is read back into."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TypeGuard

from search.errors import QueryError
from search.query.ast import (
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    RankingWord,
    Wildcard,
    Word,
)
from search.query.boolean import all_of, conjuncts
from search.query.filters import Filter
from search.query.parser import parse
from search.query.plain import words_text
from search.query.printer import FIELD_LABELS, leaf_text, ranking_leaves, to_text

DEFAULT_DISTANCE = "8"
"""Words within which those of ``near`` stand, unless the user says otherwise."""

_NAMED = {
    "source": FieldName.SOURCE,
    "section": FieldName.SECTION,
    "author": FieldName.AUTHOR,
    "place": FieldName.PLACE,
    "keyword": FieldName.KEYWORD,
}
_FORM_FIELDS = {field: name for name, field in _NAMED.items()}
# The fields whose words rank come first: their order is that of the words, unless a query had another.
_RANKING = ("words", "all_words", "phrase", "any_words", "near", "title", "rest")
_SILENT = ("none_words", *_NAMED, "dates")
_SEPARATORS = {"all_words": " ", "none_words": " ", "title": " ", **dict.fromkeys(_NAMED, "; ")}
_QUOTED = r'"[^"]*"|«[^»]*»|“[^”]*”'
_TOKEN = re.compile(rf"{_QUOTED}|\S+")
_VALUE = re.compile(rf"(?:{_QUOTED}|[^;])+")
_WHOLE_QUOTE = re.compile(_QUOTED)
_BARE = re.compile(r'[^\s()"«»“”„;]+')
_SINCE = re.compile(r"(?:depuis|since)(?:\s*:\s*|\s+)", re.IGNORECASE)
_DATES = re.compile(r"(?<!\S)(date|depuis|since):(?![<>])([^\s()]+)(?!\S)", re.IGNORECASE)
_QUOTATION_MARKS = str.maketrans("", "", '"«»“”„')


@dataclass(frozen=True, slots=True)
class QueryForm:
    """The fields of a query, each as the user types it; ``""`` asks nothing.

    ``words`` rank and forbid nothing. ``all_words``, ``any_words``, ``none_words`` and ``title`` are words,
    phrases in quotation marks and patterns, separated by blanks. The names from ``source`` to ``keyword`` are
    separated by semicolons: one of them must hold, and none of those after a hyphen. ``first`` and ``last``
    are dates, both included. ``rest`` is a query of its own: what the fields cannot express. ``order`` names
    the fields as their words came in the query that was read, ``()`` for the usual order.
    """

    words: str = ""
    all_words: str = ""
    phrase: str = ""
    any_words: str = ""
    none_words: str = ""
    near: str = ""
    distance: str = DEFAULT_DISTANCE
    title: str = ""
    source: str = ""
    section: str = ""
    author: str = ""
    place: str = ""
    keyword: str = ""
    first: str = ""
    last: str = ""
    rest: str = ""
    order: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The query; a field with a mistake gives a query with a mistake."""
        names = dict.fromkeys((*self.order, *_RANKING, *_SILENT))
        return " ".join(filter(None, map(self._part, names)))

    def errors(self, today: date) -> dict[str, QueryError]:
        """The mistakes by field; dates the wrong way round are a mistake of ``last``."""
        parts = {name: self._part(name) for name in (*_RANKING, *_SILENT)}
        dates = parts.pop("dates")
        parts["first"] = replace(self, last="")._part("dates")
        parts["last"] = replace(self, first="")._part("dates")
        errors = {name: _error(part, today) for name, part in parts.items()}
        if errors["first"] is None and errors["last"] is None:
            errors["last"] = _error(dates, today)
        return {name: error for name, error in errors.items() if error is not None}

    def _part(self, name: str) -> str:
        """What one field, or both dates, add to the query."""
        match name:
            case "words" | "rest":
                return " ".join(getattr(self, name).split())
            case "all_words":
                return " ".join(map(_required, _tokens(self.all_words)))
            case "phrase":
                return _quoted(self.phrase)
            case "any_words":
                return _any_of(_tokens(self.any_words))
            case "near":
                near = _quoted(self.near)
                return near and f"{near}~{self.distance.strip() or DEFAULT_DISTANCE}"
            case "title":
                return " ".join(f"{FIELD_LABELS[FieldName.TITLE]}:{token}" for token in _tokens(self.title))
            case "none_words":
                return " ".join(f"-{token}" for token in _tokens(self.none_words))
            case "dates":
                return _between(_day(self.first), _day(self.last))
            case _:
                return _named(FIELD_LABELS[_NAMED[name]], getattr(self, name))


def read_form(text: str, today: date) -> QueryForm:
    """The form of a query. Its text asks the same; what the fields cannot express is the ``rest``.

    Raises QueryError for a query with a mistake.
    """
    query = parse(text, today)
    constraints = conjuncts(query.constraint)
    required = ranking_leaves(*constraints)
    soft = [word for word in query.words if word.leaf not in required]
    silent = [node for node in constraints if not ranking_leaves(node)]
    # Words of one field that are apart in the query cannot keep their order: then all words are the rest.
    for words, nodes in ((soft, constraints), ([], silent)):
        form = _filled(query, words, nodes, today)
        if _asks_same(form.text, query, today):
            return form
    return QueryForm(rest=" ".join(text.split()))


def _filled(query: Query, soft: Sequence[RankingWord], nodes: Sequence[Node], today: date) -> QueryForm:
    """The form with these words and constraints in its fields as far as they fit; the others are the rest."""
    boosted = {word.leaf for word in query.words if word.boost != 1}
    leaves: dict[str, list[Leaf]] = {"words": [word.leaf for word in soft]}
    rest = list(conjuncts(query.constraint))
    values: dict[str, str] = {}
    for node in nodes:
        own = ranking_leaves(node)
        entry = next((each for each in _entries(node, query, today) if _fits(each, values)), None)
        if entry is not None and boosted.isdisjoint(own):
            rest.remove(node)
            leaves.setdefault(next(iter(entry)), []).extend(own)
            for name, value in entry.items():
                values[name] = f"{values[name]}{_SEPARATORS[name]}{value}" if name in values else value
    in_fields = set(chain.from_iterable(leaves.values()))
    others = [word for word in query.words if word.leaf not in in_fields]
    leaves["rest"] = [word.leaf for word in others]
    order = _order(leaves, [word.leaf for word in query.words])
    return QueryForm(words=_text(query, soft, []), rest=_text(query, others, rest), order=order, **values)


def _text(query: Query, words: Sequence[RankingWord], nodes: Sequence[Node]) -> str:
    """These words and constraints of a query as a query; where all words are, they stay as typed."""
    text = query.text if len(words) == len(query.words) else words_text(words)
    return to_text(Query("", tuple(words), all_of(nodes) if nodes else None, text))


def _order(leaves: Mapping[str, Sequence[Leaf]], words: Sequence[Leaf]) -> tuple[str, ...]:
    """The fields in the order of their first words in the query; ``()`` for the usual order."""
    places = {name: min(map(words.index, own)) for name, own in leaves.items() if own}
    order = sorted(places, key=places.__getitem__)
    return () if order == [name for name in _RANKING if name in places] else tuple(order)


def _asks_same(text: str, query: Query, today: date) -> bool:
    """Whether a text asks the same as a query; the order of constraints changes nothing."""
    try:
        other = parse(text, today)
    except QueryError:
        return False
    same_constraints = set(conjuncts(other.constraint)) == set(conjuncts(query.constraint))
    return same_constraints and (other.words, other.text) == (query.words, query.text)


def _entries(node: Node, query: Query, today: date) -> Iterator[Mapping[str, str]]:
    """The ways to write a constraint of a query into fields, the best one first."""
    match node:
        case Phrase(text) if node == _last_phrase(query):
            yield {"phrase": text}
        case Near(text, distance):
            yield {"near": text, "distance": str(distance)}
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy():
            yield {"all_words": leaf_text(node)}
        case Field(FieldName.TITLE, leaf):
            yield {"title": leaf_text(leaf)}
        case Field(name, leaf) if name in _FORM_FIELDS:
            yield {_FORM_FIELDS[name]: _value(leaf)}
        case Not(Field(name, leaf)) if name in _FORM_FIELDS:
            yield {_FORM_FIELDS[name]: f"-{_value(leaf)}"}
        case Not(leaf) if _is_token(leaf):
            yield {"none_words": leaf_text(leaf)}
        case Or(nodes):
            yield from _alternatives(nodes)
        case DateRange():
            yield from _days(node, query.raw, today)


def _last_phrase(query: Query) -> Node | None:
    """The phrase that has a field of its own; those before it are among all words, as they are written."""
    phrases = [node for node in conjuncts(query.constraint) if isinstance(node, Phrase)]
    return phrases[-1] if phrases else None


def _alternatives(nodes: Sequence[Node]) -> Iterator[Mapping[str, str]]:
    """Words of which one must hold, or names of one field."""
    tokens = [leaf_text(node) for node in nodes if _is_token(node)]
    if len(tokens) == len(nodes):
        yield {"any_words": " ".join(tokens)}
    for name, field in _NAMED.items():
        names = [_value(node.node) for node in nodes if isinstance(node, Field) and node.name is field]
        if len(names) == len(nodes):
            yield {name: _SEPARATORS[name].join(names)}


def _days(days: DateRange, raw: str, today: date) -> Iterator[Mapping[str, str]]:
    """The dates as typed: ``7j`` is another day tomorrow. Where they cannot be found, the days themselves."""
    for written in _DATES.finditer(f"{raw} {Filter(days).text}"):
        first, dots, last = written[2].partition("..")
        if not dots and written[1].lower() == "date":
            last = first
        if _asks_same(_between(first, last), Query("", (), days, ""), today):
            yield {"first": first, "last": last}
            return


def _fits(entry: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Whether the fields of an entry have room beside these values."""
    return all(name not in values or _joins(name, value, values[name]) for name, value in entry.items())


def _joins(name: str, value: str, before: str) -> bool:
    """Whether a field takes another value: of names, one value or alternatives, and any number excluded."""
    if name not in _NAMED:
        return name in _SEPARATORS
    return value.startswith("-") or all(each.startswith("-") for each in _values(before))


def _is_token(node: Node) -> TypeGuard[Leaf]:
    return isinstance(node, Word | Phrase | Prefix | Wildcard | Fuzzy)


def _tokens(text: str) -> list[str]:
    """The words, phrases and patterns of a field; commas between them are left out."""
    return list(filter(None, (token.rstrip(",;") for token in _TOKEN.findall(text))))


def _required(token: str) -> str:
    return token if _WHOLE_QUOTE.fullmatch(token) else f"+{token.lstrip('+')}"


def _any_of(tokens: Sequence[str]) -> str:
    return f"({' OU '.join(tokens)})" if len(tokens) > 1 else " ".join(map(_required, tokens))


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    if _WHOLE_QUOTE.fullmatch(words) or not words:
        return words
    return leaf_text(Phrase(words)) if '"' not in words else f"«{words}»"


def _value(leaf: Leaf) -> str:
    """A name in its field; one word in quotation marks is the whole name."""
    match leaf:
        case Phrase(text) if " " in text and _is_plain_name(text):
            return text
        case _:
            return leaf_text(leaf)


def _is_plain_name(text: str) -> bool:
    return text == text.translate(_QUOTATION_MARKS) and ";" not in text and not text.startswith("-")


def _values(text: str) -> list[str]:
    return list(filter(None, (" ".join(value.split()) for value in _VALUE.findall(text))))


def _named(label: str, text: str) -> str:
    """The names of one field: one of those without a hyphen, and none of those with one."""
    values = _values(text)
    included = [_name(value) for value in values if not value.startswith("-")]
    excluded = [f"-{label}:{_name(value.lstrip('- '))}" for value in values if value.startswith("-")]
    several = f"{label}:({' OU '.join(included)})" if len(included) > 1 else ""
    return " ".join(filter(None, (several or "".join(f"{label}:{name}" for name in included), *excluded)))


def _name(value: str) -> str:
    if _WHOLE_QUOTE.fullmatch(value) or _BARE.fullmatch(value):
        return value
    return f'"{value.translate(_QUOTATION_MARKS)}"'


def _day(text: str) -> str:
    """A date as the query language takes it: ``septembre 2023`` and ``depuis 7j`` are understood too."""
    return "-".join(_SINCE.sub("", text.strip(), count=1).split())


def _between(first: str, last: str) -> str:
    if first == last:
        return first and f"date:{first}"
    return f"date:{first}..{last}" if last else f"depuis:{first}"


def _error(part: str, today: date) -> QueryError | None:
    try:
        parse(part, today)
    except QueryError as error:
        return error
    return None
