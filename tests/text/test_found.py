"""Which words of a query are found in which texts, by the analysis chain alone."""

import pytest

from search.text.analyzer import exact_terms, stemmed


def stems(text: str) -> set[str]:
    return {token.term for token in stemmed(text)}


def phrase_found(phrase: str, text: str) -> bool:
    terms, wanted = exact_terms(text), exact_terms(phrase)
    return any(terms[i : i + len(wanted)] == wanted for i in range(len(terms)))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("L’Élysée a réagi", "elysee"),
        ("L’Élysée a réagi", "Elysée"),
        ("L’Élysée a réagi", "ÉLYSÉE"),
        ("L’Élysée a réagi", "l'elysée"),
        ("le cœur de l’État", "coeur"),
        ("le cœur de l’État", "cœur"),
        ("le cœur de l’État", "etat"),
        ("aujourd’hui", "aujourd'hui"),
        ("obus d’artillerie nord-coréens", "artillerie"),
        ("obus d’artillerie nord-coréens", "obus"),
        ("obus d’artillerie nord-coréens", "nord-coréen"),
        ("obus d’artillerie nord-coréens", "coréens"),
        ("l'U.R.S.S.", "URSS"),
        ("l'U.R.S.S.", "urss"),
        ("hausse de 3,5 %", "3,5"),
        ("munitions", "munition"),
        ("la Russie", "russe"),
        ("les États-Unis", "etats-unis"),
        ("le vice-président", "président"),
        ("l'O.N.U. réunie", "ONU"),
    ],
)
def test_a_word_is_found_whatever_its_spelling(text: str, query: str) -> None:
    assert stems(query)
    assert stems(query) <= stems(text)


@pytest.mark.parametrize(
    ("text", "query"),
    [("aujourd’hui", "hui"), ("hausse de 3,5 %", "3"), ("hausse de 3,5 %", "5"), ("10 000 obus", "10")],
)
def test_a_part_of_a_whole_is_not_found(text: str, query: str) -> None:
    assert stems(query).isdisjoint(stems(text))
    assert not phrase_found(query, text)


def test_quotes_are_exact() -> None:
    text = "obus d’artillerie nord-coréens"
    assert phrase_found("artillerie nord-coréens", text)
    assert phrase_found("ARTILLERIE NORD CORÉENS", text)
    assert not phrase_found("artillerie nord-coréenne", text)
    assert not phrase_found("obus nord-coréens", text)
