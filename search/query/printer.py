"""Queries back to text: what was understood, for the reader, and a canonical form that parses back."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from search.query.ast import (
    And,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    RankingWord,
    Wildcard,
    Word,
)
from search.query.boolean import all_of, conjuncts
from search.text.dates import partial_date

_FIELD_LABELS = {FieldName.TITLE: "titre", FieldName.SOURCE: "source", FieldName.SECTION: "rubrique"}
_LENGTHS = (4, 7, 10)  # characters of a year, a month and a day
_QUOTES = (('"', '"'), ("«", "»"), ("“", "”"))

Boosts = Mapping[Leaf, float]


def understood(query: Query) -> str:
    """Say what the query means: the soft words, then what is demanded, then each filter, between dots."""
    boosts = _boosts(query)
    demands = conjuncts(query.constraint)
    demanded = ranking_leaves(*demands)
    soft = [_leaf(word.leaf, boosts) for word in query.words if word.leaf not in demanded]
    content = [node for node in demands if not is_filter(node)]
    filters = [_node(node, boosts) for node in demands if is_filter(node)]
    sections = [" ".join(soft), _demand(all_of(content), boosts) if content else "", *filters]
    return " · ".join(section for section in sections if section)


def to_text(query: Query) -> str:
    """Write a query so that parsing it gives the same words, constraint and text.

    Equal queries give equal text. A plain question that was restricted loses its punctuation.
    """
    if query.constraint is None and all(_is_plain(word) for word in query.words):
        return query.text
    boosts = _boosts(query)
    demands = conjuncts(query.constraint)
    demanded = ranking_leaves(*demands)
    pending = [word.leaf for word in query.words]
    parts: list[str] = []
    for demand in demands:
        while pending and (pending[0] not in demanded or not _comes_next(demand, pending)):
            parts.append(_leaf(pending.pop(0), boosts))
        parts.append(_demand(demand, boosts))
        pending = [leaf for leaf in pending if leaf not in ranking_leaves(demand)]
    return " ".join([*parts, *(_leaf(leaf, boosts) for leaf in pending)])


def _is_plain(word: RankingWord) -> bool:
    return isinstance(word.leaf, Word) and word.boost == 1


def _comes_next(demand: Node, pending: list[Leaf]) -> bool:
    """Whether writing ``demand`` now keeps the words in order."""
    due = [leaf for leaf in ranking_leaves(demand) if leaf in pending]
    return pending[: len(due)] == due


def ranking_leaves(*nodes: Node) -> list[Leaf]:
    """The leaves of constraints that rank, once each, in order."""
    return list(dict.fromkeys(leaf for node in nodes for leaf in _leaves(node, 1)))


def _leaves(node: Node, sign: int) -> Iterator[Leaf]:
    """The leaves under an even number of negations (``sign`` 1) or an odd one (-1) that rank."""
    match node:
        case And(nodes) | Or(nodes):
            for part in nodes:
                yield from _leaves(part, sign)
        case Not(negated):
            yield from _leaves(negated, -sign)
        case Field(FieldName.TITLE, leaf):
            yield from _leaves(leaf, sign)
        case Field() | DateRange():
            return
        case leaf if sign > 0:
            yield leaf


def is_filter(node: Node) -> bool:
    """Whether a constraint names nothing but sources, sections and dates."""
    match node:
        case And(nodes) | Or(nodes):
            return all(is_filter(part) for part in nodes)
        case Not(negated):
            return is_filter(negated)
        case Field(name):
            return name is not FieldName.TITLE
        case _:
            return isinstance(node, DateRange)


def _boosts(query: Query) -> Boosts:
    return {word.leaf: word.boost for word in query.words if word.boost != 1}


def _demand(node: Node, boosts: Boosts) -> str:
    """A whole constraint; what would be soft if it stood alone is given a sign."""
    sign = "+" if isinstance(node, Word | Prefix | Wildcard | Fuzzy) else ""
    return sign + _node(node, boosts)


def _node(node: Node, boosts: Boosts) -> str:
    match node:
        case And(nodes):
            return " ET ".join(_bracketed(part, boosts) for part in nodes)
        case Or(nodes):
            return " OU ".join(_node(part, boosts) for part in nodes)
        case Not(negated):
            return f"SAUF {_bracketed(negated, boosts)}"
        case Field(FieldName.TITLE, leaf):
            return f"titre:{_leaf(leaf, boosts)}"
        case Field(name, leaf):
            return f"{_FIELD_LABELS[name]}:{_leaf(leaf, {})}"
        case DateRange():
            return _days(node)
        case leaf:
            return _leaf(leaf, boosts)


def _bracketed(node: Node, boosts: Boosts) -> str:
    text = _node(node, boosts)
    return f"({text})" if isinstance(node, And | Or) else text


def _days(days: DateRange) -> str:
    """A range of dates, as a whole year, month or day where it is one."""
    if days.first is not None and days.last is not None:
        for length in _LENGTHS:
            short = str(days.first)[:length]
            whole = partial_date(short)
            if (whole.first, whole.last) == (days.first, days.last):
                return f"date:{short}"
    return f"date:{days.first or ''}..{days.last or ''}"


def _leaf(leaf: Leaf, boosts: Boosts) -> str:
    boost = f"^{Decimal(str(boosts[leaf])).normalize():f}" if leaf in boosts else ""
    return leaf_text(leaf) + boost


def leaf_text(leaf: Leaf) -> str:
    """A leaf as a query writes it."""
    match leaf:
        case Word(text):
            return text
        case Phrase(text):
            return _quoted(text)
        case Near(text, distance):
            return f"{_quoted(text)}~{distance}"
        case Prefix(text):
            return f"{text}*"
        case Wildcard(pattern):
            # Brackets, since a question mark that ends the query is punctuation.
            return f"({pattern})" if pattern.endswith("?") else pattern
        case Fuzzy(text, distance):
            return f"{text}~{distance}"


def _quoted(text: str) -> str:
    opening, closing = next(pair for pair in _QUOTES if pair[1] not in text)
    return f"{opening}{text}{closing}"
