"""Saved web pages: trafilatura extracts the article. Nothing is downloaded."""

import logging
import re
import warnings
from collections.abc import Iterator

from search.corpus.encodings import read_text
from search.corpus.prose import clean_line
from search.corpus.record import BadRecord, RawRecord
from search.errors import Translatable, UsageError

# Without a handler, these loggers would write their warnings over the interface.
_LOGGERS = ("trafilatura", "htmldate", "courlan", "justext", "readability")
_NULL_HANDLER = logging.NullHandler()
# What the parsers raise on broken pages: one page must not end a build.
_PARSER_ERRORS = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
# The parser needs seconds for 100,000 tags, and time quadratic in the attributes of one tag.
_TAGS_LIMIT = 100_000
_CROWDED_TAG = re.compile(
    r"""<[a-z][^\s>]*+(?:\s++(?:[^\s>"']++|"[^"]*+"|'[^']*+')++){2000}""", re.IGNORECASE
)
# An extensive search would take a date from the text when the page gives none.
_DATES = {"original_date": True, "extensive_search": False}


def read_page(source: Iterator[bytes]) -> Iterator[RawRecord]:
    """Read a file that holds one web page; raises BadRecord when it contains no article.

    Raises UsageError where a library that reads pages is not installed.
    """
    fields = _extracted(_checked(read_text(source)))
    if not fields.get("text"):
        raise BadRecord("no article found in the page")
    yield RawRecord(fields)


def _checked(html: str) -> str:
    if html.count("<") > _TAGS_LIMIT:
        raise BadRecord(f"the page has more than {_TAGS_LIMIT} tags, which is the limit")
    if _CROWDED_TAG.search(html):
        raise BadRecord("the page is too broken to read (a tag with thousands of attributes)")
    return html


def _load_libraries() -> None:
    """Import the libraries that read pages; raises UsageError where one is not installed."""
    try:
        with warnings.catch_warnings():
            # It warns about a proxy library that saved pages do not need.
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
    from lxml.etree import LxmlError
    from trafilatura.settings import Document

    for name in _LOGGERS:
        logging.getLogger(name).addHandler(_NULL_HANDLER)
    try:
        tree = trafilatura.load_html(html)
        page = trafilatura.bare_extraction(
            tree, with_metadata=True, include_comments=False, date_extraction_params=_DATES
        )
    except (*_PARSER_ERRORS, LxmlError) as error:
        raise BadRecord(f"the page is too broken to read ({error!r})") from error
    if tree is None or not isinstance(page, Document):
        return {}
    fields = {"title": page.title, "date": page.date, "url": page.url, "source": page.sitename}
    return {**fields, "lang": tree.get("lang"), "text": _paragraphs(page.text or "", page.title)}


def _paragraphs(text: str, title: str | None) -> str:
    """Put a blank line between paragraphs, and remove a first line that repeats the title."""
    first, _, rest = text.partition("\n")
    body = rest if title and clean_line(first) == clean_line(title) else text
    return body.replace("\n", "\n\n")
