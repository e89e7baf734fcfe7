"""Queries as text: a description for the reader, and a canonical form that parses to the same query."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from search.query.ast import (
    Among,
    And,
    ArticleKeys,
    AtLeast,
    Close,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    InDossier,
    Leaf,
    Near,
    Node,
    Not,
    Opening,
    Or,
    Phrase,
    Placed,
    Prefix,
    Query,
    RankingWord,
    Read,
    Together,
    Wildcard,
    Word,
    WordCount,
)
from search.query.boolean import all_of, conjuncts
from search.query.operators import UNIT_OPERATORS
from search.query.plain import words_text
from search.text.dates import partial_date

FIELD_LABELS = {
    FieldName.TITLE: "titre",
    FieldName.SOURCE: "source",
    FieldName.SECTION: "rubrique",
    FieldName.AUTHOR: "auteur",
    FieldName.PAGE: "page",
    FieldName.PLACE: "lieu",
    FieldName.KEYWORD: "mot-clé",
}
_LENGTHS = (4, 7, 10)  # characters of a year, a month and a day
_BARE = re.compile(r"\*|(?!(?:ET|OU|SAUF|AND|OR|NOT)\b)[^\W_]+(?:-[^\W_]+)*")
"""The name of a dossier that is read as one word."""
_QUESTION = re.compile(r"\?(?:$|[.+-])")
"""In a pattern, what would be punctuation at the end of a query, with filters after it or without."""
_SAID = re.compile(r"[^\s·()«»\"“”,;:!?.…]+")
_QUOTES = (('"', '"'), ("«", "»"), ("“", "”"))

Boosts = Mapping[Leaf, float]


def understood(query: Query) -> str:
    """Describe a query: its soft words, its constraints, and each filter, separated by dots."""
    boosts = _boosts(query)
    constraints = conjuncts(query.constraint)
    required = ranking_leaves(*constraints)
    soft = [_leaf(word.leaf, boosts) for word in query.words if word.leaf not in required]
    content = [node for node in constraints if not is_filter(node)]
    filters = [_node(node, boosts) for node in constraints if is_filter(node)]
    sections = [" ".join(soft), _constraint(all_of(content), boosts) if content else "", *filters]
    return " · ".join(section for section in sections if section)


def reading(query: Query) -> str:
    """What ``understood`` says of the words and operators where the typed text does not say it, else ``""``.

    Order, case, blanks, quotation marks and punctuation do not count. Filters are left out: whoever shows
    a reading lists them beside it, with their dates resolved to days.
    """
    content = [node for node in conjuncts(query.constraint) if not is_filter(node)]
    text = understood(replace(query, constraint=all_of(content) if content else None))
    return text if _said(text) - _said(query.raw) else ""


def _said(text: str) -> set[str]:
    """The words and operators in a text."""
    return set(_SAID.findall(text.casefold().replace("’", "'")))


def to_text(query: Query) -> str:
    """Write a query as text that parses to the same words, constraint and text.

    Equal queries give equal text. A question comes after its filters: there its question mark is none of
    the last word.
    """
    boosts = _boosts(query)
    constraints = conjuncts(query.constraint)
    required = ranking_leaves(*constraints)
    if query.text != words_text(query.words) and not required and all(map(_is_plain, query.words)):
        return " ".join([*(_constraint(constraint, boosts) for constraint in constraints), query.text])
    pending = [word.leaf for word in query.words]
    parts: list[str] = []
    for constraint in constraints:
        while pending and (pending[0] not in required or not _keeps_order(constraint, pending)):
            parts.append(_leaf(pending.pop(0), boosts))
        parts.append(_constraint(constraint, boosts))
        pending = [leaf for leaf in pending if leaf not in ranking_leaves(constraint)]
    return " ".join([*parts, *(_leaf(leaf, boosts) for leaf in pending)])


def _is_plain(word: RankingWord) -> bool:
    return isinstance(word.leaf, Word) and word.boost == 1


def _keeps_order(constraint: Node, pending: list[Leaf]) -> bool:
    """Whether the words stay in order when the constraint is written now."""
    leaves = [leaf for leaf in ranking_leaves(constraint) if leaf in pending]
    return pending[: len(leaves)] == leaves


def ranking_leaves(*nodes: Node) -> list[Leaf]:
    """The ranking leaves of constraints, in order, each once."""
    return list(dict.fromkeys(leaf for node in nodes for leaf in _leaves(node, 1)))


def _leaves(node: Node, sign: int) -> Iterator[Leaf]:
    """The ranking leaves of a node; ``sign`` is 1 under an even number of negations, -1 under an odd one."""
    match node:
        case And(nodes) | Or(nodes) | Among(nodes):
            for part in nodes:
                yield from _leaves(part, sign)
        case Close(first, second) | Together(first, second):
            yield from _leaves(first, sign)
            yield from _leaves(second, sign)
        case Opening(inner) | AtLeast(inner):
            yield from _leaves(inner, sign)
        case Not(negated):
            yield from _leaves(negated, -sign)
        case Field(FieldName.TITLE, leaf):
            yield from _leaves(leaf, sign)
        case Field() | DateRange() | WordCount() | InDossier() | Read() | ArticleKeys():
            return
        case leaf if sign > 0:
            yield leaf


def is_filter(node: Node) -> bool:
    """Whether a constraint names only dates and what articles say of themselves, not their words."""
    match node:
        case And(nodes) | Or(nodes) | Among(nodes):
            return all(is_filter(part) for part in nodes)
        case Not(negated):
            return is_filter(negated)
        case Field(name):
            return name is not FieldName.TITLE
        case _:
            return isinstance(node, DateRange | WordCount | InDossier | Read | ArticleKeys)


def _boosts(query: Query) -> Boosts:
    return {word.leaf: word.boost for word in query.words if word.boost != 1}


def _constraint(node: Node, boosts: Boosts) -> str:
    """A whole constraint; a leaf that would be soft on its own gets a sign."""
    sign = "+" if isinstance(node, Word | Prefix | Wildcard | Fuzzy) else ""
    return sign + _node(node, boosts)


def _node(node: Node, boosts: Boosts) -> str:
    match node:
        case And(nodes):
            return " ET ".join(_bracketed(part, boosts) for part in nodes)
        case Or(nodes):
            return _one_of(nodes, boosts)
        case Among(nodes, count):
            return f"PARMI_{count}({', '.join(_bracketed(part, boosts) for part in nodes)})"
        case Close() | Together() | Opening() | AtLeast():
            return _placed(node, boosts)
        case Not(Read()):
            return "lu:non"
        case Not(negated):
            return f"SAUF {_bracketed(negated, boosts)}"
        case _:
            return _condition_on_one(node, boosts)


def _condition_on_one(node: Node, boosts: Boosts) -> str:
    """A condition that is not made of others."""
    match node:
        case Field(name, leaf):
            return f"{FIELD_LABELS[name]}:{_leaf(leaf, boosts if name is FieldName.TITLE else {})}"
        case DateRange():
            return _days(node)
        case WordCount(least, most):
            return _word_count(least, most)
        case InDossier(name):
            return f"dossier:{name if _BARE.fullmatch(name) else _quoted(name)}"
        case Read():
            return "lu:oui"
        case ArticleKeys(keys):
            return f"{len(keys)} articles"
        case Word() | Phrase() | Near() | Prefix() | Wildcard() | Fuzzy():
            return _leaf(node, boosts)
        case _:
            raise TypeError(node)


def _bracketed(node: Node, boosts: Boosts) -> str:
    text = _node(node, boosts)
    return f"({text})" if isinstance(node, And | Or) else text


def _placed(node: Placed, boosts: Boosts) -> str:
    """An operator on places; a chain of them is read from left to right."""
    match node:
        case Opening(inner, words):
            return f"PREMIERS_{words} {_operand(inner, boosts)}"
        case AtLeast(inner, count):
            return f"AU_MOINS_{count} {_operand(inner, boosts)}"
        case Close(first, second, distance, ordered):
            operator = f"{'ADJ' if ordered else 'PROCHE'}{distance}"
        case Together(first, second, unit):
            operator = UNIT_OPERATORS[unit]
    left = _placed(first, boosts) if isinstance(first, Close | Together) else _operand(first, boosts)
    return f"{left} {operator} {_operand(second, boosts)}"


def _operand(node: Node, boosts: Boosts) -> str:
    text = _node(node, boosts)
    return f"({text})" if isinstance(node, Or | Close | Together) else text


def _word_count(least: int | None, most: int | None) -> str:
    if least is None:
        return f"mots:<{most + 1}" if most is not None else "mots:>=0"
    if most is None:
        return f"mots:>{least - 1}" if least else "mots:>=0"
    return f"mots:{least}" if least == most else f"mots:{least}..{most}"


def _one_of(nodes: Sequence[Node], boosts: Boosts) -> str:
    """Alternatives; several values of one field, whose words do not rank, after its name."""
    fields = [node for node in nodes if isinstance(node, Field) and node.name is not FieldName.TITLE]
    if len(fields) == len(nodes) and len({field.name for field in fields}) == 1:
        return f"{FIELD_LABELS[fields[0].name]}:({' OU '.join(_leaf(field.node, {}) for field in fields)})"
    return " OU ".join(_node(node, boosts) for node in nodes)


def _days(days: DateRange) -> str:
    """A range of dates: as a year, month or day if it is one."""
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
    """A leaf in the query language."""
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
            return f"({pattern})" if _QUESTION.search(pattern) else pattern
        case Fuzzy(text, distance):
            # An address takes digits after its tilde for its own: only the bare tilde can follow one.
            return f"{text}~" if "://" in text else f"{text}~{distance}"


def _quoted(text: str) -> str:
    opening, closing = next(pair for pair in _QUOTES if pair[1] not in text)
    return f"{opening}{text}{closing}"
