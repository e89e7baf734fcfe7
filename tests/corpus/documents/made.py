"""Documents made of texts, with the structure that programs give them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

Lines = Sequence[str]

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
)
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file; its first member is not compressed, as in ODT and EPUB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for place, (name, content) in enumerate(members.items()):
            kind = zipfile.ZIP_DEFLATED if place else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 1, 0, 0, 0)), content, kind)
    return file.getvalue()


def docx(body: str, properties: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    styles = f"""<w:styles {W}><w:style w:styleId="Titre1"><w:name w:val="heading 1"/></w:style>
    <w:style w:styleId="Titre"><w:name w:val="Title"/></w:style></w:styles>"""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "docProps/core.xml": f"<cp:coreProperties {CORE}>{properties}</cp:coreProperties>",
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": styles,
            **(more or {}),
        }
    )


def odt(body: str, properties: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    spaces = (
        f'xmlns:office="{ODF}office:1.0" xmlns:text="{ODF}text:1.0" xmlns:meta="{ODF}meta:1.0" '
        f'xmlns:draw="{ODF}drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>{body}"
            "</office:text></office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {spaces}><office:meta>{properties}</office:meta>"
            "</office:document-meta>",
            **(more or {}),
        }
    )


def epub(
    chapters: Mapping[str, str], metadata: str = "", more: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A book whose chapters, by name, are the contents of their bodies."""
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in chapters
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="OEBPS/book.opf"/></container>',
            "OEBPS/book.opf": '<package xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<metadata>{metadata}</metadata><manifest>{items}"
            '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
            f"<spine>{spine}</spine></package>",
            **{
                f"OEBPS/{name}.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
                f"<body>{body}</body></html>"
                for name, body in chapters.items()
            },
            **(more or {}),
        }
    )


def pdf(pages: Sequence[Lines], information: Mapping[str, str] | None = None, drawing: str = "") -> bytes:
    """A PDF whose pages are lines of text, each below the other; ``drawing`` is on every page."""
    objects = [b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    tree = 2 * len(pages) + 2
    for lines in pages:
        shown = "".join(f"({_escaped(line)}) Tj 0 -14 Td\n" for line in lines)
        content = f"{drawing}\nBT /F1 11 Tf 50 780 Td\n{shown}ET".encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 1 0 R >> >> >>" % (tree, len(objects))
        )
    kids = " ".join(f"{2 * number + 3} 0 R" for number in range(len(pages)))
    entries = " ".join(f"/{name} ({_escaped(value)})" for name, value in (information or {}).items())
    objects.append(f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode())
    objects.append(f"<< /Type /Catalog /Pages {tree} 0 R >>".encode())
    objects.append(f"<< {entries} >>".encode("cp1252"))
    return _file(objects, f"/Size {len(objects) + 1} /Root {tree + 1} 0 R /Info {tree + 2} 0 R")


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    data = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(data) + f"trailer\n<< {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
