import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.retrieval.query_kind import EXCERPT, HEADLINE, QUESTION, TOPIC, kind_of

WORDS = "obus munitions usine front guerre arme char navire avion missile radar soldat convoi"


@pytest.mark.parametrize(
    "text",
    [
        "loi travail, pour quand ?",
        "Combien de régions ?",
        "combien de régions",
        "où vont les impôts",
        "« Qui est le maire de Nantes »",
        "Qu'est-ce que la dette",
        "est-ce que la loi change",
        "Dans quel pays se trouve la Virginie",
        "À quand remonte la création du duché",
        "d'où viennent les obus",
        "faut-il taxer les riches",
        "dois-je déclarer mes revenus",
        "les centrales sont-elles dangereuses",
        "Macron connaissait-il les risques",
        "la ministre a-t-elle menti",
        "jusqu'où ira la hausse",
        "lesquels sont élus",
    ],
)
def test_a_question_is_known_by_its_sign_its_first_word_or_its_order(text: str) -> None:
    assert kind_of(text) is QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "a quelle heure ferme le musée",
        "ou vont les impots",
        "Ou est passé l'argent",
        "d'ou viennent les obus",
        "D ou viennent les obus",
        "par ou passe le Tour",
        "jusqu'ou ira la hausse",
        "ou\u0300 vont les impo\u0302ts",
        "a\u0300 quelle heure",
        "d´où viennent les obus",
        "est ce que la loi change",
        "quest ce que la dette",
        "la ministre a t elle menti",
        "faut il taxer les riches",
    ],
)
def test_a_question_is_known_without_its_accents_apostrophes_and_hyphens(text: str) -> None:
    assert kind_of(text) is QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vaccin avec ou sans masque",
        "avec ou sans masque",
        "pour ou contre la réforme",
        "ou bien la grève",
        "grève ou blocage",
        "Ouvrières en grève",
        "est républicain",
        "munitions Russie",
        "loi qui divise la majorité",
        "ministre quand il était maire",
        "les élus que la police protège",
        "rendez-vous secret à l'Élysée",
        "celui-ci ou celui-là",
        "Quimper",
        "combiné nordique",
        "de quelques élus",
        "journalistes emprisonnés et liberté de la presse menacée à l'étranger",
    ],
)
def test_other_short_texts_are_topics(text: str) -> None:
    assert kind_of(text) is TOPIC


def test_more_than_twelve_words_are_an_excerpt_though_they_ask() -> None:
    assert kind_of(WORDS) is EXCERPT
    assert kind_of(f"{WORDS} ?") is EXCERPT
    assert kind_of(WORDS.rsplit(maxsplit=1)[0]) is HEADLINE


def test_more_than_six_words_are_a_headline_unless_they_ask() -> None:
    seven = " ".join(WORDS.split()[:7])
    assert kind_of(seven) is HEADLINE
    assert kind_of(f"{seven} ?") is QUESTION
    assert kind_of(seven.rsplit(maxsplit=1)[0]) is TOPIC


def test_stop_words_and_the_parts_of_compounds_are_counted_as_the_analysis_does() -> None:
    twelve = WORDS.rsplit(maxsplit=1)[0]
    assert kind_of(f"les {twelve} et les") is HEADLINE
    assert kind_of(twelve.replace("obus", "sous-marin")) is HEADLINE
    assert kind_of(twelve.replace("obus", "porte-avions")) is EXCERPT


@given(st.text())
def test_every_text_has_a_kind(text: str) -> None:
    assert kind_of(text) in {TOPIC, HEADLINE, QUESTION, EXCERPT}
