"""What a document says about itself, in the elements of Dublin Core and those that programs add."""

from collections.abc import Sequence
from typing import Any

from search.corpus.markup import local_name

_LONGEST = 10_000


def values(root: Any, *names: str) -> list[str]:  # noqa: ANN401 - an element of lxml, which is untyped
    """The texts of all elements with the first of these local names that has any, in order."""
    for name in names:
        texts = [
            (element.text or "").strip()[:_LONGEST] for element in root.iter() if local_name(element) == name
        ]
        if kept := [text for text in texts if text]:
            return kept
    return []


def first(texts: Sequence[str]) -> str:
    """The first of some texts; ``""`` where there is none."""
    return texts[0] if texts else ""
