"""Where an article begins in its page, and the standfirst that lies between its title and its text."""

import re
from itertools import dropwhile
from typing import Any

_NAMES = "accroche|catchline|chapeau|chapo|dek|desc|description|excerpt|intro|lead|lede|standfirst|subhead"
_CLASS = re.compile(rf"(?:^|[\s_-])(?:{_NAMES}|summary|sous-?titre|subtitle)(?:$|[\s_-])")
_AROUND = ("article", "main")
_BESIDE = frozenset(("aside", "nav", "footer", "figure", "figcaption", "form"))
_LENGTHS = range(15, 1500)
_PIECE = 60  # letters by which a description is known in the text
_OPENING = 40  # characters by which the first paragraph is known


def article_scope(tree: Any) -> Any:  # noqa: ANN401 - elements of lxml, which is untyped
    """The element around the article and its title; the whole page where none can be found."""
    title = tree.find(".//h1")
    around = next(title.iterancestors(*_AROUND), None) if title is not None else tree.find(".//article")
    return tree if around is None else around


def visible_standfirst(scope: Any, text: str) -> str:  # noqa: ANN401
    """The standfirst that readers see between the title and the text; ``""`` where there is none."""
    opening = _collapsed(text[: 4 * _OPENING])[:_OPENING]
    elements = scope.iter("h1", "h2", "p", "div", "section", "span")
    if scope.find(".//h1") is not None:
        elements = dropwhile(lambda element: element.tag != "h1", elements)
    for element in elements:
        if element.tag != "h1" and _CLASS.search((element.get("class") or "").lower()):
            standfirst = _collapsed(element.text_content())
            if len(standfirst) in _LENGTHS and not _is_beside(element):
                return standfirst
        if opening and element.find(".//p") is None and _start(element).startswith(opening):
            break
    return ""


def said_standfirst(description: str, text: str) -> str:
    """The description that a page gives of itself, unless it is only a piece of the text."""
    letters = _letters(description)
    return "" if letters[:_PIECE] in _letters(text) else description


def _is_beside(element: Any) -> bool:  # noqa: ANN401
    return any(ancestor.tag in _BESIDE for ancestor in element.iterancestors())


def _start(element: Any) -> str:  # noqa: ANN401
    """The first characters of an element's text."""
    parts, length = [], 0
    for part in element.itertext():
        parts.append(part)
        length += len(part.strip())
        if length > _OPENING:
            break
    return _collapsed("".join(parts))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _collapsed(text: str) -> str:
    return " ".join(text.split())
