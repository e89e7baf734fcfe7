"""Where accents or a capital tell two words apart, articles with the word as typed come first."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from search.query.parser import parse
from search.retrieval.lexical_scores import LexicalScores
from search.retrieval.query_terms import QueryTerms
from search.retrieval.rows import ArticleRows
from search.retrieval.signals import Signals
from search.retrieval.years import ArticleYears
from search.types import Article, Fusion

from .engines import ENGINES, Archive, indexed

TEXTS = {
    "pêche": "La pêche, toujours la pêche : une pêche de côte, et le port vit de la pêche.",
    "péché": "Le curé a longuement parlé à ses paroissiens du péché des hommes et de leur rachat.",
    "PECHE": "UN TITRE EN CAPITALES SUR LA PECHE ET LE PORT QUI EN VIT",
    "jeune": "Un jeune, des jeunes, la jeune équipe : tous jeunes.",
    "jeûne": "Le mois de jeûne commence aujourd'hui pour les fidèles de la ville et des environs.",
    "orange": "Une orange, le jus d'orange, l'orange amère, le goût de l'orange.",
    "Orange": "Les clients de la société Orange se plaignent depuis mardi de pannes dans le réseau.",
    "Orange 2": "La ville et Orange ont signé.",
    "événement": "Un événement.",
    "évènement": "Un évènement, vraiment un évènement de taille pour la commune.",
    "ARMEIL": "ARMEIL, 12 sept. Le maire a réuni les habitants.",
    "Armeil": "Le maire d'Armeil a réuni les habitants.",
    "Armeil 2": "À Armeil, le pont est fermé.",
    "munitions": "L'armée manque de munitions.",
    "Munitions": "Munitions livrées, munitions promises.",
}


@pytest.fixture(scope="module", params=ENGINES)
def archive(request: pytest.FixtureRequest) -> Iterator[Archive]:
    with indexed(request, [Article(name, "", text) for name, text in TEXTS.items()]) as indexed_texts:
        yield indexed_texts


def _ranked(archive: Archive, typed: str) -> list[str]:
    """The articles in the order of the keyword leg."""
    words, articles = parse(typed, date(2023, 9, 13)).words, len(archive.articles)
    scores, rows = archive.index.score(words), ArticleRows.starting(np.arange(articles), articles)
    terms = QueryTerms.of(words, scores.terms, ArticleYears.of([""] * articles))
    signals = Signals(rows, LexicalScores.of(scores, terms, scores.terms, rows), None)
    best = signals.best_by_keyword(signals.matching(np.ones(articles, bool)), articles, Fusion())
    return [archive.articles[key].id for key in best]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("péché", ["péché", "pêche", "PECHE"]),
        ("péchés", ["péché", "pêche", "PECHE"]),
        ("jeûne", ["jeûne", "jeune"]),
        ("la société Orange", ["Orange", "Orange 2", "orange"]),
        ("Orange", ["Orange 2", "Orange", "orange"]),
    ],
)
def test_the_word_as_typed_comes_first(archive: Archive, typed: str, expected: list[str]) -> None:
    assert _ranked(archive, typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("peche", {"pêche", "péché", "PECHE"}),
        ("jeune", {"jeune", "jeûne"}),
        ("orange", {"orange", "Orange", "Orange 2"}),
        ("ORANGE", {"orange", "Orange", "Orange 2"}),
    ],
)
def test_accents_and_capitals_may_be_missing(archive: Archive, typed: str, expected: set[str]) -> None:
    ranked = _ranked(archive, typed)
    assert set(ranked) == expected
    assert ranked[0] in ("pêche", "jeune", "orange", "Orange 2")


@pytest.mark.parametrize("typed", ["événement", "évènement", "Munitions", "Les Munitions"])
def test_a_spelling_that_tells_nothing_apart_counts_for_nothing(archive: Archive, typed: str) -> None:
    coverage = archive.index.score(parse(typed, date(2023, 9, 13)).words).coverage
    assert sorted(coverage.tolist()) == [0.0] * (len(TEXTS) - 2) + [1.0] * 2


def test_a_name_in_the_capitals_of_a_dateline_is_the_name(archive: Archive) -> None:
    coverage = archive.index.score(parse("Armeil", date(2023, 9, 13)).words).coverage
    whole = {article.id for article, share in zip(archive.articles, coverage, strict=True) if share == 1}
    assert whole == {"ARMEIL", "Armeil", "Armeil 2"}
