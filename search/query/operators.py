"""The operators on the places of words and on lists: their names, their numbers, the conditions they make."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import chain

from lark import Token

from search.errors import QueryError, Translatable
from search.query.ast import (
    Among,
    AtLeast,
    Close,
    Fuzzy,
    Node,
    Opening,
    Or,
    Phrase,
    Prefix,
    Together,
    Unit,
    Wildcard,
    Word,
    WordCount,
)
from search.query.boolean import all_of, any_of
from search.query.items import Item, Items, negated, required, words
from search.text.analyzer import fold

MAX_NUMBER = 9999
"""The largest number of an operator."""
UNIT_OPERATORS = {Unit.SENTENCE: "MEME_PHRASE", Unit.PARAGRAPH: "MEME_PARAGRAPHE"}
_ORDERED = {"PROCHE": False, "NEAR": False, "ADJ": True}
_UNITS = {
    "MEMEPHRASE": Unit.SENTENCE,
    "SAMESENTENCE": Unit.SENTENCE,
    "MEMEPARAGRAPHE": Unit.PARAGRAPH,
    "SAMEPARAGRAPH": Unit.PARAGRAPH,
}
_LISTS = ("PARMI", "AMONG")
_OPENING = ("PREMIERS", "FIRST")
LISTED = ("PROCHE5", "ADJ5", "MEME_PHRASE", "MEME_PARAGRAPHE", "AU_MOINS_3", "PREMIERS_50", "PARMI_2")
"""How each operator is written, with a number as an example."""
_EXAMPLES = {
    **{re.sub(r"[\d_]", "", each): each for each in LISTED},
    "NEAR": "NEAR5",
    "ATLEAST": "ATLEAST3",
    "FIRST": "FIRST50",
    "AMONG": "AMONG2",
    "SAMESENTENCE": "SAME_SENTENCE",
    "SAMEPARAGRAPH": "SAME_PARAGRAPH",
}
_CAPITALS = re.compile(r"[A-ZÀ-Þ]{2,}(?:_?[A-ZÀ-Þ]+)*(?:_?\d+)?")
_SURE, _LIKELY = 0.85, 0.7  # how alike a word and a name must be; fewer words have a low line
_SHORTEST = 6  # letters of a name without a low line that a word may resemble: PARIS24 is none
_RANGE = re.compile(r"(>=?|<=?)(\d{1,8})|(\d{1,8})?\.\.(\d{1,8})?|(\d{1,8})")


def proximity(first: Items, operator: Token, second: Items) -> Items:
    """``A PROCHE5 B``, ``A ADJ5 B``, ``A MEME_PHRASE B`` and ``A MEME_PARAGRAPHE B``."""
    one, other = _stretch(first, operator), _stretch(second, operator)
    name = _name(operator)
    if name in _UNITS:
        node: Node = Together(one, other, _UNITS[name])
    else:
        node = Close(one, other, _number(operator), _ORDERED[name])
    return (Item(node, words((*first, *second))),)


def limited(operator: Token, items: Items) -> Items:
    """``AU_MOINS_3 A`` and ``PREMIERS_50 A``."""
    node, number = _stretch(items, operator), _number(operator)
    return (Item(_limited(_name(operator), node, number), words(items)),)


def _limited(name: str, node: Node, number: int) -> Node:
    if name not in _OPENING:
        return AtLeast(node, number)
    match node:
        case Opening(inner, before):
            return Opening(inner, min(before, number))
        case _:
            return Opening(node, number)


def among(operator: Token, parts: Sequence[Items]) -> Items:
    """``PARMI_2(A, B, C)``: each part of the list counts by itself."""
    items = tuple(chain.from_iterable(parts))
    nodes = tuple(dict.fromkeys(item.node for item in items))
    count = _number(operator)
    if count > len(nodes):
        message = Translatable("{} has a list of {}.", operator, len(nodes))
        raise QueryError(message, operator.start_pos or 0, "write a smaller number, or a longer list")
    return (Item(_enough(nodes, count), words(items), negated(items)),)


def _enough(nodes: tuple[Node, ...], count: int) -> Node:
    if count == 1:
        return any_of(nodes)
    return all_of(nodes) if count == len(nodes) else Among(nodes, count)


def word_count(token: Token) -> Items:
    """``mots:>500``, ``mots:<=200``, ``mots:200..500`` and ``mots:300``."""
    name, _, written = token.partition(":")
    number = _RANGE.fullmatch(written)
    if number is None or written == "..":
        position = (token.start_pos or 0) + len(name) + 1
        message = Translatable("{} needs a number of words.", f"{name}:")
        raise QueryError(message, position, Translatable("write {}", f"{name}:>500, {name}:200..500"))
    sign, bound, first, last, exactly = number.groups()
    match sign:
        case None:
            node = WordCount(_integer(first or exactly), _integer(last or exactly))
        case ">" | ">=":
            node = WordCount(int(bound) + (sign == ">"), None)
        case _:
            node = WordCount(None, int(bound) - (sign == "<"))
    return (Item(node),)


def check_spelling(word: Token) -> None:
    """Raises QueryError for a word in capitals that is nearly the name of an operator."""
    if not _CAPITALS.fullmatch(word) or not ("_" in word or word[-1].isdigit()):
        return
    name = _name(word)
    if name in _LISTS:
        message = Translatable("{} needs a list.", word)
        raise QueryError(message, word.start_pos or 0, Translatable("write for example {}", example(word)))
    if "_" not in word and len(name) < _SHORTEST:
        return
    if close := get_close_matches(name, _EXAMPLES, n=1, cutoff=_LIKELY if "_" in word else _SURE):
        raise QueryError(
            Translatable("{} is not an operator.", word),
            word.start_pos or 0,
            Translatable("did you mean {}? the operators are {}", _EXAMPLES[close[0]], " ".join(LISTED)),
        )


def example(operator: Token) -> str:
    """How an operator is written, such as ``PARMI_2(a, b, c)``."""
    name = _name(operator)
    if name in _LISTS:
        return f"{operator}(a, b, c)"
    return f"a {operator} b" if name in _ORDERED or name in _UNITS else f"{operator} mot"


def _stretch(items: Items, operator: Token) -> Node:
    """The operand of an operator, which must say where in a text it is."""
    node = required(items)
    if not is_stretch(node):
        raise QueryError(
            Translatable("{} needs words, phrases or alternatives.", operator),
            operator.start_pos or 0,
            Translatable("write for example {}, with (a OU b) for alternatives", example(operator)),
        )
    return node


def is_stretch(node: Node) -> bool:
    """Whether a condition says where in a text it is met."""
    match node:
        case Or(nodes):
            return all(map(is_stretch, nodes))
        case _:
            leaves = Word | Phrase | Prefix | Wildcard | Fuzzy
            return isinstance(node, leaves | Close | Together | Opening)


def _number(operator: Token) -> int:
    digits = "".join(filter(str.isdigit, operator))
    if not 1 <= int(digits) <= MAX_NUMBER:
        message = Translatable("{} has a number that is not between 1 and {}.", operator, MAX_NUMBER)
        place = (operator.start_pos or 0) + len(operator) - len(digits)
        raise QueryError(message, place, Translatable("write for example {}", _EXAMPLES[_name(operator)]))
    return int(digits)


def _integer(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _name(operator: str) -> str:
    return re.sub(r"[\W\d_]", "", fold(operator)).upper()
