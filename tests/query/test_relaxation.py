from datetime import date

import pytest
from hypothesis import given

from search.errors import QueryError
from search.query.ast import And, DateRange, Field, FieldName, Node, Not, Or, Phrase, RankingWord, Word
from search.query.boolean import conjuncts
from search.query.parser import parse
from search.query.printer import to_text
from search.query.relaxation import RelaxationKind, relaxations

from .strategies import ANY_TEXT

TODAY = date(2023, 9, 15)
DROP, WIDER_DATES, SOFT = RelaxationKind
UKRAINE = Not(Word("Ukraine"))
AFP = Field(FieldName.SOURCE, Word("AFP"))
SINCE = DateRange(date(2023, 9, 1), None)
BEFORE = DateRange(None, date(2023, 9, 9))


def alternatives(text: str) -> list[tuple[RelaxationKind, Node | None, str]]:
    return [(found.kind, found.dropped, found.query.raw) for found in relaxations(parse(text, TODAY))]


def test_each_demand_is_dropped_in_turn_then_all_dates_then_everything() -> None:
    assert alternatives("munitions depuis:2023-09 -Ukraine source:AFP avant:2023-09-10") == [
        (DROP, UKRAINE, "munitions date:2023-09-01.. source:AFP date:..2023-09-09"),
        (DROP, AFP, "munitions date:2023-09-01.. SAUF Ukraine date:..2023-09-09"),
        (WIDER_DATES, And((SINCE, BEFORE)), "munitions SAUF Ukraine source:AFP"),
        (SOFT, None, "munitions"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("munitions Russie", []),
        ("", []),
        ("source:AFP", []),
        ("date:2023 -source:AFP", ["date:2023", "SAUF source:AFP"]),
        ("obus date:2023", ["obus"]),
        ("obus -(date:2023 OU date:2021) +chars", ["obus chars SAUF (date:2023 OU date:2021)",
         "obus +chars", "obus chars"]),
        ("munitions ET Russie", ["munitions +Russie", "+munitions Russie", "munitions Russie"]),
        ("(chars OU obus) SAUF Kiev", ["chars obus SAUF Kiev", "chars OU obus", "chars obus"]),
        ("obus^2 +titre:Kim^3", ["obus^2 Kim^3"]),
        ("+munit* +r?ssie +obsu~1", ["munit* +r?ssie +obsu~1", "+munit* r?ssie +obsu~1",
                                   "+munit* +r?ssie obsu~1", "munit* r?ssie obsu~1"]),
    ],
)  # fmt: skip
def test_what_is_proposed(text: str, found: list[str]) -> None:
    assert [raw for _, _, raw in alternatives(text)] == found


def test_the_words_of_a_phrase_stay_one_by_one() -> None:
    (first, second, soft) = relaxations(parse("chars \"l'obus d'artillerie\"^2 +Kim", TODAY))

    assert (first.kind, first.dropped) == (DROP, Phrase("l'obus d'artillerie"))
    assert first.query.words == (
        RankingWord(Word("chars")),
        RankingWord(Word("l'obus"), 2.0),
        RankingWord(Word("d'artillerie"), 2.0),
        RankingWord(Word("Kim")),
    )
    assert first.query.constraint == Word("Kim")
    assert first.query.text == "chars l'obus d'artillerie Kim"
    assert second.query.raw == "chars \"l'obus d'artillerie\"^2 Kim"
    assert soft.query.raw == "chars l'obus^2 d'artillerie^2 Kim"


def test_a_phrase_that_another_demand_holds_stays_whole() -> None:
    first, *_ = relaxations(parse('"a b" ET ("a b" OU c)', TODAY))

    assert first.query.constraint == Or((Phrase("a b"), Word("c")))
    assert first.query.words == (RankingWord(Phrase("a b")), RankingWord(Word("c")))


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ('"Moscou ET Kiev"', "Moscou et Kiev"),
        ('"titre: -Kim (3,5 %)"~4', "titre Kim 3,5"),
        ('"l’O.N.U. nord-coréenne, U.R.S.S."', "l’O.N.U nord-coréenne U.R.S.S"),
    ],
)
def test_signs_inside_a_phrase_mean_nothing_outside(phrase: str, words: str) -> None:
    (soft,) = relaxations(parse(phrase, TODAY))

    assert (soft.kind, soft.query.raw, soft.query.constraint) == (DROP, words, None)


@given(ANY_TEXT)
def test_every_way_out_demands_less_and_is_what_its_text_says(text: str) -> None:
    try:
        query = parse(text, TODAY)
    except QueryError:
        return
    demands = conjuncts(query.constraint)
    found = relaxations(query)
    assert len({relaxation.query.raw for relaxation in found}) == len(found)
    for relaxed in (relaxation.query for relaxation in found):
        kept = conjuncts(relaxed.constraint)
        assert len(kept) < len(demands)
        assert set(kept) < set(demands)
        again = parse(relaxed.raw, TODAY)
        assert (again.words, again.constraint, again.text) == (
            relaxed.words,
            relaxed.constraint,
            relaxed.text,
        )
        assert to_text(relaxed) == relaxed.raw != ""
