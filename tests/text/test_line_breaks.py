"""Words cut at line ends: true hyphens stay, others go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.line_breaks import MARKS, is_cut, join_lines, joined

COMPOUNDS = """grand-mère chef-d'œuvre peut-être avant-hier sous-préfet dit-il Saint-Étienne 1914-1918
Jean-Pierre vis-à-vis c'est-à-dire arc-en-ciel ci-devant au-dessus vice-président demi-heure
rendez-vous lui-même ceux-ci dix-sept quatre-vingt anglo-saxon haut-parleur bas-relief
beau-frère ex-ministre non-lieu est-ce puis-je veux-tu voulez-vous là-bas procès-verbal
mi-temps porte-parole après-midi aura-t-il main-d’œuvre rez-de-chaussée GRAND-MÈRE nouveau-né
contre-amiral laissez-passer F-16 quelques-uns donnez-moi jour-là""".split()
SIMPLE = """recons|truction pré|fet catas|trophe vic|times mi|neurs bas|sin agri|culture beau|coup
aujour|d'hui ver|tu cha|leur ce|lui voi|là ex|position sous|cription non|chalant contre|bande
entre|prise au|teur par|tie toute|fois an|née Fran|ce ci|néma thé|âtre bien|tôt porte|feuille
jus|qu'à RECONS|TRUCTION pas|sera quelqu'|un l'Assem|blée haute|ment mer|ci aujourd|'hui""".split()


@pytest.mark.parametrize("word", COMPOUNDS)
@pytest.mark.parametrize("mark", MARKS)
def test_true_hyphens_stay_wherever_the_line_ends(word: str, mark: str) -> None:
    for place in (place for place, character in enumerate(word) if character == "-"):
        assert joined(word[:place] + mark, word[place + 1 :]) == word


@pytest.mark.parametrize("word", SIMPLE)
@pytest.mark.parametrize("mark", MARKS)
def test_cut_words_become_one(word: str, mark: str) -> None:
    first, second = word.split("|")
    assert joined(f"le {first}{mark}", f"{second}, et") == f"le {first}{second}, et"


def test_lines_become_a_paragraph() -> None:
    lines = [
        "Le conseil a voté la recons- ",
        "truction du pont ; le chef¬",
        "d'œuvre",
        "",
        "n'a pas te\u00ad",
        "nu.",
    ]

    assert join_lines(lines) == "Le conseil a voté la reconstruction du pont ; le chef-d'œuvre n'a pas tenu."


def test_a_word_may_be_cut_on_several_lines() -> None:
    assert join_lines(["anti-", "consti-", "tutionnel-", "lement"]) == "anticonstitutionnellement"


@pytest.mark.parametrize(
    ("line", "following"),
    [("il vint -", "puis partit"), ("fin --", "suite"), ("mot-", "»"), ("mot-", ""), ("", "a")],
)
def test_a_dash_is_no_cut(line: str, following: str) -> None:
    assert not is_cut(line, following)


@given(st.lists(st.text(st.sampled_from("abéàÉ1 '’-¬\u00ad.\n")), max_size=12))
def test_no_letter_is_lost(lines: list[str]) -> None:
    letters = [character for line in lines for character in line if character.isalnum()]

    assert [character for character in join_lines(lines) if character.isalnum()] == letters
