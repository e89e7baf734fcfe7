"""The operators on places and on lists: what is read, and what is refused where."""

import pytest

from search.errors import QueryError
from search.query.ast import (
    Among,
    And,
    AtLeast,
    Close,
    Field,
    FieldName,
    Node,
    Not,
    Opening,
    Or,
    Phrase,
    Prefix,
    Together,
    Unit,
    Word,
    WordCount,
)
from search.query.parser import parse
from search.query.printer import understood

from .parsing import TODAY, constraint, ranking

A, B, C = Word("a"), Word("b"), Word("c")
LISTED = "the operators are PROCHE5 ADJ5 MEME_PHRASE MEME_PARAGRAPHE AU_MOINS_3 PREMIERS_50 PARMI_2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a PROCHE5 b", Close(A, B, 5, ordered=False)),
        ("a NEAR_5 b", Close(A, B, 5, ordered=False)),
        ("a ADJ2 b", Close(A, B, 2, ordered=True)),
        ("a MEME_PHRASE b", Together(A, B, Unit.SENTENCE)),
        ("a MÊME_PHRASE b", Together(A, B, Unit.SENTENCE)),
        ("a SAME_PARAGRAPH b", Together(A, B, Unit.PARAGRAPH)),
        ("(a b) ADJ1 (b OU c)", Close(Or((A, B)), Or((B, C)), 1, ordered=True)),
        ('"a b" PROCHE3 mun*', Close(Phrase("a b"), Prefix("mun"), 3, ordered=False)),
        ("a ADJ1 b PROCHE2 c", Close(Close(A, B, 1, ordered=True), C, 2, ordered=False)),
        ("a ADJ1 (b PROCHE2 c)", Close(A, Close(B, C, 2, ordered=False), 1, ordered=True)),
        ("a PROCHE5 b ET c", And((Close(A, B, 5, ordered=False), C))),
        ("a OU b ADJ1 c", Or((A, Close(B, C, 1, ordered=True)))),
        ("SAUF a ADJ1 b", Not(Close(A, B, 1, ordered=True))),
        ("-a ADJ1 b", Not(Close(A, B, 1, ordered=True))),
        ("AU_MOINS_3 a", AtLeast(A, 3)),
        ("ATLEAST3 (a OU b)", AtLeast(Or((A, B)), 3)),
        ("AU_MOINS_2 (a PROCHE5 b)", AtLeast(Close(A, B, 5, ordered=False), 2)),
        ("PREMIERS_50 a", Opening(A, 50)),
        ("FIRST_50 FIRST_9 a", Opening(A, 9)),
        ("PREMIERS_5 a ADJ1 b", Close(Opening(A, 5), B, 1, ordered=True)),
        ("PARMI_2(a, b, c)", Among((A, B, C), 2)),
        ('AMONG_2 (a "b" source:c)', Among((A, Phrase("b"), Field(FieldName.SOURCE, C)), 2)),
        ("PARMI_1(a b)", Or((A, B))),
        ("PARMI_3(a, b, c)", And((A, B, C))),
        ("PARMI_2(a ET b, c, SAUF b)", Among((And((A, B)), C, Not(B)), 2)),
        (
            "source:(PARMI_2(a, b, c))",
            Among(tuple(Field(FieldName.SOURCE, each) for each in (A, B, C)), 2),
        ),
        ("mots:>500", WordCount(501, None)),
        ("Mots:>=500", WordCount(500, None)),
        ("words:<500", WordCount(None, 499)),
        ("mots:200..500", WordCount(200, 500)),
        ("mots:..500", WordCount(None, 500)),
        ("mots:300", WordCount(300, 300)),
    ],
)
def test_operators_are_read(text: str, expected: Node) -> None:
    assert constraint(text) == expected


@pytest.mark.parametrize(
    "text",
    ["a proche5 b", "PROCHE a", "le PROCHE-ORIENT", "PARIS2024", "en mots: a", "MEMES b", "ADJ. a", "A_B"],
)
def test_other_words_stay_words(text: str) -> None:
    assert constraint(text) is None


def test_words_of_operators_rank_unless_they_are_excluded() -> None:
    assert ranking("AU_MOINS_3 a SAUF b ADJ2 x PARMI_2(c, d, SAUF e)") == [A, C, Word("d")]


def test_a_number_of_words_is_a_filter_and_an_operator_is_none() -> None:
    assert understood(parse("x a ADJ2 b mots:>500", TODAY)) == "x · a ADJ2 b · mots:>500"


@pytest.mark.parametrize(
    ("text", "message", "position", "advice"),
    [
        ("a PROCHE5", "PROCHE5 has nothing after it.", 2, "write for example a PROCHE5 b"),
        ("ADJ5 a", "ADJ5 has nothing before it.", 0, "write for example a ADJ5 b"),
        ("a MEME_PHRASE", "MEME_PHRASE has nothing after it.", 2, "write for example a MEME_PHRASE b"),
        ("a AU_MOINS_3", "AU_MOINS_3 has nothing after it.", 2, "write for example AU_MOINS_3 mot"),
        ("a PARMI_2", "PARMI_2 needs a list.", 2, "write for example PARMI_2(a, b, c)"),
        ("PARMI_4(a, b, b)", "PARMI_4 has a list of 2.", 0, "write a smaller number, or a longer list"),
        (
            "a PROCHE0 b",
            "PROCHE0 has a number that is not between 1 and 9999.",
            8,
            "write for example PROCHE5",
        ),
        (
            "x AU_MOINS_10000 b",
            "AU_MOINS_10000 has a number that is not between 1 and 9999.",
            11,
            "write for example AU_MOINS_3",
        ),
        (
            "a PROCHE5 (b ET c)",
            "PROCHE5 needs words, phrases or alternatives.",
            2,
            "write for example a PROCHE5 b, with (a OU b) for alternatives",
        ),
        (
            "AU_MOINS_2 source:AFP",
            "AU_MOINS_2 needs words, phrases or alternatives.",
            0,
            "write for example AU_MOINS_2 mot, with (a OU b) for alternatives",
        ),
        (
            "titre:(a ADJ1 b)",
            "titre: contains an operator on places.",
            0,
            "write words, phrases and ET, OU, SAUF in a field",
        ),
        ("c AU_MOIN_3 a", "AU_MOIN_3 is not an operator.", 2, f"did you mean AU_MOINS_3? {LISTED}"),
        ("a MEME_PHASE b", "MEME_PHASE is not an operator.", 2, f"did you mean MEME_PHRASE? {LISTED}"),
        ("a PROCHES5 b", "PROCHES5 is not an operator.", 2, f"did you mean PROCHE5? {LISTED}"),
        ("a mots:>", "mots: needs a number of words.", 7, "write mots:>500, mots:200..500"),
        ("mots:abc", "mots: needs a number of words.", 0, "write mots:>500, mots:200..500"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str, position: int, advice: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, TODAY)
    error = caught.value
    assert (str(error), error.position, error.suggestion) == (message, position, advice)
