"""Relaxations of a query that finds nothing: the same query with fewer constraints."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from search.query.ast import And, DateRange, Leaf, Near, Node, Not, Or, Phrase, Query, RankingWord, Word
from search.query.boolean import all_of, conjuncts
from search.query.plain import words_text
from search.query.printer import ranking_leaves, to_text

_PIECE = re.compile(r"\d+(?:,\d+)+|[^\W_]+(?:['’.-][^\W_]+)*")
_MAX_DROPS = 16  # constraints that are dropped one by one: each needs the text of a new query
_OPERATORS = ("ET", "OU", "SAUF", "AND", "OR", "NOT")


class RelaxationKind(StrEnum):
    """What a relaxation drops: one constraint, all dates, or all constraints."""

    DROP = "drop"
    WIDER_DATES = "wider dates"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A query with fewer constraints; ``dropped`` is the dropped one, None when all are dropped."""

    kind: RelaxationKind
    dropped: Node | None
    query: Query


def relaxations(query: Query) -> tuple[Relaxation, ...]:
    """Drop each of the first constraints in turn, then all dates, then all constraints.

    The ranking words of a dropped constraint become soft words. ``raw`` of each query is its text; no
    text is blank or occurs twice.
    """
    constraints = conjuncts(query.constraint)
    dates = [constraint for constraint in constraints if _is_date(constraint)]
    candidates = [
        Relaxation(RelaxationKind.DROP, constraint, _without(query, [constraint]))
        for constraint in constraints[:_MAX_DROPS]
        if constraint not in dates
    ]
    if dates:
        candidates.append(Relaxation(RelaxationKind.WIDER_DATES, all_of(dates), _without(query, dates)))
    if constraints:
        candidates.append(Relaxation(RelaxationKind.SOFT, None, _without(query, constraints)))
    by_text: dict[str, Relaxation] = {}
    for relaxation in candidates:
        by_text.setdefault(relaxation.query.raw, relaxation)
    by_text.pop("", None)
    return tuple(by_text.values())


def _without(query: Query, dropped: Sequence[Node]) -> Query:
    others = [constraint for constraint in conjuncts(query.constraint) if constraint not in dropped]
    required = ranking_leaves(*others)
    by_leaf: dict[Leaf, RankingWord] = {}
    for word in query.words:
        leaves = [word.leaf] if word.leaf in required else _soft(word.leaf)
        for leaf in leaves:
            by_leaf.setdefault(leaf, replace(word, leaf=leaf))
    words = _in_writable_order(list(by_leaf.values()), others)
    relaxed = Query("", words, all_of(others) if others else None, words_text(words))
    return replace(relaxed, raw=to_text(relaxed))


def _in_writable_order(words: list[RankingWord], constraints: Sequence[Node]) -> tuple[RankingWord, ...]:
    """The words in their order; if a text cannot have that order, the words of the constraints come last."""
    leaves = [word.leaf for word in words]
    required = ranking_leaves(*constraints)
    groups = [[leaf for leaf in ranking_leaves(each) if leaf in leaves] for each in constraints]
    groups = [group for group in groups if group]
    runs = [leaves[leaves.index(group[0]) :][: len(group)] for group in groups]
    if [leaf for leaf in leaves if leaf in required] == required and runs == groups:
        return tuple(words)
    places = {leaf: place for place, leaf in enumerate(required)}
    return tuple(sorted(words, key=lambda word: places.get(word.leaf, -1)))


def _is_date(node: Node) -> bool:
    match node:
        case And(nodes) | Or(nodes):
            return all(map(_is_date, nodes))
        case Not(negated):
            return _is_date(negated)
        case _:
            return isinstance(node, DateRange)


def _soft(leaf: Leaf) -> Iterator[Leaf]:
    """The soft form of a leaf: the words of a phrase one by one."""
    if not isinstance(leaf, Phrase | Near):
        yield leaf
        return
    for piece in _PIECE.findall(leaf.text):
        yield Word(piece.lower() if piece in _OPERATORS else piece)
