"""Queries that an archive itself suggests: frequent words of its titles, with a month and a source of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from search.protocols import ArticleStore
from search.query.ast import Phrase, Query, RankingWord
from search.query.filters import filter_of_value
from search.query.options import restrict
from search.query.plain import plain_query
from search.retrieval.facets import FacetCounter
from search.text.analyzer import Token, normalise, tokenise
from search.types import Facet

_TITLES = 200  # read for each example: reading all those of a large archive would take seconds
_LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class _Words:
    """One word or two that follow each other, as titles mostly write them; so many titles have them."""

    terms: tuple[str, ...]
    text: str
    titles: int

    @property
    def is_name(self) -> bool:
        """Whether both words have a capital, as the names of a person have."""
        return len(self.terms) > 1 and all(word[0].isupper() for word in self.text.split())


def example_queries(
    store: ArticleStore, counter: FacetCounter, busiest_month: str, source: str
) -> Iterator[Query]:
    """A name in recent titles, a phrase in those of the month, and words in those of the source.

    ``""`` stands for a month or a source that the archive lacks: then recent titles are read, and the query
    is not limited. The examples are the same for the same archive, and no two have a word in common. There
    are fewer where titles have too few words.
    """
    newest_first = store.newest_first()

    def titles(facet: Facet, value: str) -> list[str]:
        """The newest titles with this value, of all articles without one."""
        chosen = newest_first
        if value:
            chosen = newest_first[np.isin(newest_first, counter.articles_with(facet, value))]
        return store.titles(chosen[:_TITLES].tolist())

    used: set[str] = set()
    recent = store.titles(newest_first[:_TITLES].tolist())
    if name := _most_frequent(recent, used, lambda words: words.is_name):
        yield plain_query(name)
    of_month = titles(Facet.MONTH, busiest_month)
    if phrase := _most_frequent(of_month, used, lambda words: not words.is_name):
        yield _limited(_quoted(phrase), Facet.MONTH, busiest_month)
    of_source = titles(Facet.SOURCE, source)
    if words := _most_frequent(of_source, used, lambda words: len(words.terms) > 1):
        yield _limited(plain_query(words), Facet.SOURCE, source)


def _most_frequent(titles: Iterable[str], used: set[str], preferred: Callable[[_Words], bool]) -> str:
    """The words that most titles have, preferred ones first, then pairs; ``""`` when there are none.

    None of them is ``used`` yet; they are afterwards.
    """
    unused = [words for words in _counted(titles) if used.isdisjoint(words.terms)]
    if not unused:
        return ""
    best = max(unused, key=lambda words: (preferred(words), len(words.terms), words.titles))
    used.update(best.terms)
    return best.text


def _counted(titles: Iterable[str]) -> Iterator[_Words]:
    """The words of titles and their pairs, in the order in which the titles have them first."""
    spellings: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for title in titles:
        for terms, text in dict(_words_and_pairs(normalise(title).text)).items():
            spellings[terms][text] += 1
    for terms, counts in spellings.items():
        ((text, _),) = counts.most_common(1)
        yield _Words(terms, text, counts.total())


def _words_and_pairs(title: str) -> Iterator[tuple[tuple[str, ...], str]]:
    tokens = _whole_words(title)
    for token in filter(_tells, tokens):
        yield (token.term,), _written(title, token)
    for one, other in pairwise(tokens):
        if _tells(one) and _tells(other) and title[one.end : other.start] == " ":
            yield (one.term, other.term), f"{_written(title, one)} {_written(title, other)}"


def _whole_words(title: str) -> list[Token]:
    """The words of a title; a compound is one word."""
    tokens: list[Token] = []
    for token in tokenise(title):
        if not tokens or token.start >= tokens[-1].end:
            tokens.append(token)
    return tokens


def _tells(token: Token) -> bool:
    """Whether a word tells something by itself: no stop word, no number, no sign."""
    return bool(token.stem) and len(token.term) >= _LEAST_LETTERS and token.term.replace("-", "").isalpha()


def _written(title: str, token: Token) -> str:
    """A word as its title writes it; one in capitals in small letters, as it could be an operator."""
    word = title[token.start : token.end]
    return word.lower() if word.isupper() else word


def _quoted(phrase: str) -> Query:
    return Query("", (RankingWord(Phrase(phrase)),), None, phrase)


def _limited(query: Query, facet: Facet, value: str) -> Query:
    """The query, for the articles with this value only; unchanged where no query can express the value."""
    limit = filter_of_value(facet, value)
    return query if limit is None else restrict(query, limit.node)
