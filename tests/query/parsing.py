"""The parts of a parsed query, read on a fixed day."""

from datetime import date

from search.query.ast import Leaf, Node
from search.query.parser import parse

TODAY = date(2023, 9, 15)


def constraint(text: str) -> Node | None:
    """What every answer to the query must meet."""
    return parse(text, TODAY).constraint


def ranking(text: str) -> list[Leaf]:
    """What the query ranks by, in order."""
    return [word.leaf for word in parse(text, TODAY).words]
