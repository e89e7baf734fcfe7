import errno
import gzip
import hashlib
import os
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.build_types import LostField, PassedOver, Rejected
from search.corpus import ReadOptions, read, reads
from search.errors import CorpusError
from search.types import Article

from .conftest import Write

EXTENSIONS = (".txt", ".md", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".html", ".htm")


def bodies(*paths: str) -> list[str]:
    records = (record for record in read(paths) if not isinstance(record, PassedOver))
    return [record.body if isinstance(record, Article) else record.reason for record in records]


def noise(seed: int, size: int) -> bytes:
    return hashlib.shake_256(str(seed).encode()).digest(size)


def test_a_missing_path_is_an_error_before_anything_is_read(write: Write, tmp_path: Path) -> None:
    missing = str(tmp_path / "absent.txt")
    with pytest.raises(CorpusError, match=r"^no such file or folder: .*absent\.txt; ") as caught:
        read([write("a.txt", "Un."), missing])
    assert (caught.value.path, caught.value.exit_code) == (missing, 3)


def test_paths_come_in_the_order_given(write: Write) -> None:
    second, first = write("b.txt", "Deux."), write("a.txt", "Un.")
    assert bodies(second, first) == ["Deux.", "Un."]


def test_a_folder_is_read_in_the_order_of_its_names(write: Write, tmp_path: Path) -> None:
    for name in ("c.txt", "b/z.md", "b/a.csv", "b/k/x.json", "a.txt", "d.HTML.txt", "B.txt"):
        write(name, {"b/a.csv": f"texte\n{name}", "b/k/x.json": f'{{"text": "{name}"}}'}.get(name, name))
    assert bodies(str(tmp_path)) == [
        "B.txt",
        "a.txt",
        "b/a.csv",
        "b/k/x.json",
        "b/z.md",
        "c.txt",
        "d.HTML.txt",
    ]


def test_unknown_files_of_a_folder_are_passed_over_and_told(write: Write, tmp_path: Path) -> None:
    for name in (".cache.txt", ".git/a.txt", "photo.jpg", "sans-extension", "notes.txt~", "b.bak", "a.txt"):
        write(name, name)
    article, *others = read([str(tmp_path)])
    assert isinstance(article, Article)
    assert (article.body, article.file) == ("a.txt", str(tmp_path / "a.txt"))
    assert others == [
        PassedOver(str(tmp_path / "b.bak"), 0, ".bak", "a copy that a program left"),
        PassedOver(str(tmp_path / "notes.txt~"), 0, "~", "a copy that a program left"),
        PassedOver(str(tmp_path / "photo.jpg"), 0, ".jpg", "no known format"),
        PassedOver(str(tmp_path / "sans-extension"), 0, "no extension", "no known format"),
    ]


def test_a_field_that_cannot_be_read_is_told_and_the_article_kept(write: Write) -> None:
    path = write("a.csv", "titre;texte;date\nUn;Le corps.;demain\n")
    lost, article = read([path])
    assert isinstance(lost, LostField)
    assert (lost.path, lost.line, lost.field) == (path, 2, "date")
    assert lost.reason.startswith("date: 'demain' is not read: ")
    assert isinstance(article, Article)
    assert (article.title, article.body, article.published) == ("Un", "Le corps.", "")


def test_a_text_that_no_field_takes_names_its_column(write: Write) -> None:
    path = write("a.csv", "titre;récit\nUn;" + "Les dockers ont voté la reprise du travail. " * 9)
    reason = "the column 'récit' holds a text, and no field takes it"
    assert list(read([path])) == [Rejected(path, 2, reason, "récit")]


def test_a_table_of_headlines_is_read(write: Write) -> None:
    assert bodies(write("a.csv", "titre;url\nUn titre;https://exemple.fr\n")) == ["Un titre"]


def test_a_hidden_file_or_folder_may_be_named(write: Write) -> None:
    file = write(".presse/.cache.txt", "Un.")
    assert bodies(file) == ["Un."]
    write(".presse/b.txt", "Deux.")
    assert bodies(str(Path(file).parent)) == ["Deux."]


@pytest.mark.parametrize("name", ["photo.jpg", "sans-extension", "a.txt.zip", ".txt"])
def test_an_unknown_format_that_is_named_is_rejected(write: Write, name: str) -> None:
    path = write(name, "Un.")
    expected = "unknown format; depeche build --help names the known ones"
    assert list(read([path])) == [Rejected(path, 0, expected)]


def test_an_empty_folder_yields_nothing(tmp_path: Path) -> None:
    assert list(read([str(tmp_path)])) == []


def test_no_folder_is_read_twice(write: Write, tmp_path: Path) -> None:
    write("presse/a.txt", "Un.")
    (tmp_path / "presse" / "boucle").symlink_to(tmp_path / "presse")
    (tmp_path / "z").symlink_to(tmp_path / "presse")
    assert bodies(str(tmp_path), str(tmp_path / "z"), str(tmp_path / "presse")) == ["Un."]


def test_a_folder_to_pass_over_is_not_read_wherever_it_is_met(write: Write, tmp_path: Path) -> None:
    write("presse/a.txt", "Un.")
    index = Path(write("presse/index/b.json", "[]")).parent
    (tmp_path / "presse" / "link").symlink_to(index)
    options = ReadOptions(
        skipped_folders=(str(tmp_path / "absent"), str(tmp_path / "presse" / "." / "index"))
    )
    (only,) = read([str(tmp_path / "presse"), str(index)], options)
    assert isinstance(only, Article)
    assert only.body == "Un."


@pytest.mark.parametrize(
    ("name", "read_there"),
    [
        ("a.txt", True),
        ("A.JSONL.GZ", True),
        ("photo.jpg", True),
        (".a.txt", False),
        ("a.txt~", False),
        ("a.txt.part", False),
    ],
)
def test_hidden_files_and_leftovers_of_a_folder_are_not_opened(name: str, read_there: bool) -> None:
    assert reads(Path("presse") / name) is read_there


def test_a_linked_folder_and_a_linked_file_are_followed(write: Write, tmp_path: Path) -> None:
    write("ailleurs/a.txt", "Un.")
    here = tmp_path / "ici"
    here.mkdir()
    (here / "dossier").symlink_to(tmp_path / "ailleurs")
    (here / "fichier.txt").symlink_to(tmp_path / "ailleurs" / "a.txt")
    assert bodies(str(here)) == ["Un.", "Un."]


def test_links_that_lead_nowhere_are_rejected(write: Write, tmp_path: Path) -> None:
    (tmp_path / "a-boucle.txt").symlink_to(tmp_path / "a-boucle.txt")
    (tmp_path / "b-perdu.txt").symlink_to(tmp_path / "absent.txt")
    write("c.txt", "Un.")
    loop, lost, sound = read([str(tmp_path)])
    assert loop == Rejected(str(tmp_path / "a-boucle.txt"), 0, os.strerror(errno.ELOOP))
    assert lost == Rejected(str(tmp_path / "b-perdu.txt"), 0, "No such file or directory")
    assert isinstance(sound, Article)
    assert list(read([loop.path])) == [loop]


def test_only_regular_files_are_opened(write: Write, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    (tmp_path / "b.txt").symlink_to("/dev/zero")
    write("c.txt", "Un.")
    assert bodies(str(tmp_path)) == ["not a regular file", "not a regular file", "Un."]


def test_what_the_system_refuses_is_rejected_with_its_reason(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, sound = write("a.txt", "Un."), write("b.txt", "Deux.")
    opened = Path.open

    def refuse(path: Path, mode: str) -> object:
        if str(path) == closed:
            raise PermissionError(13, "Permission denied", closed)
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", refuse)
    assert list(read([closed])) == [Rejected(closed, 0, "Permission denied")]
    assert bodies(closed, sound) == ["Permission denied", "Deux."]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_closed_folder_is_rejected(write: Write, tmp_path: Path) -> None:
    write("ferme/a.txt", "Un.")
    write("ouvert.txt", "Deux.")
    (tmp_path / "ferme").chmod(0)
    assert next(read([str(tmp_path)])) == Rejected(str(tmp_path / "ferme"), 0, "Permission denied")
    (tmp_path / "ferme").chmod(0o700)


def test_a_folder_that_vanishes_is_rejected(write: Write, tmp_path: Path) -> None:
    folder = Path(write("presse/a.txt", "Un.")).parent
    records = read([str(folder)])
    (folder / "a.txt").unlink()
    folder.rmdir()
    assert list(records) == [Rejected(str(folder), 0, "No such file or directory")]


def test_articles_before_the_cut_of_a_gzip_file_are_kept(write: Write) -> None:
    lines = [
        f'{{"id": "{number}", "text": "Texte {number}: {noise(number, 300).hex()}"}}'
        for number in range(2000)
    ]
    whole = gzip.compress("\n".join(lines).encode())
    path = write("a.jsonl.gz", whole[: len(whole) // 2])
    *articles, last = read([path])
    assert last == Rejected(path, 0, "Compressed file ended before the end-of-stream marker was reached")
    assert [record.id for record in articles if isinstance(record, Article)] == [
        str(n) for n in range(len(articles))
    ]
    assert 900 < len(articles) < 1100


def test_a_name_does_not_tell_whether_a_file_is_compressed(write: Write) -> None:
    assert bodies(write("a.jsonl.gz", '{"text": "Un."}')) == ["Un."]
    assert bodies(write("b.jsonl", gzip.compress(b'{"text": "Deux."}'))) == ["Deux."]


@pytest.mark.parametrize(
    ("name", "content", "body"),
    [
        ("tableau.txt", "titre\ttexte\tdate\nUn\tLe corps.\t2024\n", "Le corps."),
        ("page", "<!DOCTYPE html><html><body><article><p>" + "Un texte assez long. " * 30, None),
        ("notes.markdown", "# Titre\n\nLe corps.", "Le corps."),
        ("a.txt", "Le titre, le texte et la date\nmanquent.", "Le titre, le texte et la date\nmanquent."),
    ],
)
def test_content_tells_the_format_where_the_name_does_not(
    write: Write, name: str, content: str, body: str | None
) -> None:
    (article,) = bodies(write(name, content))
    assert article == body if body else article.startswith("Un texte assez long. Un texte")


def test_damaged_gzip_data_are_rejected(write: Write) -> None:
    data = bytearray(gzip.compress(noise(0, 2000)))
    data[12:40] = bytes(28)
    path = write("a.txt.gz", bytes(data))
    (record,) = read([path])
    assert isinstance(record, Rejected)
    assert record.reason.startswith("Error -3 while decompressing data")


def test_any_format_may_be_compressed(write: Write) -> None:
    assert bodies(write("a.txt.gz", gzip.compress("Été.".encode()))) == ["Été."]
    assert bodies(write("a.csv.gz", gzip.compress("texte\nÉté.".encode()))) == ["Été."]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.json", "a.html", "a.txt.gz"])
def test_a_file_too_large_to_be_read_whole_is_rejected(
    write: Write, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("search.corpus.streams.FILE_LIMIT", 1 << 20)
    monkeypatch.setattr("search.corpus.streams._BLOCK", 1 << 16)
    content = b"a" * ((1 << 20) + 1)
    path = write(name, gzip.compress(content) if name.endswith("gz") else content)
    assert list(read([path])) == [Rejected(path, 0, "larger than 1 MB, the limit for such a file")]


def test_a_file_of_just_the_limit_is_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.corpus.streams.FILE_LIMIT", 8)
    assert bodies(write("a.txt", "Huit oct")) == ["Huit oct"]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> BytesIO:
    """What a program would pipe to standard input."""
    data = BytesIO()
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(data))
    return data


@pytest.mark.parametrize("start", ["", "\n  ", "\ufeff"])
def test_records_piped_in_are_read_line_by_line(pipe: BytesIO, start: str) -> None:
    pipe.write(f'{start}{{"id": 1, "text": "Un."}}\n{{"id": 2}}\n{{"id": 3, "text": "Trois."}}'.encode())
    pipe.seek(0)
    first, bad, last = read(["-"])
    assert first == Article(id="1", title="Un.", body="Un.", file="-")
    assert bad == Rejected(
        "-",
        3 if start.startswith("\n") else 2,
        "no text: the record has only id; name the column of the text with --column text=NAME",
    )
    assert last == Article(id="3", title="Trois.", body="Trois.", file="-")


def test_a_dispatch_may_be_piped_in(pipe: BytesIO) -> None:
    pipe.write(" date 2024-03 Brest –\n\nUn cargo est parti.".encode("cp1252"))
    pipe.seek(0)
    (record,) = read(["-"], ReadOptions(default_source="Agence"))
    assert isinstance(record, Article)
    assert (record.body, record.published, record.place, record.source) == (
        "Un cargo est parti.",
        "2024-03",
        "Brest",
        "Agence",
    )


def test_nothing_piped_in_is_rejected(pipe: BytesIO) -> None:
    assert list(read(["-"])) == [Rejected("-", 0, "no text")]


def test_a_closed_standard_input_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert list(read(["-"])) == [Rejected("-", 0, "standard input is closed")]


STARTS = {
    ".json": [b"[", b'[{"text": "a"},', b'{"articles": ['],
    ".jsonl": [b'{"text": "a"}\n', b'{"text": "', b"\xff\xfe{"],
    ".csv": [b"texte,id\n", b'texte\n"', b"texte;date\r"],
    ".md": [b"---\n", b"---\na: ", b"# "],
    ".txt": [b" date 2024-", b"\xff\xfe", b"\xef\xbb\xbf"],
    ".html": [b"<html><body><p>", b"<svg>", b"<?xml version='1.0' encoding='utf-7'?>"],
}


@pytest.mark.parametrize("extension", [*EXTENSIONS, *(f"{extension}.gz" for extension in EXTENSIONS)])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bytes_whatever_make_a_reader_fail(write: Write, extension: str, data: st.DataObject) -> None:
    starts = st.sampled_from([b"", *STARTS.get(extension.removesuffix(".gz"), [])])
    content = data.draw(starts) + data.draw(st.binary(max_size=300) | st.text().map(str.encode))
    if extension.endswith(".gz") and data.draw(st.booleans()):
        content = gzip.compress(content)[: data.draw(st.integers(1, 400))]
    path = write(f"a{extension}", content)
    for record in read([path]):
        assert isinstance(record, Article | Rejected | LostField | PassedOver)
        if isinstance(record, Article):
            assert record.id
            assert record.title.strip()
            assert record.body.strip()
        else:
            assert record.path == path
            assert record.reason
            assert record.line >= 0
