"""Factiva, saved as HTML: rows with codes, or lines without (since 2017)."""

import re
from typing import Any

from search.corpus.databases.factiva_codes import CODES, ELEMENTS, record
from search.corpus.databases.factiva_positions import codes_of, words_line
from search.corpus.databases.fragments import Fragment, read_fragments
from search.corpus.encodings import read_text
from search.corpus.format import Format, Records
from search.corpus.markup import text_of
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source

_DOCUMENT = re.compile(r"(?=<div\b[^<>]*\bclass=[\"']?article [a-z]+Article\b)")
_LANGUAGE = re.compile(r"[a-z]{2}(?=[a-z]*Article$)")
_TITLE = "<title>Factiva"
_COUNTER = re.compile(r"\d+\) ")


def recognise_factiva_html(source: Source) -> bool:
    """Whether a file is a list of articles saved from Factiva; long styles may stand before them."""
    return _TITLE in source.opening or _DOCUMENT.search(source.opening) is not None


def read_factiva_html(source: Source) -> Records:
    """Read each article of a saved list; one without text is an Omission.

    Raises BadRecord where the file holds no article.
    """
    return read_fragments(_DOCUMENT.split(read_text(source))[1:], _record)


def _record(item: Fragment, label: str) -> RawRecord | Omission:
    article = item.first("article")
    if article is None:
        raise BadRecord("its element is broken")
    language = next(filter(None, map(_LANGUAGE.match, article.get("class", "").split())), None)
    codes = _of_rows(item) or _of_lines(item, article)
    return record(codes, label, language[0] if language else "")


def _of_rows(item: Fragment) -> dict[str, str]:
    """The values of a table whose first cells hold codes."""
    codes: dict[str, str] = {}
    for cell in item.all("index"):
        code, value = "".join(cell.itertext()).strip(), cell.getnext()
        if code in CODES and value is not None:
            codes[code] = text_of(value)
    return codes


def _of_lines(item: Fragment, article: Any) -> dict[str, str]:  # noqa: ANN401 - an element of lxml, which is untyped
    """The values of elements that only their place identifies."""
    head = item.first("#hd")
    if head is None:
        return {}
    one_line, place = _lines(article, item), item.position[head]
    before = [line for line in one_line if item.position[line] < place]
    lines = [text_of(line) for line in one_line if item.position[line] > place]
    words = words_line(lines)
    paragraphs = [element for element in article.iter("p") if not element.get("class")]
    last = [text for element in paragraphs if (text := text_of(element))]
    codes = {
        "HD": _headline(head),
        "SE": "; ".join(map(text_of, before)),
        "BY": item.text("author"),
        "CR": "; ".join(lines[: max(words, 0)]),
        "LP": "\n\n".join(filter(None, map(text_of, item.all("articleParagraph")))),
        "ART": "\n\n".join(last[:-2]),
        "PUB": last[-2] if len(last) > 1 else "",
        "AN": last[-1] if last else "",
    }
    return codes | (codes_of(lines[words:]) if words >= 0 else {})


def _lines(article: Any, item: Fragment) -> list[Any]:  # noqa: ANN401
    """The elements of one line over the text: without a class, and without elements of their kind in them."""
    texts = item.all("articleParagraph")
    end = item.position[texts[0]] if texts else len(item.position)
    return [
        line
        for line in article.iter("div")
        if not line.attrib and item.position[line] < end and line.find("div") is None
    ]


def _headline(head: Any) -> str:  # noqa: ANN401
    """The title; a list that is counted on the screen has a number before each."""
    title = text_of(head)
    counted = any("counted" in element.get("class", "").split() for element in head.iter("span"))
    return _COUNTER.sub("", title, count=1) if counted else title


FACTIVA_HTML = Format(
    "Factiva HTML",
    recognise_factiva_html,
    read_factiva_html,
    {
        **ELEMENTS,
        "id": "AN, Document",
        "title": "HD, span.enHeadline",
        "text": "LP and TD, p.articleParagraph",
        "author": "BY, div.author",
        "lang": "div.enArticle, LA",
    },
)
