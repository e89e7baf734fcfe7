"""Requests to the engine over the articles of ``tests.press``, with all copies listed."""

from datetime import date

from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Copies, Hits, Mode, Sort
from tests.press import PRESS

TODAY = date(2023, 9, 13)
IDS = [article.id for article in PRESS]


def request_of(
    text: str, mode: Mode = Mode.HYBRID, sort: Sort = Sort.RELEVANCE, limit: int = 50, offset: int = 0
) -> Request:
    return Request(parse(text, TODAY), mode, sort, limit, offset, copies=Copies.LISTED)


def shown(answer: Hits) -> list[str]:
    """The ids of the results and of the nearest articles after them, in order."""
    return [result.article.id for result in answer.shown]
