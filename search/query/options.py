"""Filters that are given as options, not in the text of the query."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from search.errors import QueryError, Translatable, UsageError
from search.query import dates
from search.query.ast import DateRange, Field, FieldName, Node, Phrase, Query, Word
from search.query.boolean import all_of, conjuncts

NAMED: tuple[FieldName, ...] = tuple(name for name in FieldName if name is not FieldName.TITLE)
"""The fields that articles can be filtered by."""


def restrict(query: Query, *nodes: Node) -> Query:
    """Add constraints to a query, after its own; they do not rank."""
    constraints = (*conjuncts(query.constraint), *nodes)
    return replace(query, constraint=all_of(constraints) if constraints else None)


def option_filters(
    since_text: str | None,
    before_text: str | None,
    names: Mapping[FieldName, Sequence[str]],
    today: date,
) -> list[Node]:
    """The constraints for these options: dates, and names that the fields must have; raises UsageError."""
    return [
        *([since(since_text, today)] if since_text else []),
        *([before(before_text, today)] if before_text else []),
        *(field(name, text) for name, texts in names.items() for text in texts),
    ]


def since(text: str, today: date) -> DateRange:
    """The range from the first day of a date. Raises UsageError for text that is not a date."""
    return _days(dates.since, text, today)


def before(text: str, today: date) -> DateRange:
    """The range up to the day before a date. Raises UsageError for text that is not a date."""
    return _days(dates.before, text, today)


def field(name: FieldName, text: str) -> Field:
    """A field with one word, or with several as a phrase. Raises UsageError for text without a word."""
    words = unicodedata.normalize("NFC", text).split()
    if not any(character.isalnum() for character in text):
        raise UsageError(
            Translatable('"{}" contains no word to search for in the {}; write its name.', text, name)
        )
    return Field(name, Word(words[0]) if len(words) == 1 else Phrase(" ".join(words)))


def _days(read: Callable[[str, date], DateRange], text: str, today: date) -> DateRange:
    try:
        return read(text, today)
    except QueryError as exc:
        raise UsageError(Translatable("{} Instead, {}.", exc.message, exc.suggestion)) from exc
