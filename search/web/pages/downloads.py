"""Downloads of an answer, in the formats of ``search.export``."""

from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from search.export import Export, Format, formats
from search.index import Index
from search.language import Language
from search.web.pages.asking import request_of
from search.web.pages.state import SearchState, address

_IN_MEMORY = 1 << 22  # bytes; more of a download waits in a temporary file
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Download:
    """A format that an answer may be had in, and where."""

    label: str
    address: str


def downloads(state: SearchState, language: Language) -> tuple[Download, ...]:
    """Every format, for the whole answer to a search."""
    return tuple(
        Download(
            language.translate(each.label),
            address("/download", {**state.first_page.parameters, "format": each.name}),
        )
        for each in formats()
    )


def written(index: Index, state: SearchState, format_: Format, language: Language) -> Iterator[bytes]:
    """The whole answer to a search in a format; it is written before the first bytes are given.

    So a fault is an error, and no file that ends too soon. Raises SearchError.
    """
    hits = index.engine.all_hits(request_of(index, state.first_page))
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever reads it to the end closes it
    export = Export(hits, hits.answer, None, format_.content, state.query, language)
    format_.write(export, file)  # type: ignore[arg-type]
    file.seek(0)
    return _blocks(file)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK):
            yield block
