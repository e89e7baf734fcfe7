"""The ranking against the slow one: the same scores and order, in every mode and however much is encoded."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search.corpus.reading import read
from search.local.reader import Generation, open_current
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.retriever import SemanticIndex
from search.types import Article, Mode
from tests.fakes import FakeEncoder, InMemory, build_index
from tests.press import PRESS

from .slow_ranking import Archive, check_ranking

TODAY = date(2023, 9, 13)
SAMPLE = Path(search.__file__).parent / "sample"
QUERIES = (
    "munitions Russie",
    "grève des trains",
    "Que dit le rapport sur les munitions livrées ?",
    "hausse des prix de l'énergie pour les usines en septembre",
    "train Odessa -Moscou",
    "source:nord munitions",
    "inflation 2024",
    "mots que personne n'a écrits xyzzy",
)
WORDS = st.lists(
    st.sampled_from("obus train grève Kim prix énergie école Odessa 2023 récolte blé accord".split()),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """The sample with our own articles and copies of some of them."""
    index = tmp_path_factory.mktemp("ranking") / "index"
    sample = [each for each in read([str(SAMPLE)]) if isinstance(each, Article)]
    assert len(sample) > 60
    build_index(index, [*sample, *PRESS, *map(_copy, PRESS[:4])])
    with closing(open_current(index)) as opened:
        yield opened


def _copy(article: Article) -> Article:
    return Article(f"{article.id}-copie", article.title, article.body, article.published)


def _check(archive: Archive, text: str, mode: Mode) -> None:
    encoder = FakeEncoder()
    engine = Engine(
        archive.store,
        archive.keyword,
        lambda: SemanticIndex(encoder, archive.vectors),
        "",
        leaders=archive.leaders,
        vectors=lambda: archive.vectors,
    )
    check_ranking(archive, engine, encoder.encode_query, parse(text, TODAY), mode)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("lacking", [0, 3])
def test_articles_have_the_scores_of_the_slow_ranking(
    archive: Generation, text: str, mode: Mode, lacking: int
) -> None:
    """Of every three rows, one has no vector where ``lacking`` is 3."""
    rows = archive.store.chunk_count
    encoded = np.ones(rows, bool) if not lacking else np.arange(rows) % lacking > 0
    vectors = InMemory(archive.vectors.of_rows(np.arange(rows)), encoded)
    _check(Archive(archive.store, archive.keyword, vectors, archive.leaders), text, mode)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=3), WORDS, st.sampled_from(Mode))
def test_articles_of_any_words_have_the_scores_of_the_slow_ranking(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[tuple[list[str], list[str]]],
    asked: list[str],
    mode: Mode,
) -> None:
    """With six articles no neighbour has to be chosen among those that tie."""
    index = tmp_path_factory.mktemp("any") / "index"
    articles = [
        Article(str(number), " ".join(title), " ".join(body) + ".", f"2023-09-{number + 1:02}")
        for number, (title, body) in enumerate(texts)
    ]
    build_index(index, [*PRESS[:3], *articles])
    with closing(open_current(index)) as opened:
        _check(Archive(opened.store, opened.keyword, opened.vectors, opened.leaders), " ".join(asked), mode)
