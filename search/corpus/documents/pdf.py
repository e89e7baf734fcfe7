"""PDF that holds text: its pages as one article."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from threading import Lock
from typing import Any, NamedTuple

from search.corpus.documents.pdf_streams import check_streams
from search.corpus.documents.reflow import paragraphs
from search.corpus.format import Format, Records
from search.corpus.many_documents import check_one_document
from search.corpus.prose import has_words
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.streams import megabytes
from search.errors import Translatable

PAGES_LIMIT = 5_000
"""The most pages of one file."""
SIZE_LIMIT = 1 << 30
"""The most bytes of one file: most of them are pictures."""
TEXT_LIMIT = 2_000_000
"""Characters of the text of one file."""

_LOCK = Lock()  # PDFium may not be called by two threads at once
_CUT_WORD = "\ufffe"  # PDFium writes it for a hyphen and a line end
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
# Titles that programs write: the name of a file, or of no document.
_NO_TITLE = re.compile(
    r".*\.(?:docx?|indd|odt|pdf|pptx?|pub|qxd|qxp|rtf|tex|txt|xlsx?)|Microsoft \w+ - .*"
    r"|(?:untitled|sans titre|document)\W*\d*",
    re.IGNORECASE,
)
_SCAN = Translatable(
    "the PDF holds no text, only pictures of pages; recognise the text first, for example with "
    "`ocrmypdf -l fra FILE.pdf NEW.pdf`"
)


def recognise_pdf(source: Source) -> bool:
    """Whether a file is PDF."""
    return source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-")


def read_pdf(source: Source) -> Records:
    """Read a file as one article; a page that has pictures and no text is an Omission.

    Raises BadRecord where the file is broken, locked, a scan, a list of documents, or larger than the limits.
    """
    with _LOCK:
        pages, information = _read(source)
    text = "\n\n".join(paragraphs([page.text for page in pages]))
    if not has_words(text):
        raise BadRecord(_SCAN)
    check_one_document("\n".join(page.text for page in pages))
    yield RawRecord({**_fields(information), "text": text})
    for number, page in enumerate(pages, 1):
        if not page.blank and not has_words(page.text):
            yield Omission("page without text", Translatable("page {} holds pictures and no text", number))


class _Page(NamedTuple):
    text: str
    blank: bool


def _read(source: Source) -> tuple[list[_Page], Mapping[str, str]]:
    """The text of each page, and what the file says about itself."""
    import pypdfium2

    size = source.whole.seek(0, 2)
    if size > SIZE_LIMIT:
        raise BadRecord(Translatable("the PDF is larger than {}, which is the limit", megabytes(SIZE_LIMIT)))
    check_streams(source.whole)
    source.whole.seek(0)
    try:
        with closing(pypdfium2.PdfDocument(source.whole)) as document:
            if len(document) > PAGES_LIMIT:
                raise BadRecord(
                    Translatable("the PDF has more than {} pages, which is the limit; split it", PAGES_LIMIT)
                )
            return list(_pages(document)), document.get_metadata_dict(skip_empty=True)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadRecord("the PDF is locked with a password; save it without one first") from error
        raise BadRecord(Translatable("the PDF is too broken to read ({})", error)) from error


def _pages(document: Any) -> Iterator[_Page]:  # noqa: ANN401 - pypdfium2 is untyped
    size = 0
    for number in range(len(document)):
        page = _page(document, number)
        size += len(page.text)
        if size > TEXT_LIMIT:
            raise BadRecord(
                Translatable("the PDF has more than {} characters, which is the limit; split it", TEXT_LIMIT)
            )
        yield page


def _page(document: Any, number: int) -> _Page:  # noqa: ANN401
    from pypdfium2.raw import FPDFPage_CountObjects

    with closing(document[number]) as page, closing(page.get_textpage()) as text_page:
        text = text_page.get_text_range(errors="replace").replace(_CUT_WORD, "-\n")
        blank = FPDFPage_CountObjects(page.raw) <= 0
    return _Page(text.replace("\r\n", "\n").replace("\r", "\n"), blank)


def _fields(information: Mapping[str, str]) -> dict[str, str]:
    title, made = information.get("Title", "").strip(), _DATE.match(information.get("CreationDate", ""))
    year, month, day, hour, minute, second = made.groups() if made else [None] * 6
    return {
        "title": "" if _NO_TITLE.fullmatch(title) else title,
        "author": information.get("Author", ""),
        "keywords": information.get("Keywords", ""),
        "subject": information.get("Subject", ""),
        "date": f"{year}-{month}-{day}" if made else "",
        "time": f"{hour}:{minute}:{second or '00'}" if hour else "",
    }


PDF = Format(
    "PDF",
    recognise_pdf,
    read_pdf,
    {
        "title": "Title",
        "author": "Author",
        "keywords": "Keywords",
        "date": "CreationDate",
        "time": "CreationDate",
        "text": "text of the pages",
    },
)
