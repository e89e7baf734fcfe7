"""Tests that the keyword index on servers gives the same as the one in a folder."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.local.reader import open_current
from search.postgres.connections import Servers
from search.postgres.reader import PostgresGeneration
from search.protocols import KeywordIndex, TermMatches
from search.query.ast import Node, Phrase, RankingWord, Word
from tests.fakes import build_index
from tests.keyword.corpus import random_articles
from tests.keyword.strategies import CONSTRAINTS, RANKING_WORDS

from .cluster import Cluster
from .servers import on_servers


@dataclass(frozen=True, slots=True)
class Both:
    """The same articles in a folder and on servers."""

    folder: KeywordIndex
    servers: KeywordIndex


@pytest.fixture(scope="module")
def both(servers: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    articles = random_articles(seed=7, count=60)
    index = tmp_path_factory.mktemp("folder") / "index"
    build_index(index, articles)
    with closing(open_current(index)) as local, on_servers(servers, articles) as generation:
        yield Both(local.keyword, generation.keyword)


def test_connections_do_not_use_the_global_random_generator(servers: Cluster, both: Both) -> None:
    before = random.getstate()
    with closing(PostgresGeneration(servers.coordinator.dsn)) as opened:
        assert opened.keyword.articles_with("munition").any()
    assert random.getstate() == before


@settings(max_examples=100)
@given(RANKING_WORDS)
def test_scores_are_the_same(both: Both, words: list[RankingWord]) -> None:
    actual, expected = both.servers.score(words), both.folder.score(words)
    for name in ("articles", "passages", "coverage"):
        np.testing.assert_allclose(getattr(actual, name), getattr(expected, name), rtol=1e-4, atol=1e-5)
    assert actual.literal.tolist() == expected.literal.tolist()


@settings(max_examples=200)
@given(CONSTRAINTS)
def test_a_constraint_allows_the_same(both: Both, constraint: Node) -> None:
    assert both.servers.allowed(constraint).tolist() == both.folder.allowed(constraint).tolist()


def _documents(each: TermMatches) -> tuple[object, ...]:
    return each.word, each.text, each.articles.tolist(), each.rows.tolist(), each.titles.tolist()


@settings(max_examples=50)
@given(RANKING_WORDS)
def test_lookup_is_the_same(both: Both, words: list[RankingWord]) -> None:
    actual, expected = both.servers.lookup(words), both.folder.lookup(words)
    assert [_documents(each) for each in actual] == [_documents(each) for each in expected]
    assert [each.idf for each in actual] == pytest.approx([each.idf for each in expected])


@pytest.mark.parametrize("typed", ["munitoin", "livraisn", "Moscuo", "frontiere", "xyz"])
def test_fuzzy_terms_are_the_same(both: Both, typed: str) -> None:
    term = typed.lower()
    assert both.servers.fuzzy_terms(term, 5) == both.folder.fuzzy_terms(term, 5)


@pytest.mark.parametrize("term", ["munition", "de", "etats-unis", "unis", "personne"])
def test_articles_with_a_term_are_the_same(both: Both, term: str) -> None:
    assert both.servers.articles_with(term).tolist() == both.folder.articles_with(term).tolist()


def test_an_unknown_word_scores_nothing(both: Both) -> None:
    scores = both.servers.score([RankingWord(Word("inconnu"))])
    for array in (scores.articles, scores.passages, scores.coverage):
        assert not array.any()


def test_what_was_asked_before_is_asked_of_no_server(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    words, constraint = [RankingWord(Word("munition"))], Phrase("munition")
    scores, allowed = both.servers.score(words), both.servers.allowed(constraint)
    stems = both.servers.score_stems({"munition": 1.0, "livr": 0.5})
    assert scores.articles.any()
    monkeypatch.setattr(Servers, "query_shards", None)
    again = both.servers.score(words)
    assert again.articles.tolist() == scores.articles.tolist()
    assert again.passages.tolist() == scores.passages.tolist()
    assert both.servers.allowed(constraint).tolist() == allowed.tolist()
    assert both.servers.score_stems({"munition": 1.0, "livr": 0.5}).tolist() == stems.tolist()


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["munition", "livraison", "frontier", "train", "inconnu"]), st.floats(0.1, 2)
    )
)
def test_scores_of_stems_are_the_same(both: Both, weights: dict[str, float]) -> None:
    actual, expected = both.servers.score_stems(weights), both.folder.score_stems(weights)
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-5)
