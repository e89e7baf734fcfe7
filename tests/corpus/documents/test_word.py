import pytest

from search.corpus.documents.word import read_word, recognise_word
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source

from .made import W, docx, zipped


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/><w:tabs><w:tab/></w:tabs></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


BODY = paragraph("ÉCONOMIE") + paragraph("Le pont d'Armeil", "Titre1") + paragraph("Le conseil a voté.")


def source(data: bytes) -> Source:
    return Source("a.bin", iter([data]))


def fields(data: bytes) -> dict[str, object]:
    record = next(read_word(source(data)))
    assert isinstance(record, RawRecord)
    return dict(record.fields)


def test_the_heading_is_the_title_and_the_rest_the_text() -> None:
    read = fields(docx(BODY, "<dc:title>Modèle de document</dc:title>"))
    assert (read["title"], read["text"]) == ("Le pont d'Armeil", "ÉCONOMIE\n\nLe conseil a voté.")


def test_a_title_goes_before_a_heading() -> None:
    read = fields(docx(BODY + paragraph("Armeil reconstruit", "Titre")))
    assert read["title"] == "Armeil reconstruit"


def test_a_document_without_heading_has_the_title_of_its_properties() -> None:
    read = fields(docx(paragraph("Le conseil a voté."), "<dc:title>Le pont</dc:title>"))
    assert (read["title"], read["text"]) == ("Le pont", "Le conseil a voté.")


def test_a_heading_alone_stays_text() -> None:
    assert fields(docx(paragraph("Le pont d'Armeil", "Titre1")))["text"] == "Le pont d'Armeil"


def test_properties() -> None:
    read = fields(
        docx(
            BODY,
            "<dc:creator>Jeanne Modèle</dc:creator><cp:keywords>pont; Armeil</cp:keywords>"
            "<cp:category>Économie</cp:category><dc:language>fr-FR</dc:language><dc:description>relu</dc:description>"
            "<dcterms:created>2024-03-01T18:05:00Z</dcterms:created>"
            "<dcterms:modified>2024-04-01T18:05:00Z</dcterms:modified>",
        )
    )
    assert {name: read[name] for name in ("author", "keywords", "section", "lang", "date", "comments")} == {
        "author": "Jeanne Modèle",
        "keywords": "pont; Armeil",
        "section": "Économie",
        "lang": "fr-FR",
        "date": "2024-03-01T18:05:00Z",
        "comments": "relu",
    }


def test_signs_insertions_tables_and_boxes_are_text_and_deletions_are_not() -> None:
    body = (
        "<w:p><w:r><w:t>Vis</w:t><w:noBreakHyphen/><w:t>à-vis</w:t><w:tab/><w:t>un</w:t>"
        "<w:br/><w:t>deux</w:t></w:r><w:ins><w:r><w:t> ajouté</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> ôté</w:delText></w:r></w:del></w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('champ')}</w:sdtContent></w:sdt>"
        f"<w:tbl><w:tr><w:tc>{paragraph('case')}</w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:AlternateContent><w:Choice><w:txbxContent>"
        f"{paragraph('boîte')}</w:txbxContent></w:Choice><w:Fallback>{paragraph('boîte')}</w:Fallback>"
        "</w:AlternateContent><w:t>après</w:t></w:r></w:p>"
    )
    assert fields(docx(body))["text"] == "Vis-à-vis un\ndeux ajouté\n\nchamp\n\ncase\n\naprès\n\nboîte"


def test_notes_come_at_the_end() -> None:
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator">{paragraph("—")}</w:footnote>'
        f"<w:footnote>{paragraph('Une note.')}</w:footnote></w:footnotes>"
    )
    assert (
        fields(docx(BODY, more={"word/footnotes.xml": notes}))["text"]
        == "ÉCONOMIE\n\nLe conseil a voté.\n\nUne note."
    )


def test_pictures_are_told() -> None:
    records = list(
        read_word(source(docx(BODY, more={"word/media/image1.png": b"x", "word/media/image2.png": b"y"})))
    )
    assert records[1:] == [Omission("picture", "2 pictures in the document")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx(paragraph(" — ")), "no text"),
        (docx("<w:p>"), "not XML"),
        (docx(paragraph("End of Document") * 3), "about 3 documents"),
        (docx(BODY)[:-40], "not a whole ZIP file"),
    ],
)
def test_what_cannot_be_read_is_rejected(data: bytes, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        list(read_word(source(data)))


def test_it_is_recognised_by_its_members() -> None:
    assert recognise_word(source(docx(BODY)))
    assert not recognise_word(source(zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""})))
    assert not recognise_word(source(b"word/document.xml"))
