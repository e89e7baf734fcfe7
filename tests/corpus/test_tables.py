import pytest

from search.build_types import Rejected
from search.corpus import ReadOptions
from search.types import Article

from .conftest import Write
from .placeless import read


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_the_delimiter_is_found(write: Write, name: str, delimiter: str) -> None:
    rows = [
        ["id", "Titre", "Texte", "date"],
        ["1", "Un", '"Un, deux; trois\tquatre."', "2024-03"],
        ["2", "", "Deux.", ""],
    ]
    path = write(name, "\r\n".join(delimiter.join(row) for row in rows))
    assert list(read([path])) == [
        Article(id="1", title="Un", body="Un, deux; trois\tquatre.", published="2024-03"),
        Article(id="2", title="Deux.", body="Deux."),
    ]


def test_a_line_for_spreadsheets_names_the_delimiter(write: Write) -> None:
    path = write("a.txt", "sep=|\r\ntitre|texte|date\r\nUn|Du, texte; et.|2024\r\nDeux|Un|deux|trois\r\n")
    first, second = read([path])
    assert isinstance(first, Article)
    assert (first.title, first.body, first.published) == ("Un", "Du, texte; et.", "2024")
    assert second == Rejected(path, 4, "the row has 4 cells, the header has 3")


def test_blank_cells_behind_the_last_column_cost_nothing(write: Write) -> None:
    (record,) = read([write("a.csv", "titre,texte\nUn,Du texte.,,\n")])
    assert isinstance(record, Article)
    assert record.body == "Du texte."


def test_one_column_is_a_table(write: Write) -> None:
    first, second = read([write("a.csv", 'texte\nUn.\n"Deux, trois."\n')])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.body, second.body) == ("Un.", "Deux, trois.")


def test_lines_are_those_of_the_file(write: Write) -> None:
    content = (
        'id,texte\n1,"Un.\n\nSuite ""citée""."\n\n2,deux,trois\n3\n4,"a"b\n5,\n6,Six.\n7,"jamais fermé\n'
    )
    path = write("a.csv", content)
    assert list(read([path])) == [
        Article(id="1", title="Un.", body='Un.\n\nSuite "citée".'),
        Rejected(path, 6, "the row has 3 cells, the header has 2"),
        Rejected(path, 7, "the row has 1 cells, the header has 2"),
        Rejected(path, 8, "not a row: ',' expected after '\"'"),
        Rejected(path, 9, "no text"),
        Article(id="6", title="Six.", body="Six."),
        Rejected(path, 11, "not a row: unexpected end of data"),
    ]


@pytest.mark.parametrize("content", ["", "\n1,2\n", "  \t\n"])
def test_a_header_is_required(write: Write, content: str) -> None:
    path = write("a.csv", content)
    assert list(read([path])) == [Rejected(path, 1, "no header on the first line")]


def test_columns_are_mapped_then_known_names_serve(write: Write) -> None:
    path = write("a.csv", ",Corps,texte,titre\n0,Le corps.,Non.,Un\n1,,Oui.,Deux\n")
    first, second = read([path], ReadOptions(columns={"text": "corps"}))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert [(record.title, record.body, record.source) for record in (first, second)] == [
        ("Un", "Le corps.", ""),
        ("Deux", "Oui.", ""),
    ]


def test_a_header_of_unknown_names_is_told(write: Write) -> None:
    path = write("a.csv", "manchette;story\nUn;Deux\n")
    reason = (
        "no text: the record has only manchette, story; name the column of the text with --column text=NAME"
    )
    assert list(read([path])) == [Rejected(path, 2, reason)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "mac_roman"]
)
def test_encodings(write: Write, encoding: str) -> None:
    path = write("a.csv", "id;texte;rubrique\n1;L'été à Noël.;Société\n".encode(encoding))
    assert list(read([path])) == [
        Article(id="1", title="L'été à Noël.", body="L'été à Noël.", section="Société")
    ]


def test_lines_of_old_macs_are_lines(write: Write) -> None:
    first, second = read([write("a.csv", "id;texte\r1;Un.\r2;Deux.\r")])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.body, second.body) == ("Un.", "Deux.")


def test_a_long_cell_is_read(write: Write) -> None:
    long = "mot " * 50_000
    (record,) = read([write("a.csv", f'id,texte\n1,"{long}"\n')])
    assert isinstance(record, Article)
    assert record.body == long.strip()


def test_a_line_too_long_ends_the_table(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.corpus.streams.LINE_LIMIT", 50)
    path = write("a.csv", f"id,texte\n1,Un.\n2,{'a' * 60}\n3,Trois.\n")
    assert list(read([path])) == [
        Article(id="1", title="Un.", body="Un."),
        Rejected(path, 0, "line 3 is longer than 16 MB; the rest is not read"),
    ]
