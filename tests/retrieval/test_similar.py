from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.errors import EncoderUnavailable, UsageError
from search.local.reader import Generation
from search.retrieval.engine import Engine
from search.types import Hits, Leg
from tests.fakes import engine_of, engine_over, no_encoder
from tests.press import PRESS

IDS = [article.id for article in PRESS]


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


def _ids(answer: Hits) -> list[str]:
    return [result.article.id for result in answer.hits]


@pytest.mark.parametrize("article_id", ["obus", "rapport"])
def test_similar_articles_are_the_nearest_in_meaning(
    engine: Engine, generation: Generation, article_id: str
) -> None:
    content, first = (
        generation.vectors.of_rows(np.arange(generation.vectors.rows)),
        generation.store.first_rows,
    )
    rows = np.split(content, first[1:])
    centre = rows[IDS.index(article_id)].mean(axis=0)
    nearest = {
        name: float(((own @ centre).max() + (own @ centre).mean()) / 2 / np.linalg.norm(centre))
        for name, own in zip(IDS, rows, strict=True)
    }
    del nearest[article_id]
    answer = engine.similar(article_id, 11)
    assert _ids(answer) == sorted(nearest, key=lambda name: -nearest[name])
    for result in answer.hits:
        (part,) = result.contributions
        assert part.leg is Leg.SEMANTIC
        assert part.score == pytest.approx(nearest[result.article.id], abs=1e-6)
    assert _ids(engine.similar(article_id, 3)) == _ids(answer)[:3]
    assert [result.confidence for result in answer.hits] == [1.0] * 11  # there was no question to answer
    assert answer.confidence == 1.0


def test_copies_of_an_article_are_not_similar_to_it(tmp_path: Path) -> None:
    sommet = next(article for article in PRESS if article.id == "sommet")
    copies = [replace(sommet, id=name, published="2023-09-12") for name in ("copie-1", "copie-2")]
    with engine_over(tmp_path, PRESS) as engine:
        without_copies = _ids(engine.similar("sommet", 20))
    with engine_over(tmp_path, (*copies, *PRESS)) as engine:
        answers = [engine.similar(name, 20) for name in ("sommet", "copie-1", "copie-2")]

    assert len(without_copies) == len(PRESS) - 1
    for answer in answers:
        assert _ids(answer) == without_copies
        assert answer.total == len(without_copies)


def test_nothing_is_similar_to_the_only_article(tmp_path: Path) -> None:
    with engine_over(tmp_path, PRESS[:1]) as engine:
        answer = engine.similar("obus", 5)
    assert (answer.hits, answer.total) == ((), 0)


def test_similar_articles_need_vectors(generation: Generation) -> None:
    with pytest.raises(EncoderUnavailable, match="no model here"):
        engine_of(generation, no_encoder).similar("obus", 3)


def test_an_article_is_found_by_its_id(engine: Engine) -> None:
    assert engine.article("peste") == PRESS[5]
    assert engine.key("peste") == 5


@pytest.mark.parametrize(
    "ask", [Engine.article, Engine.key, lambda engine, article_id: engine.similar(article_id, 3)]
)
def test_an_unknown_id_is_said(engine: Engine, ask: Callable[[Engine, str], object]) -> None:
    with pytest.raises(
        UsageError, match="There is no article 'inconnu' in the index; ids are in: find QUERY"
    ):
        ask(engine, "inconnu")
