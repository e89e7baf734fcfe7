"""BM25F of articles and BM25 of passages, from Whoosh's postings.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
idf that stays positive, ln(1 + (N - n + ½) / (n + ½)), and counts taken from one kind of document.
An article's score is the weighted sum of its fields' scores, as in Whoosh's BM25F.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.keyword.postings import NOTHING, Counts, Docs, Field, Postings, as_one_word, average, coarse
from search.protocols import Floats, Holders, KeywordScores
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

TermPostings = Callable[[str, str], Postings]
"""The postings of a term in a field, by the names of field and term."""
Expansion = Callable[[Pattern, str], list[str]]
"""The terms of a field that a pattern stands for, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One word of the query: the stems and the exact forms it may take.

    ``text`` is the word as typed. A stop word has no stem, a pattern that stands for nothing has
    neither. A compound's whole ranks but is no part of the coverage: its parts are.
    """

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

    def __init__(self, fields: Mapping[str, Field], postings: TermPostings, expansion: Expansion) -> None:
        self._fields = fields
        self._halves: dict[str, Counts] = {}
        self._term_postings = postings
        self._expansion = expansion

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        by_article = np.zeros(len(self._fields["body"].lengths), np.float32)
        by_passage = np.zeros(len(self._fields["passage"].lengths), np.float32)
        held_mass = np.zeros(len(by_article), np.float32)
        literal = np.zeros(len(by_article), bool)
        mass = 0.0
        for unit in units(words, self._expansion):
            held = np.zeros(len(by_article), bool)
            for name, weight in FIELD_WEIGHTS.items():
                postings = self._postings(name, unit)
                self._add(by_article, name, postings, unit.boost * weight)
                held[postings.docs] = True
            self._add(by_passage, "passage", self._postings("passage", unit), unit.boost)
            if unit.covers:
                tells = idf(len(held), int(np.count_nonzero(held)))
                held_mass[held] += tells
                mass += tells
                literal[self._rare(unit)] = True
        coverage = held_mass / np.float32(mass) if mass else held_mass
        return KeywordScores(by_article, by_passage, coverage, literal)

    def holders(self, words: Sequence[RankingWord]) -> list[Holders]:
        """See ``protocols.KeywordIndex.holders``."""
        return [self._held(unit) for unit in units(words, self._expansion) if unit.covers]

    def _held(self, unit: Unit) -> Holders:
        articles = np.zeros(len(self._fields["body"].lengths), bool)
        for name in FIELD_WEIGHTS:
            articles[self._postings(name, unit).docs] = True
        rows = self._postings("passage", unit).docs
        return Holders(unit.text, articles, rows, idf(len(articles), int(np.count_nonzero(articles))))

    def _add(self, scores: Floats, name: str, postings: Postings, weight: float) -> None:
        if name not in self._halves:
            field = self._fields[name]
            self._halves[name] = saturations(coarse(field.lengths), average(field.lengths))
        scores[postings.docs] += np.float32(weight) * bm25(postings, self._halves[name])

    def _rare(self, unit: Unit) -> Docs:
        """The articles that hold a name or a number as it is written, when they are few."""
        if not unit.names:
            return NOTHING.docs
        docs = self._postings("exact", unit).docs
        return docs if len(docs) <= few(len(self._fields["exact"].lengths)) else docs[:0]

    def _postings(self, name: str, unit: Unit) -> Postings:
        terms = unit.exact if name == "exact" else unit.stems
        return as_one_word([self._term_postings(name, term) for term in terms])


def units(words: Sequence[RankingWord], expansion: Expansion) -> list[Unit]:
    """The words of a query one by one; stop words only where there are no others."""
    found = [unit for word in words for unit in _units_of(word, expansion)]
    telling = [unit for unit in found if unit.stems or not unit.exact]
    return telling or found


def _units_of(word: RankingWord, expansion: Expansion) -> list[Unit]:
    leaf = word.leaf
    if isinstance(leaf, Word | Phrase | Near):
        return [_unit(leaf.text[token.start : token.end], token, word.boost) for token in tokenise(leaf.text)]
    exact = tuple(expansion(leaf, "exact")[:MAX_EXPANSION])
    return [Unit(leaf_text(leaf), tuple(sorted({stem(term) for term in exact})), exact, word.boost)]


def _unit(text: str, token: Token, boost: float) -> Unit:
    stems = () if token.term in STOP_WORDS else (stem(token.term),)
    return Unit(text, stems, (token.term,), boost, covers=not token.compound)
