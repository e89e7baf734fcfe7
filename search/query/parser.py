"""From the text of the user to a Query, or to an error with its position."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import resources

from lark import Lark, Token, Tree, UnexpectedToken
from lark.exceptions import VisitError

from search.errors import QueryError, Translatable
from search.query.ast import Leaf, Query, RankingWord
from search.query.ast_builder import Builder, missing_value, start
from search.query.boolean import all_of
from search.query.delimiters import check_delimiters
from search.query.operators import example
from search.query.plain import words_text

MAX_LENGTH = 10_000
"""Characters of a query; a character such as ``½`` or ``ﷺ`` counts as those that it stands for."""
MAX_WORDS = 256
_PREFIX_COST, _PATTERN_COST = 4, 25  # in words, by time: a prefix such as muni*; other patterns and ~
_SURROGATE = re.compile("[\ud800-\udfff]")
_PREFIX = re.compile(r"[^*?]{3,}\*")
_SHORTER = Translatable(
    "keep only the important words; {} counts as {} words, {} as {}",
    "munit*",
    _PREFIX_COST,
    "*mot*, mot~, m?t",
    _PATTERN_COST,
)
_WORDS = {"WORD", "URL", "PHRASE", "DATE"}
_JOINERS = {"ET", "AND", "OU", "OR"}
_PREFIXES = {"SAUF", "NOT", "SIGN"}
_PLACED = {"NEARNESS", "LIMIT"}
_PLAIN = {"WORD", "URL", "LPAR", "RPAR"}
_BEFORE, _AFTER = Translatable("before"), Translatable("after")


def parse(text: str, today: date) -> Query:
    """Parse a query; relative dates count from ``today``.

    Words without an operator are soft; everything else is a constraint. A group that is an operand
    requires one of its words when all are soft, else all its items. A negated group excludes each of its
    items. Raises QueryError, whose position counts characters of ``text``.
    """
    text = _SURROGATE.sub("\ufffd", text)  # which no index term contains
    if len(text) > MAX_LENGTH or len(unicodedata.normalize("NFKC", text)) > MAX_LENGTH:
        raise QueryError(
            Translatable("The query is longer than {} characters.", MAX_LENGTH),
            min(MAX_LENGTH, len(text)),
            "shorten it",
        )
    try:
        return _parse(text, unicodedata.normalize("NFC", text), today)
    except QueryError as error:
        raise QueryError(error.message, _typed_position(text, error.position), error.suggestion) from error


def _parse(raw: str, text: str, today: date) -> Query:
    check_delimiters(text)
    tokens, parts = _read(text)
    try:
        items_of = [Builder(today).transform(part) for part in parts]
    except VisitError as exc:
        raise exc.orig_exc from None
    items = [item for own in items_of for item in own]
    hard = [item.node for item in items if not item.soft]
    first_places: dict[Leaf, RankingWord] = {}
    for word in (word for item in items for word in item.words):
        first_places.setdefault(word.leaf, word)
    words = tuple(first_places.values())
    filters = [
        slice(part.meta.start_pos, part.meta.end_pos)
        for part, own in zip(parts, items_of, strict=True)
        if not any(item.words for item in own)
    ]
    return Query(raw, words, all_of(hard) if hard else None, _text_to_encode(words, tokens, text, filters))


def _read(text: str) -> tuple[list[Token], Sequence[Tree[Token]]]:
    """The tokens, and the trees of the parts of the query.

    The parser gets one token at a time: it is known which one fails.
    """
    interactive = _grammar().parse_interactive(text)
    tokens: list[Token] = []
    words = 0
    try:
        for token in interactive.iter_parse():
            tokens.append(token)
            words += _cost(token)
            if words > MAX_WORDS:
                raise QueryError(
                    Translatable("The query has more than {} words.", MAX_WORDS),
                    start(token),
                    _SHORTER,
                )
        return tokens, interactive.feed_token(Token("$END", "")).children
    except UnexpectedToken as exc:
        raise _syntax_error(exc.token, tokens) from exc


def _cost(token: Token) -> int:
    """The number of words whose search takes as long."""
    match token.type:
        case "PATTERN":
            return _PREFIX_COST if _PREFIX.fullmatch(token) else _PATTERN_COST
        case "TILDE":
            return _PATTERN_COST
        case _:
            return len(token.split()) if token.type in _WORDS else 0


@cache
def _grammar() -> Lark:
    grammar = resources.files("search.query").joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", propagate_positions=True)


def _syntax_error(token: Token, tokens: Sequence[Token]) -> QueryError:
    """The error at ``token``: the last of ``tokens``, or the end of the query."""
    before = tokens if token.type == "$END" else tokens[:-1]
    previous = before[-1] if before else token
    if previous is not token and previous.type in _JOINERS | _PREFIXES:
        return _missing_operand(previous, _AFTER)
    if token.type in _JOINERS:
        return _missing_operand(token, _BEFORE)
    if previous is not token and previous.type in _PLACED:
        return _without_operand(previous, _AFTER)
    if token.type == "NEARNESS":
        return _without_operand(token, _BEFORE)
    if previous.type == "FIELD":
        return missing_value(previous)
    if previous.type == "LPAR":
        return QueryError(
            "These brackets contain no word.", start(previous), "write words between them or remove them"
        )
    return QueryError(
        Translatable("{} has no effect here.", token),
        start(token),
        "write it right after a word, or remove it",
    )


def _missing_operand(operator: Token, side: Translatable) -> QueryError:
    advice = Translatable("write a word {} it", side)
    if operator.isalpha():
        advice = Translatable("{}, or write {} if it is not an operator", advice, operator.lower())
    return QueryError(Translatable("{} has nothing {} it.", operator, side), start(operator), advice)


def _without_operand(operator: Token, side: Translatable) -> QueryError:
    advice = Translatable("write for example {}", example(operator))
    return QueryError(Translatable("{} has nothing {} it.", operator, side), start(operator), advice)


def _text_to_encode(
    words: Sequence[RankingWord], tokens: Sequence[Token], text: str, filters: Sequence[slice]
) -> str:
    """The text to encode: a plain query as typed, so that a question stays a question, else its words.

    The parts of the text that only filter are left out: a question means the same with a filter. Where
    one of them is joined to other text, what is left was not typed so.
    """
    inside = {place for part in filters for place in range(part.start, part.stop)}
    apart = not any(
        text[part.start - 1 : part.start].strip() or text[part.stop :][:1].strip() for part in filters
    )
    if words and apart and all(token.type in _PLAIN for token in tokens if start(token) not in inside):
        return " ".join("".join(" " if at in inside else sign for at, sign in enumerate(text)).split())
    return words_text(words)


def _typed_position(text: str, position: int) -> int:
    """The position in the typed text of a character of its NFC form."""

    def normalised_length(end: int) -> int:
        return len(unicodedata.normalize("NFC", text[:end]))

    return bisect_right(range(len(text) + 1), position, key=normalised_length) - 1
