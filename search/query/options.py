"""Constraints that do not come from the query's text: the filters given as options."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from search.errors import QueryError, Translatable, UsageError
from search.query import dates
from search.query.ast import DateRange, Field, FieldName, Node, Phrase, Query, Word
from search.query.boolean import all_of, conjuncts


def restrict(query: Query, *nodes: Node) -> Query:
    """Demand ``nodes`` too, after what the query demands already; they rank nothing."""
    demands = (*conjuncts(query.constraint), *nodes)
    return replace(query, constraint=all_of(demands) if demands else None)


def filters_of(
    since_text: str | None,
    before_text: str | None,
    sources: Sequence[str],
    sections: Sequence[str],
    today: date,
) -> list[Node]:
    """The filters given as options, as constraints of a query; raises UsageError."""
    return [
        *([since(since_text, today)] if since_text else []),
        *([before(before_text, today)] if before_text else []),
        *(field(FieldName.SOURCE, source) for source in sources),
        *(field(FieldName.SECTION, section) for section in sections),
    ]


def since(text: str, today: date) -> DateRange:
    """From the first day of a date on. Raises UsageError for text that is no date."""
    return _days(dates.since, text, today)


def before(text: str, today: date) -> DateRange:
    """Up to the day before a date begins. Raises UsageError for text that is no date."""
    return _days(dates.before, text, today)


def field(name: FieldName, text: str) -> Field:
    """A field that holds one word, or several as a phrase. Raises UsageError for text without a word."""
    words = unicodedata.normalize("NFC", text).split()
    if not any(character.isalnum() for character in text):
        raise UsageError(
            Translatable('"{}" holds no word to look for in the {}; write its name.', text, name)
        )
    return Field(name, Word(words[0]) if len(words) == 1 else Phrase(" ".join(words)))


def _days(read: Callable[[str, date], DateRange], text: str, today: date) -> DateRange:
    try:
        return read(text, today)
    except QueryError as exc:
        raise UsageError(Translatable("{} Instead, {}.", exc.message, exc.suggestion)) from exc
