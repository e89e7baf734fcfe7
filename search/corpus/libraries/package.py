"""Which files belong together: a METS file and the ALTO files that it names."""

import posixpath
from bisect import bisect
from functools import lru_cache

from search.corpus.libraries.mets_structure import files_of
from search.corpus.markup import local_name
from search.corpus.record import BadRecord
from search.corpus.source import Source
from search.corpus.xml_tree import parse_xml

_FOLDERS = (".", "..", "../..")  # where the METS file of an ALTO file lies, seen from the ALTO file
_FEW = 20  # names of XML files that are all looked into
_NEAR = 2  # of many, those that stand so near in the order of names
_START = 4096


def path_beside(written: str) -> str:
    """A path as METS writes it, relative to the METS file; ``""`` where it leads out of its surroundings."""
    path = posixpath.normpath(written.replace("\\", "/").removeprefix("file://"))
    return "" if path.startswith(("/", "../../..")) or ":" in path else path


def read_named(source: Source, written: str) -> bytes | None:
    """The bytes of a file that a METS file names; where its folder is not there, of one beside it."""
    path = path_beside(written)
    if not path:
        return None
    data = source.beside(path)
    return source.beside(posixpath.basename(path)) if data is None else data


def mets_around(source: Source) -> str:
    """The path of the METS file that reads this ALTO file, relative to it; ``""`` where there is none."""
    for folder in _FOLDERS:
        for name in _candidates(source.neighbours(folder), source.name):
            path = posixpath.join(folder, name)
            try:
                named = _named_files(source.beside(path) or b"")
            except (BadRecord, OSError):
                continue
            if any(_is_read(source, folder, one) for one in named):
                return posixpath.normpath(path)
    return ""


def _candidates(names: frozenset[str], own: str) -> list[str]:
    """The names that the METS file of an ALTO file may have; where they are many, the likest to its own."""
    possible = _possible(names)
    if len(possible) > _FEW:
        place = bisect(possible, (own, ""))
        possible = possible[max(0, place - _NEAR) : place + _NEAR]
    return [name for lower, name in possible if lower != own]


@lru_cache(maxsize=8)
def _possible(names: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """The names, in lower case and as written, that say METS; else all of XML files, where these are few."""
    files = sorted((name.lower(), name) for name in names if name.lower().endswith(".xml"))
    named = tuple(name for name in files if "mets" in name[0] or name[0] == "manifest.xml")
    return named or tuple(files if len(files) <= _FEW else ())


@lru_cache(maxsize=_FEW)
def _named_files(data: bytes) -> frozenset[str]:
    """The paths that a METS file names; none of a file that is not METS. Every page of an issue asks."""
    if b"mets" not in data[:_START].lower():
        return frozenset()
    root = parse_xml(iter([data]))
    return frozenset(map(path_beside, files_of(root).values())) if local_name(root) == "mets" else frozenset()


def _is_read(source: Source, folder: str, named: str) -> bool:
    """Whether the name in a METS file of this folder is that of this ALTO file."""
    inner, name = posixpath.split(named)
    if name.lower() != source.name:
        return False
    target = source.neighbours(posixpath.join(folder, inner))
    if folder == "." and inner and not target:
        return True  # the folder is gone; the file lies beside the METS file
    return target == source.neighbours()
