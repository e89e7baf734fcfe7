import math
from collections import Counter
from pathlib import Path

import pytest

from search.protocols import TermMatches
from search.query.ast import Fuzzy, Leaf, Near, Phrase, Prefix, RankingWord, Wildcard, Word
from search.text.analyzer import tokenise
from search.text.typo_costs import codes, costs
from search.types import Article

from .corpus import Press, index_of


def frequencies(press: Press) -> Counter[str]:
    """How many articles hold each term in title or body."""
    return Counter(
        term
        for article in press.articles
        for term in {token.term for text in (article.title, article.body) for token in tokenise(text)}
    )


def test_the_likeliest_words_come_first(press: Press) -> None:
    known = frequencies(press)
    words = {term for term in known if not any(sign.isdigit() for sign in term)}

    def likelihood(term: str, other: str) -> float:
        return math.log(known[other]) - cost(term, other)

    for term in ("muntion", "elysé", "nordcoreen", "obsu", "livre", "livraisson"):
        found = press.index.neighbours(term, 5)
        likely = [likelihood(term, each.term) for each in found]
        assert [each.cost for each in found] == [cost(term, each.term) for each in found]
        assert likely == sorted(likely, reverse=True)
        near = {other for other in words - {term} if cost(term, other) < 6}
        assert near <= {each.term for each in press.index.neighbours(term, 100)}


def cost(term: str, other: str) -> float:
    return float(costs(term, codes(other)[None])[0])


def test_what_is_no_word_is_no_neighbour(press: Press) -> None:
    assert "2023" in frequencies(press)
    near = {each.term for each in press.index.neighbours("obus", 1000)}
    assert {"2023", "obus"}.isdisjoint(near)
    assert "unis" in near


def test_articles_that_hold_a_term_come_in_order(press: Press) -> None:
    keys = [key for key, article in enumerate(press.articles) if "Moscou" in article.title + article.body]

    assert len(keys) > 20
    assert press.index.holding("moscou").tolist() == keys
    assert press.index.holding("moscu").tolist() == []


BODIES = ["obus russes", "obus livrés", "un train", "la Russie en nord-coréen"]


def held(folder: Path, *leaves: Leaf) -> list[TermMatches]:
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


def test_who_holds_a_stem_is_told_of_title_and_body_and_which_passages_do(tmp_path: Path) -> None:
    articles = [
        Article("a", "Le Russe", "Un train."),
        Article("b", "", "La Russie."),
        Article("c", "", "Rus"),
    ]
    with index_of(tmp_path, articles) as press:
        told = press.index.holders([RankingWord(Word(text)) for text in ("russe", "rus", "zzz")])
    assert [each.articles.nonzero()[0].tolist() for each in told] == [[0, 1], [2], []]
    assert [each.rows.tolist() for each in told] == [[1], [2], []]
