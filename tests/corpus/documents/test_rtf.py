import pytest

from search.corpus.documents.rtf import read_rtf, recognise_rtf
from search.corpus.record import BadRecord, RawRecord
from search.corpus.source import Source

RTF = rb"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}
{\info{\title Le pont d\'92Armeil}{\author Jeanne Mod\'e8le}{\keywords pont}
{\creatim\yr2024\mo3\dy1\hr18\min5}}
\pard Le conseil a vot\'e9 la reconstruction\u8230?\par\par
{\field{\*\fldinst{HYPERLINK "https://exemple.fr"}}{\fldrslt Gazette}} \u-10179?\u-8704?\par}"""


def source(data: bytes) -> Source:
    return Source("a.bin", iter([data]))


def fields(data: bytes) -> dict[str, object]:
    (record,) = read_rtf(source(data))
    assert isinstance(record, RawRecord)
    return dict(record.fields)


def test_the_text_and_what_the_file_says_about_itself() -> None:
    assert fields(RTF) == {
        "title": "Le pont d’Armeil",
        "author": "Jeanne Modèle",
        "keywords": "pont",
        "date": "2024-03-01",
        "time": "18:05",
        "text": "Le conseil a voté la reconstruction…\n\nGazette 😀",
    }


def test_a_file_may_say_nothing_about_itself() -> None:
    assert fields(rb"{\rtf1 Un obus.}") == {"text": "Un obus."}
    assert fields(rb"{\rtf1{\info{\creatim\yr2024\mo3\dy1}}Un obus.}") == {
        "date": "2024-03-01",
        "text": "Un obus.",
    }


def test_a_list_of_documents_is_rejected() -> None:
    with pytest.raises(BadRecord, match="about 3 documents"):
        fields(rb"{\rtf1 " + rb"Un obus.\par End of Document\par " * 3 + b"}")


@pytest.mark.parametrize("data", [rb"{\rtf1 }", rb"{\rtf1{\pict 00ff}}"])
def test_a_file_without_text_is_rejected(data: bytes) -> None:
    with pytest.raises(BadRecord, match="no text"):
        fields(data)


def test_it_is_recognised_by_its_first_bytes() -> None:
    assert recognise_rtf(source(RTF))
    assert not recognise_rtf(source(b"Le format {\\rtf1"))
