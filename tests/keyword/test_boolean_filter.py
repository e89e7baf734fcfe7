from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from search.keyword.reader import KeywordReader
from search.query.ast import And, ArticleKeys, DateRange, Field, FieldName, Near, Node, Not, Phrase, Word
from search.types import Article

from .corpus import Press, index_of, random_articles
from .reference import meets
from .strategies import CONSTRAINTS


@settings(max_examples=200)
@given(CONSTRAINTS)
def test_a_constraint_allows_what_the_texts_say(press: Press, constraint: Node) -> None:
    allowed = press.index.allowed(constraint)
    assert allowed.dtype == np.bool_
    assert allowed.tolist() == [meets(constraint, article) for article in press.articles]


def test_articles_are_allowed_by_their_keys(press: Press) -> None:
    keys = frozenset({0, 7, 59})
    allowed = press.index.allowed(And((ArticleKeys(keys), Not(ArticleKeys(frozenset({7}))))))
    assert np.flatnonzero(allowed).tolist() == [0, 59]
    assert not press.index.allowed(ArticleKeys(frozenset())).any()


def test_a_constraint_asked_again_gives_a_mask_of_its_own(press: Press) -> None:
    first = press.index.allowed(Word("obus"))
    expected = first.tolist()
    first[:] = False
    assert press.index.allowed(Word("obus")).tolist() == expected
    assert any(expected)


DISPATCH = "Un train blindé a quitté la gare. Il transporte des obus, dit-on."
ARTICLES = (
    Article("lead", "Un train blindé a quitté…", DISPATCH, "2023-09", "Agence Nord", "monde"),
    Article("title", "Munitions et obus", "Le port de Brest attend un cargo.", "2023", "Le Nord", "mer"),
    Article("ends", "La gare", "de Brest attend un train.", "2023-09-30", "Agence Nord France", ""),
    Article("undated", "", "Obus et canons de toute sorte.", "", "", "monde"),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeywordReader]:
    with index_of(tmp_path_factory.mktemp("articles"), ARTICLES) as press:
        yield press.index


def _allowed(index: KeywordReader, constraint: Node) -> list[str]:
    mask = index.allowed(constraint)
    return [article.id for article, allowed in zip(ARTICLES, mask, strict=True) if allowed]


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (Field(FieldName.TITLE, Word("trains")), ["lead"]),
        (Field(FieldName.TITLE, Phrase("train blindé")), ["lead"]),
        (Field(FieldName.TITLE, Word("obus")), ["title"]),
        (Field(FieldName.TITLE, Word("la")), ["ends"]),
        (Field(FieldName.SOURCE, Word("nord")), ["lead", "title", "ends"]),
        (Field(FieldName.SOURCE, Word("agence-nord")), ["lead", "ends"]),
        (Field(FieldName.SOURCE, Phrase("l'AGENCE-Nord")), ["lead"]),
        (Field(FieldName.SOURCE, Phrase("nord")), []),
        (Field(FieldName.SOURCE, Phrase("…")), []),
        (Field(FieldName.SECTION, Word("mondes")), []),
        (Not(Field(FieldName.SECTION, Word("monde"))), ["title", "ends"]),
    ],
)
def test_a_field_looks_in_its_own_text(index: KeywordReader, constraint: Node, expected: list[str]) -> None:
    assert _allowed(index, constraint) == expected


@pytest.mark.parametrize("leaf", [Phrase("gare de Brest"), Near("gare Brest", 20)])
def test_a_title_does_not_run_on_into_the_body(index: KeywordReader, leaf: Phrase | Near) -> None:
    assert _allowed(index, And((Word("gare"), Word("Brest")))) == ["ends"]
    assert _allowed(index, leaf) == []


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2023, 9, 15), date(2023, 9, 20), ["lead", "title"]),
        (date(2023, 9, 30), date(2023, 9, 30), ["lead", "title", "ends"]),
        (date(2023, 10, 1), None, ["title"]),
        (date(2023, 12, 31), None, ["title"]),
        (date(2024, 1, 1), None, []),
        (None, date(2023, 1, 1), ["title"]),
        (None, date(2023, 9, 1), ["lead", "title"]),
        (None, date(2022, 12, 31), []),
        (None, None, ["lead", "title", "ends"]),
    ],
)
def test_a_date_known_in_part_may_lie_in_the_range(
    index: KeywordReader, first: date | None, last: date | None, expected: list[str]
) -> None:
    assert _allowed(index, DateRange(first, last)) == expected
    undone = [article.id for article in ARTICLES if article.id not in expected]
    assert _allowed(index, Not(DateRange(first, last))) == undone


@pytest.mark.parametrize("empty", [Word("%"), Phrase("…"), Near("-- !", 3)])
def test_text_without_a_word_allows_nothing(index: KeywordReader, empty: Node) -> None:
    assert _allowed(index, empty) == []


def test_words_apart_are_near_by_the_smallest_window(tmp_path: Path) -> None:
    body = "obus un deux trois russe quatre obus cinq russe six sept huit canon"
    with index_of(tmp_path, [Article("a", "", body)]) as press:

        def within(text: str, distance: int) -> bool:
            return bool(press.index.allowed(Near(text, distance))[0])

        assert within("russe obus", 2)
        assert not within("russe obus", 1)
        assert within("canon obus russe", 6)
        assert not within("canon obus russe", 5)


def test_a_constraint_holds_for_the_article_not_for_a_passage(tmp_path: Path) -> None:
    middle = "\n\n".join(f"Paragraphe {number} sans rapport." for number in range(9))
    articles = [
        Article("both", "", f"Des munitions.\n\n{middle}\n\nÀ Moscou."),
        Article("one", "", f"Des munitions.\n\n{middle}\n\nÀ Kiev."),
    ]
    with index_of(tmp_path, articles) as press:
        assert press.index.allowed(And((Word("munitions"), Word("Moscou")))).tolist() == [True, False]
        assert press.index.allowed(Not(Word("Moscou"))).tolist() == [False, True]


def test_long_posting_lists_are_read_to_their_end(tmp_path: Path) -> None:
    """Whoosh keeps postings in blocks of 128: phrases must skip from one to the other."""
    articles = random_articles(seed=11, count=400)
    constraints: list[Node] = [
        Phrase("obus obus"),
        Phrase("de Kim"),
        Near("front canon", 2),
        Word("nord-coréens"),
    ]
    with index_of(tmp_path, articles) as press:
        for constraint in constraints:
            expected = [meets(constraint, article) for article in articles]
            assert press.index.allowed(constraint).tolist() == expected
            assert any(expected[300:])
            assert not all(expected)
