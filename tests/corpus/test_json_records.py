import gzip
import json
from collections.abc import Iterator
from io import BufferedIOBase

import pytest

from search.build_types import LostField, Rejected
from search.corpus import ReadOptions, streams
from search.types import Article

from .conftest import Write
from .placeless import read


def bodies(path: str) -> list[str]:
    return [record.body if isinstance(record, Article) else record.reason for record in read([path])]


def test_records_come_in_order_and_bad_lines_keep_their_number(write: Write) -> None:
    lines = [
        '{"id": 7, "titre": "Un", "texte": "Premier."}',
        "",
        '{"text": "cassé"',
        '["liste"]',
        '{"id": "x", "title": "", "text": " "}',
        '{"text": "Daté.", "date": "2023-02-30"}',
        '   {"id": "z", "content": "Dernier."}   ',
    ]
    path = write("a.jsonl", "\n".join(lines))
    first, broken, array, blank, lost, dated, last = read([path])
    assert first == Article(id="7", title="Un", body="Premier.")
    assert broken == Rejected(path, 3, "not JSON: Input data was truncated")
    assert array == Rejected(path, 4, "not an object")
    assert blank == Rejected(path, 5, "no text")
    assert isinstance(lost, LostField)
    assert (lost.line, lost.reason[:32]) == (6, "date: '2023-02-30' is not read: ")
    assert isinstance(dated, Article)
    assert (dated.body, dated.published) == ("Daté.", "")
    assert last == Article(id="z", title="Dernier.", body="Dernier.")


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.ndjson", "A.JSONL", "a.jsonl.gz", "a.ndjson.gz", "a.JSONL.GZ"]
)
def test_every_name_of_the_format(write: Write, name: str) -> None:
    data = '{"text": "Été."}\r\n{"text": "Hiver."}\r\n'.encode()
    path = write(name, gzip.compress(data) if name.lower().endswith("gz") else data)
    assert bodies(path) == ["Été.", "Hiver."]


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_no_line_no_record(write: Write, content: str) -> None:
    assert bodies(write("a.jsonl", content)) == ["there is no record in it (JSON lines)"]


def test_a_lone_half_of_a_surrogate_pair_is_replaced(write: Write) -> None:
    content = r'{"text": "haut \ud83d, bas \ude00, paire \ud83d\ude00, texte \\ud83d."}'
    assert bodies(write("a.jsonl", content)) == ["haut \ufffd, bas \ufffd, paire 😀, texte \\ud83d."]


def test_a_line_in_another_encoding_is_read_as_windows(write: Write) -> None:
    lines = ['{"text": "UTF-8 : été €."}'.encode(), '{"text": "cp1252 : été €."}'.encode("cp1252")]
    lines.append(b'{"text": "indefini : \x81."}')
    assert bodies(write("a.jsonl", b"\n".join(lines))) == [
        "UTF-8 : été €.",
        "cp1252 : été €.",
        "indefini : \ufffd.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_tells_the_encoding(write: Write, encoding: str) -> None:
    data = '{"id": "a", "text": "Été."}\n{"text": "Hiver."}\n'.encode(encoding)
    first, second = read([write("a.jsonl", data)])
    assert first == Article(id="a", title="Été.", body="Été.")
    assert isinstance(second, Article)
    assert second.body == "Hiver."


def test_broken_utf16_is_told_after_what_was_sound(write: Write) -> None:
    path = write("a.jsonl", '{"text": "Été."}\n'.encode("utf-16") + b"\x00")
    assert bodies(path) == ["Été.", "not valid UTF-16 (truncated data); save the file as UTF-8"]


def test_a_line_too_long_is_passed_over(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.corpus.streams.LINE_LIMIT", 40)
    monkeypatch.setattr("search.corpus.streams._BLOCK", 7)
    fitting = '{"text": "' + "a" * 28 + '"}'
    path = write("a.jsonl", f'{{"text": "Un."}}\n{{"text": "{"a" * 29}"}}\n{fitting}\n{"b" * 500}')
    assert bodies(path) == ["Un.", "line longer than 16 MB", "a" * 28, "line longer than 16 MB"]
    assert [record.line for record in read([path]) if isinstance(record, Rejected)] == [2, 4]


def test_records_are_read_one_by_one(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.corpus.streams._BLOCK", 64)
    monkeypatch.setattr("search.corpus.source.HEAD_SIZE", 64)
    taken: list[bytes] = []

    whole = streams.blocks

    def noted(stream: BufferedIOBase) -> Iterator[bytes]:
        for block in whole(stream):
            taken.append(block)
            yield block

    monkeypatch.setattr("search.corpus.streams.blocks", noted)
    records = read([write("a.jsonl", '{"text": "Une phrase."}\n' * 1000)])
    next(records)
    assert b"".join(taken).count(b"\n") <= 5


def test_records_of_a_list(write: Write) -> None:
    path = write(
        "a.json", json.dumps([{"id": 1, "text": "Un."}, "deux", {"text": ""}, {"id": 4, "text": "Quatre."}])
    )
    assert list(read([path])) == [
        Article(id="1", title="Un.", body="Un."),
        Rejected(path, 0, "record 2: not an object"),
        Rejected(path, 0, "record 3: no text"),
        Article(id="4", title="Quatre.", body="Quatre."),
    ]


@pytest.mark.parametrize(
    "content", ['{"texte": "Un."}', '{"articles": [{"texte": "Un."}]}', '\n[{"texte": "Un."}]\n']
)
def test_one_record_or_a_list_of_articles(write: Write, content: str) -> None:
    assert bodies(write("a.json", content)) == ["Un."]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "not JSON: Input data was truncated"),
        (
            '{\n"text": "Un."}\n{"text": "Deux."}',
            "not JSON: JSON is malformed: trailing characters (byte 18); "
            "if it holds one record a line, name it .jsonl",
        ),
        ("[" * 100_000, "not JSON: "),
        ("3", "record 1: not an object"),
        (
            '{"articles": {"a": 1}}',
            "record 1: no text: the record has only a; name the column of the text with --column text=NAME",
        ),
        ('{"text": {"a": 1}}', "record 1: text is an object, not text"),
    ],
)
def test_what_is_not_records_is_told(write: Write, content: str, reason: str) -> None:
    path = write("a.json", content)
    (record,) = read([path])
    assert isinstance(record, Rejected)
    assert (record.path, record.line) == (path, 0)
    assert record.reason.startswith(reason)


@pytest.mark.parametrize("name", ["a.json", "a.txt", "sans_extension", "a.data"])
def test_one_record_a_line_is_read_whatever_the_name(write: Write, name: str) -> None:
    assert bodies(write(name, '{"text": "Un."}\n\n{"text": "Deux."}\n')) == ["Un.", "Deux."]


def test_a_record_with_a_list_beside_its_text_is_a_record(write: Write) -> None:
    path = write("a.json", '{"Texte": "Les dockers ont voté.", "items": [{"texte": "Une légende."}]}')
    assert bodies(path) == ["Les dockers ont voté."]


def test_a_list_in_an_object_that_is_no_record(write: Write) -> None:
    path = write("a.json", '{"total": 2, "results": [{"text": "Un."}, {"text": "Deux."}]}')
    assert bodies(path) == ["Un.", "Deux."]
    path = write("b.json", '{"text": "Un.", "results": [{"text": "Deux."}]}')
    assert bodies(path) == ["Un."]


@pytest.mark.parametrize(
    "content",
    [
        {"title": {"0": "A", "1": "B"}, "text": {"0": "Un.", "1": "Deux."}},
        {"columns": ["title", "text"], "index": [0, 1], "data": [["A", "Un."], ["B", "Deux."]]},
        {"a12": {"title": "A", "text": "Un."}, "b7": {"title": "B", "text": "Deux."}},
        {"schema": {"fields": []}, "data": [{"title": "A", "text": "Un."}, {"title": "B", "text": "Deux."}]},
    ],
)
def test_tables_of_pandas_are_read_row_by_row(write: Write, content: object) -> None:
    records = list(read([write("a.json", json.dumps(content))]))
    assert [(each.title, each.body) for each in records if isinstance(each, Article)] == [
        ("A", "Un."),
        ("B", "Deux."),
    ]


def test_columns_name_the_fields(write: Write) -> None:
    path = write("a.jsonl", '{"headline": "Titre", "story": "Texte.", "ref": 12}')
    options = ReadOptions(columns={"title": "headline", "text": "Story", "id": "ref"})
    assert list(read([path], options)) == [Article(id="12", title="Titre", body="Texte.")]
