"""The words on servers say what the embedded index says of the same articles."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings

from search.local.reader import open_current
from search.postgres.reader import PostgresGeneration
from search.protocols import KeywordIndex
from search.query.ast import Node, RankingWord, Word
from tests.fakes import build_index
from tests.keyword.corpus import random_articles
from tests.keyword.strategies import CONSTRAINTS, RANKING_WORDS

from .cluster import Cluster
from .servers import on_servers


@dataclass(frozen=True, slots=True)
class Both:
    """The same articles in both engines."""

    embedded: KeywordIndex
    servers: KeywordIndex


@pytest.fixture(scope="module")
def both(servers: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    articles = random_articles(seed=7, count=60)
    index = tmp_path_factory.mktemp("embedded") / "index"
    build_index(index, articles)
    with closing(open_current(index)) as own, on_servers(servers, articles) as generation:
        yield Both(own.keyword, generation.keyword)


def test_connections_are_made_without_the_global_generator(servers: Cluster, both: Both) -> None:
    before = random.getstate()
    with closing(PostgresGeneration(servers.coordinator.dsn)) as fresh:
        assert fresh.keyword.articles_with("munition").any()
    assert random.getstate() == before


@settings(max_examples=100, deadline=None)
@given(RANKING_WORDS)
def test_scores_are_the_same(both: Both, words: list[RankingWord]) -> None:
    found, wanted = both.servers.score(words), both.embedded.score(words)
    for name in ("articles", "passages", "coverage"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), rtol=1e-4, atol=1e-5)
    assert found.literal.tolist() == wanted.literal.tolist()


@settings(max_examples=200, deadline=None)
@given(CONSTRAINTS)
def test_a_constraint_allows_the_same(both: Both, constraint: Node) -> None:
    assert both.servers.allowed(constraint).tolist() == both.embedded.allowed(constraint).tolist()


@settings(max_examples=50, deadline=None)
@given(RANKING_WORDS)
def test_the_same_hold_a_word(both: Both, words: list[RankingWord]) -> None:
    found, wanted = both.servers.lookup(words), both.embedded.lookup(words)
    assert [(each.word, each.text, each.articles.tolist(), each.rows.tolist()) for each in found] == [
        (each.word, each.text, each.articles.tolist(), each.rows.tolist()) for each in wanted
    ]
    assert [each.idf for each in found] == pytest.approx([each.idf for each in wanted])


@pytest.mark.parametrize("typed", ["munitoin", "livraisn", "Moscuo", "frontiere", "xyz"])
def test_the_same_words_may_have_been_meant(both: Both, typed: str) -> None:
    term = typed.lower()
    assert both.servers.fuzzy_terms(term, 5) == both.embedded.fuzzy_terms(term, 5)


@pytest.mark.parametrize("term", ["munition", "de", "etats-unis", "unis", "personne"])
def test_the_same_articles_hold_a_term(both: Both, term: str) -> None:
    assert both.servers.articles_with(term).tolist() == both.embedded.articles_with(term).tolist()


def test_no_words_score_nothing(both: Both) -> None:
    found = both.servers.score([RankingWord(Word("inconnu"))])
    for scores in (found.articles, found.passages, found.coverage):
        assert not scores.any()
