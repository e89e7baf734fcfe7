"""NITF: one news item as XML, alone or inside NewsML."""

from collections.abc import Mapping

from search.corpus.agencies.conventions import authors, place_of, story
from search.corpus.agencies.elements import Element, child, children, value, values
from search.corpus.format import Format, Records
from search.corpus.markup import text_of
from search.corpus.record import Fault, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import recovered_xml

_HEAD = "body/body.head"
_NO_TEXT = frozenset(("media", "note", "nitf-table-metadata", "body.head", "body.end"))


def read_nitf(source: Source) -> Records:
    """Read the one item of a file; raises BadRecord where it is no XML.

    What can be read of broken XML is read, and the error is a Fault.
    """
    nitf, error = recovered_xml(source)
    yield RawRecord(nitf_fields(nitf), line=nitf.sourceline or 0)
    if error:
        yield Fault(error)


def nitf_fields(nitf: Element) -> Mapping[str, object]:
    """What an item says, by our fields; ``@norm`` of a date goes before its text, which is often wrong."""
    title = value(nitf, f"{_HEAD}/hedline/hl1", f"{_HEAD}/hedline", "head/title")
    subjects = values(nitf, "head/tobject/tobject.subject@tobject.subject.type")
    return {
        "id": value(nitf, "head/docdata/doc-id@id-string", "head/docdata/du-key@key"),
        "title": title,
        "chapo": _standfirst(nitf, title),
        "text": nitf_text(nitf, title),
        "date": _date(nitf),
        "source": _source(nitf),
        "section": value(
            nitf,
            "head/pubdata@position.section",
            "head/tobject/tobject.subject@tobject.subject.type",
            "head/tobject/tobject.subject@tobject.subject.matter",
            "head/meta[@name='online_sections']@content",
            "head/meta[@name='category']@content",
            "head/meta[@name='categoria']@content",
        ),
        "place": _place(nitf),
        "author": _authors(nitf),
        "page": value(nitf, "head/pubdata@position.sequence", "head/meta[@name='print_page_number']@content"),
        "edition": value(nitf, "head/pubdata@edition.name", "head/pubdata@edition.area"),
        "lang": value(nitf, "@baselang", "@xml:lang", "body@xml:lang"),
        "url": value(nitf, "head/pubdata@ex-ref"),
        "word_count": value(nitf, "head/pubdata[@unit-of-measure='word']@item-length"),
        "keywords": [*values(nitf, "head/docdata/key-list/keyword@key"), *subjects],
        "pubdata.name": value(nitf, "head/pubdata@name"),
        "urgency": value(nitf, "head/docdata/urgency@ed-urg"),
        "management-status": value(nitf, "head/docdata@management-status"),
    }


def nitf_text(nitf: Element, title: str = "") -> str:
    """The text of an item, without pictures, its title, and what stands below it."""
    content = child(nitf, "body/body.content")
    if content is None:
        content = child(nitf, "body")
    if content is None:
        return ""
    # An archive may give the beginning once more, in a block of its own.
    whole = children(content, "block[@class='full_text']")
    text = "\n\n".join(text_of(part, _NO_TEXT) for part in whole or [content])
    return story(text, title)


def _standfirst(nitf: Element, title: str) -> str:
    abstract = child(nitf, f"{_HEAD}/abstract")
    if abstract is not None and (text := text_of(abstract)):
        return text
    second = value(nitf, f"{_HEAD}/hedline/hl2")
    if second and second != title:
        return second
    return value(nitf, "body/body.content//p[@lede='true']", "body/body.content//p[@lead='true']")


def _date(nitf: Element) -> str:
    return value(
        nitf,
        "head/docdata/date.issue@norm",
        "head/pubdata@date.publication",
        f"{_HEAD}/dateline/story.date@norm",
        "head/docdata/date.release@norm",
    )


def _source(nitf: Element) -> str:
    return value(
        nitf,
        f"{_HEAD}/distributor",
        "head/pubdata@name",
        f"{_HEAD}/rights/rights.owner",
        "head/docdata/doc.copyright@holder",
        "head/docdata/doc-id@regsrc",
    )


def _place(nitf: Element) -> str:
    located = value(nitf, f"{_HEAD}/dateline/location/city", f"{_HEAD}/dateline/location")
    dateline = child(nitf, f"{_HEAD}/dateline")
    if not located and dateline is not None:
        located = " ".join(text_of(dateline, ("story.date",)).split())
    return place_of(located) or value(nitf, "head/docdata/evloc@city")


def _authors(nitf: Element) -> list[str]:
    names: list[str] = []
    for byline in children(nitf, f"{_HEAD}/byline"):
        people = values(byline, "person") or [text_of(byline, ("byttl", "virtloc"))]
        names += [name for written in people for name in authors(written)]
    return names


def _is_nitf(source: Source) -> bool:
    return source.root == "nitf"


NITF = Format(
    "NITF",
    _is_nitf,
    read_nitf,
    {
        "id": "doc-id/@id-string",
        "title": "hedline/hl1",
        "chapo": "abstract, hedline/hl2",
        "text": "body.content",
        "date": "date.issue/@norm",
        "source": "distributor, pubdata/@name",
        "section": "@position.section, @tobject.subject.type",
        "place": "dateline/location, evloc/@city",
        "author": "byline",
        "page": "pubdata/@position.sequence",
        "edition": "pubdata/@edition.name",
        "lang": "nitf/@baselang",
        "url": "pubdata/@ex-ref",
        "word_count": "pubdata/@item-length",
        "keywords": "keyword/@key",
    },
)
