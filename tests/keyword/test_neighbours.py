import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.model import Article
from search.protocols import Holders
from search.query.matching import within_edits
from search.query.tree import Fuzzy, Leaf, Near, Phrase, Prefix, RankingWord, Wildcard, Word
from search.text.french import tokenise

from .corpus import Press, index_of

TERMS = st.sampled_from(["munition", "canon", "obus", "elysee", "nord-coreen", "2023", "livraison"])


def frequencies(press: Press) -> Counter[str]:
    """How many articles hold each term in title or body."""
    return Counter(
        term
        for article in press.articles
        for term in {token.term for text in (article.title, article.body) for token in tokenise(text)}
    )


def levenshtein(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    """A term with up to two letters changed, left out, added or swapped with the next."""
    term = draw(TERMS)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, max(0, len(term) - 2)))
        before, here, after = term[:place], term[place : place + 1], term[place + 1 :]
        term = before + draw(st.sampled_from(["", "x", here * 2, after[:1] + here])) + after[here != "" :]
    return term or "x"


@given(term=misspelt())
def test_neighbours_are_all_the_terms_so_near_and_no_other(press: Press, term: str) -> None:
    known = frequencies(press)
    one = {other: count for other, count in known.items() if other != term and within_edits(term, other, 1)}
    two = {other: count for other, count in known.items() if 0 < levenshtein(term, other) <= 2}

    assert press.index.neighbours(term, 1) == sorted(one.items(), key=lambda each: (-each[1], each[0]))
    assert press.index.neighbours(term, 2) == sorted(
        (one | two).items(), key=lambda each: (-each[1], each[0])
    )


def test_articles_that_hold_a_term_come_in_order(press: Press) -> None:
    keys = [key for key, article in enumerate(press.articles) if "Moscou" in article.title + article.body]

    assert len(keys) > 20
    assert press.index.holding("moscou", 20).tolist() == keys[:20]
    assert press.index.holding("moscou", 1000).tolist() == keys
    assert press.index.holding("moscu", 20).tolist() == []


BODIES = ["obus russes", "obus livrés", "un train", "la Russie en nord-coréen"]


def held(folder: Path, *leaves: Leaf) -> list[Holders]:
    articles = [Article(f"a{key}", "", body) for key, body in enumerate(BODIES)]
    with index_of(folder, articles) as press:
        return press.index.holders([RankingWord(leaf) for leaf in leaves])


def idf(holding: int) -> float:
    return math.log(1 + (len(BODIES) - holding + 0.5) / (holding + 0.5))


def test_words_are_told_as_typed_with_those_who_hold_them(tmp_path: Path) -> None:
    found = held(tmp_path, Word("Obus"), Word("russe"), Word("la"), Word("l'inconnu"))

    assert [(each.text, each.articles.tolist()) for each in found] == [
        ("Obus", [True, True, False, False]),
        ("russe", [True, False, False, True]),
        ("inconnu", [False] * 4),
    ]
    assert [each.idf for each in found] == pytest.approx([idf(2), idf(2), idf(0)])


def test_phrases_are_told_by_their_words_and_compounds_by_their_parts(tmp_path: Path) -> None:
    found = held(tmp_path, Phrase("obus de Russie"), Near("train livré", 3), Word("Nord-coréen"))

    assert [each.text for each in found] == ["obus", "Russie", "train", "livré", "Nord", "coréen"]
    assert [int(each.articles.sum()) for each in found] == [2, 2, 1, 1, 1, 1]


def test_patterns_are_told_as_a_query_writes_them(tmp_path: Path) -> None:
    found = held(tmp_path, Prefix("rus"), Wildcard("o?us"), Fuzzy("trian", 2))

    assert [(each.text, each.articles.nonzero()[0].tolist()) for each in found] == [
        ("rus*", [0, 3]),
        ("o?us", [0, 1]),
        ("trian~2", [2]),
    ]


def test_coverage_is_made_of_the_words_told(press: Press) -> None:
    words = [RankingWord(Word(text)) for text in ("munitions", "Moscou", "le", "jamais", "États-Unis")]
    found = press.index.holders(words)
    mass = sum(each.idf for each in found)

    for key, coverage in enumerate(press.index.score(words).coverage.tolist()):
        assert coverage == pytest.approx(sum(each.idf for each in found if each.articles[key]) / mass)


def test_articles_are_counted_by_stem_in_title_and_body(tmp_path: Path) -> None:
    articles = [
        Article("a", "Le Russe", "Un train."),
        Article("b", "", "La Russie."),
        Article("c", "", "Rus"),
    ]
    with index_of(tmp_path, articles) as press:
        assert press.index.document_frequency("russe") == 2
        assert press.index.document_frequency("rus") == 1
        assert press.index.document_frequency("zzz") == 0
