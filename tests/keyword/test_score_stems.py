"""Weighted stems: the same scores in each engine, and those of the formula."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from search.keyword.bm25 import FIELD_WEIGHTS, K1, B
from search.text.stemmer import stem
from search.types import Article
from tests.press import PRESS

from .corpus import index_of
from .engines import ENGINES, Archive, indexed


@pytest.fixture(scope="module", params=ENGINES)
def archive(request: pytest.FixtureRequest) -> Iterator[Archive]:
    with indexed(request, PRESS) as dispatches:
        yield dispatches


MUNITIONS, ODESSA, MOSCOU = stem("munitions"), stem("odessa"), stem("moscou")


def test_the_half_that_tells_most_is_scored(archive: Archive) -> None:
    scores = archive.index.score_stems({MUNITIONS: 0.5, ODESSA: 1.0, "inconnu": 1.0, MOSCOU: 0.01})
    both = archive.index.score_stems({MUNITIONS: 0.5, ODESSA: 1.0, "inconnu": 0.0, "autre": 0.0})
    np.testing.assert_allclose(scores, both, rtol=1e-5)
    assert (
        np.count_nonzero(both)
        > np.count_nonzero(archive.index.score_stems({ODESSA: 1.0, "inconnu": 0.0}))
        > 0
    )
    assert archive.index.score_stems({}).tolist() == [0.0] * len(PRESS)


def test_scores_are_linear_in_the_weights(archive: Archive) -> None:
    munitions, odessa = (
        archive.index.score_stems({asked: 1.0, "inconnu": 0.0}) for asked in (MUNITIONS, ODESSA)
    )
    both = archive.index.score_stems({MUNITIONS: 2.0, ODESSA: 0.5, "inconnu": 0.0, "autre": 0.0})
    np.testing.assert_allclose(both, 2 * munitions + 0.5 * odessa, rtol=1e-5)


def test_a_score_is_that_of_title_and_body(tmp_path: Path) -> None:
    articles = [
        Article("a", "Un train", "obus obus"),
        Article("b", "", "obus train"),
        Article("c", "", "front"),
    ]
    with index_of(tmp_path, articles) as press:
        scores = press.index.score_stems({"train": 1.0, "obus": 0.5, "x": 0.0, "y": 0.0})
    one, two = (math.log(1 + (3 - n + 0.5) / (n + 0.5)) for n in (1, 2))
    lengths = np.array([2, 2, 1])
    halves = K1 * (1 - B + B * lengths / lengths.mean())
    obus, train = (np.array(counts) * (K1 + 1) / (counts + halves) for counts in ([2, 1, 0], [0, 1, 0]))
    title = FIELD_WEIGHTS["title"] * one * (K1 + 1) / (1 + K1 * (1 - B + B * 1 / 1))
    np.testing.assert_allclose(scores, 0.5 * two * obus + one * train + np.array([title, 0, 0]), rtol=1e-5)
