"""The tables that say what French text and queries mean, from the query as typed to the articles."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from search.query.ast import Query
from search.query.matcher import matches
from search.query.parser import parse
from search.types import Article
from tests.press import PRESS

from .engines import ENGINES, Archive, indexed

TODAY = date(2023, 9, 13)
TEXTS = {
    "elysee": "L’Élysée a réagi",
    "etat": "le cœur de l’État",
    "aujourdhui": "aujourd’hui",
    "obus": "obus d’artillerie nord-coréens",
    "urss": "l'U.R.S.S.",
    "hausse": "hausse de 3,5 %",
    "munitions": "munitions",
    "cut": "la recons-\ntruction voulue par les mi- neurs, un chef-\nd'œuvre d'agri¬\nculture",
}
MATCHES = {
    "elysee": ["elysee", "Elysée", "ÉLYSÉE", "l'elysée", "e\u0301lyse\u0301e"],
    "etat": ["coeur", "cœur", "COEURS", "etat"],
    "aujourdhui": ["aujourd'hui", "aujourd’hui", "AUJOURD'HUI", "aujourd’hu*", "aujourd'h?i"],
    "obus": [
        "artillerie",
        "obus",
        "nord-coréen",
        "coréens",
        "nord",
        '"artillerie nord-coréens"',
        "d’art*",
        "nord-cor*",
        "nord-coréns~1",
    ],
    "urss": ["URSS", "urss", "U.R.S.S."],
    "hausse": ["3,5", "hausses"],
    "munitions": ["munition", "munit*", "munitiosn~", "munitiosn~2", "m?nitions"],
    "cut": [
        "reconstruction",
        "reconstr*",
        "reconstrcution~",
        '"la reconstruction voulue par les mineurs"',
        "mineur",
        "chef-d'œuvre",
        "agriculture",
    ],
}
MISMATCHES = {
    "aujourdhui": ["hui", "aujourd"],
    "obus": ['"artillerie nord-coréenne"', '"obus artillerie coréens"'],
    "hausse": ["3", "5", "35"],
    "urss": ["r"],
    "munitions": ['"munition"', "munitiosn~1"],
    "cut": ["truction", "recons", "neurs", "grand-mère"],
}


@pytest.fixture(scope="module", params=ENGINES)
def texts(request: pytest.FixtureRequest) -> Iterator[Archive]:
    with indexed(request, [Article(name, "", text) for name, text in TEXTS.items()]) as archive:
        yield archive


@pytest.fixture(scope="module", params=ENGINES)
def dispatches(request: pytest.FixtureRequest) -> Iterator[Archive]:
    with indexed(request, PRESS) as archive:
        yield archive


def _allowed(archive: Archive, query: Query) -> set[str]:
    assert query.constraint is not None
    mask = archive.index.allowed(query.constraint)
    return {article.id for article, allowed in zip(archive.articles, mask, strict=True) if allowed}


def _ranked(archive: Archive, query: Query) -> list[str]:
    scores = archive.index.score(query.words).articles
    return [archive.articles[key].id for key in np.argsort(-scores, kind="stable") if scores[key] > 0]


@pytest.mark.parametrize(("name", "typed"), [(name, typed) for name in MATCHES for typed in MATCHES[name]])
def test_a_text_matches_however_it_is_typed(texts: Archive, name: str, typed: str) -> None:
    soft, hard = parse(typed, TODAY), parse(f"+{typed}", TODAY)
    assert _ranked(texts, soft) == [name]
    assert _allowed(texts, hard) == {name}
    assert matches(soft.words, TEXTS[name]) != ()


@pytest.mark.parametrize(
    ("name", "typed"), [(name, typed) for name in MISMATCHES for typed in MISMATCHES[name]]
)
def test_a_text_does_not_match_another_word(texts: Archive, name: str, typed: str) -> None:
    assert name not in _allowed(texts, parse(f"+{typed}", TODAY))
    assert name in _allowed(texts, parse(f"-{typed}", TODAY))


SEPTEMBER = {"obus", "elysee", "inflation", "sommet"}
SINCE_SEPTEMBER = SEPTEMBER | {"rapport", "ukraine", "marathon", "hopital"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"obus d\'artillerie"', {"obus"}),
        ("«obus d’artillerie»", {"obus"}),
        ("“OBUS D'ARTILLERIE”", {"obus"}),
        ('"artillerie d\'obus"', set()),
        ('"munitions Russie"~8', {"obus"}),
        ('"Russie munitions"~10', {"obus", "ukraine"}),
        ("munitions ET (Russie OU Moscou) SAUF Ukraine", {"obus", "rapport", "sommet"}),
        ("munitions AND (Russie OR Moscou) NOT Ukraine", {"obus", "rapport", "sommet"}),
        ("+munitions -Ukraine", {"obus", "rapport", "sommet"}),
        ("titre:Kim", {"sommet"}),
        ("title:munitions", {"ukraine"}),
        ('titre:"la peste"', {"peste"}),
        ("source:gazette", {"rapport", "peste", "urss", "hopital"}),
        ('source:"Sport Matin"', {"marathon"}),
        ("rubrique:économie", {"inflation"}),
        ("section:culture", {"peste", "urss"}),
        ("+munit*", {"obus", "rapport", "ukraine", "sommet"}),
        ("+r?ssie", {"obus", "elysee", "ukraine"}),
        ("+munitiosn~", {"obus", "rapport", "ukraine", "sommet"}),
        ("+munitiosn~2", {"obus", "rapport", "ukraine", "sommet"}),
        ("+marathn~1", {"marathon"}),
        ("date:2023-09", SEPTEMBER),
        ("date:2023-09-11..2023-09-12", {"obus", "sommet"}),
        ("date:2023-10-05", {"rapport"}),
        ("date:>=2023", SINCE_SEPTEMBER | {"cereales"}),
        ("date:>2023", {"marathon", "hopital"}),
        ("date:..2022", {"peste", "urss"}),
        ("date:<=2021-05", {"urss"}),
        ("date:<2022", {"urss"}),
        ("depuis:7j", SINCE_SEPTEMBER),
        ("depuis:3m", SINCE_SEPTEMBER | {"cereales"}),
        ("since:2024", {"marathon", "hopital"}),
        ("avant:2023-09-01", {"peste", "urss", "cereales"}),
        ("before:2022", {"urss"}),
        ("date:septembre-2023", SEPTEMBER),
        ("date:hier", {"obus"}),
        ("rubrique:monde date:2023-09 -Kim", {"obus"}),
    ],
)
def test_a_demand_allows_the_articles_that_meet_it(
    dispatches: Archive, typed: str, expected: set[str]
) -> None:
    assert _allowed(dispatches, parse(typed, TODAY)) == expected


@pytest.mark.parametrize("typed", ["munitions Russie", "munitions et russie", "Russie ou munitions"])
def test_soft_words_rank_and_forbid_nothing(dispatches: Archive, typed: str) -> None:
    query = parse(typed, TODAY)
    ranked = _ranked(dispatches, query)
    assert query.constraint is None
    assert set(ranked[:3]) == {"obus", "ukraine", "sommet"}
    assert set(ranked[3:]) == {"elysee", "rapport", "urss"}


@pytest.mark.parametrize(
    ("typed", "first"), [("inflation^3 marathon", "inflation"), ("inflation marathon^3", "marathon")]
)
def test_a_boosted_word_weighs_more(dispatches: Archive, typed: str, first: str) -> None:
    ranked = _ranked(dispatches, parse(typed, TODAY))
    assert set(ranked) == {"inflation", "marathon"}
    assert ranked[0] == first


@pytest.mark.parametrize(
    ("typed", "name", "marked"),
    [
        ("munition RUSSE", "obus", ["munitions", "Russie"]),
        ('"obus d\'artillerie"', "obus", ["obus", "artillerie"]),
        ('"munitions Russie"~8', "obus", ["munitions", "Russie"]),
        ("nord-coréen", "obus", ["nord-coréens"]),
        ("coréen", "obus", ["coréens"]),
        ("munitions ET (Russie OU Moscou) SAUF Ukraine", "obus", ["munitions", "Russie"]),
        ("titre:peste", "peste", ["Peste"]),
        ("munit* m?litaire*", "obus", ["munitions", "militaires"]),
        ("etat ELYSEE coeur", "elysee", ["Élysée", "cœur", "État"]),
        ("urss aujourd'hui", "urss", ["U.R.S.S.", "Aujourd’hui"]),
        ("3,5 10000", "inflation", ["3,5", "10 000"]),
        ("être ou ne pas être", "peste", ["Être", "ou", "ne", "pas", "être"]),
        ("source:Gazette marathon^2", "marathon", ["marathon"]),
    ],
)
def test_the_words_that_answer_are_marked_as_written(typed: str, name: str, marked: list[str]) -> None:
    (body,) = (article.body for article in PRESS if article.id == name)
    spans = matches(parse(typed, TODAY).words, body)
    assert [body[start:end] for start, end in spans] == marked
