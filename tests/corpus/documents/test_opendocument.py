import pytest

from search.corpus.documents.opendocument import read_opendocument, recognise_opendocument
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source

from .made import odt, zipped

BODY = (
    "<text:tracked-changes><text:deletion><text:p>ôté</text:p></text:deletion></text:tracked-changes>"
    "<text:p>ÉCONOMIE</text:p><text:h>Le pont d'Armeil</text:h>"
    "<text:p>Le conseil<text:s/>a <text:span>voté<text:note>"
    "<text:note-citation>1</text:note-citation><text:note-body><text:p>Une note.</text:p>"
    "</text:note-body></text:note></text:span>.<text:line-break/>Suite"
    "<office:annotation><text:p>à relire</text:p></office:annotation><text:tab/>fin</text:p>"
    "<text:list><text:list-item><text:p>point</text:p></text:list-item></text:list>"
    "<text:p><draw:text-box><text:p>boîte</text:p></draw:text-box></text:p>"
)


def source(data: bytes) -> Source:
    return Source("a.bin", iter([data]))


def fields(data: bytes) -> dict[str, object]:
    record = next(read_opendocument(source(data)))
    assert isinstance(record, RawRecord)
    return dict(record.fields)


def test_the_heading_is_the_title_and_the_rest_the_text() -> None:
    read = fields(odt(BODY, "<dc:title>Modèle de document</dc:title>"))
    assert read["title"] == "Le pont d'Armeil"
    assert read["text"] == "ÉCONOMIE\n\nLe conseil a voté.\nSuite fin\n\npoint\n\nboîte\n\nUne note."


def test_a_title_goes_before_a_heading() -> None:
    body = f'{BODY}<text:p text:style-name="Title">Armeil reconstruit</text:p>'
    assert fields(odt(body))["title"] == "Armeil reconstruit"


def test_a_document_without_heading_has_the_title_of_its_properties() -> None:
    read = fields(odt("<text:p>Le conseil a voté.</text:p>", "<dc:title>Le pont</dc:title>"))
    assert (read["title"], read["text"]) == ("Le pont", "Le conseil a voté.")


def test_properties() -> None:
    read = fields(
        odt(
            BODY,
            "<meta:initial-creator>Jeanne Modèle</meta:initial-creator><dc:creator>Paul Essai</dc:creator>"
            "<meta:keyword>pont</meta:keyword><meta:keyword>Armeil</meta:keyword><dc:language>fr-FR</dc:language>"
            "<meta:creation-date>2024-03-01T18:05:00</meta:creation-date><dc:date>2024-04-01T00:00:00</dc:date>",
        )
    )
    assert {name: read[name] for name in ("author", "keywords", "lang", "date")} == {
        "author": "Jeanne Modèle",
        "keywords": ["pont", "Armeil"],
        "lang": "fr-FR",
        "date": "2024-03-01T18:05:00",
    }


def test_pictures_are_told() -> None:
    records = list(read_opendocument(source(odt(BODY, more={"Pictures/1.png": b"x"}))))
    assert records[1:] == [Omission("picture", "pictures in the document: 1")]


LOCKED = '<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (odt("<text:p> — </text:p>"), "no text"),
        (odt("<text:p>"), "not XML"),
        (odt("<text:p>End of Document</text:p>" * 3), "about 3 documents"),
        (odt(BODY)[:-40], "not a whole ZIP file"),
        (odt(BODY, more={"META-INF/manifest.xml": LOCKED}), "locked with a password"),
    ],
)
def test_what_cannot_be_read_is_rejected(data: bytes, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        list(read_opendocument(source(data)))


def test_it_is_recognised_by_its_type() -> None:
    assert recognise_opendocument(source(odt(BODY)))
    slides = {"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": ""}
    assert not recognise_opendocument(source(zipped(slides)))
