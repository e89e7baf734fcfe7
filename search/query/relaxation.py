"""Ways out of a query that finds nothing: the same with less demanded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from search.query.ast import And, DateRange, Leaf, Near, Node, Not, Or, Phrase, Query, RankingWord, Word
from search.query.boolean import all_of, conjuncts
from search.query.plain import spoken
from search.query.printer import ranking_leaves, to_text

_PIECE = re.compile(r"\d+(?:,\d+)+|[^\W_]+(?:['’.-][^\W_]+)*")
_MOST_DROPPED = 16  # demands that are left out one by one: writing each query takes as long as it is
_OPERATORS = ("ET", "OU", "SAUF", "AND", "OR", "NOT")


class RelaxationKind(StrEnum):
    """What a relaxation gives up: one demand, every date, or every demand."""

    DROP = "drop"
    WIDER_DATES = "wider dates"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A query that demands less; ``dropped`` is what it demands no more, None when that is everything."""

    kind: RelaxationKind
    dropped: Node | None
    query: Query


def relaxations(query: Query) -> tuple[Relaxation, ...]:
    """Each of the first demands left out in turn, then all dates, then all demands; none twice, none blank.

    The words of a demand left out stay as soft words where they rank. ``raw`` of each query is what
    the user would type for it.
    """
    demands = conjuncts(query.constraint)
    dates = [demand for demand in demands if _is_date(demand)]
    found = [
        Relaxation(RelaxationKind.DROP, each, _without(query, [each]))
        for each in demands[:_MOST_DROPPED]
        if each not in dates
    ]
    if dates:
        found.append(Relaxation(RelaxationKind.WIDER_DATES, all_of(dates), _without(query, dates)))
    if demands:
        found.append(Relaxation(RelaxationKind.SOFT, None, _without(query, demands)))
    first: dict[str, Relaxation] = {}
    for relaxation in found:
        first.setdefault(relaxation.query.raw, relaxation)
    first.pop("", None)
    return tuple(first.values())


def _without(query: Query, dropped: Sequence[Node]) -> Query:
    kept = [demand for demand in conjuncts(query.constraint) if demand not in dropped]
    demanded = ranking_leaves(*kept)
    softened: dict[Leaf, RankingWord] = {}
    for word in query.words:
        leaves = [word.leaf] if word.leaf in demanded else _soft(word.leaf)
        for leaf in leaves:
            softened.setdefault(leaf, replace(word, leaf=leaf))
    words = _writable(list(softened.values()), kept)
    relaxed = Query("", words, all_of(kept) if kept else None, spoken(words))
    return replace(relaxed, raw=to_text(relaxed))


def _writable(words: list[RankingWord], demands: Sequence[Node]) -> tuple[RankingWord, ...]:
    """The words in their order, or, where the demands that hold them cannot be written so, those last."""
    leaves = [word.leaf for word in words]
    demanded = ranking_leaves(*demands)
    due = [[leaf for leaf in ranking_leaves(demand) if leaf in leaves] for demand in demands]
    runs = [leaves[leaves.index(each[0]) :][: len(each)] for each in due if each]
    if [leaf for leaf in leaves if leaf in demanded] == demanded and runs == [each for each in due if each]:
        return tuple(words)
    places = {leaf: place for place, leaf in enumerate(demanded)}
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
    """The leaf as it may stand without being demanded: the words of a phrase one by one."""
    if not isinstance(leaf, Phrase | Near):
        yield leaf
        return
    for piece in _PIECE.findall(leaf.text):
        yield Word(piece.lower() if piece in _OPERATORS else piece)
