"""Words near the words of a query, counted again token by token."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from search.counting.cooccurrence import SENTENCE, cooccurrents
from search.retrieval.engine import Engine
from search.retrieval.request import Request
from search.text.analyzer import tokenise
from search.text.sentences import sentence_spans
from search.types import Article, Mode
from tests.fakes import engine_over
from tests.retrieval.requests import request_of

ARTICLES = [
    Article(
        f"a{n}",
        f"Titre {n}",
        "Le ministre reçoit la délégation ce lundi matin à Paris. "
        "Un préavis de grève illimitée est déposé par le syndicat. "
        "Les voyageurs attendent depuis longtemps sur tous les quais de la gare centrale.",
    )
    for n in range(12)
] + [Article("b", "Autre", "Les voyageurs attendent. Le ministre reçoit un préavis.")]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine_over(tmp_path_factory.mktemp("words") / "index", ARTICLES) as opened:
        yield opened


def request(text: str = "grève") -> Request:
    return request_of(text, Mode.KEYWORD)


def slow(articles: Sequence[Article], term: str, size: int) -> Counter[str]:
    """Stems of the words at most so many words from the term; 0 is the sentence."""
    near: Counter[str] = Counter()
    for article in articles:
        tokens = [token for token in tokenise(article.body) if not token.compound]
        sentences = sentence_spans(article.body)
        sentence = [next(i for i, span in enumerate(sentences) if token.start < span[1]) for token in tokens]
        nodes = [place for place, token in enumerate(tokens) if token.term == term]
        for place, token in enumerate(tokens):
            within = (
                sentence[place] == sentence[node] if size == SENTENCE else abs(place - node) <= size
                for node in nodes
            )
            if token.stem and token.term != term and any(within):
                near[token.stem] += 1
    return near


@pytest.mark.parametrize("window", [SENTENCE, 1, 3, 5])
def test_words_near_are_counted_token_by_token(engine: Engine, window: int) -> None:
    found = cooccurrents(engine, request(), window)
    expected = slow(ARTICLES, "greve", window)
    assert (found.occurrences, found.articles) == (12, 12)
    assert found.words
    for word in found.words:
        assert word.near == expected[word.stem]
        assert word.articles == 12
    surest = {word.word for word in found.words}
    assert {"préavis", "illimitée"} <= surest if window != 1 else surest == {"illimitée"}
    assert not surest & {"grève", "ministre", "voyageurs", "de"}


def test_one_word_is_two_away_from_a_word_beside_it(engine: Engine) -> None:
    words = {word.word: word for word in cooccurrents(engine, request(), 2).words}
    assert (words["préavis"].near, words["préavis"].total) == (12, 12)
    assert words["préavis"].log_dice == 14  # they are never apart in these articles


def test_a_query_without_words_has_no_words_near_it(engine: Engine) -> None:
    found = cooccurrents(engine, request("depuis:1990"))
    assert (found.occurrences, found.articles, found.words) == (0, 0, ())
