"""The syntax tree of a query; each backend translates it.

Leaves hold the text that the user typed (NFC, no quotes or operators). ``search.text.analyzer`` turns it
into index terms, so that every backend matches the same words.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FieldName(StrEnum):
    """The fields that a query can name."""

    TITLE = "title"
    SOURCE = "source"
    SECTION = "section"
    AUTHOR = "author"
    PAGE = "page"
    PLACE = "place"
    KEYWORD = "keyword"


@dataclass(frozen=True, slots=True)
class Word:
    """One word, compared by its stem."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent words in this order, compared folded but not stemmed."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """All words within ``distance`` words of each other, in any order, not stemmed."""

    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word with this beginning, not stemmed."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Any word that matches the pattern, not stemmed: ``*`` stands for any letters, ``?`` for one."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Any word within ``distance`` edits (1 or 2), not stemmed."""

    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class DateRange:
    """Articles whose date may lie from ``first`` to ``last``, both included; ``None`` is an open end."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class InDossier:
    """Articles in the user's dossier of this name; ``*`` is any dossier."""

    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """Articles that the user has read."""


@dataclass(frozen=True, slots=True)
class ArticleKeys:
    """The articles with these keys: what ``InDossier`` and ``Read`` become before an index is asked."""

    keys: frozenset[int]


@dataclass(frozen=True, slots=True)
class Field:
    """A leaf that is matched in one field only."""

    name: FieldName
    node: "Leaf"


class Unit(StrEnum):
    """A part of a text; the title and the body are never in one part."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Close:
    """One stretch of words at most ``distance`` words from another; ``ordered``: the second comes after.

    The distance from one word to the next one is 1.
    """

    first: "Node"
    second: "Node"
    distance: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Together:
    """Two stretches of words in one sentence or one paragraph, in any order."""

    first: "Node"
    second: "Node"
    unit: Unit


@dataclass(frozen=True, slots=True)
class Opening:
    """A stretch of words that ends within the first ``words`` words of the body."""

    node: "Node"
    words: int


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A stretch of words that occurs at least ``count`` times, in title and body together."""

    node: "Node"
    count: int


@dataclass(frozen=True, slots=True)
class WordCount:
    """Articles of ``least`` to ``most`` words, title and body together; ``None`` is an open end."""

    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class And:
    """The article matches every part."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """The article matches at least one part."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The article does not match the part."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class Among:
    """The article matches at least ``count`` of the parts; there are more parts, and ``count`` is above 1."""

    nodes: tuple["Node", ...]
    count: int


Pattern = Prefix | Wildcard | Fuzzy
Leaf = Word | Phrase | Near | Pattern
ArticleSet = InDossier | Read
Placed = Close | Together | Opening | AtLeast
"""What depends on the places of words in the text; its parts are leaves, ``Or``, and ``Placed``."""
Node = Leaf | Placed | DateRange | WordCount | ArticleSet | ArticleKeys | Field | And | Or | Not | Among


@dataclass(frozen=True, slots=True)
class RankingWord:
    """A leaf that ranks articles, with its boost (1.0 without ``^``)."""

    leaf: Leaf
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    ``words`` rank articles and never exclude one: the soft words and the positive words of the
    constraints, in the order typed. Every result of every leg matches ``constraint``; ``None`` is no
    constraint. ``text`` is what the semantic leg encodes: the words without operators and fields.
    """

    raw: str
    words: tuple[RankingWord, ...]
    constraint: Node | None
    text: str
