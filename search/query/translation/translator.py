"""Translates a query of another press database into the query language."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources

from lark import Lark, Token, Transformer_NonRecursive, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from search.errors import QueryError, Translatable, UsageError
from search.query.ast import Query, RankingWord
from search.query.delimiters import check_delimiters
from search.query.parser import MAX_LENGTH, MAX_WORDS, parse
from search.query.plain import words_text
from search.query.printer import ranking_leaves, to_text
from search.query.translation.europresse import EuropresseReader
from search.query.translation.factiva import FactivaReader
from search.query.translation.nodes import Part
from search.query.translation.remarks import Remark, Remarks


class Service(StrEnum):
    """The services whose queries are understood."""

    EUROPRESSE = "europresse"
    FACTIVA = "factiva"


_READERS: dict[Service, Callable[[str, Remarks], Transformer_NonRecursive[Token, Part]]] = {
    Service.EUROPRESSE: EuropresseReader,
    Service.FACTIVA: FactivaReader,
}
_SIGNS = {
    Service.EUROPRESSE: re.compile(r"[&|!]|\w\+|\b(?:TIT_HEAD|LEAD|TEXT|AUT_BY|SUJ_KW)\s*="),
    Service.FACTIVA: re.compile(
        r"\b(?:and|or|not|same)\b|\b(?:adj|near|w/|atleast)\d|/[fn]\d+/|\bwc\s*[<>=]|\b(?:hd|hlp|lp|by|rst|la)=",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Translation:
    """A query in our language, and the parts that it does not say; ``""`` where no part could be said.

    ``guessed`` tells that the service was not named.
    """

    text: str
    service: Service
    guessed: bool
    remarks: tuple[Remark, ...]


def translate(text: str, service: Service | None, today: date) -> Translation:
    """Translate a query of a service, which is guessed by its signs where it is None.

    Raises QueryError, whose position counts characters of ``text``, for a query that the service itself
    could not read, and UsageError where the service cannot be guessed.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            Translatable("The query is longer than {} characters.", MAX_LENGTH), MAX_LENGTH, "shorten it"
        )
    chosen = service or _guess(text)
    remarks = Remarks()
    part = _READERS[chosen](text, remarks).transform(_tree(text, chosen)) if text.strip() else None
    return Translation(_written(part, today), chosen, service is None, tuple(_in_order(remarks)))


def _in_order(remarks: Remarks) -> list[Remark]:
    return sorted(dict.fromkeys(remarks.listed), key=lambda remark: remark.position)


def _guess(text: str) -> Service:
    """The service most of whose signs are in a query."""
    signs = {service: len(pattern.findall(text)) for service, pattern in _SIGNS.items()}
    if signs[Service.EUROPRESSE] == signs[Service.FACTIVA]:
        raise UsageError("It cannot be told whose query this is; write --from europresse or --from factiva.")
    return max(signs, key=signs.__getitem__)


def _written(part: Part, today: date) -> str:
    """A condition as text; raises QueryError where a query cannot be as long."""
    if part is None:
        return ""
    words = tuple(RankingWord(leaf) for leaf in ranking_leaves(part))
    text = to_text(Query("", words, part, words_text(words)))
    try:
        parse(text, today)
    except QueryError as error:
        message = Translatable("The translation is no query: {}", error.message)
        raise QueryError(message, 0, error.suggestion) from error
    return text


def _tree(text: str, service: Service) -> Tree[Token]:
    check_delimiters(text.replace("[", "(").replace("]", ")") if service is Service.FACTIVA else text)
    try:
        tree = _grammar(service).parse(text)
    except UnexpectedToken as error:
        token: Token = error.token
        at_end = token.type == "$END"
        place = len(text.rstrip()) if at_end else (token.start_pos or 0)
        message = "The query ends too early." if at_end else Translatable("{} is not expected here.", token)
        raise QueryError(message, place, "check the operator before it") from error
    except UnexpectedCharacters as error:
        at = int(str(error.pos_in_stream))
        raise QueryError(Translatable("{} is not expected here.", text[at]), at, "remove it") from error
    words = [
        token for token in tree.scan_values(lambda leaf: isinstance(leaf, Token)) if token.type == "WORD"
    ]
    if len(words) > MAX_WORDS:
        message = Translatable("The query has more than {} words.", MAX_WORDS)
        raise QueryError(message, words[MAX_WORDS].start_pos or 0, "keep only the important words")
    return tree


@cache
def _grammar(service: Service) -> Lark:
    folder = resources.files("search.query.translation")
    grammar = folder.joinpath(f"{service.value}.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=True, propagate_positions=True)
