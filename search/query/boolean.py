"""Build constraints that are flat, without repetition and without double negation."""

from collections.abc import Iterator, Sequence

from search.query.ast import Among, And, Node, Not, Or


def all_of(nodes: Sequence[Node]) -> Node:
    """The conjunction of at least one node; merges nested ``And`` and removes repeated parts."""
    parts = tuple(dict.fromkeys(part for node in nodes for part in conjuncts(node)))
    return And(parts) if len(parts) > 1 else parts[0]


def any_of(nodes: Sequence[Node]) -> Node:
    """The disjunction of at least one node; merges nested ``Or`` and removes repeated parts."""
    merged = (part for node in nodes for part in (node.nodes if isinstance(node, Or) else (node,)))
    parts = tuple(dict.fromkeys(merged))
    return Or(parts) if len(parts) > 1 else parts[0]


def negation(node: Node) -> Node:
    """The negation of a node; a double negation cancels."""
    return node.node if isinstance(node, Not) else Not(node)


def conjuncts(constraint: Node | None) -> tuple[Node, ...]:
    """The parts of a conjunction, in order; none for no constraint."""
    if constraint is None:
        return ()
    return constraint.nodes if isinstance(constraint, And) else (constraint,)


def leaves(node: Node) -> Iterator[Node]:
    """The nodes below every conjunction, disjunction, list and negation, in order."""
    match node:
        case And(nodes) | Or(nodes) | Among(nodes):
            for part in nodes:
                yield from leaves(part)
        case Not(negated):
            yield from leaves(negated)
        case _:
            yield node
