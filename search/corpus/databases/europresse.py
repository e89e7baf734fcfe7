"""Europresse, the HTML export of today: one ``<article>`` a document, up to 1,000 a file."""

import re
from dataclasses import asdict
from itertools import chain
from typing import Any

from search.corpus.databases.bylines import names
from search.corpus.databases.europresse_header import parse_header, parse_publication
from search.corpus.databases.fragments import Fragment, read_fragments, written_text
from search.corpus.encodings import read_text
from search.corpus.format import Format, Records
from search.corpus.markup import local_name, text_of
from search.corpus.record import Omission, RawRecord
from search.corpus.source import Source
from search.errors import Translatable

_DOCUMENT = re.compile(r"(?=<article\b)", re.IGNORECASE)
_NAME = "DocPublicationName"
_ON_ITS_SITE = ("Cet article est paru dans", "This article appeared in")
_OUTSIDE = ("aside", "footer", "header")
_REPORTS = ("Rapports -", "Reports -")  # of companies and institutes; the export has their first lines
_NOT_THE_TEXT = (
    "apd-wrapper",  # a list of the other papers that printed the same text
    "link-not-hosted",  # a notice that the text lies elsewhere
)


def recognise_europresse(source: Source) -> bool:
    """Whether a file is an export of Europresse with ``<article>`` elements."""
    return _NAME in source.opening and _DOCUMENT.search(source.opening) is not None


def read_europresse(source: Source) -> Records:
    """Read each document of an export; a document without text is an Omission.

    Raises BadRecord where the file holds no document.
    """
    return read_fragments(_DOCUMENT.split(read_text(source))[1:], _record)


def _record(item: Fragment, label: str) -> RawRecord | Omission:
    publication = parse_publication(written_text(item.first(_NAME)))
    url = _address(item)
    text = _body(item)
    if kind := _kind_without_article(item, publication["source"], text):
        return Omission(kind, Translatable("{}{} ({})", label, kind, publication["source"]))
    header = parse_header(" ".join(map(written_text, item.all("DocHeader") or _after_subtitle(item))))
    return RawRecord(
        publication
        | asdict(header)
        | _heading(item)
        | {
            "id": item.text("publiC-lblNodoc", "#PubliC_lblNodoc"),
            "text": text,
            "url": url,
        },
        label=label,
    )


def _kind_without_article(item: Fragment, source: str, text: str) -> str:
    """What a document is that is no article; ``""`` for an article."""
    post, body = item.first("twitter", "tweet", "socialNetworkPost"), item.first("docOcurrContainer")
    if post is not None and body not in post.iterancestors():
        return "post of a social network"
    if source.startswith(_REPORTS):
        return "extract of a report"
    if text:
        return ""
    return "document without text" if item.first("link-not-hosted") is None else "link without text"


def _after_subtitle(item: Fragment) -> list[Any]:
    """The element that takes the place of the header in some documents."""
    subtitle = item.first("DocTitreSousSection")
    following = None if subtitle is None else subtitle.getnext()
    return [] if following is None else [following]


def _address(item: Fragment) -> str:
    """Take the link to the article on its site out of the text; give its address."""
    for link in item.root.iter("a"):
        if "".join(link.itertext()).strip().startswith(_ON_ITS_SITE):
            address: str = link.get("href", "")
            link.clear(keep_tail=True)
            return address
    return ""


def _body(item: Fragment) -> str:
    """The text of a document; a notice that it lies elsewhere is none."""
    for element in chain.from_iterable(map(item.all, _NOT_THE_TEXT)):
        element.clear(keep_tail=True)
    bodies = (item.first("docOcurrContainer"), item.first("DocText"), item.root.find(".//section"))
    return next(filter(None, (text_of(body, _OUTSIDE) for body in bodies if body is not None)), "")


def _heading(item: Fragment) -> dict[str, object]:
    """What stands around the title: a kicker before it, a standfirst and the authors after it."""
    title = item.first("titreArticleVisu", "grandTitre", "titreArticle")
    place = item.position.get(title, 0)
    marked = item.all("sm-margin-bottomNews") or item.all("sm-margin-bottom")
    kickers = [text_of(element) for element in marked if item.position[element] < place]
    authors = item.all("docAuthors") or [each for each in marked if item.position[each] > place]
    fields: dict[str, object] = {
        "title": "" if title is None else text_of(title),
        "kicker": " ".join(kickers),
        "chapo": "\n\n".join(map(text_of, item.all("rdp__subtitle"))),
        "author": [name for element in authors for name in names(text_of(element))],
    }
    return fields | _older_heading(item, title, fields)


def _older_heading(item: Fragment, title: Any, known: dict[str, object]) -> dict[str, object]:  # noqa: ANN401
    """The same in files from before 2018, in which these elements have no class."""
    header = item.root.find(".//header")
    if header is None or title is None:
        return {}
    fields: dict[str, str] = {}
    for element in header:
        if element.attrib or not (text := text_of(element)):
            continue
        name, inner = local_name(element), [local_name(child) for child in element]
        before = item.position[element] < item.position[title]
        if name == "div":
            if inner == ["p"] and before:
                fields["rubrique" if known["kicker"] else "kicker"] = text
            elif not (inner or before):
                fields["author"] = text
        elif name == "p" and _follows_bold(element):
            fields["chapo"] = text
    return {name: value for name, value in fields.items() if not known.get(name)}


def _follows_bold(paragraph: Any) -> bool:  # noqa: ANN401
    """Whether a paragraph stood in bold type, out of which the parser takes it."""
    previous = paragraph.getprevious()
    return previous is not None and local_name(previous) == "b"


EUROPRESSE = Format(
    "Europresse HTML",
    recognise_europresse,
    read_europresse,
    {
        "id": ".publiC-lblNodoc",
        "title": "p.titreArticleVisu",
        "text": "div.docOcurrContainer",
        "chapo": "p.rdp__subtitle",
        "kicker": "div.titreArticle p.sm-margin-bottomNews",
        "author": "p.sm-margin-bottomNews, div.docAuthors",
        "source": "span.DocPublicationName",
        "section": "span.DocHeader",
        "date": "span.DocHeader",
        "page": "span.DocHeader",
        "word_count": "span.DocHeader",
        "time": "span.DocHeader",
        "lang": "span.DocHeader",
        "edition": "span.DocPublicationName",
        "url": "a",
    },
)
