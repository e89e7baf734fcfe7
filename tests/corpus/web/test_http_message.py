import gzip
import io
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.record import BadRecord
from search.corpus.web import http_message
from search.corpus.web.http_message import HttpResponse, parse_headers, parse_response

PAGE = "<html><p>L'été à Valmont.</p></html>".encode()


def chunked(body: bytes, size: int) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%X;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def response(body: bytes, **headers: str) -> HttpResponse:
    return HttpResponse(200, {name.replace("_", "-"): value for name, value in headers.items()}, body)


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "identity": bytes,
    "": bytes,
}


@given(st.binary(max_size=300), st.integers(1, 400), st.sampled_from(sorted(PACKINGS)))
def test_a_body_comes_out_of_its_chunks_unpacked(body: bytes, size: int, packing: str) -> None:
    packed = PACKINGS[packing](body)
    assert response(packed, content_encoding=packing).content() == body
    both = response(chunked(packed, size), transfer_encoding="Chunked", content_encoding=packing)
    assert both.content() == body


def test_a_body_packed_twice_is_unpacked_twice() -> None:
    packed = gzip.compress(zlib.compress(PAGE))
    assert response(packed, content_encoding="deflate, gzip").content() == PAGE


def test_brotli_is_unpacked_also_where_it_is_cut() -> None:
    page = b"".join(PAGE + str(number).encode() for number in range(20_000))
    packed = brotli.compress(page)
    assert response(packed, content_encoding="br").content() == page
    part = response(packed[: len(packed) // 2], content_encoding="br").content()
    assert 0 < len(part) < len(page)
    assert page.startswith(part)


def test_deflate_without_its_wrapper_is_unpacked() -> None:
    assert response(zlib.compress(PAGE)[2:-4], content_encoding="deflate").content() == PAGE


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br"])
def test_a_body_that_the_crawler_unpacked_is_taken_as_it_is(packing: str) -> None:
    assert response(PAGE, content_encoding=packing, transfer_encoding="chunked").content() == PAGE


def test_of_a_body_that_was_cut_the_beginning_is_read() -> None:
    packed = gzip.compress(PAGE * 100)
    content = response(packed[:-20], content_encoding="gzip").content()
    assert content.startswith(PAGE)
    assert (PAGE * 100).startswith(content)
    parts = response(chunked(PAGE, 20)[:-30], transfer_encoding="chunked").content()
    assert PAGE[:20] in parts
    assert PAGE.startswith(parts)


@pytest.mark.parametrize(
    ("body", "packing", "reason"),
    [
        (PAGE[1:], "zstd", "the page is packed with 'zstd', which is not read"),
        (b"\xff\xff\xff", "br", "the page cannot be unpacked: "),
        (brotli.compress(bytes(5000)), "br", "the page unpacks to more than "),
        (b"\x1f\x8b\x08abc", "gzip", "the page cannot be unpacked: "),
        (gzip.compress(bytes(5000)), "gzip", "the page unpacks to more than "),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_told(
    monkeypatch: pytest.MonkeyPatch, body: bytes, packing: str, reason: str
) -> None:
    monkeypatch.setattr(http_message, "FILE_LIMIT", 4096)
    with pytest.raises(BadRecord) as error:
        response(body, content_encoding=packing).content()
    assert str(error.value).startswith(reason)


def test_an_answer_has_a_status_headers_and_a_body() -> None:
    answer = parse_response(
        "HTTP/1.1 404 Perdu\r\nContent-Type: text/html\r\nX-Lieu: Évian\r\n\r\n".encode() + PAGE
    )
    assert answer == HttpResponse(404, {"content-type": "text/html", "x-lieu": "Évian"}, PAGE)
    assert parse_response(b"HTTP/2 200\r\n\r\n").status == 200


@pytest.mark.parametrize("data", [b"", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200\r\n" + b"a: b\r\n" * 200])
def test_what_is_no_answer_is_told(data: bytes) -> None:
    with pytest.raises(BadRecord):
        parse_response(data)


def test_a_header_without_end_is_told() -> None:
    with pytest.raises(BadRecord):
        parse_headers(io.BytesIO(b"a: " + b"b" * 100_000))
