import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.cli.query_file import read_query_file
from search.errors import UsageError
from search.retrieval.evaluation import JudgedQuery

TWO = [("1", "grève des trains"), ("3", "munitions, Russie")]


def read(data: bytes) -> list[tuple[str, str]]:
    return [(query.id, query.text) for query in read_query_file(data.splitlines(keepends=True), "f")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_plain_text_is_a_query_a_line(encoding: str, end: str) -> None:
    text = f"grève des trains{end}  {end} munitions, Russie "
    assert read(text.encode(encoding)) == TWO


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_a_table_has_a_column_of_queries(encoding: str, comma: str) -> None:
    lines = ["ID{}Query{}note", "a1{}grève des trains{}x", "{}{}", 'b2{}"munitions, Russie"{}"l\'été"']
    text = "\r\n".join(line.format(comma, comma) for line in lines)
    assert read(text.encode(encoding)) == [("a1", TWO[0][1]), ("b2", TWO[1][1])]


@pytest.mark.parametrize("header", ["query", '"QUERY"', "Text", "other,query"])
def test_a_table_without_ids_counts_lines(header: str) -> None:
    before = "," * header.count(",")
    table = f'{header}\n{before}grève des trains\n{before}\n{before}"munitions, Russie"\n'
    assert read(table.encode()) == [("2", TWO[0][1]), ("4", TWO[1][1])]


@pytest.mark.parametrize("start", [b"", b"\n ", b"\xef\xbb\xbf"])
def test_json_lines_are_read_as_ever(start: bytes) -> None:
    data = start + '{"id": "x", "text": "grève\u2028d\'été"}\n\n{"id": "y", "text": ""}'.encode()
    assert read(data) == [("x", "grève\u2028d'été"), ("y", "")]


def test_nothing_asks_nothing() -> None:
    assert read(b"") == read(b"\n \n") == read(b"query\n") == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"id": "1", "text": "x"}\nmunitions', "f, line 2: .*malformed"),
        (b"id,query\n1,grain, sucre", "f, line 2: the row has 3 cells, the header has 2"),
        (b'id,query\n1,"grain" sucre', "f, line 2: not a row"),
        (b"\xff\xfea\x00b", "f cannot be read: not valid UTF-16"),
        (b"\x01\x02\x03\x80\x81", "f cannot be read: the text encoding is unknown"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(data)


@given(
    st.lists(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=',;\t"'), min_size=1))
)
def test_every_line_is_asked_as_it_stands(lines: list[str]) -> None:
    lines = ["premier", *lines]
    queries = read_query_file(("\n".join(lines)).encode().splitlines(keepends=True), "f")
    assert queries == [JudgedQuery(str(number), line) for number, line in enumerate(lines, start=1)]
