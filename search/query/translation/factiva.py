"""Reads queries of Factiva.

Source: the help of Factiva and of its developer's kit, "Search statement operators", and the tables of field
tags that libraries publish.
"""

import re
from datetime import date

from lark import Token
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive, v_args

from search.errors import Translatable
from search.query.ast import Close, DateRange, FieldName, Node, Phrase, Prefix, Together, Unit, WordCount
from search.query.operators import MAX_NUMBER
from search.query.printer import FIELD_LABELS
from search.query.translation.nodes import (
    Part,
    at_least,
    conjunction,
    disjunction,
    exclusion,
    in_a_row,
    lead,
    opening,
    pattern,
    placed,
    within,
)
from search.query.translation.remarks import Remarks

FIELDS = {"hd": FieldName.TITLE, "by": FieldName.AUTHOR, "sn": FieldName.SOURCE}
FIELDS |= {"se": FieldName.SECTION, "pg": FieldName.PAGE}
_NEAR_FIELDS = {"hl": FieldName.TITLE, "clm": FieldName.SECTION, "de": FieldName.KEYWORD}
_CODES = {
    "rst": Translatable('the code of a source: write source:"its name"'),
    "la": Translatable("the language of an article is not in the index"),
    **dict.fromkeys(("ns", "in", "re", "co", "fds", "ipd"), Translatable("a code of Factiva's own indexing")),
}
_NO_FIELD = Translatable("no field of the index has this")
_DATE = re.compile(r"(\d{4})[/.-]?(\d{1,2})[/.-]?(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})")
_MONTHS = 12


@v_args(inline=True)
class FactivaReader(Transformer_NonRecursive[Token, Part]):
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
        """``A or B``."""
        return disjunction(parts)

    def both(self, *parts: Part) -> Part:
        """``A and B``."""
        return conjunction(parts)

    def excluded(self, _: Token, part: Part) -> Part:
        """``not A``."""
        return exclusion(part)

    def word(self, token: Token) -> Part:
        """A word as it is written; Factiva does not look for its inflections."""
        return self._word(token, token.start_pos or 0)

    def quoted(self, token: Token) -> Part:
        """Words side by side; truncation works in quotation marks too."""
        words = [match for match in re.finditer(r"[^\s\"“”«»]+", token) if any(map(str.isalnum, match[0]))]
        start = token.start_pos or 0
        parts = [self._word(match[0], start + match.start()) for match in words]
        return in_a_row(parts, token, start, self._remarks) if parts else None

    @v_args(inline=True, meta=True)
    def sequence(self, meta: Meta, *parts: Part) -> Part:
        """Parts side by side."""
        written = self._text[meta.start_pos : meta.end_pos]
        return in_a_row(parts, written, meta.start_pos, self._remarks)

    def first(self, part: Part, operator: Token | None) -> Part:
        """``A/F50/``."""
        return part if operator is None else opening(part, _number(operator))

    def close(self, first: Part, *others: Token | Part) -> Part:
        """``A near5 B adj2 C``, from left to right."""
        for operator, second in zip(others[::2], others[1::2], strict=True):
            if isinstance(operator, Token) and not isinstance(second, Token):
                first = self._pair(first, operator, second)
        return first

    def _pair(self, first: Part, operator: Token, second: Part) -> Part:
        if operator == "%":
            reason = Translatable("at most one word between them, in the place of exactly one")
            self._remarks.changed(operator, operator.start_pos or 0, reason)

        def pair(nodes: list[Node]) -> Node:
            one, other = nodes
            if operator.lower() == "same":
                return Together(one, other, Unit.PARAGRAPH)
            distance = 2 if operator == "%" else min(_number(operator) or 1, MAX_NUMBER)
            return Close(one, other, distance, ordered=operator[0] in "aAwW%")

        return placed((first, second), operator, operator.start_pos or 0, self._remarks, pair)

    def atleast(self, operator: Token, part: Part) -> Part:
        """``atleast5 A``."""
        return at_least(part, _number(operator), operator, operator.start_pos or 0, self._remarks)

    @v_args(inline=True, meta=True)
    def field(self, meta: Meta, tag: Token, part: Part) -> Part:
        """``hd=A``."""
        name, place, remarks = tag[:-1].lower(), meta.start_pos, self._remarks
        field = self._text[place : meta.end_pos]
        if name in FIELDS:
            return within(FIELDS[name], part, field, place, remarks)
        if name in _NEAR_FIELDS:
            near = _NEAR_FIELDS[name]
            remarks.changed(
                field,
                place,
                Translatable("read as {}, the nearest field of the index", f"{FIELD_LABELS[near]}:"),
            )
            return within(near, part, field, place, remarks)
        if name == "lp":
            return lead(part, field, place, remarks)
        if name == "hlp":
            return disjunction(
                [within(FieldName.TITLE, part, field, place, remarks), lead(part, field, place, remarks)]
            )
        if name == "td":
            remarks.changed(field, place, Translatable("read as the whole text, with the lead"))
            return part
        remarks.left_out(field, place, _CODES.get(name, _NO_FIELD))
        return None

    def word_count(self, token: Token) -> Part:
        """``wc>500``."""
        number, sign = _number(token), re.sub(r"[^<>=]", "", token)
        least = None if sign.startswith("<") else number + (sign == ">")
        most = None if sign.startswith(">") else number - (sign == "<")
        return WordCount(least, most)

    def dates(self, token: Token) -> Part:
        """``date from 20230101 to 20231231``."""
        place = token.start_pos or 0
        found = [self._days(match, place + match.start()) for match in _DATE.finditer(token)]
        if not found or None in found:
            self._remarks.left_out(token, place, Translatable("a date that does not exist"))
            return None
        days = [each for each in found if each is not None]
        kind = token.split()[1].lower()
        match kind:
            case "before":
                return DateRange(None, days[0].first)
            case "after" | "since":
                return DateRange(days[0].first, None)
            case "from":
                return DateRange(days[0].first, days[1].last if len(days) > 1 else None)
            case _:
                return days[0]

    def _days(self, written: re.Match[str], place: int) -> DateRange | None:
        year, month, day, one, two, late_year, only_year = written.groups()
        if only_year:
            return DateRange(date(int(only_year), 1, 1), date(int(only_year), 12, 31))
        if late_year:
            year, month, day = late_year, two, one
            if int(month) > _MONTHS:
                month, day = day, month
            elif int(day) <= _MONTHS and day != month:
                self._remarks.changed(written[0], place, Translatable("the day is read before the month"))
        try:
            exact = date(int(year), int(month), int(day))
        except ValueError:
            return None
        return DateRange(exact, exact)

    def _word(self, text: str, place: int) -> Part:
        ending = re.fullmatch(r"(.*?)\$(\d?)", text)
        if ending:
            self._remarks.changed(text, place, Translatable("any ending is found, however long"))
            part = pattern(f"{ending[1]}*", text, place, self._remarks)
            return part if isinstance(part, Prefix) else None
        if "*" in text or "?" in text:
            return pattern(text.replace("$", ""), text, place, self._remarks)
        return Phrase(text)


def _number(operator: str) -> int:
    digits = "".join(filter(str.isdigit, operator))
    return int(digits) if digits else 0
