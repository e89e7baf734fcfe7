"""The parts of a query while it is read: the constraint and the ranking words of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from search.query.ast import Leaf, Node, RankingWord
from search.query.boolean import all_of, any_of


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the query: articles must match ``node``, unless the item is ``soft``.

    ``words`` rank, in the order typed. ``negated`` are words under a negation; they do not rank.
    """

    node: Node
    words: tuple[RankingWord, ...] = ()
    negated: tuple[RankingWord, ...] = ()
    soft: bool = False


Items = tuple[Item, ...]


def soft(leaf: Leaf) -> Items:
    """A leaf that ranks and forbids nothing."""
    return (Item(leaf, (RankingWord(leaf),), soft=True),)


def combined(join: Callable[[Sequence[Node]], Node], operands: Sequence[Items]) -> Items:
    """One item of several operands."""
    items = tuple(chain.from_iterable(operands))
    node = join([required(operand) for operand in operands])
    return (Item(node, words(items), negated(items)),)


def required(items: Items) -> Node:
    """The constraint of items as an operand: one of them when all are soft, else all of them."""
    nodes = [item.node for item in items]
    return any_of(nodes) if all(item.soft for item in items) else all_of(nodes)


def words(items: Items) -> tuple[RankingWord, ...]:
    """The words of items that rank."""
    return tuple(word for item in items for word in item.words)


def negated(items: Items) -> tuple[RankingWord, ...]:
    """The words of items under a negation."""
    return tuple(word for item in items for word in item.negated)


def scaled(words: tuple[RankingWord, ...], factor: float) -> tuple[RankingWord, ...]:
    """The words with their boosts multiplied."""
    return tuple(replace(word, boost=word.boost * factor) for word in words)
