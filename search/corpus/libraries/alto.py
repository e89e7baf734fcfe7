"""Pages in ALTO, the XML of optical recognition in libraries, of whatever version and namespace."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from search.corpus.format import Format, Records
from search.corpus.libraries.ark import ark, gallica_address
from search.corpus.libraries.package import mets_around
from search.corpus.markup import local_name
from search.corpus.record import Omission, RawRecord
from search.corpus.source import Source
from search.corpus.xml_tree import parse_xml
from search.errors import Translatable
from search.text.line_breaks import MARKS, join_lines, joined

FRENCH = "fr"
"""The language of a page of Gallica that names none."""

_MARGINS = frozenset(("topmargin", "leftmargin", "rightmargin", "bottommargin"))
_CONTAINERS = frozenset(("page", "printspace", "composedblock"))


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its text blocks by id, in reading order.

    ``containers`` are the blocks in each part that has several, by its id; ``inner`` is the block in which a
    line or a word lies, by the id of these.
    """

    number: str
    language: str
    blocks: Mapping[str, str]
    containers: Mapping[str, tuple[str, ...]]
    inner: Mapping[str, str]

    @property
    def text(self) -> str:
        """The text of the page, one paragraph a block."""
        return "\n\n".join(filter(None, self.blocks.values()))


def is_alto(source: Source) -> bool:
    """Whether a file is in ALTO."""
    return source.root == "alto"


def read_alto(source: Source) -> Records:
    """Read each page as one article, without its margins; pass over a file that a METS file reads.

    Raises BadRecord where the file is not XML.
    """
    if mets := mets_around(source):
        yield Omission(
            "read with its METS file", Translatable("{} has its articles; name that file or its folder", mets)
        )
        return
    root = parse_xml(source)
    pages = list(read_pages(root))
    identifier = (
        ark(_texts(root, "fileidentifier", "documentidentifier", "filename")) if len(pages) < 2 else ""
    )
    for page in pages:
        if page.text:
            yield RawRecord(
                {
                    "id": identifier,
                    "text": page.text,
                    "page": page.number,
                    "lang": page.language or (FRENCH if gallica_address(identifier) else ""),
                    "url": gallica_address(identifier),
                },
                label=Translatable("page {}: ", page.number),
            )
        else:
            yield Omission(
                "page without text",
                Translatable("page {} has no text outside its margins", page.number or "?"),
            )


def read_pages(root: Any) -> Iterator[Page]:  # noqa: ANN401 - an element of lxml, which is untyped
    """The pages of an ALTO file; words that were cut at line ends are whole."""
    _make_whole([element for element in root.iter() if local_name(element) == "string"])
    for element in root.iter():
        if local_name(element) == "page":
            yield _page(element)


def _page(element: Any) -> Page:  # noqa: ANN401
    blocks: dict[str, Any] = {}
    containers: dict[str, list[str]] = {}
    _collect(element, (), blocks, containers)
    order = _reading_order(blocks)
    languages = Counter(
        filter(None, (block.get("LANG") or block.get("language") for block in blocks.values()))
    )
    return Page(
        number=element.get("PRINTED_IMG_NR") or element.get("PHYSICAL_IMG_NR") or "",
        language=max(languages, key=languages.__getitem__, default=""),
        blocks={name: _block_text(blocks[name]) for name in order},
        containers={name: tuple(inside) for name, inside in containers.items()},
        inner={one.get("ID"): name for name in order for one in blocks[name].iter() if one.get("ID")},
    )


def _collect(
    element: Any,  # noqa: ANN401
    around: tuple[str, ...],
    blocks: dict[str, Any],
    containers: dict[str, list[str]],
) -> None:
    """Find the text blocks below an element, outside margins; a block without id gets a number."""
    for child in element:
        name = local_name(child)
        if name == "textblock":
            key = child.get("ID") or ""
            key = key if key and key not in blocks else f"{key}#{len(blocks)}"
            blocks[key] = child
            for container in around:
                containers.setdefault(container, []).append(key)
        elif name not in _MARGINS and name in _CONTAINERS:
            _collect(child, (*around, child.get("ID") or ""), blocks, containers)


def _reading_order(blocks: Mapping[str, Any]) -> list[str]:
    """The ids of the blocks as they follow each other by IDNEXT, else as they stand in the file."""
    following = {name: block.get("IDNEXT") for name, block in blocks.items()}
    targets = set(following.values())
    order: dict[str, None] = {}
    for start in (*(name for name in blocks if name not in targets), *blocks):
        name = start
        while name in blocks and name not in order:
            order[name] = None
            name = following[name]
    return list(order)


def _make_whole(words: list[Any]) -> None:
    """Give the first half of each cut word the whole of it, and the second half nothing."""
    for first, second in pairwise([*words, None]):
        whole = first.get("SUBS_CONTENT")
        if not whole:
            continue
        if first.get("SUBS_TYPE") == "HypPart1":
            rest = (
                second.get("CONTENT", "")
                if second is not None and second.get("SUBS_TYPE") == "HypPart2"
                else ""
            )
            first.set("CONTENT", _with_hyphen(whole, first.get("CONTENT", ""), rest))
        elif first.get("SUBS_TYPE") == "HypPart2":
            first.set("CONTENT", "")


def _with_hyphen(whole: str, first: str, second: str) -> str:
    """The whole word, as it is printed: with its own hyphen, which recognition loses, and its comma."""
    stem = first.rstrip(MARKS)
    return joined(f"{stem}-", second) if second and whole in stem + second else whole


def _block_text(block: Any) -> str:  # noqa: ANN401
    return join_lines(_line_text(line) for line in block.iter() if local_name(line) == "textline")


def _line_text(line: Any) -> str:  # noqa: ANN401
    """The words of a line; where it marks its spaces, words without a space between them are one."""
    parts: list[str] = []
    names = [local_name(child) for child in line]
    gap = "" if "sp" in names else " "
    is_whole = False
    for name, child in zip(names, line, strict=True):
        if name == "string":
            parts.append(gap + child.get("CONTENT", ""))
            is_whole = bool(child.get("SUBS_CONTENT"))
        elif name == "sp":
            parts.append(" ")
        elif name == "hyp" and not is_whole:
            parts.append(child.get("CONTENT") or "-")
    return "".join(parts)


def _texts(root: Any, *names: str) -> str:  # noqa: ANN401
    return " ".join(element.text or "" for element in root.iter() if local_name(element) in names)


ALTO = Format(
    "ALTO",
    is_alto,
    read_alto,
    {
        "text": "TextBlock, String@CONTENT, String@SUBS_CONTENT",
        "page": "Page@PRINTED_IMG_NR, Page@PHYSICAL_IMG_NR",
        "id": "fileIdentifier",
        "lang": "TextBlock@LANG",
    },
)
