"""A press review as a document of Word (Office Open XML, ISO/IEC 29500), written as a stream.

A library would hold the whole document in memory. Links are fields, as relationships would have to be listed
in another part. Word fills in the page numbers of the contents when the reader updates them (F9).
"""

import re
import zipfile
from typing import BinaryIO, cast
from xml.sax.saxutils import escape as escaped_xml
from xml.sax.saxutils import quoteattr

from search.export.content import Export
from search.export.docx_parts import PARTS
from search.export.press_review import Entry, Layout, article_count, review_title, write_review

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML has them
_TABLE_OF_CONTENTS = " TOC \\o &quot;1-1&quot; \\h "


def write_docx(export: Export, stream: BinaryIO) -> None:
    """Write title, contents with links, each article on a new page under a heading, and the sources."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in PARTS.items():
            package.writestr(name, part)
        with package.open("word/document.xml", "w", force_zip64=True) as document:
            layout = Layout(_opening, _contents_entry, _between, _article, _sources)
            write_review(export, layout, cast(BinaryIO, document))


def _opening(export: Export) -> str:
    contents = export.language.translate("Contents")
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:document xmlns:w="{_NAMESPACE}"><w:body>'
        f"{_paragraph(_run(review_title(export)), 'Title')}{_paragraph(_run(contents), 'TOCHeading')}"
        f"<w:p>{_field_begins(_TABLE_OF_CONTENTS)}</w:p>"
    )


def _contents_entry(entry: Entry) -> str:
    link = f'<w:hyperlink w:anchor="{entry.anchor}">{_run(f"{entry.title} – {entry.facts}")}</w:hyperlink>'
    return _paragraph(link, "TOC1")


def _between(_: Export) -> str:
    return '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


def _article(entry: Entry, export: Export) -> str:
    mark = f'<w:bookmarkStart w:id="{entry.number}" w:name="{entry.anchor}"/>'
    heading = f'{mark}{_run(entry.title)}<w:bookmarkEnd w:id="{entry.number}"/>'
    note = export.language.translate("Note: {}").format(entry.note) if entry.note else ""
    facts = "".join(_paragraph(_run(text), "Facts") for text in (entry.facts, entry.authors) if text)
    noted = _paragraph(_run(note), "Note") if note else ""
    texts = "".join(_paragraph(_run(text)) for text in entry.paragraphs)
    link = _paragraph(_link(entry.url), "Facts") if entry.url.startswith(("https://", "http://")) else ""
    return f"{_paragraph(heading, 'Heading1')}{facts}{noted}{texts}{link}"


def _sources(sources: list[tuple[str, int]], export: Export) -> str:
    unknown = export.language.translate("unknown source")
    lines = (f"{name or unknown} – {article_count(export, count)}" for name, count in sources)
    heading = _paragraph(_run(export.language.translate("Sources")), "Heading1")
    listed = "".join(_paragraph(_run(line), "ListBullet") for line in lines)
    return f"{heading}{listed}<w:sectPr/></w:body></w:document>"


def _paragraph(content: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{content}</w:p>"


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{_xml(text)}</w:t></w:r>'


def _field_begins(instruction: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def _link(url: str) -> str:
    address = url.replace('"', "%22").replace("\\", "%5C")
    instruction = quoteattr(f'HYPERLINK "{_FORBIDDEN.sub("", address)}"')
    return f"<w:fldSimple w:instr={instruction}>{_run(url)}</w:fldSimple>"


def _xml(text: str) -> str:
    return escaped_xml(_FORBIDDEN.sub("", text))
