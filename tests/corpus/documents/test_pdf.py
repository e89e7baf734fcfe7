import io

import pypdfium2
import pytest

from search.corpus.documents import pdf as reader
from search.corpus.documents.pdf import read_pdf, recognise_pdf
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source

from .made import pdf

LINES = [
    "LE PONT D'ARMEIL",
    "Le conseil a voté lundi soir la recons-",
    "truction du pont suspendu de Valmont. Le chef-",
    "d'œuvre demeure, et la société d'agriculture",
    "proteste.",
    "Les travaux commencent au printemps, selon le",
]
PICTURE = "0 0 100 100 re f"


def source(data: bytes) -> Source:
    return Source("a.bin", iter([data]))


def fields(data: bytes) -> dict[str, object]:
    record = next(read_pdf(source(data)))
    assert isinstance(record, RawRecord)
    return dict(record.fields)


def test_lines_become_paragraphs_across_pages_and_cut_words_are_whole() -> None:
    pages = [[*LINES, "1"], ["maire de Valmont.", "2"]]
    assert fields(pdf(pages))["text"] == (
        "LE PONT D'ARMEIL\n\n"
        "Le conseil a voté lundi soir la reconstruction du pont suspendu de Valmont. Le chef-d'œuvre "
        "demeure, et la société d'agriculture proteste.\n\n"
        "Les travaux commencent au printemps, selon le maire de Valmont."
    )


def test_what_the_file_says_about_itself() -> None:
    information = {
        "Title": "Le pont (1914)",
        "Author": "Jeanne Modèle",
        "Keywords": "pont, Armeil",
        "CreationDate": "D:20240301180500+01'00'",
    }
    read = fields(pdf([LINES], information))
    del read["text"]
    assert read == {
        "title": "Le pont (1914)",
        "author": "Jeanne Modèle",
        "keywords": "pont, Armeil",
        "subject": "",
        "date": "2024-03-01",
        "time": "18:05:00",
    }


@pytest.mark.parametrize("title", ["armeil.indd", "Microsoft Word - pont.doc", "Sans titre 1", "Untitled"])
def test_the_name_of_a_file_is_no_title(title: str) -> None:
    assert fields(pdf([LINES], {"Title": title}))["title"] == ""


def test_a_broken_date_is_left_out() -> None:
    assert fields(pdf([LINES], {"CreationDate": "hier"}))["date"] == ""
    assert fields(pdf([LINES], {"CreationDate": "D:20240301"}))["time"] == ""


def test_a_scan_is_rejected_with_what_to_type() -> None:
    with pytest.raises(BadRecord, match=r"no text, only pictures of pages; .*ocrmypdf -l fra"):
        list(read_pdf(source(pdf([[], []], drawing=PICTURE))))


def test_running_titles_alone_are_no_text() -> None:
    with pytest.raises(BadRecord, match="no text, only pictures of pages"):
        list(read_pdf(source(pdf([["Gazette Exemple"]] * 3, {"Title": "Le pont"}))))


def test_a_page_of_pictures_is_told_and_a_blank_page_is_not() -> None:
    records = list(read_pdf(source(pdf([LINES, []], drawing=PICTURE))))
    assert records[1:] == [Omission("page without text", "page 2 holds pictures and no text")]
    assert len(list(read_pdf(source(pdf([LINES, []]))))) == 1


def test_a_list_of_documents_is_rejected() -> None:
    pages = [[*LINES, f"news·20240301·GE·000{number}"] for number in range(3)]
    with pytest.raises(BadRecord, match="about 3 documents"):
        list(read_pdf(source(pdf(pages))))


def test_a_broken_file_is_rejected() -> None:
    with pytest.raises(BadRecord, match="too broken to read"):
        list(read_pdf(source(pdf([LINES])[:200])))


def test_a_locked_file_is_rejected() -> None:
    locked = pdf([LINES]).replace(
        b"trailer\n<<",
        b"trailer\n<< /ID [(0123456789012345) (0123456789012345)] /Encrypt << /Filter /Standard"
        b" /V 1 /R 2 /P -4 /O (01234567890123456789012345678901) /U (01234567890123456789012345678901) >>",
    )
    with pytest.raises(BadRecord, match="locked with a password"):
        list(read_pdf(source(locked)))


@pytest.mark.parametrize(
    ("limit", "most", "reason"),
    [
        ("PAGES_LIMIT", 1, "more than 1 pages"),
        ("TEXT_LIMIT", 50, "more than 50 characters"),
        ("SIZE_LIMIT", 99, "larger"),
    ],
)
def test_every_limit_is_told(monkeypatch: pytest.MonkeyPatch, limit: str, most: int, reason: str) -> None:
    monkeypatch.setattr(reader, limit, most)
    with pytest.raises(BadRecord, match=reason):
        list(read_pdf(source(pdf([LINES, LINES]))))


def test_it_is_recognised_by_its_first_bytes() -> None:
    assert recognise_pdf(source(pdf([LINES])))
    assert recognise_pdf(source(b"\r\n%PDF-1.4"))
    assert not recognise_pdf(source(b"Un fichier commence par %PDF-1.4"))


def test_the_made_file_is_one_that_the_library_opens() -> None:
    assert len(pypdfium2.PdfDocument(io.BytesIO(pdf([LINES, LINES])))) == 2
