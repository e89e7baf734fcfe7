"""Builds conditions from the parts of a foreign query; ``None`` is a part that could not be translated."""

import re
from collections.abc import Callable, Sequence
from functools import partial, reduce

from search.errors import Translatable
from search.query.ast import (
    And,
    AtLeast,
    Close,
    Field,
    FieldName,
    Fuzzy,
    Near,
    Node,
    Not,
    Opening,
    Or,
    Phrase,
    Prefix,
    Together,
    Wildcard,
    Word,
)
from search.query.boolean import all_of, any_of, negation
from search.query.operators import MAX_NUMBER, is_stretch
from search.query.translation.remarks import Remarks

Part = Node | None
_MIN_LETTERS = 2
_NOT_IN_FIELDS = Translatable("a field has no operators on places here: ET takes their place")
_LEAD_WORDS = 100
"""Words of the body that stand for a lead, which the index does not know."""


def conjunction(parts: Sequence[Part]) -> Part:
    """All of the parts that could be translated."""
    nodes = [part for part in parts if part is not None]
    return all_of(nodes) if nodes else None


def disjunction(parts: Sequence[Part]) -> Part:
    """One of the parts that could be translated."""
    nodes = [part for part in parts if part is not None]
    return any_of(nodes) if nodes else None


def exclusion(part: Part) -> Part:
    """Not the part."""
    return None if part is None else negation(part)


def pattern(text: str, written: str, position: int, remarks: Remarks) -> Part:
    """A word with ``*`` and ``?``, as it is ``written`` there; one with too few letters is left out."""
    if sum(map(str.isalnum, text)) < _MIN_LETTERS:
        remarks.left_out(written, position, Translatable("a pattern needs at least {} letters", _MIN_LETTERS))
        return None
    begin = re.fullmatch(r"([^*?]+)\*", text)
    return Prefix(begin[1]) if begin else Wildcard(text)


def in_a_row(parts: Sequence[Part], written: str, position: int, remarks: Remarks) -> Part:
    """Parts one after the other; words are one phrase."""
    joined = list[Part]()
    for part in parts:
        match joined[-1] if joined else None, part:
            case Phrase(before), Phrase(after):
                joined[-1] = Phrase(f"{before} {after}")
            case _:
                joined.append(part)
    if len(joined) == 1:
        return joined[0]
    return placed(
        joined,
        written,
        position,
        remarks,
        partial(reduce, lambda one, other: Close(one, other, 1, ordered=True)),
    )


def placed(
    parts: Sequence[Part], operator: str, position: int, remarks: Remarks, build: Callable[[list[Node]], Node]
) -> Part:
    """What ``build`` makes of the operands of an operator on places; where they cannot be some, ``ET``."""
    nodes = [part for part in parts if part is not None]
    if len(nodes) == len(parts) and all(map(is_stretch, nodes)):
        return build(nodes)
    if len(nodes) == len(parts):
        reason = Translatable("its operands must be words, phrases or alternatives here: ET takes its place")
        remarks.changed(operator, position, reason)
    return conjunction(nodes)


def at_least(part: Part, count: int, operator: str, position: int, remarks: Remarks) -> Part:
    """So many occurrences of the part."""
    if count <= 1:
        return part
    return placed(
        [part], operator, position, remarks, lambda nodes: AtLeast(nodes[0], min(count, MAX_NUMBER))
    )


def lead(part: Part, operator: str, position: int, remarks: Remarks) -> Part:
    """The part at the beginning of the body."""
    remarks.changed(
        operator, position, Translatable("the lead is read as the first {} words of the text", _LEAD_WORDS)
    )
    return opening(part, _LEAD_WORDS)


def opening(part: Part, words: int) -> Part:
    """The words of a part within the first words of the body, each of them by itself."""
    match part:
        case None:
            return None
        case And(nodes):
            return conjunction([opening(node, words) for node in nodes])
        case Or(nodes) if not is_stretch(part):
            return disjunction([opening(node, words) for node in nodes])
        case Not(node):
            return exclusion(opening(node, words))
        case node if is_stretch(node):
            return Opening(node, min(words, MAX_NUMBER))
        case _:
            return part


def within(name: FieldName, part: Part, written: str, position: int, remarks: Remarks) -> Part:
    """The part in a field; operators on places become ``ET`` there."""
    match part:
        case And(nodes):
            return conjunction([within(name, node, written, position, remarks) for node in nodes])
        case Or(nodes):
            return disjunction([within(name, node, written, position, remarks) for node in nodes])
        case Not(node):
            return exclusion(within(name, node, written, position, remarks))
        case Close(first, second) | Together(first, second):
            remarks.changed(written, position, _NOT_IN_FIELDS)
            return conjunction([within(name, each, written, position, remarks) for each in (first, second)])
        case Opening(node) | AtLeast(node):
            remarks.changed(written, position, _NOT_IN_FIELDS)
            return within(name, node, written, position, remarks)
        case Phrase(text) if name is not FieldName.TITLE and " " not in text:
            return Field(name, Word(text))
        case Word() | Phrase() | Near() | Prefix() | Wildcard() | Fuzzy():
            return Field(name, part)
        case _:
            return part
