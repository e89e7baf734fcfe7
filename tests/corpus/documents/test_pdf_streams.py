import tempfile
import zlib

import pytest

from search.corpus.documents import pdf_streams
from search.corpus.documents.pdf import read_pdf
from search.corpus.documents.pdf_streams import check_streams
from search.corpus.record import BadRecord
from search.corpus.source import Source

from .made import pdf

SIZE = 3 << 20


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_streams, "UNPACKED_LIMIT", SIZE)


def check(data: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        check_streams(file)


def stream(size: int, dictionary: bytes = b"/Filter /FlateDecode") -> bytes:
    return b"1 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n" % (dictionary, zlib.compress(b" " * size))


@pytest.mark.parametrize(
    "data",
    [
        stream(SIZE + 1),
        stream(SIZE // 2) + stream(SIZE // 2 + 1),
        stream(SIZE + 1).replace(b"stream\n", b"stream\r\n", 1),
        stream(SIZE + 1, b"/Image 1>> endobj 2 0 obj << /Filter[/Fl]"),
    ],
)
def test_streams_that_unpack_to_too_much_are_rejected(data: bytes) -> None:
    with pytest.raises(BadRecord, match=r"to more than 3 MB, which is too much for text"):
        check(data)


@pytest.mark.parametrize(
    "data",
    [
        stream(SIZE),
        stream(SIZE + 1, b"/Subtype /Image /Filter /FlateDecode"),
        stream(SIZE + 1, b"/Length1 9 /Filter /FlateDecode"),
        stream(SIZE + 1, b"/Filter /DCTDecode"),
        stream(SIZE + 1)[:60] + b"broken",
        stream(SIZE + 1) + bytes(SIZE // pdf_streams.UNPACKED_RATIO + 1000),
    ],
)
def test_other_streams_are_read(data: bytes) -> None:
    check(data)


def test_the_reader_checks_before_it_reads() -> None:
    data = pdf([["Le conseil a voté."]]) + stream(SIZE + 1)
    with pytest.raises(BadRecord, match="too much for text"):
        list(read_pdf(Source("a.pdf", iter([data]))))
