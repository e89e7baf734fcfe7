"""BM25F of articles and BM25 of passages.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
idf that stays positive, ln(1 + (N - n + ½) / (n + ½)), and counts taken from one kind of document.
An article's score is the weighted sum of its fields' scores, as in Whoosh's BM25F.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.keyword.fields import BODY, PASSAGES, WRITTEN
from search.keyword.postings import (
    Counts,
    Field,
    FoldedField,
    Postings,
    as_one_word,
    average,
    coarse,
)
from search.protocols import Floats, Ints, KeywordScores, TermMatches
from search.query.ast import Near, Pattern, Phrase, RankingWord, Word
from search.query.printer import leaf_text
from search.text.analyzer import Token, stem, tokenise
from search.text.stopwords import STOP_WORDS

K1 = 1.2
B = 0.75
FIELD_WEIGHTS = {"title": 0.5, "body": 1.0, "exact": 0.5}
MAX_EXPANSION = 128
"""Terms a pattern ranks by; the most frequent of those it may stand for."""
_ONE_IN = 1000  # a word is rare when at most one article in so many holds it, or a single one

Expansion = Callable[[Pattern, str], list[str]]
"""The terms of a field that a pattern stands for, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One term of the query: the stems and the exact forms it may take.

    ``word`` is the place of the query's word it comes from, ``text`` the term as typed. A stop word has no
    stem, a pattern without expansions has neither. The whole of a compound ranks but does not count for
    the coverage: its parts do.
    """

    word: int
    text: str
    stems: tuple[str, ...]
    exact: tuple[str, ...]
    boost: float
    covers: bool = True

    @property
    def names(self) -> bool:
        """Whether it begins with a capital or holds a digit, as names and numbers do."""
        return self.text[:1].isupper() or any(map(str.isdigit, self.text))


def few(articles: int) -> int:
    """How many of so many articles hold a rare word at most."""
    return max(1, articles // _ONE_IN)


def idf(documents: int, holding: int) -> float:
    """How much a word tells: high when few documents hold it, never negative."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def saturations(lengths: npt.NDArray[np.int64], average: float) -> Counts:
    """By document, the count of a term at which it says half of what it can."""
    found: Counts = (K1 * (1 - B + B * lengths / average)).astype(np.float32)
    return found


def bm25(postings: Postings, halves: Counts) -> Counts:
    """BM25 of one term for each document of its postings; ``halves`` are the saturations by document."""
    weight = np.float32(idf(len(halves), len(postings.docs)) * (K1 + 1))
    found: Counts = weight * postings.counts / (postings.counts + halves[postings.docs])
    return found


class Bm25f:
    """Scores every article and passage of one index."""

    def __init__(self, fields: Mapping[str, Field], body: FoldedField, expansion: Expansion) -> None:
        """``body`` folds the postings of passages into those of articles."""
        self._fields = fields
        self._fold = body.fold
        self._lengths = {**{name: field.lengths for name, field in fields.items()}, BODY: body.lengths}
        self._halves: dict[str, Counts] = {}
        self._expansion = expansion

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        by_article = np.zeros(len(self._lengths[BODY]), np.float32)
        by_passage = np.zeros(len(self._lengths[PASSAGES]), np.float32)
        matches = []
        for unit in units(words, self._expansion):
            postings = self._postings(unit)
            for name, weight in FIELD_WEIGHTS.items():
                self._add(by_article, name, postings[name], unit.boost * weight)
            self._add(by_passage, PASSAGES, postings[PASSAGES], unit.boost)
            if unit.covers:
                matches.append(UnitMatches(unit, self._matches(unit, postings), postings[WRITTEN].docs))
        return keyword_scores(by_article, by_passage, matches)

    def lookup(self, words: Sequence[RankingWord]) -> list[TermMatches]:
        """See ``protocols.KeywordIndex.lookup``."""
        covering = (unit for unit in units(words, self._expansion) if unit.covers)
        return [self._matches(unit, self._postings(unit)) for unit in covering]

    def _postings(self, unit: Unit) -> dict[str, Postings]:
        """The postings of a term by field; those of the body are folded from the passages'."""
        passages = self._union(PASSAGES, unit.stems)
        return {
            "title": self._union("title", unit.stems),
            BODY: self._fold(passages),
            WRITTEN: self._union(WRITTEN, unit.exact),
            PASSAGES: passages,
        }

    def _union(self, field: str, terms: Sequence[str]) -> Postings:
        return as_one_word([self._fields[field].postings(term) for term in terms])

    def _matches(self, unit: Unit, postings: Mapping[str, Postings]) -> TermMatches:
        articles = np.zeros(len(self._lengths[BODY]), bool)
        for name in FIELD_WEIGHTS:
            articles[postings[name].docs] = True
        weight = idf(len(articles), int(np.count_nonzero(articles)))
        return TermMatches(unit.word, unit.text, articles, postings[PASSAGES].docs, weight)

    def _add(self, scores: Floats, name: str, postings: Postings, weight: float) -> None:
        if name not in self._halves:
            lengths = self._lengths[name]
            self._halves[name] = saturations(coarse(lengths), average(lengths))
        scores[postings.docs] += np.float32(weight) * bm25(postings, self._halves[name])


@dataclass(frozen=True, slots=True)
class UnitMatches:
    """The matches of a term that counts for the coverage; ``written`` hold it as it is written."""

    unit: Unit
    matches: TermMatches
    written: Ints


def keyword_scores(articles: Floats, passages: Floats, matches: Sequence[UnitMatches]) -> KeywordScores:
    """Scores with the coverage and the literal matches that follow from the matches of the terms."""
    covered = np.zeros(len(articles), np.float32)
    literal = np.zeros(len(articles), bool)
    for term in matches:
        covered[term.matches.articles] += term.matches.idf
        if term.unit.names and len(term.written) <= few(len(articles)):
            literal[term.written] = True
    mass = sum(term.matches.idf for term in matches)
    coverage = covered / np.float32(mass) if mass else covered
    return KeywordScores(articles, passages, coverage, literal, tuple(term.matches for term in matches))


def units(words: Sequence[RankingWord], expansion: Expansion) -> list[Unit]:
    """The terms of a query one by one; stop words only where there are no others."""
    every = [unit for place, word in enumerate(words) for unit in _units_of(place, word, expansion)]
    content = [unit for unit in every if unit.stems or not unit.exact]
    return content or every


def _units_of(place: int, word: RankingWord, expansion: Expansion) -> list[Unit]:
    leaf, boost = word.leaf, word.boost
    if isinstance(leaf, Word | Phrase | Near):
        tokens = tokenise(leaf.text)
        return [_unit(place, leaf.text[token.start : token.end], token, boost) for token in tokens]
    exact = tuple(expansion(leaf, WRITTEN)[:MAX_EXPANSION])
    stems = tuple(sorted({stem(term) for term in exact}))
    return [Unit(place, leaf_text(leaf), stems, exact, boost)]


def _unit(place: int, text: str, token: Token, boost: float) -> Unit:
    stems = () if token.term in STOP_WORDS else (stem(token.term),)
    return Unit(place, text, stems, (token.term,), boost, covers=not token.compound)
