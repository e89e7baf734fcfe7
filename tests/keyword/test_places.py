"""Operators on places: each engine answers as the raw texts say, sentence by sentence and word by word."""

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings

from search.keyword.places import keys_of
from search.keyword.postings import TermPositions
from search.keyword.text_bounds import TextBounds
from search.query.ast import Close, Node, Pattern, Word
from search.query.operators import LISTED
from search.query.parser import parse
from search.types import Article
from tests.documents import prose

from .engines import ENGINES, Archive, indexed
from .reference import meets
from .strategies import PLACED

WORDS = (
    "munition munitions Russie russe obus canon Élysée le de nord nord-coréen nord-coréens Cannes canne"
).split()


def _articles() -> list[Article]:
    chance = random.Random(20)  # noqa: S311 - nothing secret

    def sentence() -> str:
        words = chance.choices(WORDS, k=chance.randint(1, 6))
        return (
            words[0].capitalize() + " ".join(["", *words[1:]]) + chance.choice([".", " !", "…", " (M. K.)."])
        )

    def paragraph() -> str:
        return chance.choice([" ", "\n"]).join(sentence() for _ in range(chance.randint(1, 3)))

    def article(key: int) -> Article:
        body = "\n\n".join(paragraph() for _ in range(chance.randint(0, 3)))
        title = chance.choice([sentence(), sentence(), f"{sentence()} {sentence()}", body[:12], ""])
        return Article(f"a{key}", title, body, "2023")

    return [article(key) for key in range(80)]


@pytest.fixture(scope="module", params=ENGINES)
def press(request: pytest.FixtureRequest) -> Iterator[Archive]:
    with indexed(request, _articles()) as archive:
        yield archive


def _is_answered_as_by_the_texts(press: Archive, node: Node) -> None:
    expected = [meets(node, article) for article in press.articles]
    assert press.index.allowed(node).tolist() == expected


@settings(max_examples=150)
@given(PLACED)
def test_what_the_texts_say_is_answered(press: Archive, node: Node) -> None:
    _is_answered_as_by_the_texts(press, node)


STORIES = [
    Article(
        "strike",
        "Grève des dockers au port d'Armeil",
        "Les dockers ont voté la grève. Le port d'Armeil est bloqué.\n\n"
        "La direction du port propose une hausse des salaires. M. Modèle, docker, refuse : "
        "« La grève continue. »",
        "2023",
    ),
    Article(
        "wages",
        "Salaires : la direction cède",
        "La direction a cédé sur les salaires des dockers. Le travail reprend.\n\n"
        "La hausse est de 4 %, bien plus que les 2 % que le ministre du Travail jugeait possibles.",
        "2023",
    ),
    Article(
        "market", "Au marché", "Le port du masque n'est plus demandé au marché. " + "Blabla. " * 120, "2023"
    ),
]
EXAMPLES = [
    ("AU_MOINS_3 grève", "strike"),
    ("ATLEAST3 port", "strike"),
    ("AU_MOINS_4 grève", ""),
    ('AU_MOINS_2 "la direction"', "wages"),
    ("AU_MOINS_2 (grève OU hausse OU travail)", "strike wages"),
    ("AU_MOINS_2 salair*", "wages"),
    ("dockers MEME_PHRASE grève", "strike"),
    ("dockers MEME_PHRASE salaires", "wages"),
    ("grève SAME_SENTENCE docker", "strike"),
    ("grève MEME_PHRASE salaires", ""),
    ("grève MÊME_PARAGRAPHE salaires", "strike"),
    ("direction SAME_PARAGRAPH ministre", ""),
    ("direction MEME_PHRASE dockers MEME_PHRASE salaires", "wages"),
    ("hausse ADJ2 salaires", "strike"),
    ("salaires ADJ2 hausse", ""),
    ("salaires PROCHE2 hausse", "strike"),
    ("salaires NEAR_1 hausse", ""),
    ("(grève OU hausse) PROCHE2 (dockers OU salaires)", "strike"),
    ('"port d\'Armeil" ADJ2 bloqué', "strike"),
    ("salair* PROCHE2 d?cker*", "wages"),
    ("marché PROCHE9999 port", "market"),
    ("Armeil ADJ9999 propose", "strike"),
    ("PREMIERS_3 dockers", "strike"),
    ("PREMIERS_7 salaires", "wages"),
    ("FIRST_5 salaires", ""),
    ("PREMIERS_12 (port PROCHE3 bloqué)", "strike"),
    ("mots:>120", "market"),
    ("mots:<33", ""),
    ("words:33", "strike wages"),
    ("PARMI_2(grève, salaires, ministre)", "strike wages"),
    ("AMONG_2(grève, masque, blabla)", "market"),
    ("PARMI_3(grève, hausse, port ET Armeil, masque)", "strike"),
    ("port SAUF dockers MEME_PHRASE grève", "market"),
]


@pytest.fixture(scope="module", params=ENGINES)
def stories(request: pytest.FixtureRequest) -> Iterator[Archive]:
    with indexed(request, STORIES) as archive:
        yield archive


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_an_example_selects_what_it_says(stories: Archive, text: str, expected: str) -> None:
    constraint = parse(text.replace("port SAUF", "+port SAUF"), date(2023, 9, 15)).constraint
    assert constraint is not None
    _is_answered_as_by_the_texts(stories, constraint)
    allowed = stories.index.allowed(constraint)
    chosen = [article.id for article, is_in in zip(stories.articles, allowed, strict=True) if is_in]
    assert chosen == expected.split()


def _no_texts(keys: Sequence[int]) -> list[Article]:
    raise AssertionError(f"the texts of {keys} are not needed")


DOCUMENTED = [
    text
    for line in prose("docs/query-language.md").partition("## Operators on places")[2].splitlines()[:20]
    if line.startswith("| `")
    for text in re.findall(r"`([^`]+)`", line.split("|")[1])
]


@pytest.mark.parametrize("text", DOCUMENTED)
def test_a_documented_example_is_answered_as_by_the_texts(press: Archive, text: str) -> None:
    constraint = parse(text, date(2023, 9, 15)).constraint
    assert constraint is not None
    _is_answered_as_by_the_texts(press, constraint)


def test_every_operator_is_documented() -> None:
    assert [name for name in LISTED if not any(name in text for text in DOCUMENTED)] == []


class _OnePlace:
    """Implements ``Places`` for articles of the words of a test, that need no text."""

    def __init__(self, **positions: list[int]) -> None:
        self._positions = positions
        self.bounds = TextBounds(_no_texts)

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        return [term for term in self._positions if term.startswith(str(getattr(pattern, "text", "")))]

    def positions(self, terms: Sequence[str], among: Node) -> dict[str, TermPositions]:
        places = {term: np.array(self._positions[term], np.int64) for term in terms}
        return {term: TermPositions(np.zeros(len(own), np.int64), own) for term, own in places.items()}


@pytest.mark.parametrize(("distance", "expected"), [(4, []), (5, [0])])
def test_the_pairs_of_a_frequent_word_are_looked_at_in_parts(
    monkeypatch: pytest.MonkeyPatch, distance: int, expected: list[int]
) -> None:
    monkeypatch.setattr("search.keyword.places._PAIRS", 3)
    words = _OnePlace(obus=list(range(0, 100, 10)), canon=list(range(5, 100, 10)), train=[105])
    close = Close(Close(Word("obus"), Word("canon"), 95, True), Word("train"), distance, True)
    assert keys_of(close, words).tolist() == ([0] if distance >= 10 else [])
    assert keys_of(Close(Word("obus"), Word("canon"), distance, True), words).tolist() == expected
