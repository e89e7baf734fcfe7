from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from search.local.reader import Generation, open_current
from search.query.parser import parse
from search.retrieval.spelling import suggestion
from search.types import Article
from tests.fakes import build_index

BODIES = [
    *["Moscou livre des munitions à la Russie." for _ in range(260)],
    "MOSCOU. Le président de l’État reçoit à l’Élysée ; l'Élysée se tait, l'elysée aussi.",
    "La gare Saint-Lazare et ses obus.",
    "Une munnitions mal écrite, une barque.",
    "Des cœurs nord-coréens et un sous\u00admarin.",
    "SAUF erreur, SAUF oubli, à Mozcou.",
    "barques, basques, U.R.S.S., 2023.",
    "Des fusées et de la physique à la caserne, à la taverne.",
    *["Thomas Dutronc chante samedi à Paris." for _ in range(150)],
    *["Les vignes de Tomas." for _ in range(3)],
]


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    index = tmp_path_factory.mktemp("suggest") / "index"
    build_index(index, [Article(f"a{key}", "", body) for key, body in enumerate(BODIES)])
    with closing(open_current(index)) as opened:
        yield opened


def suggested(press: Generation, text: str) -> str | None:
    return suggestion(parse(text, date(2023, 9, 15)), press.keyword, press.store)


@pytest.mark.parametrize(
    ("typed", "intended"),
    [
        ("munitiosn", "munitions"),
        ("Mosocu", "Moscou"),
        ("mosscou", "Moscou"),
        ("lelysee", "Élysée"),
        ("l'elyséé", None),
        ("d'elyse", "d'Élysée"),
        ("prezidant de l'etta", "président de l'État"),
        ("Lazzare", "Lazare"),
        ("saint-lazzare", "saint-Lazare"),
        ("Coeeurs", "cœurs"),
        ("sousmarni", "sousmarin"),
        ("URSSS", "U.R.S.S."),
    ],
)
def test_a_word_that_nobody_uses_is_spelt_as_the_articles_spell_it(
    press: Generation, typed: str, intended: str | None
) -> None:
    assert suggested(press, typed) == intended


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "munitions Russie",
        "munition",  # its stem is known
        "obsv",  # "obus" is two edits away, which is far for a short word
        "zz zzz zzzzzzzzz",
        "2032",
        "mosc* muntions~ -muntions source:muntions",
        "lles",  # "les" would change nothing
        "barque",  # nor would a word that is not held by far more articles
    ],
)
def test_nothing_to_say(press: Generation, typed: str) -> None:
    assert suggested(press, typed) is None


def test_a_rare_word_gives_way_to_one_that_is_far_more_frequent(press: Generation) -> None:
    assert press.keyword.articles_with("munnitions").tolist() == [262]
    assert suggested(press, "munnitions") == "munitions"


@pytest.mark.parametrize(
    ("typed", "intended"),
    [
        ("mozzcou", "Moscou"),  # two likely slips from a frequent word, one from a rare one
        ("zaint", "Saint"),  # the key above, not the key beside that makes "daint"
        ("phusées", "fusées"),
        ("fisique", "physique"),
        ("fhysique", "physique"),
        ("kaserne", "caserne"),
        ("carerne", None),  # "caserne" and "taverne" are as far: too far for one article each
    ],
)
def test_the_likeliest_slip_is_undone(press: Generation, typed: str, intended: str | None) -> None:
    assert suggested(press, typed) == intended


def test_company_tells_which_word_was_meant(press: Generation) -> None:
    assert suggested(press, "tomas") is None
    assert suggested(press, "tomas dutronc") == "Thomas dutronc"
    assert suggested(press, "tomas vignes") is None
    assert suggested(press, "vinges tomas") == "vignes tomas"


def test_a_known_word_is_not_doubted_in_a_long_query(press: Generation) -> None:
    assert suggested(press, "tomas Dutronc chante Paris") == "Thomas Dutronc chante Paris"
    assert suggested(press, "tomas Dutronc chante samedi Paris") is None


def test_everything_else_stays_as_typed(press: Generation) -> None:
    typed = '  Muntions  ET ("obsu d\'etat" OU titre:Mosscou^2) -muntionss  depuis:7j ? '
    intended = '  munitions  ET ("obus d\'etat" OU titre:Moscou^2) -muntionss  depuis:7j ? '
    assert suggested(press, typed) == intended


def test_only_whole_words_are_replaced(press: Generation) -> None:
    assert suggested(press, "obsu obsulescent") == "obus obsulescent"


def test_a_word_is_never_spelt_as_an_operator(press: Generation) -> None:
    assert suggested(press, "sauuf") == "sauf"


def test_a_few_words_are_looked_at_and_no_more(press: Generation) -> None:
    typed = "zzzzzza zzzzzzb zzzzzzc mosscou muntions"
    assert suggested(press, typed) == "zzzzzza zzzzzzb zzzzzzc Moscou muntions"
