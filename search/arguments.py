"""The arguments of the front door: plain values as the engine takes them, or UsageError."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TypedDict, TypeVar

from search.errors import Translatable, UsageError
from search.types import Article, Hit

_Choice = TypeVar("_Choice", bound=StrEnum)


class SearchOptions(TypedDict, total=False):
    """What a search can be asked beside its query: the names and values of ``Index.search``."""

    mode: str | None
    since: str | date | None
    before: str | date | None
    source: str | Sequence[str]
    section: str | Sequence[str]
    author: str | Sequence[str]
    place: str | Sequence[str]
    keyword: str | Sequence[str]
    page: str | Sequence[str]
    sort: str
    copies: str
    min_confidence: float


def choice(kind: type[_Choice], name: str, value: str) -> _Choice:
    """The member of an enumeration with this value."""
    try:
        return kind(value)
    except ValueError as exc:
        choices = ", ".join(kind)
        raise UsageError(Translatable("{} is {!r}; it must be one of: {}.", name, value, choices)) from exc


def count(name: str, value: int) -> int:
    """A number of hits."""
    if value < 0:
        raise UsageError(Translatable("{} is {}; it must be 0 or more.", name, value))
    return value


def share(name: str, value: float) -> float:
    """A number from 0 to 1."""
    if not 0.0 <= value <= 1.0:
        raise UsageError(Translatable("{} is {}; it must be from 0 to 1.", name, value))
    return value


def date_text(given: str | date | None) -> str | None:
    """A date as the query language takes it."""
    return None if given is None else str(given)


def values(given: str | Sequence[str]) -> Sequence[str]:
    """One value or several, as several."""
    return (given,) if isinstance(given, str) else given


def article_id(article: str | Article | Hit) -> str:
    """The id of an article."""
    if isinstance(article, Hit):
        return article.article.id
    return article.id if isinstance(article, Article) else article
