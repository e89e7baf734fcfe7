import unicodedata
from datetime import date

import pytest

from search.query.ast import (
    And,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    RankingWord,
    Wildcard,
    Word,
)
from search.query.parser import parse
from tests.query.parsing import TODAY, constraint, ranking

A, B, C, D = Word("A"), Word("B"), Word("C"), Word("D")
PQ, RS = Phrase("p q"), Phrase("r s")
AFP = Field(FieldName.SOURCE, Word("AFP"))


def boosts(text: str) -> dict[str, float]:
    return {word.leaf.text: word.boost for word in parse(text, TODAY).words if isinstance(word.leaf, Word)}


def days(*bounds: str | None) -> DateRange:
    return DateRange(*(date.fromisoformat(bound) if bound else None for bound in bounds))


@pytest.mark.parametrize("blank", ["", "   ", " \t\n", "!", "- , …", "?"])
def test_a_blank_query_is_an_empty_query(blank: str) -> None:
    assert parse(blank, TODAY) == Query(blank, (), None, "")


def test_bare_words_are_soft() -> None:
    words = (RankingWord(Word("munitions")), RankingWord(Word("Russie")))
    assert parse("munitions Russie", TODAY) == Query("munitions Russie", words, None, "munitions Russie")


@pytest.mark.parametrize(
    "text", ['"obus d\'artillerie"', "«obus d'artillerie»", "“ obus  d'artillerie ”", "„obus d'artillerie“"]
)
def test_quotes_of_every_kind_make_a_phrase_hard_and_ranking(text: str) -> None:
    phrase = Phrase("obus d'artillerie")
    assert parse(text, TODAY) == Query(text, (RankingWord(phrase),), phrase, "obus d'artillerie")


def test_one_quoted_word_is_a_phrase() -> None:
    assert constraint('"Russie"') == Phrase("Russie")


def test_near_is_hard_and_ranks_as_one() -> None:
    near = Near("munitions Russie", 8)
    query = parse('"munitions Russie"~8', TODAY)
    assert (query.words, query.constraint, query.text) == ((RankingWord(near),), near, "munitions Russie")


@pytest.mark.parametrize(
    "text",
    [
        "munitions ET (Russie OU Moscou) SAUF Ukraine",
        "munitions AND (Russie OR Moscou) NOT Ukraine",
        "munitions ET (Russie OU Moscou) ET SAUF Ukraine",
        "munitions ET (Russie Moscou) -Ukraine",
    ],
)
def test_operators_in_both_languages(text: str) -> None:
    query = parse(text, TODAY)
    either = Or((Word("Russie"), Word("Moscou")))
    assert query.constraint == And((Word("munitions"), either, Not(Word("Ukraine"))))
    assert query.text == "munitions Russie Moscou"


def test_operators_in_lower_case_are_words() -> None:
    assert ranking("guerre et paix ou trêve sauf and or not") == [
        Word(word) for word in "guerre et paix ou trêve sauf and or not".split()
    ]
    assert constraint("guerre et paix ou trêve") is None


def test_signs() -> None:
    query = parse("+munitions -Ukraine", TODAY)
    assert query.constraint == And((Word("munitions"), Not(Word("Ukraine"))))
    assert query.words == (RankingWord(Word("munitions")),)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("titre:Kim", Field(FieldName.TITLE, Word("Kim"))),
        ("title:Kim", Field(FieldName.TITLE, Word("Kim"))),
        ("source:AFP", AFP),
        ("SOURCE:AFP", AFP),
        ("rubrique:monde", Field(FieldName.SECTION, Word("monde"))),
        ("section:monde", Field(FieldName.SECTION, Word("monde"))),
        ("auteur:Modèle", Field(FieldName.AUTHOR, Word("Modèle"))),
        ('Author:"Jeanne Modèle"', Field(FieldName.AUTHOR, Phrase("Jeanne Modèle"))),
        ("page:A6", Field(FieldName.PAGE, Word("A6"))),
        ("lieu:Armeil", Field(FieldName.PLACE, Word("Armeil"))),
        ("place:Armeil", Field(FieldName.PLACE, Word("Armeil"))),
        ("mot-clé:grève", Field(FieldName.KEYWORD, Word("grève"))),
        ("MOT-CLÉ:grève", Field(FieldName.KEYWORD, Word("grève"))),
        ("mot-cle\u0301:gr*", Field(FieldName.KEYWORD, Prefix("gr"))),
        ("mot-cle:grève", Field(FieldName.KEYWORD, Word("grève"))),
        ("motclé:grève", Field(FieldName.KEYWORD, Word("grève"))),
        ("motcle:grève", Field(FieldName.KEYWORD, Word("grève"))),
        ("keyword:grève", Field(FieldName.KEYWORD, Word("grève"))),
        ('-mot-clé:"port de pêche"', Not(Field(FieldName.KEYWORD, Phrase("port de pêche")))),
        ('source:"Le Monde"', Field(FieldName.SOURCE, Phrase("Le Monde"))),
        ("source:«Le Monde»", Field(FieldName.SOURCE, Phrase("Le Monde"))),
        ("titre:munit*", Field(FieldName.TITLE, Prefix("munit"))),
        ("titre:munitiosn~", Field(FieldName.TITLE, Fuzzy("munitiosn", 2))),
        ("source:(AFP OU Reuters)", Or((AFP, Field(FieldName.SOURCE, Word("Reuters"))))),
        ("source:(AFP Reuters)", Or((AFP, Field(FieldName.SOURCE, Word("Reuters"))))),
        ("-source:AFP", Not(AFP)),
        (
            'titre:(A ET -"p q")',
            And((Field(FieldName.TITLE, A), Not(Field(FieldName.TITLE, PQ)))),
        ),
    ],
)
def test_fields(text: str, field: Node) -> None:
    assert constraint(text) == field


def test_only_the_title_ranks_among_fields() -> None:
    query = parse('titre:Kim^3 source:AFP rubrique:"le monde" date:2023 sommet', TODAY)
    assert query.words == (RankingWord(Word("Kim"), 3.0), RankingWord(Word("sommet")))
    assert query.text == "Kim sommet"


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("munit*", Prefix("munit")),
        ("r?ssie", Wildcard("r?ssie")),
        ("*nition*", Wildcard("*nition*")),
        ("mu*ns", Wildcard("mu*ns")),
        ("munitiosn~", Fuzzy("munitiosn", 2)),
        ("ministre~", Fuzzy("ministre", 2)),
        ("russe~", Fuzzy("russe", 1)),
        ("munitiosn~1", Fuzzy("munitiosn", 1)),
        ("russe~2", Fuzzy("russe", 2)),
    ],
)
def test_patterns_are_soft(text: str, leaf: Leaf) -> None:
    assert ranking(text) == [leaf]
    assert constraint(text) is None
    assert constraint(f"+{text}") == leaf
    assert constraint(f"-{text}") == Not(leaf)


def test_patterns_give_their_letters_to_the_text() -> None:
    assert parse("munit* r?ssie munitiosn~", TODAY).text == "munit rssie munitiosn"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date:2023-09", days("2023-09-01", "2023-09-30")),
        ("date:2023-09-11..2023-09-30", days("2023-09-11", "2023-09-30")),
        ("date:>=2023", days("2023-01-01", None)),
        ("date:>2023-09", days("2023-10-01", None)),
        ("date:<=2023-09", days(None, "2023-09-30")),
        ("date:<2023-09", days(None, "2023-08-31")),
        ("date:..2022", days(None, "2022-12-31")),
        ("date:2022..", days("2022-01-01", None)),
        ("date:2022..2023-02", days("2022-01-01", "2023-02-28")),
        ("date:12/09/2023", days("2023-09-12", "2023-09-12")),
        ("depuis:7j", days("2023-09-08", None)),
        ("depuis:3m", days("2023-06-15", None)),
        ("since:2023-09-01", days("2023-09-01", None)),
        ("avant:2023-09-01", days(None, "2023-08-31")),
        ("before:2023", days(None, "2022-12-31")),
        ("date:septembre-2023", days("2023-09-01", "2023-09-30")),
        ("date:12-septembre-2023", days("2023-09-12", "2023-09-12")),
        ("date:hier", days("2023-09-14", "2023-09-14")),
        ("Date:aujourd’hui", days("2023-09-15", "2023-09-15")),
        ("-date:2023-09", Not(days("2023-09-01", "2023-09-30"))),
    ],
)
def test_dates(text: str, expected: Node) -> None:
    query = parse(text, TODAY)
    assert (query.words, query.constraint, query.text) == ((), expected, "")


def test_boosts() -> None:
    assert boosts("mot^3 autre^0.5 demi^2,5 rien") == {"mot": 3.0, "autre": 0.5, "demi": 2.5, "rien": 1.0}
    assert boosts("(a b^2)^3 c") == {"a": 3.0, "b": 6.0, "c": 1.0}
    assert parse('"p q"^2', TODAY).words == (RankingWord(PQ, 2.0),)
    assert parse('"p q"~4^2 munit*^3 ru~1^4', TODAY).words == (
        RankingWord(Near("p q", 4), 2.0),
        RankingWord(Prefix("munit"), 3.0),
        RankingWord(Fuzzy("ru", 1), 4.0),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("D A ET B", And((A, B))),
        ("A OU B C", Or((A, B))),
        ("A ET B OU C ET D", Or((And((A, B)), And((C, D))))),
        ("A SAUF B", Not(B)),
        ("A ET SAUF B", And((A, Not(B)))),
        ("A OU B SAUF C", And((Or((A, B)), Not(C)))),
        ("(A B)", None),
        ("((A) B)", None),
        ("A ET (B C)", And((A, Or((B, C))))),
        ("+(A B)", Or((A, B))),
        ("-(A B)", Not(Or((A, B)))),
        ('-("p q" "r s")', Not(Or((PQ, RS)))),
        ("-(A ET B)", Not(And((A, B)))),
        ("-(A -B)", Not(Or((A, Not(B))))),
        ("A OU (B -C)", Or((A, And((B, Not(C)))))),
        ('A OU (B "p q")', Or((A, And((B, PQ))))),
        ('"p q" "r s"', And((PQ, RS))),
        ("A ET (B ET (C ET D))", And((A, B, C, D))),
        ("A OU (B OU (C OU D))", Or((A, B, C, D))),
        ("+A +A +B", And((A, B))),
        ("A OU A", A),
        ("SAUF SAUF A", A),
        ("SAUF -(SAUF A)", Not(A)),
        ("-(-A)", A),
        ('A ET"p q"', And((A, PQ))),
        ("(A)ET(B)", And((A, B))),
        ("A ET, B", And((A, B))),
    ],
)
def test_what_is_demanded(text: str, expected: Node | None) -> None:
    assert constraint(text) == expected


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ('C "p q" A ET B', [C, PQ, A, B]),
        ("A B A C B", [A, B, C]),
        ("A -B SAUF C -(A D) D", [A, D]),
        ("-(A -B)", [B]),
        ("-(-A)", [A]),
        ("A OU (B -C)", [A, B]),
        ("-titre:A titre:B", [B]),
    ],
)
def test_positive_words_rank_in_the_order_typed(text: str, leaves: list[Leaf]) -> None:
    assert ranking(text) == leaves


def test_a_repeated_word_keeps_its_first_place_and_boost() -> None:
    assert parse("A^2 B A^3", TODAY).words == (RankingWord(A, 2.0), RankingWord(B))


def test_words_are_nfc_and_the_raw_query_is_kept() -> None:
    typed = unicodedata.normalize("NFD", 'Élysée titre:été "à côté"')
    query = parse(typed, TODAY)
    assert query.raw == typed
    assert query.words == (
        RankingWord(Word("Élysée")),
        RankingWord(Word("été")),
        RankingWord(Phrase("à côté")),
    )
    assert query.text == "Élysée été à côté"


def test_limits_are_inclusive() -> None:
    words = [f"mot{number}" for number in range(256)]
    assert ranking(" ".join(words)) == [Word(word) for word in words]
    assert constraint("+" + "(" * 50 + "A" + ")" * 50) == A
    assert constraint("SAUF " * 1999 + "A") == Not(A)
