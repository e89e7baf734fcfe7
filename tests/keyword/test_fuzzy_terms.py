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
        terms = press.index.fuzzy_terms(term, 5)
        likely = [likelihood(term, each.term) for each in terms]
        assert [each.cost for each in terms] == [cost(term, each.term) for each in terms]
        assert likely == sorted(likely, reverse=True)
        near = {other for other in words - {term} if cost(term, other) < 6}
        assert near <= {each.term for each in press.index.fuzzy_terms(term, 100)}


def cost(term: str, other: str) -> float:
    return float(costs(term, codes(other)[None])[0])


def test_what_is_no_word_is_no_fuzzy_term(press: Press) -> None:
    assert "2023" in frequencies(press)
    near = {each.term for each in press.index.fuzzy_terms("obus", 1000)}
    assert {"2023", "obus"}.isdisjoint(near)
    assert "unis" in near


def test_articles_that_hold_a_term_come_in_order(press: Press) -> None:
    keys = [key for key, article in enumerate(press.articles) if "Moscou" in article.title + article.body]

    assert len(keys) > 20
    assert press.index.articles_with("moscou").tolist() == keys
    assert press.index.articles_with("moscu").tolist() == []


BODIES = ["obus russes", "obus livrés", "un train", "la Russie en nord-coréen"]


def lookup(folder: Path, *leaves: Leaf) -> list[TermMatches]:
    articles = [Article(f"a{key}", "", body) for key, body in enumerate(BODIES)]
    with index_of(folder, articles) as press:
        return press.index.lookup([RankingWord(leaf) for leaf in leaves])


def idf(holding: int) -> float:
    return math.log(1 + (len(BODIES) - holding + 0.5) / (holding + 0.5))


def test_terms_are_looked_up_as_typed_with_the_articles_that_hold_them(tmp_path: Path) -> None:
    matches = lookup(tmp_path, Word("Obus"), Word("russe"), Word("la"), Word("l'inconnu"))

    assert [(each.word, each.text, each.articles.tolist()) for each in matches] == [
        (0, "Obus", [True, True, False, False]),
        (1, "russe", [True, False, False, True]),
        (3, "inconnu", [False] * 4),
    ]
    assert [each.idf for each in matches] == pytest.approx([idf(2), idf(2), idf(0)])


def test_phrases_are_looked_up_by_their_words_and_compounds_by_their_parts(tmp_path: Path) -> None:
    matches = lookup(tmp_path, Phrase("obus de Russie"), Near("train livré", 3), Word("Nord-coréen"))

    assert [each.text for each in matches] == ["obus", "Russie", "train", "livré", "Nord", "coréen"]
    assert [each.word for each in matches] == [0, 0, 1, 1, 2, 2]
    assert [int(each.articles.sum()) for each in matches] == [2, 2, 1, 1, 1, 1]


def test_patterns_are_looked_up_as_a_query_writes_them(tmp_path: Path) -> None:
    matches = lookup(tmp_path, Prefix("rus"), Wildcard("o?us"), Fuzzy("trian", 2))

    assert [(each.text, each.articles.nonzero()[0].tolist()) for each in matches] == [
        ("rus*", [0, 3]),
        ("o?us", [0, 1]),
        ("trian~2", [2]),
    ]


def test_coverage_is_made_of_the_terms_looked_up(press: Press) -> None:
    words = [RankingWord(Word(text)) for text in ("munitions", "Moscou", "le", "jamais", "États-Unis")]
    matches, scores = press.index.lookup(words), press.index.score(words)
    mass = sum(each.idf for each in matches)

    for key, coverage in enumerate(scores.coverage.tolist()):
        assert coverage == pytest.approx(sum(each.idf for each in matches if each.articles[key]) / mass)


def test_scores_come_with_the_terms_that_are_looked_up(press: Press) -> None:
    words = [RankingWord(Phrase("munitions de Moscou")), RankingWord(Word("le")), RankingWord(Prefix("liv"))]
    looked_up, scored = press.index.lookup(words), press.index.score(words).terms

    assert [(each.word, each.text) for each in scored] == [(0, "munitions"), (0, "Moscou"), (2, "liv*")]
    for one, other in zip(looked_up, scored, strict=True):
        assert (one.word, one.text, one.idf) == (other.word, other.text, other.idf)
        assert one.articles.tolist() == other.articles.tolist()
        assert one.rows.tolist() == other.rows.tolist()


def test_articles_match_by_title_and_body_and_passages_by_body(tmp_path: Path) -> None:
    articles = [
        Article("a", "Le Russe", "Un train."),
        Article("b", "", "La Russie."),
        Article("c", "", "Rus"),
    ]
    with index_of(tmp_path, articles) as press:
        matches = press.index.lookup([RankingWord(Word(text)) for text in ("russe", "rus", "zzz")])
    assert [each.articles.nonzero()[0].tolist() for each in matches] == [[0, 1], [2], []]
    assert [each.rows.tolist() for each in matches] == [[1], [2], []]
