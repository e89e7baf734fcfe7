"""The query as a tree of our own; adapters translate it to their engine.

Leaves keep the surface text the user typed (NFC, no quotes or operators); making index terms of it
is the business of ``search.text.analyzer``, so that every engine matches the same words.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FieldName(StrEnum):
    """The fields a query can name."""

    TITLE = "title"
    SOURCE = "source"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Word:
    """One word, compared by its stem."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, side by side, compared folded but not stemmed."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """All words within ``distance`` words of each other, in any order, not stemmed."""

    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins so, not stemmed."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Any word of this shape: ``*`` stands for any letters, ``?`` for one; not stemmed."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Any word within ``distance`` edits (1 or 2), not stemmed."""

    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class DateRange:
    """Articles whose date may lie in ``first``..``last``, both included; ``None`` is an open end."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Field:
    """``node``, a leaf, matched in one field only."""

    name: FieldName
    node: "Leaf"


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds for the article."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds for the article."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold for the article."""

    node: "Node"


Pattern = Prefix | Wildcard | Fuzzy
Leaf = Word | Phrase | Near | Pattern
Node = Leaf | DateRange | Field | And | Or | Not


@dataclass(frozen=True, slots=True)
class RankingWord:
    """A leaf that ranks articles, with its boost (1.0 unless the user wrote ``^``)."""

    leaf: Leaf
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """A query understood.

    ``words`` rank and never exclude: the soft words and the positive words of the constraints, in the
    order typed. ``constraint`` must hold for the article on every leg; ``None`` when there is none.
    ``text`` is what the semantic leg encodes: the words alone, without operators and fields.
    """

    raw: str
    words: tuple[RankingWord, ...]
    constraint: Node | None
    text: str
