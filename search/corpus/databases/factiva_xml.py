"""Factiva, exported as XML: one ``<article>`` each, with elements of full names."""

from typing import Any

from search.corpus.databases.factiva_codes import record
from search.corpus.format import Format, Records
from search.corpus.markup import local_name, text_of
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import recovered_xml
from search.errors import Translatable

_ROOTS = ("ppsresponse", "ppsarticleresponse", "ppsarticleresultset", "ppsarticle")
_CODES = {
    "headline": "HD",
    "byline": "BY",
    "credit": "CR",
    "wordcount": "WC",
    "sourcename": "SN",
    "sourcecode": "SC",
    "edition": "ED",
    "sectionname": "SE",
    "columnname": "CLM",
    "baselanguage": "LA",
    "dateline": "DLN",
    "volume": "VOL",
    "publishername": "PUB",
    "accessionno": "AN",
    "artwork": "ART",
    "notes": "RF",
    "contact": "CT",
    "correction": "CX",
}
_TEXTS = {"leadparagraph": "LP", "tailparagraphs": "TD"}
# Elements that occur once for each subject, region, company, industry or page.
_SEVERAL = {"newssubject": "NS", "region": "RE", "company": "CO", "industry": "IN", "page": "PG"}


def recognise_factiva_xml(source: Source) -> bool:
    """Whether a file is an answer of Factiva in XML."""
    return source.root in _ROOTS


def read_factiva_xml(source: Source) -> Records:
    """Read each article of an answer; raises BadRecord where it is no XML or holds none.

    What can be read of broken XML is read, and the error is a Fault.
    """
    root, error = recovered_xml(source)
    articles = [element for element in root.iter() if local_name(element) == "article"]
    if not articles:
        raise BadRecord("no article of Factiva in it")
    for number, article in enumerate(articles, 1):
        yield _record(article, Translatable("article {}: ", number))
    if error:
        yield Fault(error)


def _record(article: Any, label: str) -> RawRecord | Omission:  # noqa: ANN401 - an element of lxml, which is untyped
    codes: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for element in article.iter():
        name = local_name(element)
        if code := _CODES.get(name):
            codes.setdefault(code, text_of(element))
        elif code := _TEXTS.get(name):
            codes.setdefault(code, _paragraphs(element))
        elif code := _SEVERAL.get(name):
            lists.setdefault(code, []).append(text_of(element))
        elif name == "descfield" and element.get("code"):
            lists.setdefault(element.get("code").upper(), []).append(text_of(element))
    codes |= {code: " | ".join(filter(None, values)) for code, values in lists.items()}
    codes["PG"] = codes.get("PG", "").replace(" | ", ", ")
    codes |= {"PD": _moment(article, "publicationdate"), "ET": _moment(article, "publicationtime")}
    return record(codes, label)


def _paragraphs(element: Any) -> str:  # noqa: ANN401
    paragraphs = [text_of(part) for part in element if local_name(part) == "paragraph"]
    return "\n\n".join(filter(None, paragraphs)) if paragraphs else text_of(element)


def _moment(article: Any, name: str) -> str:  # noqa: ANN401
    """The date, time or both in the first element of a name."""
    moment = next((element for element in article.iter() if local_name(element) == name), None)
    if moment is None:
        return ""
    inner = {local_name(part): text_of(part) for part in moment}
    return inner.get("datetime") or inner.get("date") or inner.get("time") or text_of(moment)


FACTIVA_XML = Format(
    "Factiva XML",
    recognise_factiva_xml,
    read_factiva_xml,
    {
        "id": "accessionNo",
        "title": "headline",
        "text": "leadParagraph and tailParagraphs",
        "author": "byline",
        "date": "publicationDate",
        "time": "publicationTime",
        "source": "sourceName",
        "section": "sectionName",
        "page": "page",
        "edition": "edition",
        "word_count": "wordCount",
        "keywords": "newsSubject and descField[@code='ipd']",
        "lang": "baseLanguage",
        "place": "dateline",
    },
)
