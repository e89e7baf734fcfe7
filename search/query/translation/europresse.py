"""Reads queries of Europresse and Eureka.

No help page of the service is public. The signs and fields that are read are those of published queries and
of programs that write such queries: ``& | ! " " ( )``, ``+`` at the end of a word, ``>n``, and the fields of
``FIELDS`` with TEXT and LEAD. What no such source explains is among the remarks.
"""

import re

from lark import Token
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive, v_args

from search.errors import Translatable
from search.query.ast import FieldName, Phrase, Word
from search.query.translation.nodes import (
    Part,
    at_least,
    conjunction,
    disjunction,
    exclusion,
    in_a_row,
    lead,
    pattern,
    within,
)
from search.query.translation.remarks import Remarks

FIELDS = {"TIT_HEAD": FieldName.TITLE, "AUT_BY": FieldName.AUTHOR, "SUJ_KW": FieldName.KEYWORD}


@v_args(inline=True)
class EuropresseReader(Transformer_NonRecursive[Token, Part]):
    """One method for each rule of the grammar; what cannot be said is among the remarks."""

    def __init__(self, text: str, remarks: Remarks) -> None:
        super().__init__(visit_tokens=False)
        self._text = text
        self._remarks = remarks

    def start(self, part: Part) -> Part:
        """The whole query."""
        return part

    def group(self, part: Part) -> Part:
        """``(A)``."""
        return part

    def alternatives(self, *parts: Part) -> Part:
        """``A | B``."""
        return disjunction(parts)

    def both(self, *parts: Part) -> Part:
        """``A & B``."""
        return conjunction(parts)

    def words(self, *parts: Part) -> Part:
        """``A B``: all are asked."""
        return conjunction(parts)

    def excluded(self, part: Part) -> Part:
        """``! A``."""
        return exclusion(part)

    def word(self, token: Token) -> Part:
        """A word, or the beginning of one before ``+``."""
        if not re.search(r"[*?+]", token):
            return Word(str(token))
        return pattern(re.sub(r"\+$", "*", token), token, token.start_pos or 0, self._remarks)

    def quoted(self, token: Token) -> Part:
        """Words side by side, the last of which may end in ``+``."""
        start, parts = token.start_pos or 0, list[Part]()
        for written in re.finditer(r"[^\s\"“”«»]+", token):
            text = re.sub(r"\+$", "*", written[0])
            if "*" in text:
                parts.append(pattern(text, written[0], start + written.start(), self._remarks))
            elif any(map(str.isalnum, text)):
                parts.append(Phrase(text))
        return in_a_row(parts, token, start, self._remarks) if parts else None

    def counted(self, part: Part, more: Token | None) -> Part:
        """``A >2``: more than two."""
        if more is None:
            return part
        count = int(re.sub(r"\D", "", more)) + 1
        return at_least(part, count, more, more.start_pos or 0, self._remarks)

    def near(self, first: Part, *others: Token | Part) -> Part:
        """``A %5 B``: it is not public what these signs ask, so both parts are asked."""
        for sign in others[::2]:
            if isinstance(sign, Token):
                reason = Translatable("no public source says what this asks: ET takes its place")
                self._remarks.changed(sign, sign.start_pos or 0, reason)
        return conjunction([first, *(each for each in others if not isinstance(each, Token))])

    @v_args(inline=True, meta=True)
    def field(self, meta: Meta, tag: Token, *parts: Part) -> Part:
        """``TIT_HEAD= A B``: the words up to the next sign are in the field."""
        name, place, part = tag[:-1].strip().upper(), meta.start_pos, conjunction(parts)
        field = self._text[place : meta.end_pos]
        if name in FIELDS:
            return within(FIELDS[name], part, field, place, self._remarks)
        if name == "LEAD":
            return lead(part, field, place, self._remarks)
        if name == "TEXT":
            return part
        self._remarks.left_out(field, place, Translatable("no field of the index has this"))
        return None
