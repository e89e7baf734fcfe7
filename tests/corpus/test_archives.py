"""ZIP and gzip files of any format."""

import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import search.corpus
from search.build_types import PassedOver, Rejected, Unread
from search.corpus import archives, streams
from search.types import Article

from .conftest import Write
from .placeless import read


def zipped(members: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def told(path: str) -> list[str]:
    """The bodies of articles; of what was not read its path in the archive and why: ``b.txt: reason``."""
    return [
        record.body
        if isinstance(record, Article)
        else f"{record.path.removeprefix(path).removeprefix('/')}: {_why(record)}"
        for record in read([path])
    ]


def _why(record: Unread) -> str:
    return record.kind if isinstance(record, PassedOver) else record.reason


def test_members_are_read_in_the_order_of_their_names(write: Write) -> None:
    members: dict[str, str | bytes] = {
        "b/deux.csv": "texte\nDeux.\nTrois.\n",
        "a.txt": "Un.",
        "c.jsonl.gz": gzip.compress(b'{"text": "Quatre."}'),
        "b/": "",
    }
    assert told(write("archive.zip", zipped(members))) == ["Un.", "Deux.", "Trois.", "Quatre."]


def test_an_article_has_the_path_of_its_member(write: Write) -> None:
    path = write("archive.zip", zipped({"mars/a.txt": "Un."}))
    (article,) = search.corpus.read([path])
    assert isinstance(article, Article)
    assert article.file == f"{path}/mars/a.txt"


@pytest.mark.parametrize("name", ["archive.zip", "archive", "archive.zip.gz"])
def test_an_archive_is_known_by_its_content(write: Write, name: str) -> None:
    data = zipped({"a.txt": "Un."})
    assert told(write(name, gzip.compress(data) if name.endswith("gz") else data)) == ["Un."]


_PAGE = """<html><title>Factiva</title><div class="article frArticle"><div id="hd">T</div>
<p class="articleParagraph">Un.</p></div></html>"""


def test_the_text_of_a_member_that_is_not_compressed_is_not_that_of_the_archive(write: Write) -> None:
    members: dict[str, str | bytes] = {"a.html": _PAGE, "b.txt": "Deux."}
    assert told(write("archive.zip", zipped(members, zipfile.ZIP_STORED))) == ["Un.", "Deux."]


def test_the_text_of_a_member_is_not_that_of_a_tar_file(write: Write) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, text in {"a.html": _PAGE, "b.txt": "Deux."}.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    (rejection,) = told(write("archive.tar", file.getvalue()))
    assert "unknown format" in rejection


def test_what_no_format_knows_is_passed_over_by_its_kind(write: Write) -> None:
    members: dict[str, str | bytes] = {
        "a.txt": "Un.",
        "photo.jpg": b"\xff\xd8",
        "LISEZMOI": "…",
        "b.txt~": "Un.",
        "c.txt.bak": "Un.",
    }
    assert told(write("archive.zip", zipped(members))) == [
        "LISEZMOI: no extension",
        "Un.",
        "b.txt~: ~",
        "c.txt.bak: .bak",
        "photo.jpg: .jpg",
    ]


def test_hidden_members_are_not_read(write: Write) -> None:
    members = {".a.txt": "Un.", "x/.git/b.txt": "Deux.", "__MACOSX/c.txt": "Trois.", "../d.txt": "Quatre."}
    assert told(write("archive.zip", zipped(members))) == ["Quatre."]


@pytest.mark.parametrize("part", ["[Content_Types].xml", "mimetype"])
def test_a_document_of_another_program_is_one_file(write: Write, part: str) -> None:
    slides = zipped({part: "x", "slides/1.xml": "<a/>", "notes.txt": "Un."})
    assert told(write("archive.zip", zipped({"a.txt": "Un.", "b.pptx": slides}))) == [
        "Un.",
        "b.pptx: .pptx",
    ]
    assert told(write("b.pptx", slides)) == [": unknown format; depeche build --help names the known ones"]


def test_archives_lie_in_archives_to_a_depth(write: Write) -> None:
    data = zipped({"a.txt": "Un."})
    for _ in range(archives.DEPTH_LIMIT - 1):
        data = zipped({"z.zip": data})
    assert told(write("archive.zip", data)) == ["Un."]
    deeper = told(write("archive.zip", zipped({"a.txt": "Deux.", "z.zip": data})))
    assert deeper == ["Deux.", "z.zip/z.zip/z.zip: an archive inside 3 others; unpack it first"]


def test_a_broken_member_costs_no_other(write: Write) -> None:
    data = bytearray(zipped({"a.txt": "Un.", "b.txt": "Deux." * 99, "c.txt": "Trois."}))
    place = data.index(b"b.txt") + len("b.txt")
    data[place : place + 9] = bytes(9)
    first, broken, last = told(write("archive.zip", bytes(data)))
    assert (first, last) == ("Un.", "Trois.")
    assert broken.startswith("b.txt: Error -3 while decompressing data")


def test_a_broken_beginning_of_a_member_costs_no_other(write: Write) -> None:
    data = zipped({"a.txt": "Un.", "b.txt": "Deux."})
    place = data.index(b"PK\x03\x04", 1)
    broken = data[:place] + b"PK\x03\x00" + data[place + 4 :]
    assert told(write("archive.zip", broken)) == ["Un.", "b.txt: Bad magic number for file header"]


def test_a_cut_archive_is_rejected(write: Write) -> None:
    data = zipped({"a.txt": "Un."})[:-9]
    reason = ": not a whole ZIP file: File is not a zip file"
    assert told(write("archive.zip", data)) == [reason]
    assert told(str(Path(write("x/archive.zip", data)).parent)) == [f"archive.zip{reason}"]


def test_a_locked_archive_is_rejected_with_what_to_do(write: Write) -> None:
    data = bytearray(zipped({"a.txt": "Un."}))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    assert told(write("archive.zip", bytes(data))) == [": it is locked with a password; unpack it first"]


def test_too_many_members_are_rejected(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MEMBERS_LIMIT", 2)
    data = zipped({f"{name}.txt": "Un." for name in "abc"})
    assert told(write("archive.zip", data)) == [": more than 2 files in it, which is the limit"]


def test_a_bomb_costs_no_other_member(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FILE_LIMIT", 1000)
    data = zipped({"a.txt": "Un.", "b.txt": "x" * 1_000_000, "c.txt": "Trois."})
    first, bomb, last = told(write("archive.zip", data))
    assert (first, last) == ("Un.", "Trois.")
    assert re.fullmatch(r"b\.txt: it unpacks from 0\.\d+ MB to 0\.954 MB, which is too much for text", bomb)


def test_a_bomb_in_an_archive_in_an_archive_is_cut_short(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "FILE_LIMIT", 1000)
    bomb = gzip.compress(b'{"text": "Un."}\n' * 100_000)
    records = list(read([write("archive.zip", zipped({"b.zip": zipped({"c.jsonl.gz": bomb})}))]))
    assert isinstance(records[-1], Rejected)
    assert "the rest is not read" in records[-1].reason
    assert len(records) < 100_000


def test_members_that_share_their_bytes_are_a_bomb(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FILE_LIMIT", 100_000)
    (bomb,) = told(write("archive.zip", _with_shared_bytes("x" * 90_000, 100)))
    assert bomb.startswith(": the files in it unpack from")


def _with_shared_bytes(content: str, times: int) -> bytes:
    """An archive whose directory names the same member many times."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.txt", content)
        member = archive.infolist()[0]
        for number in range(1, times):
            other = zipfile.ZipInfo(f"{number}.txt")
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(other, name, getattr(member, name))
            archive.filelist.append(other)
            archive.NameToInfo[other.filename] = other
    return file.getvalue()


def test_a_member_knows_the_members_around_it() -> None:
    names = ("a/mets.xml", "a/alto/1.xml", "a/alto/2.xml", "b.xml")
    with zipfile.ZipFile(io.BytesIO(zipped({name: name for name in names}))) as archive:
        source = archives.member_source(archive, "a/alto/1.xml")

        assert (source.beside("2.xml"), source.beside("../mets.xml")) == (b"a/alto/2.xml", b"a/mets.xml")
        assert (source.beside("3.xml"), source.beside("../../../b.xml")) == (None, None)
        assert source.neighbours() == {"1.xml", "2.xml"}
        assert source.neighbours("..") == {"mets.xml"}
        assert source.neighbours("../..") == {"b.xml"}
        assert source.neighbours("../missing") == frozenset()
