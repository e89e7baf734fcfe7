"""What a page says of its article in JSON-LD."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_SCRIPTS = './/script[@type="application/ld+json"]'
_KINDS = ("article", "blogposting", "report")
_DEPTH_LIMIT = 4
_SCRIPTS_LIMIT = 50


def article_data(tree: Any) -> Mapping[str, object]:  # noqa: ANN401 - an element of lxml, which is untyped
    """The first object of a page that is an article, as schema.org has it; empty where there is none."""
    return next(filter(_is_article, _all(tree)), {})


def breadcrumb(tree: Any) -> list[str]:  # noqa: ANN401
    """The names on the way from the front page to a page, both included; empty where there is none."""
    for item in _all(tree):
        places = item.get("itemListElement")
        if item.get("@type") == "BreadcrumbList" and isinstance(places, list):
            steps = [place for place in places if isinstance(place, dict)]
            return [name for step in steps for name in names([step, step.get("item")])[:1]]
    return []


def names(value: object) -> list[str]:
    """The names in a text, in an object with a name, or in a list of both."""
    items = value if isinstance(value, list) else [value]
    values = (item.get("name") if isinstance(item, dict) else item for item in items)
    each = (name for one in values for name in (one if isinstance(one, list) else [one]))
    return [name.strip() for name in each if isinstance(name, str) and name.strip()]


def is_false(value: object) -> bool:
    """Whether a value says no: pages write it as JSON or as a text."""
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def _all(tree: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401
    for script in tree.findall(_SCRIPTS)[:_SCRIPTS_LIMIT]:
        yield from _objects(_decoded(script.text or ""), _DEPTH_LIMIT)


def _decoded(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: object, depth: int) -> Iterator[dict[str, object]]:
    """The objects in a value, from the outside to the inside."""
    if depth == 0:
        return
    if isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth - 1)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item, depth - 1)


def _is_article(value: Mapping[str, object]) -> bool:
    kinds = value.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind.lower().endswith(_KINDS) for kind in listed)
