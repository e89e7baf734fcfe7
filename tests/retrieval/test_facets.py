from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.indexing.article_store import SqliteStore
from search.indexing.article_writer import open_writer
from search.local.reader import Generation
from search.retrieval.facets import FacetCounter
from search.types import Article, Facet
from tests.press import PRESS

KEYS = np.array(
    [key for key, article in enumerate(PRESS) if article.id in {"obus", "rapport", "foret", "peste", "urss"}]
)


@pytest.mark.parametrize(
    ("facet", "counts"),
    [
        (Facet.SOURCE, (("Gazette du Soir", 3), ("Agence Nord", 2))),
        (Facet.SECTION, (("culture", 2), ("monde", 2), ("environnement", 1))),
        (Facet.YEAR, (("", 1), ("2021", 1), ("2022", 1), ("2023", 2))),
        (Facet.MONTH, (("", 2), ("2021-05", 1), ("2023-09", 1), ("2023-10", 1))),
    ],
)
def test_articles_are_counted_by_value(
    generation: Generation, facet: Facet, counts: tuple[tuple[str, int], ...]
) -> None:
    assert FacetCounter(generation.store).counts(facet, KEYS) == counts


def test_an_article_counts_once_for_each_of_its_authors(tmp_path: Path) -> None:
    authors = ("Jeanne Modèle; Paul Exemple", "JEANNE MODELE; Jeanne Modèle", "", "Paul Exemple", "Paul")
    assert counted(
        tmp_path, Facet.AUTHOR, [Article("", "", "Texte.", author=author) for author in authors]
    ) == (*(("Jeanne Modèle", 2), ("Paul Exemple", 2), ("", 1), ("Paul", 1)),)


def test_keywords_and_places_are_counted(tmp_path: Path) -> None:
    one = Article("", "", "Texte.", keywords="ports; grève", place="Armeil; Valmont")
    articles = [one, replace(one, keywords="grève", place="")]
    assert counted(tmp_path / "k", Facet.KEYWORD, articles) == (("grève", 2), ("ports", 1))
    assert counted(tmp_path / "p", Facet.PLACE, articles) == (("", 1), ("Armeil; Valmont", 1))


def test_no_articles_have_no_values(generation: Generation) -> None:
    assert FacetCounter(generation.store).counts(Facet.YEAR, np.empty(0, np.int64)) == ()


def test_spellings_of_the_same_words_are_one_source(tmp_path: Path) -> None:
    sources = (
        "Agence-Nord",
        "AGENCE NORD",
        "L'Agence Nord",
        "Agence Nord",
        "Nord",
        "—",
        "",
        "Agence Nord",
        "…",
    )
    counts = counted(tmp_path, Facet.SOURCE, [replace(PRESS[0], source=source) for source in sources])
    assert counts == (("Agence Nord", 5), ("", 1), ("Nord", 1), ("—", 1), ("…", 1))


def counted(folder: Path, facet: Facet, articles: Sequence[Article]) -> tuple[tuple[str, int], ...]:
    """The counts of all articles of a store, whose ids are made here."""
    folder.mkdir(exist_ok=True)
    with open_writer(folder / "store") as writer:
        for key, article in enumerate(articles):
            writer.add(replace(article, id=str(key)))
        keys = np.arange(writer.assign_keys())
        writer.finish()
    with closing(SqliteStore(folder / "store")) as store:
        return FacetCounter(store).counts(facet, keys)
