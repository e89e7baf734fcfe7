from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from search.errors import IndexCorrupt
from search.keyword import array_file
from search.keyword.array_file import Writer
from search.keyword.bm25 import Bm25f, query_terms
from search.keyword.fields import BODY, PASSAGES
from search.keyword.reader import KeywordReader, StoredFields
from search.keyword.whoosh_reader import PatternExpander
from search.query.ast import RankingWord
from search.types import Article

from .corpus import Press, index_of
from .strategies import RANKING_WORDS
from .whoosh_search import walked_by_whoosh

ARTICLES = [Article(f"a{key}", "Titre", "Premier.\n\nSecond premier.", "2023") for key in range(3)]


def test_an_index_knows_what_it_holds_and_is_sound(tmp_path: Path) -> None:
    with index_of(tmp_path, ARTICLES) as press:
        assert (press.index.articles, press.index.passages) == (3, 6)
        press.index.verify()


def test_an_index_of_nothing_is_sound_and_finds_nothing(tmp_path: Path) -> None:
    with index_of(tmp_path, []) as press:
        press.index.verify()
        assert press.index.articles == 0


def _no_texts(keys: Sequence[int]) -> list[Article]:
    raise AssertionError(f"{keys} are asked by no condition on places")


def test_a_file_that_lacks_a_field_is_corrupt(tmp_path: Path) -> None:
    Writer(tmp_path / "keyword").finish()
    with pytest.raises(IndexCorrupt, match="keyword contradicts itself; run: depeche build PATH"):
        KeywordReader(tmp_path / "keyword", _no_texts)


@pytest.mark.parametrize(
    ("name", "damaged"),
    [
        ("passage.docs", [9, 9, 9, 9, 9, 9]),
        ("passage.docs", [2, 1, 0, 2, 1, 0]),
        ("passage.docs", [0]),
        ("passage.counts", [1]),
        ("passage.starts", [0, 6, 6]),
        ("passage.terms", list(b"secondpremi")),
        ("passage.lengths", [1, 1]),
        ("exact.firsts", [0, 1, 2, 3]),
        ("exact.positions", [0]),
        ("days", [1, 1]),
    ],
)
def test_arrays_that_disagree_are_corrupt(tmp_path: Path, name: str, damaged: list[int]) -> None:
    with index_of(tmp_path, ARTICLES) as press:
        arrays = array_file.open_arrays(press.path) | {name: np.array(damaged)}
    writer = Writer(tmp_path / "damaged")
    for each, numbers in arrays.items():
        writer.add(each, numbers)
    writer.finish()
    with pytest.raises(IndexCorrupt, match="contradicts itself; run: depeche build PATH"):
        KeywordReader(tmp_path / "damaged", _no_texts).verify()


@settings(max_examples=200)
@given(RANKING_WORDS)
def test_whoosh_walking_its_postings_gives_the_same_scores(press: Press, words: list[RankingWord]) -> None:
    stored = StoredFields.read(press.path)
    walked = walked_by_whoosh(stored.all, len(press.articles))
    expansion = PatternExpander(stored.all, len(press.articles)).expansion
    fast = press.index.score(words)
    plain = Bm25f({name: walked[name] for name in stored.arrays}, stored.body, expansion).score(words)
    np.testing.assert_array_equal(fast.articles, plain.articles)
    np.testing.assert_array_equal(fast.passages, plain.passages)
    np.testing.assert_array_equal(fast.coverage, plain.coverage)
    stems = [term.stems for term in query_terms(words, expansion)]
    body, folded = walked[BODY].lists(stems), stored.body.sum_by_article(walked[PASSAGES].lists(stems))
    assert folded.sizes == body.sizes
    np.testing.assert_array_equal(folded.docs, body.docs)
    np.testing.assert_array_equal(folded.counts, body.counts)
