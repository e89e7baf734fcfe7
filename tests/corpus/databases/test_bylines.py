"""Names in bylines."""

import pytest

from search.corpus.databases.bylines import names


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Par Jeanne Modèle", ["Jeanne Modèle"]),
        ("By Jeanne Modèle;Paul Témoin ", ["Jeanne Modèle", "Paul Témoin"]),
        ("Propos recueillis par Jeanne Modèle", ["Jeanne Modèle"]),
        ("Recueilli par Paul Témoin", ["Paul Témoin"]),
        ("Von der Redaktion", ["Von der Redaktion"]),
        ("PAR L. VALMONT", ["L. VALMONT"]),
        ("Par hasard", ["Par hasard"]),
        (" ; ", []),
        ("", []),
    ],
)
def test_a_byline_becomes_names(byline: str, authors: list[str]) -> None:
    assert names(byline) == authors
