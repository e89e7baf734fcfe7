"""From paths to articles: choose the files, choose a reader for each, and report failures as Rejected."""

import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from io import BufferedIOBase
from pathlib import Path, PurePath
from typing import cast

from search.corpus.dispatches import read_dispatch, read_piped
from search.corpus.json_records import read_json, read_jsonl
from search.corpus.markdown import read_markdown
from search.corpus.pages import read_page
from search.corpus.record import BadRecord, Fault, RawRecord, ReadOptions, to_article
from search.corpus.streams import blocks, open_source
from search.corpus.tables import read_table
from search.errors import CorpusError, Translatable
from search.text.sanitize import printable
from search.types import Article, Rejected

Reader = Callable[[Iterator[bytes]], Iterator[RawRecord | Fault]]

STDIN = "-"
READERS: Mapping[str, Reader] = {
    ".txt": read_dispatch,
    ".md": read_markdown,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_table,
    ".tsv": read_table,
    ".html": read_page,
    ".htm": read_page,
}
"""The reader of each extension; ``.gz`` may follow each extension."""

_DEFAULTS = ReadOptions()


def read(paths: Sequence[str], options: ReadOptions = _DEFAULTS) -> Iterator[Article | Rejected]:
    """Stream the articles of files, folders and ``-`` (standard input), and the rejected records.

    Reads the paths in the order given, and the files of a folder and its subfolders in the order of their
    names. Skips hidden files and unknown extensions in a folder, and reads no folder twice. Raises
    CorpusError before it reads anything when a path does not exist.
    """
    for path in paths:
        if path != STDIN and not os.path.lexists(path):
            raise CorpusError(
                Translatable("no such file or folder: {}; check the path, or give - for stdin", path),
                path,
            )
    return _read_all(paths, options)


def reads(path: Path) -> bool:
    """Whether ``read`` reads a file of this name in a folder."""
    return not path.name.startswith(".") and _reader(path.name) is not None


def absolute_paths(paths: Sequence[str]) -> tuple[str, ...]:
    """Paths as an index stores them, so that it can be rebuilt from any folder; ``-`` stays what it is."""
    return tuple(path if path == STDIN else str(Path(printable(path)).absolute()) for path in paths)


def _read_all(paths: Sequence[str], options: ReadOptions) -> Iterator[Article | Rejected]:
    folders_read = set(_identities(options.skipped_folders))
    for path in paths:
        if path == STDIN:
            yield from _records(STDIN, read_piped, _open_stdin, options)
            continue
        for file in _files(Path(path), folders_read):
            if isinstance(file, Rejected):
                yield file
            else:
                yield from _file_records(file, options)


def _files(root: Path, folders_read: set[tuple[int, int]]) -> Iterator[Path | Rejected]:
    """The files to read at or under ``root``; an entry that the system cannot read is Rejected.

    Memory holds only the names in the folders on the way to the current file.
    """
    pending = [iter([root])]
    while pending:
        path = next(pending[-1], None)
        if path is None:
            pending.pop()
            continue
        try:
            status = path.stat()
            if not stat.S_ISDIR(status.st_mode):
                yield path
            elif (folder := _identity(status)) not in folders_read:
                folders_read.add(folder)
                pending.append(_entries(path))
        except OSError as error:
            yield Rejected(str(path), 0, _reason(error))


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _identities(paths: Sequence[str]) -> Iterator[tuple[int, int]]:
    for path in paths:
        with suppress(OSError):  # a folder that gives no status cannot be read either
            yield _identity(Path(path).stat())


def _entries(folder: Path) -> Iterator[Path]:
    """The entries of a folder that may be read, in the order of their names."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if _may_be_read(entry)]
    return (folder / name for name in sorted(names))


def _may_be_read(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    return _reader(entry.name) is not None or os.path.isdir(entry)  # noqa: PTH112 - pathlib's fails on closed folders


def _reader(name: str) -> Reader | None:
    return READERS.get(PurePath(name.lower().removesuffix(".gz")).suffix)


def _file_records(path: Path, options: ReadOptions) -> Iterator[Article | Rejected]:
    reader = _reader(path.name)
    if reader:
        return _records(str(path), reader, partial(open_source, path), options)
    return iter([Rejected(str(path), 0, f"unknown extension; the known ones are {', '.join(READERS)}")])


def _records(
    path: str,
    reader: Reader,
    opener: Callable[[], AbstractContextManager[Iterator[bytes]]],
    options: ReadOptions,
) -> Iterator[Article | Rejected]:
    try:
        with opener() as source:
            for record in reader(source):
                yield _article(path, record, options)
    except (BadRecord, OSError, EOFError, zlib.error) as error:
        yield Rejected(path, 0, _reason(error))


def _open_stdin() -> AbstractContextManager[Iterator[bytes]]:
    if sys.stdin is None:
        raise BadRecord("standard input is closed")
    return nullcontext(blocks(cast(BufferedIOBase, sys.stdin.buffer)))


def _article(path: str, record: RawRecord | Fault, options: ReadOptions) -> Article | Rejected:
    if isinstance(record, Fault):
        return Rejected(path, record.line, record.reason)
    try:
        return to_article(record.fields, options)
    except BadRecord as error:
        return Rejected(path, record.line, f"{record.label}{error}")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
