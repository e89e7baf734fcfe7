"""Saved web pages: the article that trafilatura finds in them; nothing is ever fetched."""

import logging
import re
import warnings
from collections.abc import Iterator

from search.corpus.encodings import read_text
from search.corpus.prose import clean_line
from search.corpus.record import BadRecord, RawRecord
from search.errors import Translatable, UsageError

# Without a handler of their own, these would write their warnings over the interface.
_CHATTY = ("trafilatura", "htmldate", "courlan", "justext", "readability")
_SILENCE = logging.NullHandler()
# Whatever a broken page makes the parsers stumble on: one page must not end a build.
_FAILURES = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
# An extensive search would take a date from the prose when the page has none of its own.
# The parser takes the square of the attributes of a tag, and seconds for every hundred thousand tags.
_TAGS_LIMIT = 100_000
_CROWDED_TAG = re.compile(
    r"""<[a-z][^\s>]*+(?:\s++(?:[^\s>"']++|"[^"]*+"|'[^']*+')++){2000}""", re.IGNORECASE
)
_DATES = {"original_date": True, "extensive_search": False}


def read_page(source: Iterator[bytes]) -> Iterator[RawRecord]:
    """Read a file that is one web page; raises BadRecord when it holds no article.

    Raises UsageError where a library that reads pages is not installed.
    """
    fields = _extracted(_checked(read_text(source)))
    if not fields.get("text"):
        raise BadRecord("no article found in the page")
    yield RawRecord(fields)


def _checked(html: str) -> str:
    if html.count("<") > _TAGS_LIMIT:
        raise BadRecord(f"more than {_TAGS_LIMIT} tags, the most that are read of a page")
    if _CROWDED_TAG.search(html):
        raise BadRecord("the page is too broken to read (a tag with thousands of attributes)")
    return html


def _load_libraries() -> None:
    """Import what reads pages, so that it can be told where a part of it is not installed."""
    try:
        with warnings.catch_warnings():
            # It looks for a proxy library that reading saved pages does not need.
            warnings.simplefilter("ignore")
            import trafilatura  # noqa: F401
    except ImportError as exc:
        raise UsageError(
            Translatable(
                "Web pages cannot be read: {}. Type `pip install trafilatura lxml_html_clean`, "
                "or give other files than .html and .htm.",
                str(exc).partition("\n")[0].rstrip("."),
            )
        ) from exc


def _extracted(html: str) -> dict[str, str | None]:
    _load_libraries()
    import trafilatura
    from lxml.etree import LxmlError  # type: ignore[import-untyped]
    from trafilatura.settings import Document

    for name in _CHATTY:
        logging.getLogger(name).addHandler(_SILENCE)
    try:
        tree = trafilatura.load_html(html)
        page = trafilatura.bare_extraction(
            tree, with_metadata=True, include_comments=False, date_extraction_params=_DATES
        )
    except (*_FAILURES, LxmlError) as error:
        raise BadRecord(f"the page is too broken to read ({error!r})") from error
    if tree is None or not isinstance(page, Document):
        return {}
    fields = {"title": page.title, "date": page.date, "url": page.url, "source": page.sitename}
    return {**fields, "lang": tree.get("lang"), "text": _paragraphs(page.text or "", page.title)}


def _paragraphs(text: str, title: str | None) -> str:
    """One paragraph a line becomes blank lines between; the headline is not said again."""
    first, _, rest = text.partition("\n")
    told = rest if title and clean_line(first) == clean_line(title) else text
    return told.replace("\n", "\n\n")
