"""BM25F of articles and BM25 of passages, from Whoosh's postings.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
idf that stays positive, ln(1 + (N - n + ½) / (n + ½)), and counts taken from one kind of document.
An article's score is the weighted sum of its fields' scores, as in Whoosh's BM25F.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.keyword.postings import PostingReader, Postings, Weights
from search.protocols import Holders, KeywordScores
from search.query.render import leaf_text
from search.query.tree import Fuzzy, Near, Phrase, Prefix, RankingWord, Wildcard, Word
from search.text.french import Token, folded_pattern, stem, tokenise, whole_term
from search.text.stopwords import STOP_WORDS

K1 = 1.2
B = 0.75
FIELD_WEIGHTS = {"title": 0.5, "body": 1.0, "exact": 0.5}
MAX_EXPANSION = 128
"""Terms a pattern ranks by; the most frequent of those it may stand for."""


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


def idf(documents: int, holding: int) -> float:
    """How much a word tells: high when few documents hold it, never negative."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def bm25(postings: Postings, lengths: Weights, average: float, documents: int) -> Weights:
    """BM25 of one term for each document of its postings; ``lengths`` are theirs."""
    saturation = K1 * (1 - B + B * lengths / average)
    weight = idf(documents, len(postings.docs)) * (K1 + 1)
    return weight * postings.weights / (postings.weights + saturation)


class Scorer:
    """Scores every article and passage of one index; documents below ``articles`` are articles."""

    def __init__(self, reader: PostingReader, articles: int) -> None:
        self._reader = reader
        self._articles = articles
        self._passages = reader.doc_count - articles

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        by_article = np.zeros(self._articles)
        by_passage = np.zeros(self._passages)
        held_mass = np.zeros(self._articles)
        mass = 0.0
        units = self._units(words)
        for unit in units:
            for field, weight in FIELD_WEIGHTS.items():
                postings = self._postings(field, unit)
                by_article[postings.docs] += unit.boost * weight * self._bm25(field, postings, self._articles)
            passages = self._postings("passage", unit)
            by_passage[passages.docs - self._articles] += unit.boost * self._bm25(
                "passage", passages, self._passages
            )
        for held in self._covering(units):
            held_mass += held.idf * held.articles
            mass += held.idf
        coverage = held_mass / mass if mass else held_mass
        return KeywordScores(
            by_article.astype(np.float32), by_passage.astype(np.float32), coverage.astype(np.float32)
        )

    def holders(self, words: Sequence[RankingWord]) -> list[Holders]:
        """See ``protocols.KeywordIndex.holders``."""
        return self._covering(self._units(words))

    def document_frequency(self, term: str) -> int:
        """See ``protocols.KeywordIndex.document_frequency``."""
        return int(self._held(Unit(term, (stem(term),), (term,), 1.0)).articles.sum())

    def _covering(self, units: Sequence[Unit]) -> list[Holders]:
        return [self._held(unit) for unit in units if unit.covers]

    def _held(self, unit: Unit) -> Holders:
        articles = np.zeros(self._articles, bool)
        for field in FIELD_WEIGHTS:
            articles[self._postings(field, unit).docs] = True
        return Holders(unit.text, articles, idf(self._articles, int(articles.sum())))

    def _bm25(self, field: str, postings: Postings, documents: int) -> Weights:
        lengths = self._reader.lengths(field)[postings.docs]
        return bm25(postings, lengths, self._reader.average_length(field, documents), documents)

    def _postings(self, field: str, unit: Unit) -> Postings:
        terms = unit.exact if field == "exact" else unit.stems
        return self._reader.postings(field, terms)

    def _units(self, words: Sequence[RankingWord]) -> list[Unit]:
        units = [unit for word in words for unit in self._units_of(word)]
        telling = [unit for unit in units if unit.stems or not unit.exact]
        return telling or units

    def _units_of(self, word: RankingWord) -> list[Unit]:
        leaf = word.leaf
        if isinstance(leaf, Word | Phrase | Near):
            return [
                _unit(leaf.text[token.start : token.end], token, word.boost) for token in tokenise(leaf.text)
            ]
        exact = tuple(expansion(self._reader, leaf)[:MAX_EXPANSION])
        return [Unit(leaf_text(leaf), tuple(sorted({stem(term) for term in exact})), exact, word.boost)]


def expansion(reader: PostingReader, pattern: Prefix | Wildcard | Fuzzy, field: str = "exact") -> list[str]:
    """The exact terms of a field that a pattern stands for, the most frequent first."""
    if isinstance(pattern, Prefix):
        return reader.with_prefix(field, folded_pattern(pattern.text))
    if isinstance(pattern, Wildcard):
        return reader.with_shape(field, folded_pattern(pattern.pattern))
    return reader.within_edits(field, whole_term(pattern.text), pattern.distance)


def _unit(text: str, token: Token, boost: float) -> Unit:
    stems = () if token.term in STOP_WORDS else (stem(token.term),)
    return Unit(text, stems, (token.term,), boost, covers=not token.compound)
