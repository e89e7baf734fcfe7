"""RSS and Atom, from bytes alone: nothing is fetched."""

import io
import re
from collections.abc import Mapping
from typing import Any

from search.corpus.agencies.conventions import authors
from search.corpus.format import Format, Records
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.streams import read_all
from search.corpus.xml_tree import xml_text
from search.errors import Translatable

Entry = Mapping[str, Any]
"""A channel or an item as feedparser gives it, which is untyped."""

_ROOTS: Mapping[str, tuple[str, ...]] = {
    "rss": ("",),
    "feed": ("w3.org/2005/Atom", "purl.org/atom/"),
    "rdf": ("purl.org/rss/", "netscape.com/rdf/simple", "channel.netscape.com"),
}
_ARTICLE_TYPES = ("", "post", "page")
_AUTHORS_LIMIT = 100
_TRACKING = re.compile(r"(?:utm_|at_|mtm_|pk_|xtor\b|fbclid\b|gclid\b)", re.IGNORECASE)
# The caption of a picture: feedparser would take it for the description of the item.
_CAPTION = re.compile(r"(</?media:)description\b")
_LAST = 2000
"""Characters at the end of a text in which its last paragraph lies."""
# What WordPress adds to each text.
_APPEARED = re.compile(
    r"<p>(?:(?!</?p>).){0,1000}(?:est apparu en premier sur|appeared first on)(?:(?!</?p>).){0,500}</p>\s*\Z",
    re.DOTALL,
)


def read_feed(source: Source) -> Records:
    """Read the items of a feed in their order; raises BadRecord where it is too large or too broken.

    What stands before an error in the XML is read, and the error is a Fault. Pictures and menus of a
    WordPress export are omissions.
    """
    feed = _parsed(_CAPTION.sub(r"\1caption", xml_text(read_all(source))).encode())
    channel = dict(feed["feed"])
    for number, entry in enumerate(feed["entries"], 1):
        item = dict(entry)
        kind = str(item.get("wp_post_type", ""))
        if kind in _ARTICLE_TYPES:
            yield RawRecord(_fields(item, channel), label=Translatable("item {}: ", number))
        else:
            yield Omission(kind, Translatable("item {} is no article", number))
    if error := _error(feed):
        yield Fault(Translatable("the feed is broken XML ({}); what could be read of it was read", error))


def _parsed(data: bytes) -> Any:  # noqa: ANN401
    """The feed as feedparser gives it.

    Bytes in a buffer: feedparser opens text that looks like an address or a path.
    """
    import feedparser

    try:
        return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # it raises what its lenient parser runs into
        raise BadRecord(Translatable("the feed is too broken to read ({})", repr(error))) from error


def _error(feed: Entry) -> str:
    from xml.sax import SAXException

    error = feed.get("bozo_exception")
    return str(error.getMessage()) if isinstance(error, SAXException) else ""


def _fields(item: Entry, channel: Entry) -> Mapping[str, object]:
    """What an item says, by our fields.

    Dates are as they are written, since feedparser takes CET for UTC and reads only some French months.
    """
    content, summary = _content(item), str(item.get("summary", ""))
    caption = "" if content or summary else str(item.get("media_caption", ""))
    categories = _categories(item)
    address = _address(str(item.get("feedburner_origlink") or item.get("link", "")))
    origin = item.get("source")
    return {
        "id": str(item.get("id", "")).strip() or address,
        "title": item.get("title", ""),
        "chapo": "" if summary.strip() == content.strip() else _own(summary),
        "text": _own(content) or caption,
        "date": item.get("published") or item.get("updated", ""),
        "source": (dict(origin).get("title", "") if origin else "") or channel.get("title", ""),
        "section": next(iter(categories), ""),
        "url": address,
        "lang": item.get("language") or channel.get("language") or _language_of_title(item),
        "author": _authors(item) or _authors(channel),
        "keywords": categories,
    }


def _content(item: Entry) -> str:
    """The longest of the contents; an export of WordPress separates paragraphs by blank lines."""
    content = max((str(one.get("value", "")) for one in item.get("content", ())), key=len, default="")
    return content if "wp_post_type" not in item or "<p" in content else content.replace("\n\n", "<p>")


def _own(html: str) -> str:
    """A text without the paragraph that WordPress adds at its end."""
    return html[:-_LAST] + _APPEARED.sub("", html[-_LAST:])


def _categories(item: Entry) -> list[str]:
    names = (str(tag.get("label") or tag.get("term") or "").strip() for tag in item.get("tags", ()))
    return list(dict.fromkeys(name for name in names if name and not name.startswith("http")))


def _authors(item: Entry) -> list[str]:
    named = item.get("authors", ())[:_AUTHORS_LIMIT]  # a broken feed gives each item the authors of all
    names = (str(author.get("name", "")) for author in named)
    return [name for written in names for name in authors(written)]


def _language_of_title(item: Entry) -> str:
    detail = item.get("title_detail")
    return str(detail.get("language") or "") if detail else ""


def _address(link: str) -> str:
    """An address without what only counts visits: ``#xtor=RSS-1``, ``?utm_source=rss``."""
    address, _, fragment = "".join(link.split()).partition("#")
    path, _, query = address.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _TRACKING.match(part))
    address = f"{path}?{kept}" if kept else path
    return f"{address}#{fragment}" if fragment and "=" not in fragment else address


def _is_feed(source: Source) -> bool:
    return any(mark in source.opening for mark in _ROOTS.get(source.root, ()))


FEED = Format(
    "RSS or Atom",
    _is_feed,
    read_feed,
    {
        "id": "guid, id",
        "title": "title",
        "chapo": "description, summary",
        "text": "content:encoded, content, description",
        "date": "pubDate, published, dc:date",
        "source": "the title of the channel",
        "section": "the first category",
        "url": "link",
        "lang": "language, xml:lang",
        "author": "dc:creator, author",
        "keywords": "category",
    },
)
