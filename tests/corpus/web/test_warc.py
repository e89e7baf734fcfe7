import gzip
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from search.build_types import PassedOver, Rejected
from search.corpus import read
from search.corpus.web import warc
from search.types import Article

from ..conftest import Write

SAMPLES = Path(__file__).parents[1] / "samples"
SAMPLE = (SAMPLES / "crawl.warc").read_bytes()
TEXT = (
    "La participation a progressé de trois points dimanche, selon la préfecture, qui a publié ses chiffres. "
    * 3
)


def page(title: str) -> bytes:
    head = f"<html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1><p>{TEXT}</p></article>".encode()


def record(
    block: bytes, kind: str = "response", address: str = "https://exemple.fr/a", size: object = None
) -> bytes:
    length = len(block) if size is None else size
    head = f"WARC/1.0\r\nwarc-type: {kind}\r\nWARC-Target-URI: {address}\r\nContent-Length: {length}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def answer(body: bytes, media: str = "text/html", status: int = 200) -> bytes:
    return f"HTTP/1.1 {status} x\r\nContent-Type: {media}\r\n\r\n".encode() + body


def titles(path: str) -> list[str]:
    return [one.title if isinstance(one, Article) else type(one).__name__ for one in read([path])]


def test_what_is_no_page_is_told_by_its_kind() -> None:
    kinds = Counter(one.kind for one in read([str(SAMPLES / "crawl.warc")]) if isinstance(one, PassedOver))
    assert kinds == {
        "HTTP 301": 1,
        "WARC metadata": 1,
        "WARC request": 1,
        "WARC revisit": 1,
        "WARC warcinfo": 1,
        "picture": 1,
        "text/css": 1,
    }


@pytest.mark.parametrize("name", ["a.warc", "A.WARC", "sans_extension", "a.dat"])
def test_a_crawl_is_recognised_by_its_content(write: Write, name: str) -> None:
    assert titles(write(name, SAMPLE)) == titles(str(SAMPLES / "crawl.warc"))


def test_one_gzip_member_a_record_or_one_for_all(write: Write) -> None:
    records = [record(answer(page(title))) for title in ("Un", "Deux", "Trois")]
    members = write("a.warc.gz", b"".join(map(gzip.compress, records)))
    assert (
        titles(members)
        == titles(write("b.warc.gz", gzip.compress(b"".join(records))))
        == ["Un", "Deux", "Trois"]
    )


def test_the_address_is_the_one_that_was_fetched(write: Write) -> None:
    canonical = page("Un").replace(b"<head>", b'<head><link rel="canonical" href="https://exemple.fr/autre">')
    (one,) = read([write("a.warc", record(answer(canonical), address="<https://exemple.fr/été>"))])
    assert isinstance(one, Article)
    assert one.url == "https://exemple.fr/été"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (record(b"rien"), "https://exemple.fr/a: not an HTTP response"),
        (record(answer(b"<html></html>")), "https://exemple.fr/a: no article found in the page"),
        (record(answer(page("Un")), kind="autre"), "https://exemple.fr/a: unknown type of record 'autre'"),
        (record(b"", size="beaucoup"), "a record without a length (https://exemple.fr/a)"),
        (record(b"", size="-3"), "a record without a length (https://exemple.fr/a)"),
        (record(answer(b"a" * 5000)), "https://exemple.fr/a: larger than 0.00391 MB, the limit for a page"),
        (b"WARC/1.0\r\n" + b"a: b\r\n" * 200 + b"\r\n", "the headers cannot be read: "),
    ],
)
def test_a_broken_record_is_told_and_the_next_is_read(
    write: Write, monkeypatch: pytest.MonkeyPatch, broken: bytes, reason: str
) -> None:
    monkeypatch.setattr(warc, "FILE_LIMIT", 4096)
    path = write("a.warc", record(answer(page("Un"))) + broken + record(answer(page("Deux"))))
    first, told, last = read([path])
    assert isinstance(told, Rejected)
    assert told.reason.startswith(reason)
    assert [one.title for one in (first, last) if isinstance(one, Article)] == ["Un", "Deux"]


def test_a_length_that_is_too_small_does_not_lose_the_next_record(write: Write) -> None:
    whole = answer(page("Un"))
    path = write("a.warc", record(whole, size=len(whole) - 9) + record(answer(page("Deux"))))
    assert titles(path) == ["Un", "Deux"]


def test_a_file_that_ends_inside_a_record_is_told(write: Write) -> None:
    path = write("a.warc", (record(answer(page("Un"))) * 2)[:-50])
    first, last = read([path])
    assert isinstance(first, Article)
    assert last == Rejected(path, 0, "https://exemple.fr/a: the file ends inside the record")


@pytest.mark.parametrize(
    ("media", "body", "kind"),
    [
        ("image/webp", b"", "picture"),
        ("font/woff2", b"", "font"),
        ("application/pdf", b"%PDF", "application/pdf"),
        ("", b"", "no type"),
    ],
)
def test_other_media_are_no_pages(write: Write, media: str, body: bytes, kind: str) -> None:
    path = write("a.warc", record(answer(body, media)))
    assert list(read([path])) == [PassedOver(path, 0, kind, "https://exemple.fr/a: not a page")]


def test_a_page_without_a_type_is_read(write: Write) -> None:
    assert titles(write("a.warc", record(answer(page("Un"), "")))) == ["Un"]


def test_the_crawl_in_a_wacz_is_read_and_not_its_index() -> None:
    told = [
        (one.kind, one.reason) for one in read([str(SAMPLES / "crawl.wacz")]) if isinstance(one, PassedOver)
    ]
    assert told == [
        ("WARC warcinfo", "it describes the crawl"),
        ("WACZ index", "datapackage.json: it describes the crawl"),
        ("WACZ index", "indexes/index.cdx.gz: it describes the crawl"),
        ("WACZ index", "pages/pages.jsonl: it describes the crawl"),
    ]


def test_a_zip_of_crawls_without_a_description_is_a_zip(write: Write, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("archive/a.warc", record(answer(page("Un"))))
        archive.writestr("notes.txt", "Une note.")
    assert titles(str(tmp_path / "a.zip")) == ["Un", "Une note."]
