from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.indexing.article_store import SqliteStore
from search.indexing.article_writer import open_writer
from search.local.reader import Generation
from search.retrieval.facets import FacetCounter
from search.types import Facet
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
    articles = [replace(PRESS[0], id=str(key), source=source) for key, source in enumerate(sources)]
    with open_writer(tmp_path / "store") as writer:
        for article in articles:
            writer.add(article)
        keys = np.arange(writer.assign_keys())
        writer.finish()
    with closing(SqliteStore(tmp_path / "store")) as store:
        counts = FacetCounter(store).counts(Facet.SOURCE, keys)
    assert counts == (("Agence Nord", 5), ("", 1), ("Nord", 1), ("—", 1), ("…", 1))
