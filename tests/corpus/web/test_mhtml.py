"""Pages that a browser saved with their pictures."""

from pathlib import Path

import pytest

from search.corpus.record import BadRecord
from search.corpus.source import Source
from search.corpus.web.mhtml import is_mhtml, read_mhtml

SAMPLE = (Path(__file__).parents[1] / "samples" / "page_enregistree.mhtml").read_bytes()


def _source(data: bytes) -> Source:
    return Source("page.mhtml", iter([data]))


def test_a_saved_page_is_no_letter() -> None:
    assert is_mhtml(_source(SAMPLE))
    assert not is_mhtml(
        _source(b"From: Jeanne <j@exemple.fr>\r\nSubject: a\r\n\r\nFrom: <Saved by Blink>\r\n")
    )


def test_a_file_without_page_is_refused() -> None:
    with pytest.raises(BadRecord, match="the file holds no page"):
        list(read_mhtml(_source(SAMPLE.replace(b"text/html", b"text/plain"))))
