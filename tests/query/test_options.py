from collections.abc import Callable
from datetime import date

import pytest

from search.errors import UsageError
from search.query.ast import And, DateRange, Field, FieldName, Not, Phrase, Query, RankingWord, Word
from search.query.options import before, field, restrict, since
from search.query.parser import parse

TODAY = date(2023, 9, 15)
AFP = Field(FieldName.SOURCE, Word("AFP"))
SEPTEMBER = DateRange(date(2023, 9, 1), date(2023, 9, 30))


def test_a_plain_query_gets_a_constraint_and_keeps_the_rest() -> None:
    query = parse("qui est mort ?", TODAY)
    restricted = restrict(query, AFP)
    assert restricted == Query(query.raw, query.words, AFP, "qui est mort ?")


def test_constraints_add_up_flat_and_once() -> None:
    query = parse("obus -Ukraine source:AFP", TODAY)
    assert restrict(query, AFP, SEPTEMBER).constraint == And((Not(Word("Ukraine")), AFP, SEPTEMBER))
    assert restrict(query, SEPTEMBER).words == (RankingWord(Word("obus")),)


def test_nothing_to_add_changes_nothing() -> None:
    assert restrict(parse("obus", TODAY)) == parse("obus", TODAY)
    assert restrict(parse("+obus", TODAY)) == parse("+obus", TODAY)


@pytest.mark.parametrize(
    ("text", "first"),
    [("7j", date(2023, 9, 8)), ("2023-09-01", date(2023, 9, 1)), ("2022", date(2022, 1, 1))],
)
def test_since_begins_on_the_first_day(text: str, first: date) -> None:
    assert since(text, TODAY) == DateRange(first, None)


@pytest.mark.parametrize(
    ("text", "last"),
    [("2023-09-01", date(2023, 8, 31)), ("septembre-2023", date(2023, 8, 31)), ("hier", date(2023, 9, 13))],
)
def test_before_ends_the_day_before(text: str, last: date) -> None:
    assert before(text, TODAY) == DateRange(None, last)


@pytest.mark.parametrize("read", [since, before])
def test_a_bad_date_is_a_usage_error_that_says_what_to_write(read: Callable[[str, date], DateRange]) -> None:
    with pytest.raises(
        UsageError, match=r'^"2023-13" is not an existing date\. Instead, write 2023, 2023-09,'
    ):
        read("2023-13", TODAY)


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("AFP", Word("AFP")),
        (" AFP ", Word("AFP")),
        ("Le  Monde", Phrase("Le Monde")),
        ("Libe\u0301ration", Word("Libération")),
    ],
)
def test_a_field_holds_a_word_or_a_phrase(text: str, leaf: Word | Phrase) -> None:
    assert field(FieldName.SECTION, text) == Field(FieldName.SECTION, leaf)


@pytest.mark.parametrize("blank", ["", "  ", "?!"])
def test_a_field_without_a_word_is_refused(blank: str) -> None:
    with pytest.raises(UsageError, match="contains no word to search for in the source"):
        field(FieldName.SOURCE, blank)
