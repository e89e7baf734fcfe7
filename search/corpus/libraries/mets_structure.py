"""The structure of an issue in METS: its files, its articles, and the parts of pages where they stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from search.corpus.libraries.mods import Description, describe, known_title
from search.corpus.markup import local_name

ARTICLE, ADVERTISEMENT = "article", "advertisement"
_ARTICLES = frozenset(
    "article death_notice editorial feuilleton interview letter news obituary poem review serial".split()
)
_SECTION = "section"
BODY, HEADING, AUTHOR = "body", "heading", "author"
_ROLES = {
    **dict.fromkeys(("heading", "headline", "title", "overline", "subheadline", "subtitle"), HEADING),
    **dict.fromkeys(("author", "byline"), AUTHOR),
}
_HREF = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a page: from one block to another of a file, the whole file without ``begin``.

    Areas of the same ``paragraph`` are one text.
    """

    file: str
    begin: str
    end: str
    role: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Unit:
    """An article or an advertisement; ``above`` describes what it is in, the nearest first."""

    kind: str
    name: str
    title: str
    section: str
    own: Description
    above: tuple[Description, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """What a METS file says.

    ``files`` are the paths of the XML files by their ids, ``numbers`` the printed numbers of their pages.
    ``descriptions`` are those of the issue, if an article is in nothing that is described.
    """

    key: str
    label: str
    files: Mapping[str, str]
    numbers: Mapping[str, str]
    descriptions: tuple[Description, ...]
    units: tuple[Unit, ...]


def files_of(root: Any) -> Mapping[str, str]:  # noqa: ANN401 - an element of lxml, which is untyped
    """The paths of the XML files by their ids, as they are written."""
    files: dict[str, str] = {}
    for element in _named(root, "file"):
        for location in element:
            path = location.get(_HREF) or ""
            if path.lower().endswith(".xml"):
                files.setdefault(element.get("ID") or path, path)
    return files


def structure_of(root: Any) -> Issue:  # noqa: ANN401
    """The structure of an issue."""
    described = {one.get("ID") or "": describe(one) for one in root if local_name(one) == "dmdsec"}
    maps = [element for element in root if local_name(element) == "structmap"]
    logical = [one for one in maps if "LOGICAL" in (one.get("TYPE") or "").upper()]
    reader = _Reader(described, _links(root))
    return Issue(
        key=root.get("OBJID") or "",
        label=root.get("LABEL") or "",
        files=files_of(root),
        numbers=dict(_numbers(one for one in maps if one not in logical)),
        descriptions=(*(one for one in described.values() if one.date), *list(described.values())[:1]),
        units=tuple(unit for one in logical for unit in reader.units(one, (), "")),
    )


class _Reader:
    """Reads the divisions of a logical map."""

    def __init__(self, described: Mapping[str, Description], links: Mapping[str, list[Any]]) -> None:
        self._described = described
        self._links = links
        self._paragraphs = count(1)

    def units(self, division: Any, above: tuple[Description, ...], section: str) -> Iterator[Unit]:  # noqa: ANN401
        """The units in a division, in their order."""
        for child in division:
            kind = _kind(child)
            if local_name(child) != "div":
                continue
            if kind in _ARTICLES or kind == ADVERTISEMENT:
                yield self._unit(ARTICLE if kind in _ARTICLES else kind, child, above, section)
            elif kind == _SECTION:
                yield from self._of_section(child, above, section)
            else:
                yield from self.units(child, (*self._descriptions(child), *above), section)

    def _of_section(self, division: Any, above: tuple[Description, ...], around: str) -> Iterator[Unit]:  # noqa: ANN401
        """The units of a section; a section that has none is an article."""
        itself = self._unit(ARTICLE, division, above, around)
        inside = list(self.units(division, above, itself.title or around))
        if inside:
            yield from inside
        elif itself.areas:
            yield itself

    def _unit(self, kind: str, division: Any, above: tuple[Description, ...], section: str) -> Unit:  # noqa: ANN401
        name = division.get("ID") or ""
        own = next(iter(self._descriptions(division)), Description())
        title = own.title or known_title(division.get("LABEL") or "")
        areas = list(self._areas(division, BODY, 0))
        for linked in self._links.get(name, ()):
            areas += self._pointed(linked, BODY, 0)
        return Unit(kind, name, title, section, own, above, tuple(areas))

    def _descriptions(self, division: Any) -> tuple[Description, ...]:  # noqa: ANN401
        names = (division.get("DMDID") or "").split()
        return tuple(self._described[name] for name in names if name in self._described)

    def _areas(self, division: Any, role: str, paragraph: int) -> Iterator[Area]:  # noqa: ANN401
        """The areas of a division and below it."""
        kind = _kind(division)
        role = _ROLES.get(kind, role)
        paragraph = next(self._paragraphs) if kind == "paragraph" else paragraph
        for child in division:
            if local_name(child) == "div":
                yield from self._areas(child, role, paragraph)
            elif local_name(child) == "fptr":
                yield from self._pointed([child], role, paragraph)

    def _pointed(self, division: Iterable[Any], role: str, paragraph: int) -> Iterator[Area]:
        """The areas to which the pointers of a division lead."""
        for file, begin, end in _targets(division):
            yield Area(file, begin, end, role, paragraph or next(self._paragraphs))


def _named(root: Any, name: str) -> Iterator[Any]:  # noqa: ANN401
    return (element for element in root.iter() if local_name(element) == name)


def _kind(division: Any) -> str:  # noqa: ANN401
    return (division.get("TYPE") or "").lower().replace("-", "_").replace(" ", "_")


def _targets(division: Iterable[Any]) -> Iterator[tuple[str, str, str]]:
    """The file, the first and the last block of each target of the pointers in a division."""
    for pointer in division:
        if local_name(pointer) == "fptr":
            for element in pointer.iter():
                if file := element.get("FILEID"):
                    begin = element.get("BEGIN") or ""
                    yield file, begin, element.get("END") or begin


def _links(root: Any) -> Mapping[str, list[Any]]:  # noqa: ANN401
    """The divisions of pages to which an article is linked, by the id of the article."""
    divisions = {one.get("ID"): one for one in _named(root, "div")}
    links: dict[str, list[Any]] = {}
    for group in _named(root, "smlinkgrp"):
        ends = [(one.get(_HREF) or "")[1:] for one in group if local_name(one) == "smlocatorlink"]
        links.setdefault(next(iter(ends), ""), []).extend(
            divisions[end] for end in ends[1:] if end in divisions
        )
    return links


def _numbers(maps: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """The files of pages with the printed numbers of these."""
    for one in maps:
        for division in _named(one, "div"):
            if label := division.get("ORDERLABEL"):
                yield from ((file, label) for file, _, _ in _targets(division))
