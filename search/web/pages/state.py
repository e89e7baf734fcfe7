"""What an address asks for: every search and every article has an address, which is the only state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import quote, urlencode

from search.types import Copies, Mode, Sort

PAGE_SIZE = 20
"""How many hits a page of an answer has."""
_LAST = 10**9  # a place in an answer: more is a slip of the pen

_Choice = TypeVar("_Choice", Mode, Sort, Copies)


@dataclass(frozen=True, slots=True)
class SearchState:
    """A search: the query as typed, its filters in it, and which part of its answer is shown how."""

    query: str = ""
    mode: Mode = Mode.HYBRID
    sort: Sort = Sort.RELEVANCE
    copies: Copies = Copies.FOLDED
    offset: int = 0

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of its address; ``search_state`` reads them."""
        listed = {"copies": str(self.copies)} if self.copies is Copies.LISTED else {}
        later = {"offset": str(self.offset)} if self.offset else {}
        return {"q": self.query, "mode": str(self.mode), "sort": str(self.sort), **listed, **later}

    @property
    def address(self) -> str:
        """The path and the parameters of the search."""
        return address("/search", self.parameters)

    @property
    def first_page(self) -> "SearchState":
        """The same search from its first hit on."""
        return replace(self, offset=0)

    def page_with(self, place: int) -> "SearchState":
        """The same search at the page that holds a place of its answer, counted from 0."""
        return replace(self, offset=place // PAGE_SIZE * PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class ArticleState:
    """An article, and its place in the answer to a search; None where it is not read from one."""

    article_id: str
    search: SearchState
    place: int | None = None

    @property
    def address(self) -> str:
        """The path and the parameters of the article; ``article_state`` reads them."""
        placed = {} if self.place is None else {"place": str(self.place)}
        return address("/article", {"id": self.article_id, **self.search.first_page.parameters, **placed})


def address(path: str, parameters: Mapping[str, str]) -> str:
    """A path with these parameters; every character of them comes back as it was."""
    return f"{path}?{urlencode(parameters, quote_via=quote, safe='')}"


def search_state(parameters: Mapping[str, str], default_mode: Mode) -> SearchState:
    """The search of these parameters; what is missing or makes no sense has its default."""
    return SearchState(
        query=parameters.get("q", ""),
        mode=_choice(parameters.get("mode", ""), default_mode),
        sort=_choice(parameters.get("sort", ""), Sort.RELEVANCE),
        copies=_choice(parameters.get("copies", ""), Copies.FOLDED),
        offset=whole_number(parameters.get("offset", "")) or 0,
    )


def article_state(parameters: Mapping[str, str], default_mode: Mode) -> ArticleState:
    """The article of these parameters, read as ``search_state`` reads its search."""
    search = search_state(parameters, default_mode).first_page
    return ArticleState(parameters.get("id", ""), search, whole_number(parameters.get("place", "")))


def whole_number(text: str) -> int | None:
    """A number from 0 to a thousand million in ASCII digits; None for other text."""
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(_LAST))
    return min(int(text), _LAST) if digits else None


def _choice(text: str, default: _Choice) -> _Choice:
    try:
        return type(default)(text)
    except ValueError:
        return default
