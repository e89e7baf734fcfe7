"""ninjs: news items as JSON, in the three versions that agencies send."""

import re
from collections.abc import Iterator, Mapping

from search.corpus.agencies.conventions import authors, story
from search.corpus.agencies.nitf import nitf_text
from search.corpus.first_record import is_json, is_json_lines
from search.corpus.format import Format, Records
from search.corpus.json_records import read_json, read_jsonl
from search.corpus.markup import plain
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import parse_xml
from search.errors import Translatable

Item = Mapping[str, object]

_OWN_NAMES = frozenset(("body_xhtml", "firstcreated", "pubstatus", "versioncreated"))
_NAMES = _OWN_NAMES | frozenset(
    "altids bodies body_html body_text by byline copyrightholder description_text guid headline headlines "
    "infosources located profile representationtype service slugline subject subjects type uri urgency "
    "usageterms".split()
)
_NAMES_NEEDED = 3
_STANDARD = re.compile(r'"standard"\s*:\s*\{\s*"name"\s*:\s*"ninjs"')
_AROUND = ("_items", "item", "items")
_TEXT_TYPES = frozenset(
    ("", "text", "composite", "component", "article", "story", "preformatted", "advisory")
)
_STANDFIRSTS = ("summary", "lead", "standfirst", "abstract", "text", "main", "")
_SECOND_HEADLINES = ("subheadline", "sub", "subtitle", "deck")
_DATES = ("versioncreated", "firstcreated", "contentcreated")
_LEFT_OVER = (
    "slugline",
    "urgency",
    "pubstatus",
    "copyrightholder",
    "copyrightnotice",
    "usageterms",
    "ednote",
)


def read_ninjs(source: Source) -> Records:
    """Read the items of a file: one, a list, a line each, or inside ``{"items": […]}``.

    Pictures, packages and other items that are no text are omissions. Raises BadRecord where the file is no
    JSON.
    """
    by_line = source.extension in (".jsonl", ".ndjson") or is_json_lines(source.opening)
    for record in read_jsonl(source) if by_line else read_json(source):
        if isinstance(record, RawRecord):
            yield from _items(record)
        else:
            yield record


def _items(record: RawRecord) -> Records:
    """The items of a record: itself, or those in the list that it holds."""
    lists = (record.fields.get(name) for name in _AROUND)
    items = next((one for one in lists if isinstance(one, list)), None)
    if items is None:
        yield _converted(record.fields, record.line, record.label)
        return
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield _converted(item, record.line, Translatable("item {}: ", number))
        else:
            yield Fault(Translatable("item {}: not an object", number), record.line)


def _converted(item: Item, line: int, label: str) -> RawRecord | Omission:
    # Version 3 writes versionCreated and contentType, the others versioncreated and contenttype.
    known = {name.lower(): value for name, value in item.items()}
    kind = str(known.get("type") or "").lower()
    body = _body(known)
    if kind not in _TEXT_TYPES or (kind == "composite" and not body):
        return Omission(kind, Translatable("{}it is no text", label), line)
    return RawRecord(_fields(known, body), line, label)


def _fields(item: Item, body: str) -> Mapping[str, object]:
    title = (
        _text(item.get("headline"))
        or _chosen(item, "headlines", ("main", ""))
        or _text(item.get("headline_main"))
        or _text(item.get("title"))
        or _beginning_with(item, "headline_")
    )
    uri = _text(item.get("uri"))
    subjects = [*_names(item, "subject"), *_names(item, "subjects")]
    sections = [*subjects, *_names(item, "service"), *_names(item, "services")]
    return {
        "id": uri or _text(item.get("guid")),
        "title": title,
        "chapo": _standfirst(item),
        "text": story(plain(body), title),
        "date": next(filter(None, (_text(item.get(name)) for name in _DATES)), ""),
        "source": _source(item),
        "section": next(iter(sections), ""),
        "place": next(iter([*_names(item, "located"), *_names(item, "place"), *_names(item, "places")]), ""),
        "author": _authors(item),
        "lang": _text(item.get("language")),
        "url": _text(item.get("url")) or (uri if uri.startswith("http") else ""),
        "keywords": list(dict.fromkeys([*_names(item, "keywords"), *subjects])),
        "word_count": item.get("wordcount", ""),
        **{name: item[name] for name in _LEFT_OVER if _text(item.get(name))},
    }


def _body(item: Item) -> str:
    """The body with paragraphs before the plain one; NITF is read where there is no other."""
    for name in ("body_xhtml", "body_html", "body_text"):
        if text := _text(item.get(name)):
            return text
    bodies = sorted(_objects(item, "bodies"), key=_plainness)
    for body in bodies:
        text = _text(body.get("value"))
        if text and "nitf" in _kind(body):
            text = _of_nitf(text)
        if text:
            return text
    return _beginning_with(item, "body_")


def _beginning_with(item: Item, start: str) -> str:
    """The first text under a name that begins so: version 1 lets each agency end such names as it likes."""
    return next(filter(None, (_text(item[name]) for name in item if name.startswith(start))), "")


def _plainness(body: Item) -> int:
    kind = _kind(body)
    return 3 if "nitf" in kind else 0 if "html" in kind else 1


def _kind(body: Item) -> str:
    return f"{_text(body.get('contenttype'))} {_text(body.get('role'))}".lower()


def _of_nitf(text: str) -> str:
    try:
        return nitf_text(parse_xml(iter([text.encode("utf-8", "replace")])))
    except BadRecord:
        return ""


def _standfirst(item: Item) -> str:
    for name in ("description_text", "description_xhtml", "description_html"):
        if text := _text(item.get(name)):
            return text
    return (
        _chosen(item, "descriptions", _STANDFIRSTS)
        or _chosen(item, "headlines", _SECOND_HEADLINES)
        or _text(item.get("description_summary"))
    )


def _chosen(item: Item, name: str, roles: tuple[str, ...]) -> str:
    """The value of the object of the earliest of these roles; that of the only one whatever its role."""
    candidates = [
        (_text(one.get("role")).lower(), text)
        for one in _objects(item, name)
        if (text := _text(one.get("value")))
    ]
    for role in roles:
        for given, text in candidates:
            if given == role:
                return text
    return candidates[0][1] if len(candidates) == 1 and "" in roles else ""


def _source(item: Item) -> str:
    given = [*_names(item, "source"), *_names(item, "infosource"), *_names(item, "infosources")]
    return next(iter([*given, *_names(item, "copyrightholder")]), "")


def _authors(item: Item) -> list[str]:
    """The names of the byline, else those of the authors as objects."""
    written = [*_names(item, "byline"), *_names(item, "by"), *_names(item, "bylines")]
    names = [name for one in written for name in authors(one)]
    return names or [*_names(item, "authors"), *_names(item, "creators")]


def _names(item: Item, name: str) -> list[str]:
    """The names in a value: a text, an object with a name, or a list of these."""
    value = item.get(name)
    values = value if isinstance(value, list) else [value]
    return [text for one in values if (text := _name(one))]


def _name(value: object) -> str:
    if isinstance(value, dict):
        keys = ("name", "value", "literal", "title", "code")
        return next((text for key in keys if (text := _text(value.get(key)))), "")
    return _text(value)


def _objects(item: Item, name: str) -> Iterator[Item]:
    value = item.get(name)
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield {key.lower(): inner for key, inner in one.items()}
        elif text := _text(one):
            yield {"value": text}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _is_ninjs(source: Source) -> bool:
    if not is_json(source.opening):
        return False
    names = {name.rpartition(".")[2] for name in source.names} & _NAMES
    own = not _OWN_NAMES.isdisjoint(names) or {"bodies", "headlines"} <= names
    return (own and len(names) >= _NAMES_NEEDED) or _STANDARD.search(source.opening) is not None


NINJS = Format(
    "ninjs",
    _is_ninjs,
    read_ninjs,
    {
        "id": "uri, guid",
        "title": "headline, headlines",
        "chapo": "description_text, descriptions",
        "text": "body_xhtml, body_html, body_text, bodies",
        "date": "versioncreated",
        "source": "source, infosources, copyrightholder",
        "section": "subject, service",
        "place": "located, place",
        "author": "byline, by",
        "lang": "language",
        "keywords": "keywords, subject",
    },
)
