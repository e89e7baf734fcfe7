"""Scores articles with BM25F and passages with BM25.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). The idf is never
negative: ln(1 + (N - n + ½) / (n + ½)), with counts of one kind of document. The score of an article is the
weighted sum of the scores of its fields, as in Whoosh's BM25F.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from search.keyword.fields import BODY, PASSAGES, SPELLED, TITLE_STEMS, WRITTEN
from search.keyword.postings import (
    BodyField,
    Counts,
    PostingLists,
    RankedField,
    mean_length,
    round_lengths,
)
from search.protocols import Floats, Ints, KeywordScores, TermMatches
from search.query.ast import Near, Pattern, Phrase, RankingWord, Word
from search.query.printer import leaf_text
from search.text.analyzer import Token, accented, stems_matching, tokenise

K1 = 1.2
B = 0.75
FIELD_WEIGHTS = {"title": 0.5, "body": 1.0, "exact": 0.5}
OTHERWISE_SPELLED = 1 / 16
"""The share of a term that an article has that holds it in another spelling only, as péché for pêche."""
MAX_EXPANSION = 128
"""The most terms by which a pattern ranks; the most frequent ones are used."""
_NO_ARTICLES: Ints = np.empty(0, np.int64)
_ARTICLES_A_RARE_TERM = 1000  # a rare term is in one article, or in at most one of a thousand

Expansion = Callable[[Pattern, str], list[str]]
"""Gives the terms of a field that match a pattern, the most frequent first."""


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One term of a query, with the stems and the written forms that match it.

    ``word`` is the number of the query word that the term comes from. ``text`` is the term as typed. A stop
    word has no stems. A pattern that matches no term has neither stems nor written forms. The whole of a
    compound ranks, but only its parts count for the coverage. ``accented`` is the spelling of a word that is
    typed with accents, ``capital`` that of a word with a capital; else they are empty.
    """

    word: int
    text: str
    stems: tuple[str, ...]
    exact: tuple[str, ...]
    boost: float
    counts_for_coverage: bool = True
    accented: tuple[str, ...] = ()
    capital: tuple[str, ...] = ()

    @property
    def is_name(self) -> bool:
        """Whether it begins with a capital or has a digit, like names and numbers."""
        return self.text[:1].isupper() or any(map(str.isdigit, self.text))


def most_for_rare(articles: int) -> int:
    """The most articles that may have a rare term, in an archive of this size."""
    return max(1, articles // _ARTICLES_A_RARE_TERM)


def idf(documents: int, frequency: int) -> float:
    """The inverse document frequency of a term: higher when fewer documents have it, never negative."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def expansion_terms(weights: Mapping[str, float], frequencies: Mapping[str, int], passages: int) -> list[str]:
    """The half of these stems with the highest product of weight and idf; none that no passage holds.

    ``frequencies`` are the numbers of passages that hold them, of all ``passages``.
    """
    values = {stem: weights[stem] * idf(passages, frequencies[stem]) for stem in weights if frequencies[stem]}
    return sorted(values, key=values.__getitem__, reverse=True)[: len(weights) // 2]


def saturations(lengths: npt.NDArray[np.int64], mean: float) -> Counts:
    """By document, the count at which a term gets half of its highest score."""
    counts: Counts = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)
    return counts


def bm25(lists: PostingLists, saturation: Counts, boosts: Sequence[float]) -> Counts:
    """BM25 of terms, for each of their postings; ``saturation`` is by document of the field.

    ``boosts`` has the factor of each term.
    """
    weights = [boost * idf(len(saturation), size) for boost, size in zip(boosts, lists.sizes, strict=True)]
    scores: Counts = saturation[lists.docs]
    scores += lists.counts
    np.divide(lists.counts, scores, out=scores)
    scores *= np.repeat(np.array(weights, np.float32) * np.float32(K1 + 1), lists.sizes)
    return scores


class Bm25f:
    """Scores every article and passage of one index."""

    def __init__(self, fields: Mapping[str, RankedField], body: BodyField, expansion: Expansion) -> None:
        """``body`` gives the postings of articles from those of passages."""
        self._fields = fields
        self._sum_by_article = body.sum_by_article
        self._lengths = {**{name: field.lengths for name, field in fields.items()}, BODY: body.lengths}
        self._saturations: dict[str, Counts] = {}
        self._expansion = expansion

    def score(self, words: Sequence[RankingWord]) -> KeywordScores:
        """See ``protocols.KeywordIndex.score``."""
        by_article = np.zeros(len(self._lengths[BODY]), np.float32)
        by_passage = np.zeros(len(self._lengths[PASSAGES]), np.float32)
        terms = query_terms(words, self._expansion)
        lists, boosts = self._lists(terms), [term.boost for term in terms]
        for name, weight in FIELD_WEIGHTS.items():
            self._add(by_article, name, lists[name], [weight * boost for boost in boosts])
        self._add(by_passage, PASSAGES, lists[PASSAGES], boosts)
        return keyword_scores(by_article, by_passage, lists[PASSAGES].docs, self._covering(terms, lists))

    def score_stems(self, weights: Mapping[str, float]) -> Floats:
        """See ``protocols.KeywordIndex.score_stems``."""
        scores = np.zeros(len(self._lengths[BODY]), np.float32)
        passages = self._fields[PASSAGES]
        frequencies = {stem: passages.frequency(stem) for stem in weights}
        stems = [[stem] for stem in expansion_terms(weights, frequencies, len(passages.lengths))]
        body, title = self._sum_by_article(passages.lists(stems)), self._fields["title"].lists(stems)
        for name, lists in ((BODY, body), ("title", title)):
            self._add(scores, name, lists, [weights[stem] * FIELD_WEIGHTS[name] for (stem,) in stems])
        return scores

    def lookup(self, words: Sequence[RankingWord]) -> list[TermMatches]:
        """See ``protocols.KeywordIndex.lookup``."""
        terms = query_terms(words, self._expansion)
        return [each.matches for each in self._covering(terms, self._lists(terms))]

    def _lists(self, terms: Sequence[QueryTerm]) -> dict[str, PostingLists]:
        """The postings of the terms, by field."""
        stems = [term.stems for term in terms]
        passages = self._fields[PASSAGES].lists(stems)
        return {
            "title": self._fields["title"].lists(stems),
            BODY: self._sum_by_article(passages),
            WRITTEN: self._fields[WRITTEN].lists([term.exact for term in terms]),
            PASSAGES: passages,
        }

    def _covering(
        self, terms: Sequence[QueryTerm], lists: Mapping[str, PostingLists]
    ) -> list["CoveringTerm"]:
        """The terms that count for the coverage."""
        fields = (lists[name].docs_by_term() for name in (BODY, "title", WRITTEN, PASSAGES))
        return [
            self._covering_term(term, *docs)
            for term, *docs in zip(terms, *fields, strict=True)
            if term.counts_for_coverage
        ]

    def _covering_term(
        self, term: QueryTerm, body: Ints, title: Ints, written: Ints, rows: Ints
    ) -> "CoveringTerm":
        mask = np.zeros(len(self._lengths[BODY]), bool)
        mask[body] = True
        articles = [body]
        for docs in (title, written):
            new = docs[~mask[docs]]
            mask[new] = True
            articles.append(new)
        keys = np.concatenate(articles)
        titles = self._fields[TITLE_STEMS].docs(term.stems)
        matches = TermMatches(term.word, term.text, mask, rows, idf(len(mask), len(keys)), titles)
        accented, capital = map(self._fields[SPELLED].docs, (term.accented, term.capital))
        return CoveringTerm(term, matches, keys, written, accented, capital)

    def _add(self, scores: Floats, name: str, lists: PostingLists, boosts: Sequence[float]) -> None:
        """Add to the scores of documents those of terms in one field."""
        if name not in self._saturations:
            lengths = self._lengths[name]
            self._saturations[name] = saturations(round_lengths(lengths), mean_length(lengths))
        np.add.at(scores, lists.docs, bm25(lists, self._saturations[name], boosts))


@dataclass(frozen=True, slots=True)
class CoveringTerm:
    """A term that counts for the coverage, with its matches.

    ``articles`` are the keys of the articles that hold it, ``written`` of those that have one of its written
    forms, ``accented`` and ``capital`` of those that have the term with the accents and with the capital as
    typed; each once.
    """

    term: QueryTerm
    matches: TermMatches
    articles: Ints
    written: Ints
    accented: Ints
    capital: Ints

    def otherwise_spelled(self) -> Ints:
        """The articles that hold the word only in another spelling, where spelling tells words apart.

        Accents do where an article has them as typed. A capital does where most articles that hold the word
        have it with a capital: it is a name then, as Orange, and not the beginning of a sentence.
        """
        if len(self.accented):
            return self._without(self.accented, self.articles)
        if 2 * len(self.capital) > len(self.written):
            return self._without(self.capital, self.written)
        return _NO_ARTICLES

    def _without(self, left_out: Ints, keys: Ints) -> Ints:
        """Those of these articles that are not left out."""
        stays = np.ones(len(self.matches.articles), bool)
        stays[left_out] = False
        return keys[stays[keys]]


def keyword_scores(
    articles: Floats, passages: Floats, rows: Ints, terms: Sequence[CoveringTerm]
) -> KeywordScores:
    """The scores, with the coverage and the literal matches that follow from these terms."""
    covered = np.zeros(len(articles), np.float32)
    literal = np.zeros(len(articles), bool)
    for each in terms:
        covered[each.articles] += each.matches.idf
        covered[each.otherwise_spelled()] -= each.matches.idf * (1 - OTHERWISE_SPELLED)
        if each.term.is_name and len(each.written) <= most_for_rare(len(articles)):
            literal[each.written] = True
    mass = sum(each.matches.idf for each in terms)
    coverage = covered / np.float32(mass) if mass else covered
    return KeywordScores(articles, passages, rows, coverage, literal, tuple(each.matches for each in terms))


def query_terms(words: Sequence[RankingWord], expansion: Expansion) -> list[QueryTerm]:
    """The terms of a query, in the order typed; stop words only if there are no other terms."""
    every_term = [term for number, word in enumerate(words) for term in _terms_of(number, word, expansion)]
    content = [term for term in every_term if term.stems or not term.exact] or every_term
    if len(content) > 1 and content[0].capital:  # the beginning of a sentence
        return [replace(content[0], capital=()), *content[1:]]
    return content


def _terms_of(number: int, word: RankingWord, expansion: Expansion) -> list[QueryTerm]:
    leaf, boost = word.leaf, word.boost
    if isinstance(leaf, Word | Phrase | Near):
        tokens = tokenise(leaf.text)
        return [_query_term(number, leaf.text[token.start : token.end], token, boost) for token in tokens]
    exact = tuple(expansion(leaf, WRITTEN)[:MAX_EXPANSION])
    stems = tuple(sorted({stem for term in exact for stem in stems_matching(term)}))
    return [QueryTerm(number, leaf_text(leaf), stems, exact, boost)]


def _query_term(number: int, text: str, token: Token, boost: float) -> QueryTerm:
    spelled = accented(text, token.term)
    capital = (token.term.capitalize(),) if text[:1].isupper() and not text.isupper() else ()
    return QueryTerm(
        number,
        text,
        stems_matching(token.term, text),
        (token.term,),
        boost,
        counts_for_coverage=not token.compound,
        accented=(spelled,) if spelled else (),
        capital=capital,
    )
