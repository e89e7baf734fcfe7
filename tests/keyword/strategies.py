"""Ranking words and constraints over the vocabulary of ``corpus``."""

from datetime import date

from hypothesis import strategies as st

from search.query.ast import (
    Among,
    And,
    AtLeast,
    Close,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    Near,
    Node,
    Not,
    Opening,
    Or,
    Phrase,
    Placed,
    Prefix,
    RankingWord,
    Together,
    Unit,
    Wildcard,
    Word,
    WordCount,
)

from .corpus import AUTHORS, COMPOUNDS, KEYWORDS, PAGES, PLACES, PLAIN, SECTIONS, SOURCES, VOCABULARY

_UNKNOWN = ["inconnu", "sous-marin"]
_plain = st.sampled_from([*PLAIN, *COMPOUNDS])


def _texts(fewest: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(VOCABULARY), min_size=fewest, max_size=most).map(" ".join)


@st.composite
def _wildcards(draw: st.DrawFn) -> Wildcard:
    word = draw(_plain)
    start = draw(st.integers(0, len(word) - 1))
    end = draw(st.integers(start, len(word)))
    return Wildcard(word[:start] + draw(st.sampled_from(["*", "?", "*?", "?*"])) + word[end:])


@st.composite
def _fuzzy(draw: st.DrawFn) -> Fuzzy:
    word = draw(st.sampled_from([word for word in PLAIN if word.isalpha()]))
    place = draw(st.integers(0, len(word)))
    changed = word[:place] + draw(st.sampled_from(["", "x", "r", "ss"])) + word[place + 1 :]
    return Fuzzy(changed or word, draw(st.integers(1, 2)))


_words = st.sampled_from([*VOCABULARY, *_UNKNOWN]).map(Word)
_phrases = _texts(1, 3).map(Phrase)
_nears = st.builds(Near, _texts(1, 3), st.integers(1, 9))
_prefixes = st.builds(lambda word, length: Prefix(word[:length]), _plain, st.integers(1, 6))
_patterns = _prefixes | _wildcards() | _fuzzy()
_leaves = _words | _phrases | _nears | _patterns

_days = st.none() | st.dates(date(2021, 6, 1), date(2025, 6, 1))
_ranges = st.builds(DateRange, _days, _days)
_NAMES = {
    FieldName.SOURCE: [*SOURCES, "nord"],
    FieldName.SECTION: [*SECTIONS, "mond", "travail"],
    FieldName.AUTHOR: [*AUTHORS, "Jeanne", "modele", "Modèle Jeanne", "Exemple Jeanne", "marie"],
    FieldName.PLACE: [*PLACES, "valmont", "sur Doux"],
    FieldName.PAGE: [*PAGES, "6"],
    FieldName.KEYWORD: [*KEYWORDS, "ports", "grève des ports", "ports grève", "des"],
}


def _named(name: FieldName) -> st.SearchStrategy[Field]:
    texts = st.sampled_from([text for text in _NAMES[name] if text])
    nears = st.builds(Near, texts, st.integers(1, 40))
    fuzzy = st.builds(Fuzzy, texts.filter(str.isalnum), st.just(2))
    leaves = texts.map(Word) | texts.map(Phrase) | texts.map(Prefix) | nears | fuzzy
    return st.builds(Field, st.just(name), leaves)


_fields = st.builds(Field, st.just(FieldName.TITLE), _leaves) | st.sampled_from([*_NAMES]).flatmap(_named)


_stretches: st.SearchStrategy[Node] = st.recursive(
    st.one_of(_words, _words, _phrases, _patterns),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(tuple).map(Or),
        st.builds(Close, parts, parts, st.sampled_from([1, 2, 3, 5, 98, 99, 100, 250]), st.booleans()),
        st.builds(Together, parts, parts, st.sampled_from(Unit)),
        st.builds(Opening, parts, st.integers(1, 60)),
    ),
    max_leaves=4,
)
PLACED: st.SearchStrategy[Placed] = st.one_of(
    st.builds(Close, _stretches, _stretches, st.integers(1, 6), st.booleans()),
    st.builds(Together, _stretches, _stretches, st.sampled_from(Unit)),
    st.builds(Opening, _stretches, st.integers(1, 60)),
    st.builds(AtLeast, _stretches, st.integers(1, 4)),
)
"""Conditions on places."""
_lengths = st.builds(WordCount, st.none() | st.integers(0, 90), st.none() | st.integers(0, 90))


def _among(nodes: list[Node]) -> st.SearchStrategy[Node]:
    return st.integers(2, len(nodes)).map(lambda count: Among(tuple(nodes), count))


def _joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        several.map(And),
        several.map(Or),
        parts.map(Not),
        st.lists(parts, min_size=2, max_size=4).flatmap(_among),
    )


CONSTRAINTS: st.SearchStrategy[Node] = st.recursive(
    st.one_of(_leaves, _ranges, _fields, _lengths, PLACED), _joined, max_leaves=6
)
_boosts = st.sampled_from([1.0, 0.5, 3.0])
BOOSTED_WORDS = st.dictionaries(_words, _boosts, min_size=1, max_size=6)
RANKING_WORDS = st.lists(st.builds(RankingWord, _leaves, _boosts), min_size=1, max_size=5)
