"""Saved web pages: trafilatura extracts the article. Nothing is downloaded."""

import logging
import re
import warnings
from collections.abc import Iterator
from typing import Any

from search.corpus.many_documents import check_one_article, check_one_document
from search.corpus.markup import text_of
from search.corpus.prose import clean_line, collapsed
from search.corpus.record import BadRecord, RawRecord
from search.corpus.streams import read_all
from search.corpus.web.page_metadata import cleaned_author, page_metadata, page_title, saved_from
from search.corpus.web.page_text import checked, page_text
from search.corpus.web.standfirst import article_scope, described_standfirst, visible_standfirst
from search.errors import Translatable, UsageError

# Without a handler, these loggers would write their warnings over the interface.
_LOGGERS = ("trafilatura", "htmldate", "courlan", "justext", "readability")
_NULL_HANDLER = logging.NullHandler()
# What the parsers raise on broken pages: one page must not end a build.
_PARSER_ERRORS = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
# An extensive search would take a date from the text when the page gives none; the address is asked last.
_DATES = {
    "original_date": True,
    "extensive_search": False,
    "deferred_url_extractor": True,
    "min_date": "1600-01-01",
}
_TEMPLATE = re.compile(r"\{\{[^{}\n]{1,100}\}\}")
_TEMPLATE_LIMIT = 3  # places to be filled, from which on a page is a template
_SHORT_TEXT = 300  # characters, below which the whole page is looked at
_LOCKED = "the page is for subscribers: what was saved may be only the beginning"


def read_page(source: Iterator[bytes]) -> Iterator[RawRecord]:
    """Read a file that holds one web page; raises BadRecord when it contains no article.

    Raises UsageError where a library that reads pages is not installed.
    """
    yield page_record(page_text(read_all(source)))


def page_record(html: str) -> RawRecord:
    """The article of a web page; raises BadRecord when there is none.

    Raises UsageError where a library that reads pages is not installed.
    """
    _load_libraries()
    from lxml.etree import LxmlError

    for name in _LOGGERS:
        logging.getLogger(name).addHandler(_NULL_HANDLER)
    try:
        return _record(checked(html))
    except (*_PARSER_ERRORS, LxmlError) as error:
        if isinstance(error, BadRecord):
            raise
        raise BadRecord(Translatable("the page is too broken to read ({})", repr(error))) from error


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


def _record(html: str) -> RawRecord:
    import trafilatura
    from trafilatura.settings import Document

    tree = trafilatura.load_html(html)
    if tree is None:
        raise BadRecord("no article found in the page")
    check_one_article(tree)
    scope = article_scope(tree)
    metadata = page_metadata(tree, scope)
    extracted = trafilatura.bare_extraction(
        tree, with_metadata=True, include_comments=False, date_extraction_params=_DATES
    )
    page = extracted if isinstance(extracted, Document) else Document()
    text = page.text or ""
    title = page_title(tree, page.title or "", metadata.source)
    _check_filled(tree, title, text)
    if not text:
        raise BadRecord("no article found in the page")
    check_one_document(text)
    text = _paragraphs(text, title)
    if not text:
        raise BadRecord("the page holds no more than its title")
    standfirst = visible_standfirst(scope, title, text) or described_standfirst(metadata.description, text)
    fields = {
        "title": title,
        "date": metadata.published or page.date,
        "url": metadata.url or page.url or metadata.other_url or saved_from(html),
        "source": metadata.source or page.sitename,
        "author": metadata.authors or cleaned_author(page.author or "", metadata.source),
        "section": metadata.section or page.categories,
        "keywords": metadata.keywords or page.tags,
        "lang": tree.get("lang"),
        "chapo": standfirst,
        "text": _without(text, standfirst),
    }
    return RawRecord(fields, cut=_LOCKED if metadata.locked else "")


def _check_filled(tree: Any, title: str, text: str) -> None:  # noqa: ANN401 - an element of lxml, which is untyped
    """Raise BadRecord where the page is a template that its script had not filled yet."""
    shown = text if len(text) >= _SHORT_TEXT else text_of(tree)
    if _TEMPLATE.search(title) or len(_TEMPLATE.findall(shown)) >= _TEMPLATE_LIMIT:
        raise BadRecord("the page is a template: it was saved before its script had filled it")


def _paragraphs(text: str, title: str) -> str:
    """Put a blank line between paragraphs, and remove a first line that repeats the title."""
    first, _, rest = text.partition("\n")
    body = rest if title and clean_line(first) == clean_line(title) else text
    return body.replace("\n", "\n\n")


def _without(text: str, standfirst: str) -> str:
    """The text without the paragraph that is the standfirst."""
    paragraphs, known = text.split("\n\n"), collapsed(standfirst)
    return "\n\n".join(part for part in paragraphs if collapsed(part) != known) or text
