"""Files made to break readers; the long version is tests/stress/readers.py."""

import gzip
import os
import re
import socket
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.build_types import LostField, PassedOver, Rejected, Unread
from search.corpus import streams
from search.types import Article
from tests.stress.readers import Outcome, damaged, giant, samples, tiny

from .conftest import Write
from .placeless import read

MANY = 200_000
DEEP = 100_000
SAMPLES = dict(samples([]))


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < 10


def only(path: str) -> Article | Unread:
    (record,) = read([path])
    return record


def article(path: str) -> Article:
    record = only(path)
    assert isinstance(record, Article)
    return record


def reason(path: str) -> str:
    record = only(path)
    assert isinstance(record, Rejected)
    assert record.path == path
    return record.reason


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(SAMPLES)), seed=st.integers(0, 1 << 32))
def test_damaged_files_give_articles_and_rejections(write: Write, name: str, seed: int) -> None:
    named, data = damaged(name, SAMPLES[name], Random(seed))  # noqa: S311
    Outcome().add(Path(write(named, data)))


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.json", "a.csv", "a.tsv", "a.html"])
def test_the_files_to_be_damaged_are_sound(write: Write, name: str) -> None:
    assert any(isinstance(record, Article) for record in read([write(name, SAMPLES[name])]))


@pytest.mark.parametrize("extension", [".txt", ".md", ".jsonl", ".json", ".csv", ".html"])
def test_an_empty_file_is_rejected_or_holds_nothing(write: Write, extension: str) -> None:
    record = [
        one for one in read([write(f"a{extension}", b"")]) if not isinstance(one, Rejected | PassedOver)
    ]
    assert record == []


# What once took the square of its length, or its cube.
@pytest.mark.parametrize(
    ("name", "text", "body"),
    [
        ("a.md", "#" + " " * MANY + "\nTexte.", "#\nTexte."),
        ("a.txt", "date 2023 " + " " * MANY + "x Texte.", "date 2023 " + " " * MANY + "x Texte."),
        ("a.txt", "a" + "\u0301\u0316" * MANY, "á" + "\u0316" * 15 + "\u0301" * 14),
        ("a.txt", "— " * MANY + "a", "— " * MANY + "a"),
        ("a.txt", "a" + "—" * 999, "a" + "—" * 999),
    ],
)
def test_long_runs_of_one_thing_are_read_at_once(write: Write, name: str, text: str, body: str) -> None:
    assert article(write(name, text)).body == body


def test_thirty_marks_on_a_letter_are_kept(write: Write) -> None:
    marks = "\u0324" * 30
    assert article(write("a.txt", f"q{marks} fin")).body == f"q{marks} fin"
    assert article(write("a.txt", f"q{marks}\u0325 fin")).body == f"q{marks} fin"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.json", "[" * DEEP, "not JSON: "),
        ("a.jsonl", '{"text":' * DEEP, "not JSON: "),
        ("a.md", "---\na: " + "[" * 3000 + "\n---\nTexte.", "the front matter is not YAML"),
        ("a.md", "---\n" + "a: b\n" * MANY + "---\nTexte.", "the front matter is longer than 65536"),
        ("a.html", "<div>" * (DEEP - 1) + "<p>Texte.", "no article found in the page"),
        ("a.html", "<p>" * (DEEP + 1), "the page has more than 100000 tags, which is the limit"),
        ("a.html", "<p " + "".join(f"a{n}=b " for n in range(27_000)) + ">a", "the page is too broken"),
        ("a.csv", ",".join(map(str, range(1_000_000))), "the header has more than 10000 columns"),
        ("a.txt", "a" * 2_000_001, "the text is longer than 2000000 characters"),
        ("a.json", '{"text": "a", "id": ' + "9" * 5000 + "}", "not JSON: Integer value out of range"),
        ("a.json", '{"text": "a", "id": 1e999}', "not JSON: Number out of range"),
        ("a.txt", "\0" * 100, "no text"),
    ],
)  # fmt: skip
def test_what_is_too_much_is_told(write: Write, name: str, text: str, expected: str) -> None:
    assert reason(write(name, text)).startswith(expected)


def test_aliases_of_aliases_stay_few(write: Write, tmp_path: Path) -> None:
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    bomb = "\n".join(["---", "a0: &a0 [rire]", *lines, "auteur: *a39", "---", "Texte."])
    lost, kept = read([write("a.md", bomb)])
    assert lost == LostField(str(tmp_path / "a.md"), 0, "author", "author: auteur is a list, not text")
    assert isinstance(kept, Article)
    assert kept.body == "Texte."


def test_entities_of_entities_are_not_expanded(write: Write) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 30))
    page = (
        f"<!DOCTYPE a [<!ENTITY a0 'rire'>{entities}]><html><body><p>Un texte.</p><p>&a29;</p></body></html>"
    )
    for record in read([write("a.html", page)]):
        assert len(record.body if isinstance(record, Article) else record.reason) < 100_000


@pytest.mark.parametrize("half", ["\\ud83d", "\\udc00", "\\uD83D\\uD83D", "\\\\\\ud800", "\\udfff\\ud83d"])
def test_halves_of_pairs_in_escapes_are_replaced(write: Write, half: str) -> None:
    halves = half.replace("\\\\", "").count("\\u")
    expected = half[:2].count("\\\\") * "\\" + "�" * halves
    assert (
        article(write("a.jsonl", f'{{"text": "Été {half} 😀 \\ud83d\\ude00"}}')).body
        == f"Été {expected} 😀 😀"
    )


def test_an_escaped_backslash_before_what_looks_like_half_a_pair_is_kept(write: Write) -> None:
    assert article(write("a.json", r'{"text": "C:\\ud800"}')).body == r"C:\ud800"


def test_a_title_that_is_a_text_opens_the_text(write: Write) -> None:
    record = article(
        write(
            "a.json",
            '{"title": "Une phrase qui dit tout de suite ce que le titre dira. '
            + "mot " * 250_000
            + '", "text": "Le corps."}',
        )
    )
    assert record.title.startswith("Une phrase qui dit tout de suite ce que le titre dira. mot mot")
    assert record.title.endswith(" mot…")
    assert record.body == (
        "Une phrase qui dit tout de suite ce que le titre dira. " + "mot " * 249_999 + "mot\n\nLe corps."
    )


def test_the_last_of_records_with_one_id_comes_last(write: Write) -> None:
    path = write("a.jsonl", '{"id": "../../etc", "text": "Un."}\n{"id": "../../etc", "text": "Deux."}')
    articles = [(record.id, record.body) for record in read([path]) if isinstance(record, Article)]
    assert articles == [("../../etc", "Un."), ("../../etc", "Deux.")]


def test_a_line_of_json_without_end_is_not_held(tmp_path: Path) -> None:
    path = str(giant(tmp_path, 100 << 20))
    tracemalloc.start()
    bad, good = read([path])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bad == Rejected(path, 1, "line longer than 16 MB")
    assert good == Article("dernier", "Le dernier.", "Le dernier.")
    assert most < 64 << 20


def test_a_gzip_bomb_is_cut_short(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FILE_LIMIT", 1 << 20)
    lines = b'{"text": "Un."}\n' + b"\n" * (1 << 24)
    path = write("a.jsonl.gz", gzip.compress(lines))
    first, last = read([path])
    assert isinstance(first, Article)
    assert isinstance(last, Rejected)
    # By how much of it Python reads at once: 8 KiB, from 3.12 on 128.
    assert re.search(r"decompress to more than (2|3\.25) MB", last.reason)
    assert last.reason.endswith("which is too much for text; the rest is not read")


def test_an_archive_that_repeats_itself_is_no_bomb(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FILE_LIMIT", 1 << 16)
    record = b'{"text": "%s"}\n'
    lines = b"".join(record % os.urandom(40).hex().encode() for _ in range(2000))
    assert (
        sum(isinstance(record, Article) for record in read([write("a.jsonl.gz", gzip.compress(lines))]))
        == 2000
    )


@pytest.mark.parametrize("cells", ['"', '","\n', '"a" , "\n'])
def test_a_quote_never_closed_ends_the_table(
    write: Write, monkeypatch: pytest.MonkeyPatch, cells: str
) -> None:
    monkeypatch.setattr("search.corpus.tables.LINE_LIMIT", 1 << 16)
    path = write("a.csv", 'id,texte\n1,Un.\n2,"' + (cells + "\n" if cells == '"' else cells) * 20_000)
    sound, *_, last = read([path])
    assert sound == Article("1", "Un.", "Un.")
    assert isinstance(last, Rejected)


def test_a_row_without_end_is_told_with_its_line(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.corpus.tables.LINE_LIMIT", 1 << 16)
    path = write("a.csv", 'id,texte\n1,Un.\n2,"a\n' + '","\n' * 20_000)
    sound, last = read([path])
    assert sound == Article("1", "Un.", "Un.")
    assert last == Rejected(
        path, 0, "the row on line 3 is longer than 0.0625 MB: a quote may not be closed; the rest is not read"
    )


def test_a_list_of_rejections_in_the_corpus_ends(write: Write) -> None:
    path = write("rejets.tsv", "id\ttexte\n1\t\n")
    record = []
    with Path(path).open("a", encoding="utf-8") as file:
        for number, rejected in enumerate(read([path])):
            record.append(rejected)
            file.write(f"{number}\t\n")
            file.flush()
            assert number < 100
    assert record == [Rejected(path, 2, "no text")]


def test_a_file_that_shrinks_or_vanishes_is_read_as_far_as_it_goes(write: Write, tmp_path: Path) -> None:
    write("a.jsonl", '{"text": "Un."}\n' * 50_000)
    write("b.txt", "Deux.")
    write("c.txt", "Trois.")
    records = read([str(tmp_path)])
    assert getattr(next(records), "body", "") == "Un."
    os.truncate(tmp_path / "a.jsonl", 10)
    (tmp_path / "b.txt").unlink()
    *_, lost, last = records
    assert lost == Rejected(str(tmp_path / "b.txt"), 0, "No such file or directory")
    assert isinstance(last, Article)
    assert last.body == "Trois."


def test_sockets_and_folders_named_as_files_are_told_or_read(write: Write, tmp_path: Path) -> None:
    write("dossier.txt/a.txt", "Un.")
    write("b.jsonl", '{"text": "Deux."}')
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "c.md"))
        record = [one.body if isinstance(one, Article) else one.reason for one in read([str(tmp_path)])]
    assert record == ["Deux.", "not a regular file", "Un."]


def test_a_link_that_cannot_be_followed_does_not_hide_its_neighbours(write: Write, tmp_path: Path) -> None:
    write("a.txt", "Un.")
    (tmp_path / "lien").symlink_to("photo" * 99)
    sound, lost = read([str(tmp_path)])
    assert isinstance(sound, Article)
    assert sound.body == "Un."
    assert lost == Rejected(str(tmp_path / "lien"), 0, "File name too long")


@pytest.mark.parametrize("name", [b"a\nb.txt", b"a\x1b[31m.txt", b"a\xff\xfe.txt", "a\u202etxt.txt".encode()])
def test_files_of_any_name_are_read(tmp_path: Path, name: bytes) -> None:
    (tmp_path / os.fsdecode(name)).write_text("Un.", encoding="utf-8")
    assert article(str(tmp_path)).body == "Un."


def test_a_folder_of_many_files_is_walked_without_holding_them(tmp_path: Path) -> None:
    root = tiny(tmp_path, 2000)
    records = read([str(root)])
    assert getattr(next(records), "body", "") == "Dépêche 0."
    tracemalloc.start()
    record = sum(isinstance(one, Article) for one in records)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert record == 1999
    assert most < 1 << 20
