"""What a library says of an issue or an article, in MODS or Dublin Core."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from search.corpus.libraries.ark import ark
from search.corpus.markup import local_name
from search.corpus.names import natural

_UNTITLED = frozenset(("untitled", "sans titre", "[sans titre]", "ohne titel"))
_AUTHORS = frozenset(("", "aut", "author", "auteur", "cre", "creator"))
_OTHER_TITLES = frozenset(("abbreviated", "alternative", "translated", "uniform"))


@dataclass(frozen=True, slots=True)
class Description:
    """One description; ``""`` for what it does not say."""

    title: str = ""
    date: str = ""
    language: str = ""
    place: str = ""
    key: str = ""
    authors: tuple[str, ...] = ()


def describe(section: Any) -> Description:  # noqa: ANN401 - an element of lxml, which is untyped
    """The description in a section of metadata. Related works, such as the series, are not described."""
    elements: dict[str, list[Any]] = {}
    for element in _elements(section):
        elements.setdefault(local_name(element), []).append(element)

    def first(*names: str) -> str:
        texts = (_text(element) for name in names for element in elements.get(name, ()))
        return next(filter(None, texts), "")

    titles = [_title(info) for info in elements.get("titleinfo", ()) if info.get("type") not in _OTHER_TITLES]
    names = elements.get("name", ())
    return Description(
        title=" – ".join(filter(None, titles)) or ("" if titles else known_title(first("title"))),
        date=first("dateissued", "datecreated", "date"),
        language=first("languageterm", "language"),
        place=next(
            (_text(place) for place in elements.get("placeterm", ()) if place.get("type") != "code"), ""
        ),
        key=next(filter(None, (ark(_text(one)) for one in elements.get("identifier", ()))), ""),
        authors=tuple(filter(None, (_author(name) for name in names)))
        or tuple(natural(text) for one in elements.get("creator", ()) if (text := _text(one))),
    )


def _elements(element: Any) -> Iterator[Any]:  # noqa: ANN401
    for child in element:
        if local_name(child) not in ("relateditem", ""):
            yield child
            yield from _elements(child)


def _text(element: Any) -> str:  # noqa: ANN401
    return " ".join((element.text or "").split())


def known_title(title: str) -> str:
    """A title; ``""`` for the words that stand for none."""
    return "" if title.lower() in _UNTITLED else title


def _title(info: Any) -> str:  # noqa: ANN401
    """The title of one ``titleInfo``: its article, itself, and its subtitle after a colon."""
    parts = {local_name(part): _text(part) for part in info}
    title = known_title(" ".join(filter(None, (parts.get("nonsort"), parts.get("title")))))
    return " : ".join(filter(None, (title, parts.get("subtitle"))))


def _author(name: Any) -> str:  # noqa: ANN401
    """A name as it is spoken; ``""`` for somebody who is no author."""
    role = next((_text(element) for element in name.iter() if local_name(element) == "roleterm"), "")
    if role.lower() not in _AUTHORS:
        return ""
    parts = [part for part in name if local_name(part) == "namepart"]
    by_kind = {part.get("type"): _text(part) for part in parts}
    spoken = " ".join(filter(None, (by_kind.get("given"), by_kind.get("family"))))
    return spoken or natural(
        " ".join(_text(part) for part in parts if part.get("type") not in ("date", "termsOfAddress"))
    )
