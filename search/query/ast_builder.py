"""From the parse tree to items: the constraint and the ranking words of each part of the query."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from itertools import chain

from lark import Token
from lark.visitors import Transformer_NonRecursive, v_args

from search.errors import QueryError, Translatable
from search.query import dates, operators
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
    Prefix,
    RankingWord,
    Read,
    Together,
    Wildcard,
    Word,
    WordCount,
)
from search.query.boolean import all_of, any_of, negation
from search.query.items import Item, Items, combined, negated, required, scaled, soft, words
from search.text.analyzer import fold

MAX_BOOST = 100
_MIN_LITERALS = 2
_MAX_LETTERS = 64  # of a pattern or a misspelt word: longer ones are slow, and no word is so long
_LONG_WORD = 8  # letters from which a misspelling may differ by two edits; a transposition is one
_FIELDS = {
    "titre": FieldName.TITLE,
    "title": FieldName.TITLE,
    "source": FieldName.SOURCE,
    "rubrique": FieldName.SECTION,
    "section": FieldName.SECTION,
    "auteur": FieldName.AUTHOR,
    "author": FieldName.AUTHOR,
    "page": FieldName.PAGE,
    "lieu": FieldName.PLACE,
    "place": FieldName.PLACE,
    "mot-clé": FieldName.KEYWORD,
    "keyword": FieldName.KEYWORD,
}
_DATES = {
    "date": dates.date_range,
    "depuis": dates.since,
    "since": dates.since,
    "avant": dates.before,
    "before": dates.before,
}
_DOSSIERS = ("dossier", "étiquette", "tag")
_READ = ("lu", "read")
_ANSWERS = {"oui": True, "yes": True, "non": False, "no": False}
_LENGTHS = ("mots", "words")
_NAMES = (*_FIELDS, *_DATES, *_LENGTHS, *_DOSSIERS, *_READ)
_FIELD_LIST = " ".join(f"{name}:" for name in _NAMES)


@v_args(inline=True)
class Builder(Transformer_NonRecursive[Token, Items]):
    """One method for each rule of the grammar: it turns the items of the parts into its own items.

    Not recursive: lark's recursive transformer uses several stack frames a level. Raises QueryError,
    which lark wraps in a VisitError.
    """

    def __init__(self, today: date) -> None:
        super().__init__(visit_tokens=False)
        self._today = today

    def group(self, *parts: Items) -> Items:
        """Adjacent items keep their own constraints."""
        return tuple(chain.from_iterable(parts))

    def disjunction(self, *operands: Items) -> Items:
        """``A OU B``."""
        return combined(any_of, operands)

    def conjunction(self, *operands: Items) -> Items:
        """``A ET B``."""
        return combined(all_of, operands)

    def signed(self, *parts: Token | Items) -> Items:
        """``+A``, ``-A``, ``SAUF A``; two negations cancel."""
        signs = [part for part in parts if isinstance(part, Token)]
        operand = next(part for part in parts if not isinstance(part, Token))
        if sum(sign != "+" for sign in signs) % 2 == 0:
            return combined(all_of, (operand,))
        excluded = negation(any_of([item.node for item in operand]))
        return (Item(excluded, words=negated(operand), negated=words(operand)),)

    def boosted(self, items: Items, boost: Token) -> Items:
        """``A^3``; boosts of nested groups multiply."""
        number = boost[1:].replace(",", ".")
        factor = float(number) if re.fullmatch(r"\d+(\.\d+)?", number) else 0.0
        boosted = tuple(
            replace(item, words=scaled(item.words, factor), negated=scaled(item.negated, factor))
            for item in items
        )
        boosts = [word.boost for item in boosted for word in (*item.words, *item.negated)]
        if not all(0 < value <= MAX_BOOST for value in (factor, *boosts)):
            raise QueryError(
                Translatable("A boost is a number above 0, up to {}.", MAX_BOOST),
                start(boost),
                "write ^2 or ^0.5",
            )
        return boosted

    def proximity(self, first: Items, operator: Token, second: Items) -> Items:
        """``A PROCHE5 B``."""
        return operators.proximity(first, operator, second)

    def limited(self, operator: Token, items: Items) -> Items:
        """``AU_MOINS_3 A``."""
        return operators.limited(operator, items)

    def among(self, operator: Token, *parts: Items) -> Items:
        """``PARMI_2(A, B, C)``."""
        return operators.among(operator, parts)

    def word_count(self, token: Token) -> Items:
        """``mots:>500``."""
        return operators.word_count(token)

    def field(self, field: Token, items: Items) -> Items:
        """``titre:A``; only words of the title rank, since the body does not contain the source."""
        if (in_set := _SET_OF_BARE_NAME.get(_bare(field[:-1]))) is not None:
            return (Item(_each_leaf(lambda leaf: in_set(leaf, field), required(items), field)),)
        name = _field_named(field[:-1])
        if name is None:
            raise missing_value(field)
        node = _each_leaf(lambda leaf: Field(name, leaf), required(items), field)
        if name is FieldName.TITLE:
            return (Item(node, words(items), negated(items)),)
        return (Item(node),)

    def empty_field(self, field: Token) -> Items:
        """``titre:`` without a value."""
        raise missing_value(field)

    def any_dossier(self, _: Token) -> Items:
        """``dossier:*``."""
        return (Item(InDossier("*")),)

    def date(self, token: Token) -> Items:
        """``date:A..B``, ``depuis:A`` and ``avant:A``."""
        name, _, value = token.partition(":")
        try:
            return (Item(_DATES[name.lower()](value, self._today)),)
        except QueryError as error:
            position = start(token) + len(name) + 1 + error.position
            raise QueryError(error.message, position, error.suggestion) from error

    def word(self, token: Token, tilde: Token | None) -> Items:
        """``mot`` or ``mot~2``."""
        text = str(token)
        if tilde is None:
            operators.check_spelling(token)
            return soft(Word(text))
        _check_length(token)
        return soft(Fuzzy(text, _edits(text, tilde)))

    def pattern(self, token: Token) -> Items:
        """``mot*`` or ``m?t*``."""
        if sum(character.isalnum() for character in token) < _MIN_LITERALS:
            raise QueryError(
                Translatable("A pattern needs at least {} letters.", _MIN_LITERALS),
                start(token),
                "write more of the word, such as muni* or r?ssie, or remove it",
            )
        _check_length(token)
        prefix = re.fullmatch(r"([^*?]+)\*", token)
        return soft(Prefix(prefix[1]) if prefix else Wildcard(str(token)))

    def phrase(self, quoted: Token, tilde: Token | None) -> Items:
        """``"les mots"`` or ``"les mots"~8``."""
        text = " ".join(quoted[1:-1].split())
        leaf = Phrase(text) if tilde is None else Near(text, _distance(tilde))
        return (Item(leaf, (RankingWord(leaf),)),)


def missing_value(field: Token) -> QueryError:
    """The error for a field without a value that it accepts."""
    name = field[:-1].lower()
    if name in _DATES:
        message, example = Translatable("{} needs a date.", field), f"{field}2023-09"
        return QueryError(message, start(field), Translatable("write it right after: {}", example))
    if _SET_OF_BARE_NAME.get(_bare(name)) is _read:
        return _unclear_answer(field)
    if name in _LENGTHS:
        message = Translatable("{} needs a number of words.", field)
        return QueryError(message, start(field), Translatable("write {}", f"{field}>500, {field}200..500"))
    if _field_named(name) is not None or _bare(name) in _SET_OF_BARE_NAME:
        message, example = Translatable("{} needs a word or a phrase.", field), f'{field}"deux mots"'
        return QueryError(message, start(field), Translatable("write it right after: {}", example))
    advice = Translatable("the fields are {}", _FIELD_LIST)
    if close := get_close_matches(name, _NAMES, n=1):
        advice = Translatable("did you mean {}:? {}", close[0], advice)
    return QueryError(Translatable("{} is not a field.", field), start(field), advice)


def _field_named(written: str) -> FieldName | None:
    """The field with this name; its capitals, accents and hyphens do not matter."""
    return _FIELD_OF_BARE_NAME.get(_bare(written))


def _bare(name: str) -> str:
    return fold(name).replace("-", "")


def _in_dossier(leaf: Leaf, field: Token) -> Node:
    if not isinstance(leaf, Word | Phrase):
        raise QueryError(
            Translatable("{} needs the whole name of a dossier.", field),
            start(field),
            Translatable("write it right after: {}", f'{field}"deux mots"'),
        )
    return InDossier(leaf.text)


def _read(leaf: Leaf, field: Token) -> Node:
    answer = _ANSWERS.get(fold(leaf.text)) if isinstance(leaf, Word) else None
    if answer is None:
        raise _unclear_answer(field)
    return Read() if answer else Not(Read())


def _unclear_answer(field: Token) -> QueryError:
    return QueryError(Translatable("{} needs oui or non.", field), start(field), "write lu:oui or lu:non")


_FIELD_OF_BARE_NAME = {_bare(name): field for name, field in _FIELDS.items()}
_SET_OF_BARE_NAME: dict[str, Callable[[Leaf, Token], Node]] = {
    **{_bare(name): _in_dossier for name in _DOSSIERS},
    **{_bare(name): _read for name in _READ},
}


def _each_leaf(within: Callable[[Leaf], Node], node: Node, field: Token) -> Node:
    """The value of a field, with each of its leaves within the field."""
    match node:
        case And(nodes):
            return all_of([_each_leaf(within, part, field) for part in nodes])
        case Or(nodes):
            return any_of([_each_leaf(within, part, field) for part in nodes])
        case Not(negated):
            return negation(_each_leaf(within, negated, field))
        case Among(nodes, count):
            return Among(tuple(_each_leaf(within, part, field) for part in nodes), count)
        case Close() | Together() | Opening() | AtLeast():
            raise QueryError(
                Translatable("{} contains an operator on places.", field),
                start(field),
                "write words, phrases and ET, OU, SAUF in a field",
            )
        case DateRange() | WordCount() | Field() | InDossier() | Read() | ArticleKeys():
            raise QueryError(
                Translatable("{} contains another field.", field),
                start(field),
                "write the fields one after the other",
            )
        case _:
            return within(node)


def _check_length(token: Token) -> None:
    if len(unicodedata.normalize("NFKC", token)) > _MAX_LETTERS:
        message = Translatable("A pattern or misspelt word has at most {} letters.", _MAX_LETTERS)
        raise QueryError(message, start(token), "shorten it")


def _edits(text: str, tilde: Token) -> int:
    if tilde == "~":
        return 2 if sum(character.isalpha() for character in text) >= _LONG_WORD else 1
    if tilde not in ("~1", "~2"):
        raise QueryError("A word allows 1 or 2 misspelt letters.", start(tilde), "write ~1 or ~2")
    return int(tilde[1:])


def _distance(tilde: Token) -> int:
    if not re.fullmatch("~[1-9][0-9]{0,3}", tilde):
        raise QueryError("A distance is a number of words, from 1 to 9999.", start(tilde), "write ~8")
    return int(tilde[1:])


def start(token: Token) -> int:
    """The position of a token in the text."""
    return token.start_pos or 0
