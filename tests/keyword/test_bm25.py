import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from search.keyword.bm25 import FIELD_WEIGHTS, MAX_EXPANSION
from search.protocols import Floats
from search.query.ast import Fuzzy, Leaf, Phrase, Prefix, RankingWord, Wildcard, Word
from search.text.analyzer import tokenise
from search.text.stemmer import stem
from search.text.stopwords import STOP_WORDS
from search.types import Article

from . import reference
from .corpus import Press, index_of
from .strategies import BOOSTED_WORDS, RANKING_WORDS
from .whoosh_search import PlainIndex, Terms


@settings(max_examples=100)
@given(RANKING_WORDS)
def test_scores_are_those_of_the_formula(press: Press, words: list[RankingWord]) -> None:
    found = press.index.score(words)
    wanted = reference.scores(press.articles, press.passages, words)
    np.testing.assert_allclose(found.articles, wanted.articles, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.passages, wanted.passages, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.coverage, wanted.coverage, rtol=1e-5, atol=1e-6)


@settings(max_examples=3000)
@given(BOOSTED_WORDS)
def test_articles_and_passages_rank_as_in_whoosh(
    press: Press, plain: PlainIndex, boosts: dict[Word, float]
) -> None:
    found = press.index.score([RankingWord(word, boost) for word, boost in boosts.items()])
    count = len(press.articles)
    _assert_same_ranking(found.articles, plain.best_first(_terms(boosts, FIELD_WEIGHTS), count))
    passages = plain.best_first(_terms(boosts, {"passage": 1}), len(press.passages))
    _assert_same_ranking(found.passages, {doc - count: score for doc, score in passages.items()})


def _terms(words: dict[Word, float], fields: Mapping[str, float]) -> Terms:
    """The terms that words are looked up by in weighted fields, each with the sum of its boosts."""
    boosts: dict[tuple[str, str], float] = defaultdict(float)
    tokens = [(token.term, boost) for word, boost in words.items() for token in tokenise(word.text)]
    telling = [(term, boost) for term, boost in tokens if term not in STOP_WORDS]
    for field, weight in fields.items():
        for term, boost in telling or tokens * (field == "exact"):
            boosts[field, term if field == "exact" else stem(term)] += boost * weight
    return boosts


def _assert_same_ranking(ours: Floats, theirs: dict[int, float]) -> None:
    """``theirs`` is in order; ours may differ only where scores are equal."""
    assert set(np.flatnonzero(ours).tolist()) == set(theirs)
    for place, score in theirs.items():
        assert ours[place] == pytest.approx(score, abs=1e-4)
    for better, worse in pairwise(theirs):
        assert ours[better] >= ours[worse] - 1e-5


def _scored(folder: Path, bodies: list[str], *leaves: Leaf) -> list[float]:
    with index_of(folder, [Article(f"a{key}", "", body) for key, body in enumerate(bodies)]) as press:
        scores: list[float] = press.index.score([RankingWord(leaf) for leaf in leaves]).articles.tolist()
        return scores


def test_coverage_is_the_share_of_the_idf_of_the_words(tmp_path: Path) -> None:
    bodies = ["obus russes", "obus livrés", "un train", "le front"]
    articles = [Article(f"a{key}", "", body) for key, body in enumerate(bodies)]
    words = [RankingWord(Word(text)) for text in ("obus", "russe", "inconnu")]
    obus, russe, unknown = (math.log(1 + (4 - n + 0.5) / (n + 0.5)) for n in (2, 1, 0))
    mass = obus + russe + unknown
    with index_of(tmp_path, articles) as press:
        found = press.index.score(words).coverage
    np.testing.assert_allclose(found, [(obus + russe) / mass, obus / mass, 0, 0], rtol=1e-6)


def test_a_pattern_that_stands_for_nothing_lowers_the_coverage(tmp_path: Path) -> None:
    with index_of(tmp_path, [Article("a", "", "obus"), Article("b", "", "front")]) as press:
        found = press.index.score([RankingWord(Word("obus")), RankingWord(Prefix("zzz"))]).coverage
    known, unknown = math.log(2), math.log(1 + 2.5 / 0.5)
    np.testing.assert_allclose(found, [known / (known + unknown), 0], rtol=1e-6)


def test_the_whole_of_a_compound_ranks_but_its_parts_cover(tmp_path: Path) -> None:
    bodies = ["le nord-coréen", "au nord du port", "coréen ou non"]
    with index_of(tmp_path, [Article(f"a{key}", "", body) for key, body in enumerate(bodies)]) as press:
        found = press.index.score([RankingWord(Word("nord-coréen"))])
    assert found.coverage.tolist() == pytest.approx([1, 0.5, 0.5])
    assert found.articles[0] > found.articles[1] + found.articles[2]


def test_stop_words_are_left_out_of_a_query_that_has_others(tmp_path: Path) -> None:
    both = _scored(tmp_path, ["la peste", "la fièvre", "une fièvre"], Word("la"), Word("peste"))
    assert both[0] > 0
    assert both[1:] == [0, 0]


def test_a_query_of_stop_words_alone_still_finds(tmp_path: Path) -> None:
    scores = _scored(
        tmp_path, ["ne pas être", "être en avance", "un cargo"], *map(Word, ("ne", "pas", "être"))
    )
    assert scores[0] > scores[1] > 0
    assert scores[2] == 0


def test_a_boost_multiplies(press: Press) -> None:
    plain = press.index.score([RankingWord(Word("obus"))])
    boosted = press.index.score([RankingWord(Word("obus"), 3.0)])
    assert plain.articles.max() > 0
    np.testing.assert_allclose(boosted.articles, plain.articles * 3, rtol=1e-6)
    np.testing.assert_allclose(boosted.passages, plain.passages * 3, rtol=1e-6)
    assert boosted.coverage.tolist() == plain.coverage.tolist()


def test_the_form_as_written_ranks_above_another_of_its_stem(tmp_path: Path) -> None:
    russe, russie, none = _scored(
        tmp_path, ["un cargo russe", "un cargo en Russie", "un cargo"], Word("russe")
    )
    assert russe > russie > none == 0


def test_a_phrase_ranks_by_its_words(press: Press) -> None:
    phrase = press.index.score([RankingWord(Phrase("obus de Moscou"))])
    words = press.index.score([RankingWord(Word("obus")), RankingWord(Word("Moscou"))])
    assert phrase.articles.tolist() == words.articles.tolist()


@pytest.mark.parametrize(
    "pattern", [Prefix("munit"), Wildcard("mun?tions"), Wildcard("*nitions"), Fuzzy("munitiosn", 2)]
)
def test_a_pattern_ranks_by_the_words_it_stands_for(tmp_path: Path, pattern: Leaf) -> None:
    first, second, third = _scored(tmp_path, ["munitions", "munitions et obus", "un cargo"], pattern)
    assert first > second > third == 0


def test_the_words_of_a_pattern_count_as_one(tmp_path: Path) -> None:
    """Their frequencies add up, rather than the rarest form weighing most."""
    bodies = ["canon", "canon canonnade", "cargo", "cargo cargo"]
    articles = [Article(f"a{key}", "", body) for key, body in enumerate(bodies)]
    with index_of(tmp_path, articles) as press:
        found = press.index.score([RankingWord(Prefix("can"))]).passages
        same = press.index.score([RankingWord(Word("cargo"))]).passages
    np.testing.assert_allclose(found[:2], same[2:])


def test_a_wide_pattern_ranks_by_its_most_frequent_words(tmp_path: Path) -> None:
    """A body of a word each; the words that only one article holds come last, in their order."""
    rare = [f"mot{number:03}" for number in range(MAX_EXPANSION + 2)]
    bodies = [*rare, "motif", "motif"]
    scores = _scored(tmp_path, bodies, Prefix("mot"))
    left_out = [body for body, score in zip(bodies, scores, strict=True) if score == 0]
    assert left_out == rare[MAX_EXPANSION - 1 :]


def test_no_words_give_no_scores(press: Press) -> None:
    found = press.index.score([])
    assert not found.articles.any()
    assert not found.passages.any()
    assert not found.coverage.any()
