"""An Atom feed (RFC 4287) of the new articles of saved searches, in one file that is brought up to date."""

import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from search.errors import Translatable, UsageError
from search.export.alerts import Alert
from search.export.references import address, language_tag
from search.text.sanitize import clean, flat
from search.types import VALUE_SEPARATOR, Hit

ENTRIES = 200
"""The newest entries that a feed keeps."""

_ATOM = "http://www.w3.org/2005/Atom"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # no XML has them
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_GENERATOR = "Dépêche"
ET.register_namespace("", _ATOM)


def updated_feed(former: bytes, alerts: Sequence[Alert], title: str) -> bytes:
    """The feed with an entry for each new article, before those that ``former`` has; ``b""`` is a new feed.

    The id of the feed stays, and the id of an entry is that of its search and article: an article that comes
    again takes the place of its entry. Raises UsageError where ``former`` is no feed of Atom.
    """
    now = datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    known = _parsed(former) if former else None
    feed = ET.Element(_name("feed"))
    _add(feed, "id", (known.findtext(_name("id")) if known is not None else "") or uuid.uuid4().urn)
    _add(feed, "title", title)
    _add(feed, "updated", now)
    _add(_add(feed, "author", ""), "name", _GENERATOR)
    _add(feed, "generator", _GENERATOR)
    entries = [_entry(alert, hit, now) for alert in alerts for hit in alert.answer.hits]
    fresh = {entry.findtext(_name("id")) for entry in entries}
    older = known.findall(_name("entry")) if known is not None else []
    entries += [entry for entry in older if entry.findtext(_name("id")) not in fresh]
    feed.extend(entries[:ENTRIES])
    return _DECLARATION + ET.tostring(feed, encoding="unicode").encode()


def _parsed(former: bytes) -> ET.Element:
    not_a_feed = UsageError(Translatable("The file is no Atom feed; give another path, or remove the file."))
    if b"<!DOCTYPE" in former:  # our feeds have none, and entities could grow without end
        raise not_a_feed
    try:
        root = ET.fromstring(former)  # noqa: S314 - without a document type it is harmless
    except ET.ParseError as exc:
        raise not_a_feed from exc
    if root.tag != _name("feed"):
        raise not_a_feed
    return root


def _entry(alert: Alert, hit: Hit, now: str) -> ET.Element:
    article = hit.article
    entry = ET.Element(_name("entry"))
    _add(entry, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"depeche:{alert.name}\0{article.id}").urn)
    _add(entry, "title", flat(article.title))
    _add(entry, "updated", now)
    if _DAY.match(article.published):
        _add(entry, "published", f"{article.published[:10]}T00:00:00Z")
    for author in _authors(hit):
        _add(_add(entry, "author", ""), "name", author)
    if url := address(article):
        _add(entry, "link", "").attrib.update(rel="alternate", href=url)
    _add(entry, "category", "").attrib.update(term=flat(alert.name))
    content = _add(entry, "content", clean(hit.snippet.text))
    content.attrib["type"] = "text"
    content.attrib["{http://www.w3.org/XML/1998/namespace}lang"] = language_tag(article)
    return entry


def _authors(hit: Hit) -> Iterator[str]:
    """The authors; an article without any has its source."""
    names = [flat(name).strip() for name in hit.article.author.split(VALUE_SEPARATOR)]
    yield from filter(None, names if any(names) else [flat(hit.article.source)])


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, _name(name))
    child.text = _NO_CHARACTER.sub("", text) or None
    return child


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"
