"""Issues in METS with ALTO: METS has the articles, their titles and the date, ALTO has the words."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

from search.corpus.format import Format, Records
from search.corpus.libraries.alto import Page, read_pages
from search.corpus.libraries.ark import ark, gallica_address
from search.corpus.libraries.mets_structure import (
    ARTICLE,
    AUTHOR,
    BODY,
    HEADING,
    Area,
    Issue,
    Unit,
    structure_of,
)
from search.corpus.libraries.mods import Description
from search.corpus.libraries.package import read_named
from search.corpus.markup import local_name
from search.corpus.record import BadRecord, Fault, Omission, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import parse_xml
from search.errors import Translatable
from search.text.line_breaks import join_lines

# How often the blocks of an issue may be in articles: a small file could else become an endless text.
_USES, _FREE_USES = 10, 1000

_DATE = re.compile(r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})\b")


def is_mets(source: Source) -> bool:
    """Whether a file is in METS."""
    return source.root == "mets"


def read_mets(source: Source) -> Records:
    """Read the articles of an issue from the ALTO files beside it; without articles, its pages.

    A file that is missing is a fault. Advertisements, and text that belongs to no article, are passed over.
    Raises BadRecord where the file is not XML.
    """
    issue = structure_of(parse_xml(source))
    pages: dict[str, Page] = {}
    for name, path in issue.files.items():
        try:
            if (page := _page(source, path)) is not None:
                pages[name] = page
        except BadRecord as error:
            yield Fault(Translatable("{}: {}", posixpath.basename(path), error.reason))
    if not issue.files:
        yield Omission("METS without ALTO", "it names no XML file of a page")
    elif any(unit.kind == ARTICLE for unit in issue.units):
        yield from _articles(issue, pages)
    else:
        for name, page in pages.items():
            yield _of_page(issue, name, page)


def _page(source: Source, path: str) -> Page | None:
    """The page in an ALTO file; None for XML of another kind."""
    data = read_named(source, path)
    if data is None:
        raise BadRecord("this page is not there; its text is missing")
    root = parse_xml(iter([data]))
    if local_name(root) != "alto":
        return None
    pages = list(read_pages(root))
    if len(pages) == 1:
        return pages[0]
    blocks = {name: text for page in pages for name, text in page.blocks.items()}
    containers = {name: inside for page in pages for name, inside in page.containers.items()}
    inner = {name: block for page in pages for name, block in page.inner.items()}
    first = pages[0] if pages else Page("", "", {}, {}, {})
    return Page(first.number, first.language, blocks, containers, inner)


def _articles(issue: Issue, pages: Mapping[str, Page]) -> Records:
    """The articles of an issue, and how much of its text belongs to none."""
    used: Counter[tuple[str, str]] = Counter()
    places = {name: {block: place for place, block in enumerate(page.blocks)} for name, page in pages.items()}
    limit = _FREE_USES + _USES * sum(map(len, places.values()))
    for unit in issue.units:
        blocks = []
        for area in unit.areas:
            if area.file in pages:
                blocks += [(area, block) for block in _blocks(area, pages[area.file], places[area.file])]
            if used.total() + len(blocks) > limit:
                raise BadRecord("the same text is in too many articles; the rest is not read")
        used.update((area.file, block) for area, block in blocks)
        if unit.kind != ARTICLE:
            yield Omission(unit.kind, unit.title or "without title")
        elif record := _of_unit(issue, unit, blocks, pages):
            yield record
        else:
            yield Fault(Translatable("{}: no page has the text of this article", unit.title or unit.name))
    for name, page in pages.items():
        rest = sum(bool(text) for block, text in page.blocks.items() if (name, block) not in used)
        if rest:
            number = issue.numbers.get(name) or page.number
            yield Omission(
                "text outside articles", Translatable("page {}: {} blocks belong to no article", number, rest)
            )


def _blocks(area: Area, page: Page, places: Mapping[str, int]) -> Iterable[str]:
    """The ids of the blocks in an area, in reading order."""
    if not area.begin:
        return page.blocks
    begin, end = page.inner.get(area.begin, area.begin), page.inner.get(area.end, area.end)
    if begin not in places:
        return page.containers.get(begin, ())
    return (
        (begin,) if begin == end else islice(page.blocks, places[begin], places.get(end, places[begin]) + 1)
    )


def _of_unit(
    issue: Issue, unit: Unit, blocks: Iterable[tuple[Area, str]], pages: Mapping[str, Page]
) -> RawRecord | None:
    """The record of an article; None where it has no text."""
    by_role: dict[str, dict[int, list[str]]] = {BODY: {}, HEADING: {}, AUTHOR: {}}
    files: list[str] = []
    for area, block in blocks:
        by_role[area.role].setdefault(area.paragraph, []).append(pages[area.file].blocks[block])
        files.append(area.file)
    texts = {role: [join_lines(parts) for parts in by_role[role].values()] for role in by_role}
    heading = " ".join(filter(None, texts[HEADING]))
    body = "\n\n".join(filter(None, texts[BODY])) or heading
    if not body:
        return None
    page = pages[files[0]]
    return RawRecord(
        {
            **_of_issue(issue, (unit.own, *unit.above), unit.above, unit.name),
            "title": unit.title or heading,
            "text": body,
            "author": list(unit.own.authors) or list(filter(None, texts[AUTHOR])),
            "section": unit.section,
            "page": issue.numbers.get(files[0]) or page.number,
        },
        label=f"{unit.name}: ",
    )


def _of_page(issue: Issue, name: str, page: Page) -> RawRecord | Omission:
    number = issue.numbers.get(name) or page.number
    if not page.text:
        return Omission(
            "page without text", Translatable("page {} has no text outside its margins", number or name)
        )
    fields = _of_issue(issue, (), (), name)
    language = fields["lang"] or page.language
    return RawRecord({**fields, "lang": language, "text": page.text, "page": number}, label=f"{name}: ")


def _of_issue(
    issue: Issue, all_around: tuple[Description, ...], above: tuple[Description, ...], name: str
) -> dict[str, object]:
    """The fields that a part of an issue has from its descriptions, the nearest first."""

    def first(value: str, descriptions: Iterable[Description]) -> str:
        return next(filter(None, (getattr(one, value) for one in descriptions)), "")

    known, outer = (*all_around, *issue.descriptions), (*above, *issue.descriptions)
    key = ark(issue.key) or first("key", outer)
    date = first("date", known) or next(iter(_DATE.findall(issue.label)), "")
    return {
        "id": f"{key}/{name}" if key else "",
        "date": date,
        "source": first("title", outer) or issue.label,
        "lang": first("language", known),
        "place": first("place", outer),
        "url": gallica_address(key),
    }


METS = Format(
    "METS with ALTO",
    is_mets,
    read_mets,
    {
        "title": "mods:title, div@LABEL",
        "text": "area@BEGIN, TextBlock",
        "date": "mods:dateIssued",
        "source": "mods:title of the issue",
        "place": "mods:placeTerm",
        "author": "mods:name",
        "section": "div@TYPE=SECTION",
        "page": "div@ORDERLABEL, Page@PHYSICAL_IMG_NR",
        "lang": "mods:languageTerm",
        "id": "mets@OBJID, div@ID",
    },
)
