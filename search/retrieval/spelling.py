"""Spelling: corrections of misspelt words, for the confidence of a search and as a suggestion to the user."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from search.protocols import ArticleStore, Bools, Ints, KeywordIndex, TermMatches
from search.query.ast import Near, Phrase, Query, RankingWord, Word
from search.text.analyzer import Token, normalise, tokenise
from search.text.stemmer import stem
from search.text.stopwords import STOP_WORDS
from search.types import Article

_RARE = 2  # a word that at most so many articles hold may be misspelt
# Nats for keeping the word as typed: an article has the word, only its stem, or neither.
_WRITTEN, _INFLECTED, _NEW = 2.0, -2.0, -6.0
_MOST_OTHERS = 3  # with more other words it is no surprise that no article holds them all
_SHORTEST, _LONGEST = 3, 26  # letters
_MOST_CHECKED = 4  # words that are checked: each may take some milliseconds
_MOST_CANDIDATES = 16  # corrections that are compared for a suggestion
_COST_A_LETTER, _HIGHEST_COST = 2.0, 12.0  # nats that the typing errors of a word may cost
_PRIOR = 20.0  # articles by which the co-occurrence of two words is smoothed
_SPELLING_SAMPLE = 8  # articles whose spelling of a word is counted
_OPERATORS = ("ET", "OU", "SAUF", "AND", "OR", "NOT")
_LEAST_LETTERS = 6  # letters; of a shorter word one edit makes too many others
_LEAST_ARTICLES = 2  # a correction is held by at least so many articles
_CORRECTED_WORDS = 4  # words that are corrected: each takes some milliseconds
_CANDIDATES = 8  # corrections that are compared for the confidence
_ONE_TYPO = 6.5  # nats that one typing error costs at most


def suggestion(query: Query, keyword: KeywordIndex, store: ArticleStore) -> str | None:
    """The query as typed, its misspelt words replaced; None when no word is misspelt.

    A word may be misspelt when at most two articles hold it, or at most two hold it together with the
    query's other words. Its correction is the likeliest one: many articles hold it, many of them with the
    other words, and the typing errors are likely. A word that articles hold gives way only to a far likelier
    one. The correction has the accents and capitals that articles give it most often.
    """
    text = unicodedata.normalize("NFC", query.raw)
    better = text
    words = {term: _articles_with_stem(term, keyword) for _, term in _words(query)}
    suspects = [(surface, term) for surface, term in _words(query) if _may_be_wrong(term, words, keyword)]
    for surface, term in suspects[:_MOST_CHECKED]:
        if correction := _likeliest(term, words, keyword):
            better = _replaced(better, surface, _spelling(correction, keyword, store))
            del words[term]
            words[correction] = _articles_with_stem(correction, keyword)
    return better if better != text else None


def _words(query: Query) -> list[tuple[str, str]]:
    """The words of the query that may be misspelt, once each: as typed, and their terms."""
    leaves = (word.leaf for word in query.words)
    texts = (leaf.text for leaf in leaves if isinstance(leaf, Word | Phrase | Near))
    words = ((text[token.start : token.end], token.term) for text in texts for token in _parts(text))
    return list(dict.fromkeys(words))


def _parts(text: str) -> Iterator[Token]:
    return (token for token in tokenise(text) if not token.compound and _is_checked(token.term))


def _is_checked(term: str) -> bool:
    return _SHORTEST <= len(term) <= _LONGEST and term.isalpha() and term not in STOP_WORDS


def _articles_with_stem(term: str, keyword: KeywordIndex) -> Bools:
    """By article, whether it holds a term or another of the same stem."""
    return keyword.lookup([RankingWord(Word(term))])[0].articles


def _may_be_wrong(term: str, words: dict[str, Bools], keyword: KeywordIndex) -> bool:
    if len(keyword.articles_with(term)) <= _RARE:
        return True
    others_of_query = _other_words(term, words)
    together = np.logical_and.reduce([words[term], *others_of_query])
    return 0 < len(others_of_query) <= _MOST_OTHERS and int(np.count_nonzero(together)) <= _RARE


def _other_words(term: str, words: dict[str, Bools]) -> list[Bools]:
    """By other word of the query that some article holds, the articles that hold it."""
    return [articles for other, articles in words.items() if other != term and articles.any()]


def _likeliest(term: str, words: dict[str, Bools], keyword: KeywordIndex) -> str | None:
    """The term that a misspelt one stands for; None for a stop word or another form of the same stem."""
    others_of_query = _other_words(term, words)
    highest = min(_HIGHEST_COST, _COST_A_LETTER * len(term))
    near = [one for one in keyword.fuzzy_terms(term, _MOST_CANDIDATES) if one.cost <= highest]
    likely = {
        one.term: _likelihood(keyword.articles_with(one.term), others_of_query) - one.cost for one in near
    }
    best = max(likely, key=likely.__getitem__, default=term)
    if best in STOP_WORDS or stem(best) == stem(term):
        return None
    own = np.flatnonzero(words[term])
    trust = _WRITTEN if len(keyword.articles_with(term)) else _INFLECTED if len(own) else _NEW
    return best if likely[best] > _likelihood(own, others_of_query) + trust else None


def _likelihood(keys: Ints, others_of_query: Sequence[Bools]) -> float:
    """How likely a query holds the word of these articles beside its other words, in nats."""
    likelihood = math.log(max(1, len(keys)))
    for other in others_of_query:
        common = int(np.count_nonzero(other[keys])) + _PRIOR * float(other.mean())
        likelihood += math.log(common / (len(keys) + _PRIOR))
    return likelihood


def _spelling(term: str, keyword: KeywordIndex, store: ArticleStore) -> str:
    """The most frequent spelling of a term in the articles that hold it, unless it would be an operator."""
    articles = store.articles(keyword.articles_with(term)[:_SPELLING_SAMPLE].tolist())
    spellings = Counter(spelling for article in articles for spelling in _spellings(term, article))
    [(spelling, _)] = spellings.most_common(1)
    return term if spelling in _OPERATORS else spelling


def _spellings(term: str, article: Article) -> Iterator[str]:
    for text in (article.title, article.body):
        for token in tokenise(text):
            if token.term == term:
                yield normalise(text[token.start : token.end]).text


def _replaced(text: str, word: str, other: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: other, text)


def corrected(
    words: Sequence[RankingWord], terms: Sequence[TermMatches], keyword: KeywordIndex
) -> list[TermMatches]:
    """The terms of these words; each that no article holds gives way to the likeliest one typing error away.

    Such errors seldom touch the first letter (Yannakoudakis & Fawthrop, "The rules of spelling errors",
    Information Processing & Management 1983). A term without such a correction stays.
    """
    unknown = [place for place, term in enumerate(terms) if _is_unknown(words[term.word], term)]
    result: list[TermMatches | None] = list(terms)
    for place in unknown[:_CORRECTED_WORDS]:
        if other := _correction(_plain_term(words[terms[place].word]), keyword):
            result[place] = None  # a stop word is no term of a query
            if other not in STOP_WORDS:
                (match,) = keyword.lookup([RankingWord(Word(other))])
                result[place] = replace(match, word=terms[place].word)
    return [term for term in result if term is not None]


def _is_unknown(word: RankingWord, term: TermMatches) -> bool:
    return not term.articles.any() and len(_plain_term(word)) >= _LEAST_LETTERS


def _plain_term(word: RankingWord) -> str:
    """The term of a plain word; ``""`` for a word of several terms, and for what is no plain word."""
    if not isinstance(word.leaf, Word):
        return ""
    terms = [token.term for token in tokenise(word.leaf.text)]
    return terms[0] if len(terms) == 1 else ""


def _correction(term: str, keyword: KeywordIndex) -> str | None:
    near = (one.term for one in keyword.fuzzy_terms(term, _CANDIDATES) if one.cost <= _ONE_TYPO)
    alike = (other for other in near if other[0] == term[0] and _plain_term(RankingWord(Word(other))))
    return next((other for other in alike if len(keyword.articles_with(other)) >= _LEAST_ARTICLES), None)
