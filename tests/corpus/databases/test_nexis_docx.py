"""Nexis as DOCX: bookmarks, parts and labels."""

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from search.corpus.databases.nexis_docx import NEXIS_DOCX, read_nexis_docx
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source

HEAD = ["Un titre", "Gazette", "1 mars 2024 vendredi", "Copyright 2024", "Length:\u00a062 words"]


def document(*paragraphs: str | tuple[str, str]) -> Source:
    """A Word file of these paragraphs; of a pair, the second is the name of a bookmark."""
    made = docx.Document()
    for paragraph in paragraphs:
        text, name = paragraph if isinstance(paragraph, tuple) else (paragraph, "")
        element = made.add_paragraph(text)._p
        if name:
            mark = OxmlElement("w:bookmarkStart")
            mark.set(qn("w:id"), "0")
            mark.set(qn("w:name"), name)
            element.insert(0, mark)
    content = BytesIO()
    made.save(content)
    return Source("export.docx", iter([content.getvalue()]))


def only(*paragraphs: str | tuple[str, str]) -> dict[str, object]:
    (record,) = read_nexis_docx(document(*paragraphs))
    assert isinstance(record, RawRecord)
    return dict(record.fields)


def test_a_document_begins_at_its_bookmark() -> None:
    fields = only(
        "1. Un titre", "Search Terms: port", ("", "Bookmark_1"), *HEAD, ("Body", "Body"), "Un.", "Deux."
    )
    assert (fields["title"], fields["source"], fields["date"]) == ("Un titre", "Gazette", "1 mars 2024")
    assert fields["word_count"] == "62 words"
    assert fields["text"] == "Un.\n\nDeux."


def test_lines_of_the_head_beside_title_paper_and_date_are_left_over() -> None:
    fields = only(("", "Bookmark_1"), *HEAD[:3], "Correction Appended", *HEAD[3:], ("Body", "Body"), "Un.")
    assert (fields["title"], fields["text"], fields["Head"]) == ("Un titre", "Un.", "Correction Appended")


def test_the_cells_of_a_table_are_text() -> None:
    without = document(("", "Bookmark_1"), *HEAD, ("Body", "Body"), "Un.", "Deux.")
    made = docx.Document(without.whole)
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Nord", "12 %"
    made.paragraphs[-2]._p.addnext(table._tbl)
    content = BytesIO()
    made.save(content)
    (record,) = read_nexis_docx(Source("export.docx", iter([content.getvalue()])))
    assert isinstance(record, RawRecord)
    assert record.fields["text"] == "Un.\n\nNord\n\n12 %\n\nDeux."


@pytest.mark.parametrize("colon", [":\u00a0", "\u00a0: ", "\u00a0:\u00a0"])
def test_a_label_may_have_a_gap_before_its_colon(colon: str) -> None:
    head = (*HEAD[:4], f"Rubrique{colon}RÉGION; Pg. 3")
    fields = only(("", "Bookmark_1"), *head, ("Body", "Body"), "Un.")
    assert (fields["section"], fields["page"]) == ("RÉGION", "3")


def test_without_bookmarks_the_ends_divide_and_the_list_is_passed() -> None:
    list_of_titles = ["Job Number: 1", "Documents (2)", "1. Un titre", "Search Terms: port"]
    source = document(
        *list_of_titles, *HEAD, "Body", "Un.", "End of Document", *HEAD, "Body", "Deux.", "End of Document"
    )
    first, second = read_nexis_docx(source)
    assert isinstance(first, RawRecord)
    assert isinstance(second, RawRecord)
    assert (first.fields["title"], first.fields["text"]) == ("Un titre", "Un.")
    assert (second.fields["title"], second.fields["text"]) == ("Un titre", "Deux.")


@pytest.mark.parametrize(
    ("body", "classification"), [("Body", "Classification"), ("Text", "Klassifizierung")]
)
def test_parts_are_known_by_their_words_too(body: str, classification: str) -> None:
    fields = only(("", "Bookmark_1"), *HEAD, body, "Un.", classification, "Language:\u00a0FRENCH; FRANÇAIS")
    assert fields["text"] == "Un."
    assert fields["lang"] == "FRENCH"


def test_a_label_in_the_text_has_a_no_break_space() -> None:
    fields = only(("", "Bookmark_1"), *HEAD, "Body", "Section: un mot.", "Load-Date:\u00a02 mars 2024", "X")
    assert fields["text"] == "Section: un mot."
    assert fields["Load-Date"] == "2 mars 2024"


def test_words_of_a_title_are_no_label() -> None:
    fields = only(("", "Bookmark_1"), "Update: un titre", *HEAD[1:], "Body", "Un.")
    assert (fields["title"], fields["source"]) == ("Update: un titre", "Gazette")


def test_a_summary_before_the_text_is_the_standfirst() -> None:
    fields = only(("", "Bookmark_1"), *HEAD, "Body", "ABSTRACT", "En bref.", "FULL TEXT", "Un.")
    assert (fields["chapo"], fields["text"]) == ("En bref.", "Un.")


def test_captions_are_no_text() -> None:
    fields = only(
        ("", "Bookmark_1"), *HEAD, "Body", "Un.", ("Graphic", "Graphic"), "Le port.", "End of Document"
    )
    assert (fields["text"], fields["Graphic"]) == ("Un.", "Le port.")


def test_a_document_without_text_is_told() -> None:
    (omission,) = read_nexis_docx(document(("", "Bookmark_1"), *HEAD, "Body"))
    assert isinstance(omission, Omission)


def test_it_is_recognised_by_its_words() -> None:
    assert NEXIS_DOCX.recognises(document("Job Number: 1"))
    assert not NEXIS_DOCX.recognises(document("Une lettre"))
    assert not NEXIS_DOCX.recognises(Source("x.docx", iter([b"PK\x03\x04"])))


def test_broken_files_and_others_are_refused() -> None:
    with pytest.raises(BadRecord, match="no document"):
        list(read_nexis_docx(document("Une lettre")))
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<w")
    with pytest.raises(BadRecord, match="too broken"):
        list(read_nexis_docx(Source("x.docx", iter([content.getvalue()]))))
