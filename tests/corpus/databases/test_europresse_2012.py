"""Europresse of 2012: lines told apart by their line breaks alone."""

import pytest

from search.corpus.databases.europresse_2012 import EUROPRESSE_2012, read_europresse_2012
from search.corpus.format import Records
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source

DOCUMENT = """<table><tr><td><span class="DocPublicationName">Gazette, no. 3</span><br>
<span class="DocHeader">Politique, </span><span class="DocHeader">jeudi </span>
<span class="DocHeader">4 octobre 2012
</span><span class="DocHeader">, p. 03</span><br><br>{before}<span class="TitreArticleVisu">Le
<span style="color:red">port</span></span><br><br>{after}<p></p><b><i>© 2012 Gazette.</i></b><p></p>Numéro de
document : news·20121004·GZE·1<br><table><tr><td>Certificat</td></tr></table></td></tr></table>"""


def documents(html: str) -> Records:
    return read_europresse_2012(Source("export.html", iter([html.encode("iso-8859-1")])))


@pytest.mark.parametrize(
    ("before", "after", "kicker", "author", "text"),
    [
        ("", "Un texte.<p></p>Deux.", "", "", "Un texte.\n\nDeux."),
        ("", "Jeanne Modèle<br><p></p>Un texte.", "", "Jeanne Modèle", "Un texte."),
        ("REPÈRES<br>", "Un.<p></p>Deux.", "REPÈRES", "", "Un.\n\nDeux."),
        ("", f"{'Un texte long. ' * 9}<br>Deux.", "", "", f"{'Un texte long. ' * 9}".strip() + "\nDeux."),
        ("", "<b>Un début.</b> Suite.", "", "", "Un début. Suite."),
    ],
)
def test_lines_are_known_by_their_place(before: str, after: str, kicker: str, author: str, text: str) -> None:
    (record,) = documents(DOCUMENT.format(before=before, after=after))
    assert isinstance(record, RawRecord)
    assert record.fields["title"] == "Le port"
    assert record.fields["section"] == "Politique"
    assert record.fields["date"] == "jeudi 4 octobre 2012"
    assert record.fields["page"] == "03"
    assert record.fields["id"] == "news·20121004·GZE·1"
    assert (record.fields["kicker"], record.fields["author"]) == (kicker, author)
    assert record.fields["text"] == text


def test_a_document_without_text_is_passed_over_and_one_without_title_is_a_fault() -> None:
    whole = DOCUMENT.format(before="", after="Un.")
    empty, untitled = DOCUMENT.format(before="", after=""), whole.replace("TitreArticleVisu", "Titre")
    kinds = [type(record) for record in documents(empty + untitled + whole)]
    assert kinds == [Omission, Fault, RawRecord]


def test_control_characters_stop_nothing() -> None:
    html = (
        DOCUMENT.format(before="", after="Un.")
        .replace("Gazette", "Ga\x01<br>\x02zette")
        .replace("</span><br>", "</span>\x03<br>\x04")
    )
    (record,) = documents(html)
    assert isinstance(record, RawRecord)


def test_what_follows_the_number_is_no_text() -> None:
    html = DOCUMENT.format(before="", after="news·20121004·GZE·1<p></p>Un.<p></p>")
    assert [type(record) for record in documents(html)] == [Omission]


def test_a_file_without_documents_is_refused() -> None:
    with pytest.raises(BadRecord, match="no document"):
        list(documents("<html></html>"))


def test_it_is_recognised_by_its_title() -> None:
    assert EUROPRESSE_2012.recognises(Source("x", iter([DOCUMENT.encode("iso-8859-1")])))
    assert not EUROPRESSE_2012.recognises(Source("x.html", iter([b"<html>DocPublicationName</html>"])))
