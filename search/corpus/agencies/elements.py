"""Values of an XML tree by short paths, whatever its namespaces and prefixes."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from search.corpus.markup import text_of

Element = Any
"""An element of lxml, which is untyped."""

# An attribute at the end, not one of a condition: Property[@FormalName='City'].
_ATTRIBUTE = re.compile(r"@([\w:.-]+)$")
_XML = "{http://www.w3.org/XML/1998/namespace}"


def values(root: Element, place: str) -> list[str]:
    """What a place holds below an element, without blanks: ``head/title``, or ``head/doc-id@id-string``.

    The names of a path are local names; ``//`` stands for any depth. A path that is only an attribute is
    that of the element itself: ``@xml:lang``.
    """
    return list(_texts_at(root, place))


def value(root: Element, *places: str) -> str:
    """The first value of the first place that has one; ``""`` where there is none."""
    return next((text for place in places for text in _texts_at(root, place)), "")


def one_line(element: Element) -> str:
    """The text of an element on one line."""
    return " ".join(text_of(element).split())


def child(root: Element, path: str) -> Element:
    """The first element at a path of local names; None where there is none."""
    return root.find(_any_namespace(path))


def children(root: Element, path: str) -> list[Element]:
    """The elements at a path of local names."""
    return list(root.iterfind(_any_namespace(path)))


def _texts_at(root: Element, place: str) -> Iterator[str]:
    match = _ATTRIBUTE.search(place)
    path = place[: match.start()] if match else place
    for one in root.iterfind(_any_namespace(path)) if path else (root,):
        text = one.get(_qualified(match[1]), "") if match else one_line(one)
        if text.strip():
            yield text.strip()


@lru_cache(maxsize=256)
def _any_namespace(path: str) -> str:
    return "/".join(f"{{*}}{step}" if step not in ("", ".") else step for step in path.split("/"))


def _qualified(attribute: str) -> str:
    return attribute.replace("xml:", _XML)
