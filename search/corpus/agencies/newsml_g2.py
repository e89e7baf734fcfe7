"""NewsML-G2: a message with many items, or one item as a file."""

from collections.abc import Mapping

from search.corpus.agencies.conventions import authors, place_of, story, unindented
from search.corpus.agencies.elements import Element, child, children, one_line, value, values
from search.corpus.agencies.nitf import nitf_fields, nitf_text
from search.corpus.format import Format, Records
from search.corpus.markup import local_name, plain, text_of
from search.corpus.record import Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import recovered_xml
from search.errors import Translatable

_NAMESPACE = "iptc.org/std/nar/"
_ITEMS = frozenset("newsitem packageitem knowledgeitem conceptitem catalogitem planningitem".split())
_TEXT_CLASSES = frozenset(("", "text", "composite"))
_OF_A_PAGE = frozenset(("header", "h1", "title", "figure"))
_CODE_LENGTH = 2
"""Letters of codes that agencies give as names: ``pl``."""
_NO_SECTION = ("geo", "person", "org", "event", "poi", "city", "country", "object")


def read_newsml_g2(source: Source) -> Records:
    """Read the items of a file in their order; raises BadRecord where it is no XML.

    What can be read of broken XML is read, and the error is a Fault. An item that has only a headline is a
    flash. Pictures and other items without text, packages and lists of knowledge are omissions.
    """
    root, error = recovered_xml(source)
    items = [root] if local_name(root) in _ITEMS else children(root, "itemSet/*")
    for item in items:
        line, kind = item.sourceline or 0, local_name(item)
        if kind != "newsitem":
            yield Omission(kind, "it lists items and has no text", line)
            continue
        kind = _class(item)
        fields = _fields(item) if kind in _TEXT_CLASSES else {}
        flash = fields.get("title") and child(item, "contentSet/remoteContent") is None
        if fields.get("text") or flash:
            yield RawRecord(fields, line=line)
        else:
            kind = kind if kind not in _TEXT_CLASSES else "item without text"
            yield Omission(kind, Translatable("no text in {}", item.get("guid", "an item")), line)
    if error:
        yield Fault(error)


def _class(item: Element) -> str:
    """What an item is: ``text``, ``picture``, of ``ninat:text``."""
    return value(item, "itemMeta/itemClass@qcode").rpartition(":")[2].lower()


def _fields(item: Element) -> Mapping[str, object]:
    about = "contentMeta"
    lang = value(item, f"{about}/language@tag", "@xml:lang")
    nitf = child(item, "contentSet/inlineXML/nitf")
    inside = nitf_fields(nitf) if nitf is not None else {}
    title = _headline(item, ("", "hld:main")) or inside.get("title") or value(item, "itemMeta/title")
    subjects = _subjects(item, lang)
    return {
        "id": item.get("guid", ""),
        "title": title,
        "chapo": _standfirst(item) or inside.get("chapo"),
        "text": _text(item, str(title)),
        "date": value(item, "itemMeta/versionCreated", "itemMeta/firstCreated", f"{about}/contentCreated"),
        "source": _name(item, "itemMeta/provider", lang) or value(item, f"{about}/creditline"),
        "section": next(iter(subjects), ""),
        "place": _name(item, f"{about}/located", lang)
        or place_of(value(item, f"{about}/dateline"))
        or inside.get("place"),
        "author": _authors(item, lang) or inside.get("author"),
        "lang": lang,
        "keywords": list(dict.fromkeys([*values(item, f"{about}/keyword"), *subjects])),
        "word_count": value(item, "contentSet/inlineXML@wordcount", "contentSet/inlineData@wordcount"),
        "slugline": value(item, f"{about}/slugline"),
        "urgency": value(item, f"{about}/urgency"),
        "pubStatus": value(item, "itemMeta/pubStatus@qcode"),
        "copyrightNotice": value(item, "rightsInfo/copyrightNotice"),
    }


def _headline(item: Element, roles: tuple[str, ...]) -> str:
    headlines = children(item, "contentMeta/headline")
    chosen = [one for one in headlines if one.get("role", "") in roles]
    return one_line(chosen[0]) if chosen else ""


def _standfirst(item: Element) -> str:
    """The summary; else a description of any role; else the second headline."""
    matching = children(item, "contentMeta/description")
    matching.sort(key=lambda one: not one.get("role", "").endswith(("summary", "lead", "standfirst")))
    texts = (text for one in matching if (text := text_of(one)))
    return next(texts, "") or _headline(item, ("hld:subHeadline", "hld:subheadline", "hld:sub"))


def _text(item: Element, title: str) -> str:
    """The text of the first content that has one: NITF, a page, other paragraphs, or text as data."""
    for content in children(item, "contentSet/*"):
        if local_name(content) in ("inlinexml", "inlinedata"):
            text = story(_inline(content), title)
            if text:
                return text
    return ""


def _inline(content: Element) -> str:
    if not len(content):
        is_text = content.get("contenttype", "text/").startswith(("text/", "application/x"))
        return unindented(plain(content.text or "")) if is_text else ""
    nitf = child(content, ".//nitf")
    if nitf is not None:
        return nitf_text(nitf)
    return text_of(content, _OF_A_PAGE) if child(content, ".//p") is not None else ""


def _name(item: Element, place: str, lang: str) -> str:
    """The name of a party or a place, in the language of the item if it has it; else its code."""
    matching = child(item, place)
    if matching is None:
        return ""
    return _named(matching, lang) or matching.get("qcode", "").rpartition(":")[2]


def _named(element: Element, lang: str) -> str:
    names = children(element, "name")
    names.sort(key=lambda name: not value(name, "@xml:lang").startswith(lang[:2]))
    return next(filter(None, map(one_line, names)), "") or element.get("literal", "")


def _subjects(item: Element, lang: str) -> list[str]:
    """The names of the subjects that are topics; places and people are no sections."""
    topics = (
        subject
        for subject in children(item, "contentMeta/subject")
        if not any(
            mark in f"{subject.get('type', '')} {subject.get('qcode', '')}".lower() for mark in _NO_SECTION
        )
    )
    names = (_named(topic, lang) for topic in topics)
    return list(dict.fromkeys(name for name in names if len(name) > _CODE_LENGTH))


def _authors(item: Element, lang: str) -> list[str]:
    """The names of the byline, else those of the creators."""
    if written := value(item, "contentMeta/by"):
        return authors(written)
    creators = children(item, "contentMeta/creator")
    return [name for one in creators for name in authors(_named(one, lang))]


def _is_newsml_g2(source: Source) -> bool:
    return source.root in {"newsmessage", *_ITEMS} and (
        _NAMESPACE in source.opening or "NewsML-G2" in source.opening
    )


NEWSML_G2 = Format(
    "NewsML-G2",
    _is_newsml_g2,
    read_newsml_g2,
    {
        "id": "newsItem/@guid",
        "title": "headline",
        "chapo": "description[@role='drol:summary']",
        "text": "inlineXML, inlineData",
        "date": "versionCreated",
        "source": "provider/name",
        "section": "subject/name",
        "place": "located/name, dateline",
        "author": "by, creator/name",
        "lang": "language/@tag",
        "keywords": "keyword, subject/name",
        "word_count": "inlineXML/@wordcount",
    },
)
