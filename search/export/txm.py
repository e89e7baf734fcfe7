"""Corpora of TXM, for its import "XML TEI Zero + CSV": a ZIP of one text a file, and ``metadata.csv``.

A row of the table describes the text whose file has the name in its column ``id``.
"""

import csv
import io
import re
import shutil
import tempfile
import zipfile
from typing import BinaryIO
from xml.sax.saxutils import escape

from search.export.content import Export
from search.export.documents import article_document
from search.export.references import safe_key
from search.text.sanitize import clean, flat
from search.types import Article

_IN_MEMORY = 1 << 20
_LINE_END = "<lb/>"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML has them


def write_txm(export: Export, stream: BinaryIO) -> None:
    """Write the whole text of each article as TEI, and the table of their metadata.

    The table is last in the archive: it is kept in a temporary file meanwhile. Raises OSError.
    """
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as corpus,
        tempfile.SpooledTemporaryFile(_IN_MEMORY) as table,
    ):
        for number, hit in enumerate(export.hits):
            row = _row(hit.article)
            if not number:
                table.write(_csv(list(row)))
            table.write(_csv(list(row.values())))
            corpus.writestr(f"{row['id']}.xml", tei(hit.article))
        table.seek(0)
        with corpus.open("metadata.csv", "w", force_zip64=True) as entry:
            shutil.copyfileobj(table, entry)


def tei(article: Article) -> str:
    """An article as a document of the Text Encoding Initiative (P5); the header has its title and source."""
    parts = _xml(clean(article.body)).split("\n\n")
    paragraphs = "\n".join(f"<p>{_LINE_END.join(part.splitlines())}</p>" for part in parts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n<teiHeader>'
        f"<fileDesc><titleStmt><title>{_xml(flat(article.title))}</title></titleStmt>"
        f"<publicationStmt><p>{_xml(flat(article.source))}</p></publicationStmt>"
        f"<sourceDesc><p>{_xml(flat(article.url))}</p></sourceDesc></fileDesc></teiHeader>\n"
        f"<text>\n<body>\n{paragraphs}\n</body>\n</text>\n</TEI>\n"
    )


def _row(article: Article) -> dict[str, str]:
    values = {name: flat(str(value)) for name, value in article_document(article).items()}
    return {**values, "id": safe_key(article.id), "lang": article.lang, "year": article.published[:4]}


def _csv(cells: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return text.getvalue().encode()


def _xml(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))
