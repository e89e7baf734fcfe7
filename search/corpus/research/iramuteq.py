"""Corpora of IRaMuTeQ and Alceste: texts under starred variables, as ``**** *source_x *date_2024``."""

import re

from search.corpus.encodings import text_lines
from search.corpus.format import Format, Records
from search.corpus.record import BadRecord, RawRecord
from search.corpus.source import Source
from search.corpus.streams import FILE_LIMIT, megabytes
from search.errors import Translatable

_HEADING = re.compile(r"[ \t]*(?:\*{4}|\d{4,8})[ \t]+(?P<variables>\*[^\W_].*)")
_THEME = re.compile(r"[ \t]*-(?P<variables>\*[^\W_].*)")
_VARIABLE = re.compile(r"\*(?P<name>[^\W_][^\s_*]*)(?:_(?P<value>[^\s*]*))?")
# Corpora are cut by month and year too; these stand in where there is no day.
_ALIASES = {
    "date": ("date", "jour_date", "am", "annee_mois", "annee", "an", "year"),
    "source": ("source", "src", "journal", "media", "support", "presse"),
}


def is_iramuteq(source: Source) -> bool:
    """Whether the first line of a file is a heading of starred variables."""
    first = next(filter(str.strip, source.opening.split("\n")), "")
    return bool(_HEADING.match(first))


def read_iramuteq(source: Source) -> Records:
    """Read a corpus as a stream, one record a heading.

    Each starred variable is a value under its own name. Lines ``-*theme`` inside a text are variables too.
    Raises BadRecord where a text or a line is too long.
    """
    fields: dict[str, object] = {}
    text: list[str] = []
    start = size = 0
    for number, line in enumerate(text_lines(source), 1):
        if heading := _HEADING.match(line):
            if start:
                yield _record(fields, text, start)
            fields, text, start, size = {}, [], number, 0
            _add_variables(fields, heading["variables"])
        elif theme := _THEME.match(line):
            _add_variables(fields, theme["variables"])
        else:
            size += len(line)
            if size > FILE_LIMIT:
                raise BadRecord(
                    Translatable("the text on line {} is longer than {}", start, megabytes(FILE_LIMIT))
                )
            text.append(line)
    if start:
        yield _record(fields, text, start)


def _record(fields: dict[str, object], text: list[str], line: int) -> RawRecord:
    return RawRecord({**fields, "text": "\n".join(text)}, line, aliases=_ALIASES)


def _add_variables(fields: dict[str, object], variables: str) -> None:
    """Add each variable under its name; a name that comes again has a list, one without value has itself."""
    for variable in _VARIABLE.finditer(variables):
        name = variable["name"]
        value = _value(name, variable["value"] or variable["name"])
        known = fields.get(name)
        if known is None:
            fields[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            fields[name] = [known, value]


def _value(name: str, written: str) -> str:
    """A value as text: it has ``_`` where text has spaces, and where dates have hyphens."""
    if name.lower() in ("id", "url"):
        return written
    return written.replace("_", "-" if name.lower() in _ALIASES["date"] else " ").strip()


IRAMUTEQ = Format("IRaMuTeQ", is_iramuteq, read_iramuteq)
