import pytest

from search.query.ast import (
    Not,
    Query,
    RankingWord,
    Wildcard,
    Word,
)
from search.query.parser import parse
from tests.query.parsing import TODAY, constraint, ranking


@pytest.mark.parametrize(
    "text",
    [
        "MeToo",
        "#MeToo",
        "@user",
        "15.6%",
        "3,5",
        "covid-19",
        "nord-coréen",
        "n°9",
        "R&D",
        "20:48",
        "12/09/2023",
        "l'O.N.U.",
        "U.R.S.S.",
        "d’artillerie",
        "aujourd'hui",
        "50€",
        "https://www.lemonde.fr/a?b=c*d",
        "http://univ.fr/~bob/",
        "Шойгу",
        "q\u0303",
    ],
)
def test_one_word_as_typed(text: str) -> None:
    assert parse(text, TODAY) == Query(text, (RankingWord(Word(text)),), None, text)
    assert ranking(f"avant {text}, après") == [Word("avant"), Word(text), Word("après")]
    assert constraint(f"-{text}") == Not(Word(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- mot", "mot"),
        ("a – b — c + d", "a b c d"),
        ("Kim : la visite", "Kim la visite"),
        ("Kim: la visite", "Kim la visite"),
        ("chars, obus ; tanks !", "chars obus tanks"),
        ("oui,non…peut-être", "oui non peut-être"),
        ("fini. [encore] {rien} 'cité'", "fini encore rien cité"),
        ("a / b | c = d < e", "a b c d e"),
        ("_souligné_ ~300 ^ ~", "souligné 300"),
        ("élu(e)s", "élu e s"),
        ("clin :-D d'œil", "clin D d'œil"),
        ("--option", "option"),
        ("Vraiment ?!", "Vraiment"),
        ("Vraiment ? Oui", "Vraiment Oui"),
        ("mort?", "mort"),
        ("mort? ", "mort"),
        ("mort?!", "mort"),
    ],
)
def test_punctuation_is_dropped(text: str, words: str) -> None:
    assert ranking(text) == [Word(word) for word in words.split()]
    assert constraint(text) is None


def test_a_glued_question_mark_inside_the_query_is_a_joker() -> None:
    assert ranking("mort? pourquoi") == [Wildcard("mort?"), Word("pourquoi")]
    assert ranking("pourquoi r?ssie?") == [Word("pourquoi"), Wildcard("r?ssie")]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        (
            "qui va toucher  l'argent de Johnny Hallyday après sa mort ?",
            "qui va toucher l'argent de Johnny Hallyday après sa mort ?",
        ),
        (" pourquoi les urgences craquent-ils ? ", "pourquoi les urgences craquent-ils ?"),
        ("les urgences (CHU) craquent", "les urgences (CHU) craquent"),
        ("Paris Paris", "Paris Paris"),
        ("mort ? source:AFP", "mort ?"),
        ("mort?  source:AFP -lieu:«Le Mans» date:2023", "mort?"),
        ("de l'eau, source:AFP où ? depuis:2023", "de l'eau, où ?"),
        ("pourquoi SAUF rubrique:(sport auto) craquent-ils ? -hiver", "pourquoi craquent-ils ?"),
        ("Mort^2 ? source:AFP", "Mort"),
        ("titre:mort ? source:AFP", "mort"),
        ("source:AFP", ""),
        ("Mort^2 ?", "Mort"),
        ('chars "Obus d’artillerie" +Été -hiver', "chars Obus d’artillerie Été"),
    ],
)
def test_the_text_to_encode(text: str, spoken: str) -> None:
    assert parse(text, TODAY).text == spoken
