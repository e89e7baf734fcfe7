"""ZIP files: their members as sources, within limits."""

import gzip
import io
import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import IO, cast

from search.corpus.record import BadRecord
from search.corpus.source import Source
from search.corpus.streams import FILE_LIMIT, GZIP, RATIO_LIMIT, blocks, limited_ratio, megabytes, read_all
from search.errors import Translatable

MEMBERS_LIMIT = 100_000
"""The most members of one ZIP file."""
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What ``zipfile`` raises on broken members."""
DEPTH_LIMIT = 3
"""How many archives may lie in each other."""


_PACKAGES = frozenset(("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"))


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """Open a ZIP file; raises BadRecord where it is broken, locked, or larger than text can be.

    ``zipfile`` reads no more of a member than its declared size, so the declared sizes are checked: here
    their sum, since members may share their bytes, and each one when it is opened.
    """
    size = file.seek(0, io.SEEK_END)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadRecord(Translatable("not a whole ZIP file: {}", error)) from error
    members = archive.infolist()
    if len(members) > MEMBERS_LIMIT:
        raise BadRecord(Translatable("more than {} files in it, which is the limit", MEMBERS_LIMIT))
    if any(member.flag_bits & 0x1 for member in members):
        raise BadRecord("it is locked with a password; unpack it first")
    unpacked = sum(member.file_size for member in members if not _is_too_large(member))
    if unpacked > max(FILE_LIMIT, RATIO_LIMIT * size):
        raise BadRecord(
            Translatable(
                "the files in it unpack from {} to {}, which is too much for text",
                megabytes(size),
                megabytes(unpacked),
            )
        )
    return archive


def is_package(members: frozenset[str]) -> bool:
    """Whether a ZIP file with these members is one document or program, such as a table or slides."""
    return not _PACKAGES.isdisjoint(members)


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one member; raises BadRecord where it is broken, missing or larger than ``FILE_LIMIT``."""
    try:
        with archive.open(_checked(archive.getinfo(name))) as stream:
            return read_all(blocks(cast(zipfile.ZipExtFile, stream)))
    except (KeyError, *ZIP_ERRORS) as error:
        raise BadRecord(Translatable("{} in it cannot be read: {}", repr(name), error)) from error


def member_source(archive: zipfile.ZipFile, name: str) -> Source:
    """A member as a source, unpacked if it is a gzip file; it is read while the archive is open."""
    member = _checked(archive.getinfo(name))
    stream = cast(zipfile.ZipExtFile, archive.open(member))  # it is closed with the archive
    unpacked = blocks(gzip.GzipFile(fileobj=stream) if stream.peek(len(GZIP)).startswith(GZIP) else stream)
    limited = limited_ratio(unpacked, lambda: member.compress_size)
    return Source(PurePosixPath(name).name, limited, _MembersAround(archive, posixpath.dirname(name)))


@dataclass(frozen=True, slots=True)
class _MembersAround:
    """The members around one, in an open archive."""

    archive: zipfile.ZipFile
    folder: str

    def beside(self, relative: str) -> bytes | None:
        """The bytes of a member; None where there is none."""
        name = self._path(relative)
        return read_member(self.archive, name) if name in self.archive.NameToInfo else None

    def neighbours(self, relative: str = ".") -> frozenset[str]:
        """The names of the members in a folder of the archive."""
        return _names_by_folder(self.archive).get(self._path(relative), frozenset())

    def _path(self, relative: str) -> str:
        return posixpath.normpath(posixpath.join(self.folder, relative))


@lru_cache(maxsize=DEPTH_LIMIT)
def _names_by_folder(archive: zipfile.ZipFile) -> Mapping[str, frozenset[str]]:
    names: dict[str, set[str]] = {}
    for name in member_names(archive):
        folder, _, last = name.rpartition("/")
        names.setdefault(folder or ".", set()).add(last)
    return {folder: frozenset(members) for folder, members in names.items()}


def _checked(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    if _is_too_large(member):
        raise BadRecord(
            Translatable(
                "it unpacks from {} to {}, which is too much for text",
                megabytes(member.compress_size),
                megabytes(member.file_size),
            )
        )
    return member


def _is_too_large(member: zipfile.ZipInfo) -> bool:
    return member.file_size > max(FILE_LIMIT, RATIO_LIMIT * member.compress_size)


def member_names(archive: zipfile.ZipFile) -> Iterator[str]:
    """The members that may be read, in the order of their names: no folders, no hidden files."""
    for name in sorted(archive.NameToInfo):
        parts = PurePosixPath(name).parts
        hidden = any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts
        if not (name.endswith("/") or hidden):
            yield name
