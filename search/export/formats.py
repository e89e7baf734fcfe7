"""The formats of exports: their names, files and media types, and what writes them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from search.errors import Translatable, UsageError
from search.export.bibtex import bibtex_entries
from search.export.content import Content, Export
from search.export.csl import csl_items
from search.export.documents import json_lines, json_object
from search.export.docx import write_docx
from search.export.html import write_html
from search.export.iramuteq import iramuteq_corpus
from search.export.markdown import markdown_list
from search.export.ris import ris_references
from search.export.tables import csv_table
from search.export.txm import write_txm


@dataclass(frozen=True, slots=True)
class Format:
    """A format of exports.

    ``label`` is English, for ``translate``. ``extensions`` are those of its files, the usual one first.
    ``content`` is what it writes of the texts where nothing is chosen. ``write`` takes the hits as they come,
    so that memory does not grow with their number, and writes to a stream that need not be seekable.
    """

    name: str
    label: str
    media_type: str
    extensions: tuple[str, ...]
    is_binary: bool
    content: Content
    write: Callable[[Export, BinaryIO], None]

    @property
    def extension(self) -> str:
        """The usual extension, without its dot."""
        return self.extensions[0]

    def stem(self, name: str) -> str:
        """The name of a file of this format without its extension, the longest that it ends with."""
        ends = (f".{each}" for each in self.extensions if name.lower().endswith(f".{each}"))
        return name[: len(name) - len(max(ends, key=len, default=""))]


def formats() -> tuple[Format, ...]:
    """Every format, in the order in which they are offered."""
    return _FORMATS


def format_named(name: str) -> Format:
    """The format of this name; raises UsageError for another name."""
    for each in _FORMATS:
        if each.name == name:
            return each
    names = ", ".join(each.name for each in _FORMATS)
    raise UsageError(Translatable("There is no export format {!r}; the formats are: {}.", name, names))


def format_of_file(name: str) -> Format | None:
    """The format that a file's name ends with, None where no format has this extension."""
    lower = name.lower()
    matching = ((len(end), each) for each in _FORMATS for end in each.extensions if lower.endswith(f".{end}"))
    return max(matching, key=lambda match: match[0], default=(0, None))[1]


def _write_pieces(pieces: Callable[[Export], Iterator[str]], export: Export, stream: BinaryIO) -> None:
    for piece in pieces(export):
        stream.write(piece.encode(errors="replace"))


def _text(
    name: str,
    label: str,
    media_type: str,
    extensions: tuple[str, ...],
    pieces: Callable[[Export], Iterator[str]],
    content: Content = Content.EXCERPTS,
) -> Format:
    media = f"{media_type}; charset=utf-8"
    return Format(name, label, media, extensions, False, content, partial(_write_pieces, pieces))  # noqa: FBT003


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WHOLE = Content.WHOLE_TEXTS
_FORMATS = (
    _text("csv", "table (CSV)", "text/csv", ("csv",), csv_table),
    _text("md", "list (Markdown)", "text/markdown", ("md", "markdown"), markdown_list),
    _text("json", "JSON", "application/json", ("json",), json_object),
    _text("jsonl", "JSON lines", "application/jsonl", ("jsonl", "ndjson"), json_lines),
    Format("docx", "press review (Word)", _DOCX, ("docx",), True, _WHOLE, write_docx),  # noqa: FBT003
    Format(
        *("html", "press review (web page)", "text/html; charset=utf-8", ("html", "htm")),
        is_binary=False,
        content=_WHOLE,
        write=write_html,
    ),
    _text("ris", "references (RIS)", "application/x-research-info-systems", ("ris",), ris_references),
    _text("bibtex", "references (BibTeX)", "application/x-bibtex", ("bib", "bibtex"), bibtex_entries),
    _text(
        "csl",
        "references (CSL-JSON)",
        "application/vnd.citationstyles.csl+json",
        ("csl.json",),
        csl_items,
    ),
    _text("iramuteq", "corpus (IRaMuTeQ)", "text/plain", ("iramuteq.txt", "txt"), iramuteq_corpus, _WHOLE),
    Format("txm", "corpus (TXM)", "application/zip", ("txm.zip", "zip"), True, _WHOLE, write_txm),  # noqa: FBT003
)
