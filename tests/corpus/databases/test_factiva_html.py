"""Factiva as HTML: rows with codes, and lines without."""

import pytest

from search.corpus.databases.factiva_html import FACTIVA_HTML, read_factiva_html
from search.corpus.record import BadRecord, RawRecord
from search.corpus.source import Source

LINES = (
    '<div class="article frArticle"><div>Région</div>'
    '<div id="hd"><span class="frHeadline{counted}">1) Un titre</span></div>{author}'
    "<div>62 mots</div><div>1 mars 2024</div><div>Gazette</div><div>GZEX</div><div>Français</div>"
    '<div>(c) 2024</div><p class="articleParagraph frarticleParagraph">Un.</p>'
    "<p>Légende</p><p>Société</p><p>Document GZEX000020240301ek3100001</p></div>"
)
ROWS = (
    '<div class="article enArticle"><table><tr><td class="index"><b>HD</b>&nbsp;</td><td>A title</td></tr>'
    '<tr><td class="index"><b>{code}</b>&nbsp;</td><td>A value</td></tr>'
    '<tr><td class="index"><b>TD</b></td><td><table><tr><td>A table</td></tr></table></td></tr></table></div>'
)


def source(text: str) -> Source:
    return Source("export", iter([text.encode("cp1252")]))


def only(text: str) -> RawRecord:
    (record,) = read_factiva_html(source(text))
    assert isinstance(record, RawRecord)
    return record


def test_lines_of_html_are_known_by_their_place() -> None:
    author = '<div class="author">Par Jeanne Modèle</div><div>Envoyée spéciale</div>'
    fields = only(LINES.format(counted="", author=author)).fields
    assert fields["title"] == "1) Un titre"
    assert fields["section"] == "Région"
    assert fields["author"] == ["Jeanne Modèle"]
    assert fields["CR"] == "Envoyée spéciale"
    assert fields["text"] == "Un."
    assert (fields["ART"], fields["PUB"]) == ("Légende", "Société")
    assert fields["lang"] == "fr"


def test_lines_end_where_the_text_begins() -> None:
    box = '</p><div>Encadré</div><p class="articleParagraph">Deux.</p>'
    fields = only(LINES.format(counted="", author="").replace("</p><p>Légende", f"{box}<p>Légende")).fields
    assert fields["text"] == "Un.\n\nDeux."
    assert fields["edition"] == ""


def test_the_number_that_the_screen_counts_is_no_part_of_the_title() -> None:
    assert only(LINES.format(counted=" counted", author="")).fields["title"] == ("Un titre")


def test_rows_of_unknown_codes_are_no_fields() -> None:
    fields = only(ROWS.format(code="XYZ")).fields
    assert fields["title"] == "A title"
    assert fields["text"] == "A table"
    assert "XYZ" not in fields
    assert only(ROWS.format(code="SN")).fields["source"] == "A value"


def test_a_page_of_factiva_without_articles_is_refused() -> None:
    page = source("<html><title>Factiva</title></html>")
    assert FACTIVA_HTML.recognises(page)
    with pytest.raises(BadRecord, match="no document in it"):
        list(read_factiva_html(page))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (LINES, True),
        (ROWS, True),
        ("<html><head><title>Factiva</title>", True),
        ('<div class="article"><p>Factiva</p></div>', False),
    ],
)
def test_it_is_recognised_by_its_title_or_its_class(text: str, known: bool) -> None:
    assert FACTIVA_HTML.recognises(source(text)) == known
