"""Nexis as HTML: which blocks are the head, labels and text."""

import pytest

from search.corpus.databases.nexis_html import NEXIS_HTML, read_nexis_html
from search.corpus.format import Records
from search.corpus.record import BadRecord, RawRecord
from search.corpus.source import Source

START, END = "<!-- Hide\n<DOC NUMBER=1>\n<DOCFULL> -->", "<!-- Hide\n</DOCFULL>\n</DOC> -->"


def block(text: str) -> str:
    return f'<br><div class="c5"><p class="c6"><span class="c2">{text}</span></p></div>'


def labelled(label: str, text: str) -> str:
    return f'<br><DIV CLASS="c5"><P><SPAN CLASS="c8">{label}: </SPAN><SPAN CLASS="c2">{text}</SPAN></P></DIV>'


def documents(html: str) -> Records:
    return read_nexis_html(Source("export.html", iter([html.encode()])))


def only(*blocks: str) -> dict[str, object]:
    (record,) = documents(START + "".join(blocks) + END)
    assert isinstance(record, RawRecord)
    return dict(record.fields)


HEAD = block("1 of 2 DOCUMENTS") + block("Gazette") + block("1 mars 2024") + block("Un titre")


def test_blocks_without_a_label_are_the_head_and_then_the_text() -> None:
    fields = only(HEAD, labelled("LONGUEUR", "62 mots"), block("Un."), block("Copyright 2024 Gazette"))
    assert (fields["source"], fields["date"], fields["title"]) == ("Gazette", "1 mars 2024", "Un titre")
    assert fields["word_count"] == "62 mots"
    assert fields["text"] == "Un."


def test_the_text_may_follow_the_head_without_a_label() -> None:
    assert only(HEAD, block("Un."), block("Deux."))["text"] == "Un.\n\nDeux."


def test_the_text_of_a_document_without_date_and_labels_is_kept() -> None:
    fields = only(block("Gazette"), block("Un titre"), block("Un."))
    assert (fields["source"], fields["title"], fields["text"]) == ("Gazette", "Un titre", "Un.")


def test_the_date_may_follow_the_title() -> None:
    fields = only(
        block("Gazette"), block("Un titre"), block("1 mars 2024"), labelled("SUJET", "PORT"), block("Un.")
    )
    assert (fields["source"], fields["date"], fields["title"]) == ("Gazette", "1 mars 2024", "Un titre")


def test_highlighting_splits_no_words_and_no_label() -> None:
    split = "<br><div><p><span>12</span><span> avril 2013</span></p></div>"
    fields = only(
        block("Gazette"), split, block("Un titre"), labelled("SUJET", "A</span><span>B"), block("Un.")
    )
    assert fields["date"] == "12 avril 2013"
    assert fields["keywords"] == ["AB"]


def test_a_label_is_in_capitals_and_alone_in_its_element() -> None:
    fields = only(HEAD, labelled("LONGUEUR", "1"), block("NOTE: un mot."), labelled("Le maire", "oui"))
    assert fields["text"] == "NOTE: un mot.\n\nLe maire: oui"


def test_what_stands_between_two_documents_belongs_to_none() -> None:
    html = START + HEAD + block("Un.") + END + block("Return") + START + HEAD + block("Deux.") + END
    assert [record.fields["text"] for record in documents(html) if isinstance(record, RawRecord)] == [
        "Un.",
        "Deux.",
    ]


def test_it_is_recognised_by_its_comments() -> None:
    assert NEXIS_HTML.recognises(Source("x", iter([START.encode()])))
    assert not NEXIS_HTML.recognises(Source("x.html", iter([b"<html>1 of 2 DOCUMENTS</html>"])))
    with pytest.raises(BadRecord, match="no document"):
        list(documents("<html></html>"))
