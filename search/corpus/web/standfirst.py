"""Where an article begins in its page, and the standfirst that lies between its title and its text."""

import re
from collections.abc import Iterator
from itertools import dropwhile, islice
from typing import Any

from search.corpus.prose import collapsed

_WORDS = (
    "abstract|catchline|dek|desc|description|excerpt|hat|intro|introduction|lead|lede|subhead|subheading|subheadline"
    "|subtitle|summary|sous-?titre"
)
_CLASS = re.compile(rf"accroche|chapeau|chapo|standfirst|(?:^|[\s_-])(?:{_WORDS})(?:$|[\s_-])")
_OTHER_CLASS = re.compile(
    r"author|auteur|bio|blog|caption|comment|image|legende|media|photo|picture|site|video"
)
_NAMING = ("class", "itemprop", "data-testid")
_AROUND = ("article", "main")
_BESIDE = frozenset(("aside", "nav", "footer", "figure", "figcaption", "form"))
_CREDIT = re.compile(r"(?:crédits?|photos?|illustration)\b\W|©", re.IGNORECASE)
_ELEMENTS_LIMIT = 2000  # that lie between a title and its text
_LENGTHS = range(15, 1500)
_PIECE = 60  # letters by which a description is known in the text
_OPENING = 40  # characters by which the first paragraph is known


def article_scope(tree: Any) -> Any:  # noqa: ANN401 - elements of lxml, which is untyped
    """The element around the article and its title; the whole page where none can be found."""
    title = tree.find(".//h1")
    around = next(title.iterancestors(*_AROUND), None) if title is not None else tree.find(".//article")
    return tree if around is None else around


def visible_standfirst(scope: Any, title: str, text: str) -> str:  # noqa: ANN401
    """The standfirst that readers see between the title and the text; ``""`` where there is none."""
    known, first = collapsed(text), collapsed(text.partition("\n\n")[0])
    for element in islice(_below_title(scope, title), _ELEMENTS_LIMIT):
        if _is_named(element) and not _is_beside(element):
            standfirst = collapsed(element.text_content())
            around_text = known[:_OPENING] in standfirst and standfirst != first
            if len(standfirst) in _LENGTHS and not around_text and not _CREDIT.match(standfirst):
                return standfirst
        start = _start(element)
        if len(start) == _OPENING and start in known and element.find(".//p") is None:
            break  # here the text begins
    return ""


def described_standfirst(description: str, text: str) -> str:
    """The description that a page gives of itself, unless it is only a piece of the text."""
    letters = _letters(description)
    return "" if letters[:_PIECE] in _letters(text) else description


def _below_title(scope: Any, title: str) -> Iterator[Any]:  # noqa: ANN401
    """The elements after the title; all where it cannot be found."""
    titles = [heading for heading in scope.iter("h1", "h2") if collapsed(heading.text_content()) == title]
    first = titles[0] if titles else scope.find(".//h1")
    elements: Iterator[Any] = scope.iter("h1", "h2", "p", "div", "section", "span", "strong")
    if first is not None:
        next(dropwhile(lambda element: element is not first, elements))
    return elements


def _is_named(element: Any) -> bool:  # noqa: ANN401
    """Whether an element has a class, or another name, that papers give to a standfirst."""
    name = " ".join(element.get(attribute) or "" for attribute in _NAMING).lower()
    return _CLASS.search(name) is not None and not _OTHER_CLASS.search(name)


def _is_beside(element: Any) -> bool:  # noqa: ANN401
    return any(
        ancestor.tag in _BESIDE or "comment" in (ancestor.get("class") or "")
        for ancestor in element.iterancestors()
    )


def _start(element: Any) -> str:  # noqa: ANN401
    """The first characters of an element's text."""
    parts, length = [], 0
    for part in element.itertext():
        parts.append(part)
        length += len(part.strip())
        if length > _OPENING:
            break
    return collapsed("".join(parts))[:_OPENING]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
