"""From paths to articles: choose the files, recognise the format of each, and report what is not read."""

import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from io import BufferedIOBase
from pathlib import Path
from typing import cast

from search.build_types import LostField, PassedOver, Rejected, Unread
from search.corpus.archives import DEPTH_LIMIT, ZIP_ERRORS, is_package, member_names, member_source, open_zip
from search.corpus.conversion import Converted, UnmappedText, to_article
from search.corpus.dispatches import read_piped
from search.corpus.format import Format, Records
from search.corpus.formats import recognise
from search.corpus.record import BadRecord, Fault, Omission, RawRecord, ReadOptions
from search.corpus.source import Source
from search.corpus.streams import blocks, open_source
from search.corpus.surroundings import FilesAround
from search.errors import CorpusError, SearchError, Translatable, os_reason
from search.text.sanitize import printable
from search.types import Article

STDIN = "-"
STANDARD_INPUT = Format("standard input", lambda source: False, read_piped)
# Copies that editors and browsers leave beside a file: their content would be recognised.
_LEFTOVERS = ("~", ".bak", ".tmp", ".part", ".crdownload", ".swp", ".orig")
_DEFAULTS = ReadOptions()
_REASON_LIMIT = 200
_EXPECTED = (BadRecord, OSError, EOFError, zlib.error, *ZIP_ERRORS)


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file as it is read: its path, its format, and its records, which are read while it is open.

    A member of an archive has the path of the archive before its own.
    """

    path: str
    format: Format
    records: Records

    def as_empty(self) -> PassedOver:
        """The file as passed over, where it gave no record at all."""
        return PassedOver(
            self.path, 0, "empty", Translatable("there is no record in it ({})", self.format.name)
        )


def read(paths: Sequence[str], options: ReadOptions = _DEFAULTS) -> Iterator[Article | Unread]:
    """Stream the articles of files, folders and ``-`` (standard input), and what was not read.

    Reads the paths in the order given, and the files of a folder and its subfolders in the order of their
    names. Passes over hidden files, and reads no folder twice. Raises CorpusError before it reads anything
    when a path does not exist.
    """
    return _articles(readings(paths, options.skipped_folders), options)


def readings(paths: Sequence[str], skipped_folders: Iterable[str] = ()) -> Iterator[FileReading | Unread]:
    """The files of these paths, in the order of ``read``, each to be read before the next.

    Raises CorpusError at once when a path does not exist.
    """
    for path in paths:
        if path != STDIN and not os.path.lexists(path):
            raise CorpusError(
                Translatable("no such file or folder: {}; check the path, or give - for stdin", path),
                path,
            )
    return _readings(paths, set(_identities(skipped_folders)))


def reads(path: Path) -> bool:
    """Whether ``read`` opens a file of this name in a folder."""
    return not (path.name.startswith(".") or _leftover_end(path.name))


def absolute_paths(paths: Sequence[str]) -> tuple[str, ...]:
    """Paths as an index stores them, so that it can be rebuilt from any folder; ``-`` stays what it is."""
    return tuple(
        path if path == STDIN else os.path.normpath(Path(printable(path)).absolute()) for path in paths
    )


def _articles(files: Iterator[FileReading | Unread], options: ReadOptions) -> Iterator[Article | Unread]:
    for file in files:
        if not isinstance(file, FileReading):
            yield file
            continue
        empty = True
        try:
            for record in file.records:
                empty = False
                yield from _converted(file.path, record, options)
        except Exception as error:
            yield rejected(file.path, error)
        else:
            if empty:
                yield file.as_empty()


def _converted(
    path: str, record: RawRecord | Fault | Omission, options: ReadOptions
) -> Iterator[Article | Unread]:
    if not isinstance(record, RawRecord):
        yield unread_part(path, record)
        return
    try:
        converted = to_article(record, options)
    except BadRecord as error:
        yield rejected_record(path, record, error)
        return
    yield from lost_fields(path, record, converted)
    yield replace(converted.article, file=absolute_paths([path])[0])


def unread_part(path: str, part: Fault | Omission) -> Unread:
    """A place that a reader could not read as rejected, and a part that is no article as passed over."""
    if isinstance(part, Fault):
        return Rejected(path, part.line, part.reason)
    return PassedOver(path, part.line, part.kind, part.reason)


def rejected_record(path: str, record: RawRecord, error: BadRecord) -> Rejected:
    """A record that cannot become an article as rejected, with the column that no field takes, if any."""
    column = error.column if isinstance(error, UnmappedText) else ""
    return Rejected(path, record.line, Translatable("{}{}", record.label, error.reason), column)


def lost_fields(path: str, record: RawRecord, converted: Converted) -> Iterator[LostField]:
    """The fields of a record that could not be read."""
    for name, reason in converted.lost.items():
        yield LostField(path, record.line, name, Translatable("{}{}: {}", record.label, name, reason))


def _readings(paths: Sequence[str], folders_read: set[tuple[int, int]]) -> Iterator[FileReading | Unread]:
    for path in paths:
        if path == STDIN:
            yield from _opened(STDIN, _open_stdin)
            continue
        for file in _files(Path(path), folders_read):
            if isinstance(file, Path):
                named = str(file) == str(Path(path))
                yield from _opened(str(file), lambda file=file: _open_file(file), named=named)  # type: ignore[misc]
            else:
                yield file


def _files(root: Path, folders_read: set[tuple[int, int]]) -> Iterator[Path | Unread]:
    """The files to read at or under ``root``; an entry that the system cannot read is Rejected.

    Memory holds only the names in the folders on the way to the current file.
    """
    pending: list[Iterator[Path]] = [iter([root])]
    while pending:
        path = next(pending[-1], None)
        if path is None:
            pending.pop()
            continue
        try:
            status = path.stat()
            if not stat.S_ISDIR(status.st_mode):
                end = "" if path is root else _leftover_end(path.name)
                yield _leftover(str(path), end) if end else path
            elif (folder := _identity(status)) not in folders_read:
                folders_read.add(folder)
                pending.append(_entries(path))
        except OSError as error:
            yield Rejected(str(path), 0, _reason(error))


def _leftover_end(name: str) -> str:
    """The end of a name that says what a program left, as ``~``; ``""`` for other names."""
    return next((end for end in _LEFTOVERS if name.lower().endswith(end)), "")


def _leftover(path: str, end: str) -> PassedOver:
    return PassedOver(path, 0, end, "a copy that a program left")


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _identities(paths: Iterable[str]) -> Iterator[tuple[int, int]]:
    for path in paths:
        with suppress(OSError):  # a folder that gives no status cannot be read either
            yield _identity(Path(path).stat())


def _entries(folder: Path) -> Iterator[Path]:
    """The entries of a folder that are not hidden, in the order of their names."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if not entry.name.startswith(".")]
    return (folder / name for name in sorted(names))


@contextmanager
def _open_file(path: Path) -> Iterator[Source]:
    with open_source(path) as content:
        yield Source(path.name, content, FilesAround(path.parent))


def _open_stdin() -> AbstractContextManager[Source]:
    if sys.stdin is None:
        raise BadRecord("standard input is closed")
    return nullcontext(Source(STDIN, blocks(cast(BufferedIOBase, sys.stdin.buffer))))


def _opened(
    path: str, opener: Callable[[], AbstractContextManager[Source]], *, named: bool = True, depth: int = 0
) -> Iterator[FileReading | Unread]:
    """The readings of one file: itself, or the members of an archive."""
    try:
        with opener() as source:
            yield from _recognised(path, source, named=named, depth=depth)
    except Exception as error:
        yield rejected(path, error)


def _recognised(path: str, source: Source, *, named: bool, depth: int) -> Iterator[FileReading | Unread]:
    known = recognise(source)
    if path == STDIN and not (known or source.is_zip):
        known = STANDARD_INPUT
    if known:
        yield FileReading(path, known, known.read(source))
    elif source.is_zip and not is_package(source.members):
        yield from _members(path, source, depth)
    elif named:
        yield Rejected(path, 0, "unknown format; depeche build --help names the known ones")
    else:
        kind = source.extension or Translatable("no extension")
        yield PassedOver(path, 0, kind, "no known format")


def _members(path: str, source: Source, depth: int) -> Iterator[FileReading | Unread]:
    if depth == DEPTH_LIMIT:
        raise BadRecord(Translatable("an archive inside {} others; unpack it first", DEPTH_LIMIT))
    with open_zip(source.whole) as archive:
        for name in member_names(archive):
            if end := _leftover_end(name):
                yield _leftover(f"{path}/{name}", end)
                continue
            yield from _opened(
                f"{path}/{name}",
                lambda name=name: nullcontext(member_source(archive, name)),  # type: ignore[misc]
                named=False,
                depth=depth + 1,
            )


def rejected(path: str, error: Exception) -> Rejected:
    """The file as rejected, with the reason; raises the error again where the program itself cannot go on.

    A library may raise anything on a broken file, and one file must not end a build.
    """
    if isinstance(error, SearchError):
        raise error
    if isinstance(error, _EXPECTED):
        return Rejected(path, 0, _reason(error))
    return Rejected(path, 0, Translatable("too broken to read ({})", repr(error)[:_REASON_LIMIT]))


def _reason(error: Exception) -> str:
    if isinstance(error, BadRecord):
        return error.reason
    return os_reason(error) if isinstance(error, OSError) else str(error) or type(error).__name__
