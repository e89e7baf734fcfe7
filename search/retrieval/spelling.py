"""Did you mean: a query with its misspelt words replaced by words that the articles use."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from search.protocols import ArticleStore, Bools, Ints, KeywordIndex, TermMatches
from search.query.ast import Near, Phrase, Query, RankingWord, Word
from search.text.analyzer import Token, normalise, stem, tokenise
from search.text.stopwords import STOP_WORDS
from search.types import Article

_RARE = 2  # articles that hold a word at most for it to be doubted when it stands alone
_WRITTEN, _INFLECTED, _NEW = 2.0, -2.0, -6.0  # nats for a word typed: some article has it, its stem, none
_TELLING = 3  # other words beside which it is odd that no article holds them with one
_SHORTEST, _LONGEST = 3, 26  # letters
_DOUBTED = 4  # words looked at: each may take some milliseconds
_CONSIDERED = 16  # words that one may stand for
_LETTER, _DEAREST = 2.0, 12.0  # nats of slips that are believed: for each letter, and of any word
_UNSEEN = 20.0  # articles that a word is taken to be in beside those it is in, when its company is judged
_LOOKED_AT = 8  # articles whose spelling of a word is counted
_OPERATORS = ("ET", "OU", "SAUF", "AND", "OR", "NOT")
_LEAST_LETTERS = 6  # letters; of a shorter word one edit makes too many others
_LEAST_ARTICLES = 2  # articles that a word is held by at least for a slip to stand for it
_CORRECTED_WORDS = 4  # words: each takes some milliseconds
_CANDIDATES = 8  # words that one may stand for
_ONE_TYPO = 6.5  # nats


def suggestion(query: Query, keyword: KeywordIndex, store: ArticleStore) -> str | None:
    """The query as typed, misspelt words replaced; None when there is nothing to say.

    A word is doubted that two articles hold at most, or at most two that hold the query's other words
    too. It gives way to the one likeliest meant: that many articles hold, and with those other words,
    by slips that are likely; a word that is known only to one that is far likelier. It is spelt with
    the accents and capitals that articles give it most often.
    """
    text = unicodedata.normalize("NFC", query.raw)
    better = text
    words = {term: _articles_with_stem(term, keyword) for _, term in _words(query)}
    doubted = [(surface, term) for surface, term in _words(query) if _doubtful(term, words, keyword)]
    for surface, term in doubted[:_DOUBTED]:
        if intended := _intended(term, words, keyword):
            better = _replaced(better, surface, _spelling(intended, keyword, store))
            del words[term]
            words[intended] = _articles_with_stem(intended, keyword)
    return better if better != text else None


def _words(query: Query) -> list[tuple[str, str]]:
    """The words of the query that may be misspelt, once each: as typed, and their terms."""
    leaves = (word.leaf for word in query.words)
    texts = (leaf.text for leaf in leaves if isinstance(leaf, Word | Phrase | Near))
    found = ((text[token.start : token.end], token.term) for text in texts for token in _parts(text))
    return list(dict.fromkeys(found))


def _parts(text: str) -> Iterator[Token]:
    return (token for token in tokenise(text) if not token.compound and _may_be_misspelt(token.term))


def _may_be_misspelt(term: str) -> bool:
    return _SHORTEST <= len(term) <= _LONGEST and term.isalpha() and term not in STOP_WORDS


def _articles_with_stem(term: str, keyword: KeywordIndex) -> Bools:
    """By article, whether it holds a term or another of the same stem."""
    return keyword.lookup([RankingWord(Word(term))])[0].articles


def _doubtful(term: str, words: dict[str, Bools], keyword: KeywordIndex) -> bool:
    if len(keyword.articles_with(term)) <= _RARE:
        return True
    company = _company(term, words)
    together = np.logical_and.reduce([words[term], *company])
    return 0 < len(company) <= _TELLING and int(np.count_nonzero(together)) <= _RARE


def _company(term: str, words: dict[str, Bools]) -> list[Bools]:
    """Which articles hold each other word of the query, of those that any does."""
    return [held for other, held in words.items() if other != term and held.any()]


def _intended(term: str, words: dict[str, Bools], keyword: KeywordIndex) -> str | None:
    """The term that a misspelt one stands for; a stop word is not worth saying."""
    company = _company(term, words)
    dearest = min(_DEAREST, _LETTER * len(term))
    near = [one for one in keyword.fuzzy_terms(term, _CONSIDERED) if one.cost <= dearest]
    likely = {one.term: _likelihood(keyword.articles_with(one.term), company) - one.cost for one in near}
    best = max(likely, key=likely.__getitem__, default=term)
    if best in STOP_WORDS or stem(best) == stem(term):
        return None
    own = np.flatnonzero(words[term])
    trust = _WRITTEN if len(keyword.articles_with(term)) else _INFLECTED if len(own) else _NEW
    return best if likely[best] > _likelihood(own, company) + trust else None


def _likelihood(keys: Ints, company: Sequence[Bools]) -> float:
    """How likely a word that these articles hold is looked for beside others, in nats."""
    found = math.log(max(1, len(keys)))
    for other in company:
        common = int(np.count_nonzero(other[keys])) + _UNSEEN * float(other.mean())
        found += math.log(common / (len(keys) + _UNSEEN))
    return found


def _spelling(term: str, keyword: KeywordIndex, store: ArticleStore) -> str:
    """The term as the articles that hold it write it most often, unless that would be an operator."""
    articles = store.articles(keyword.articles_with(term)[:_LOOKED_AT].tolist())
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
    return len(_plain_term(word)) >= _LEAST_LETTERS and not term.articles.any()


def _plain_term(word: RankingWord) -> str:
    """The term of a plain word; ``""`` for a word of several terms, and for what is no plain word."""
    if not isinstance(word.leaf, Word):
        return ""
    terms = [token.term for token in tokenise(word.leaf.text)]
    return terms[0] if len(terms) == 1 else ""


def _correction(term: str, keyword: KeywordIndex) -> str | None:
    near = (one.term for one in keyword.fuzzy_terms(term, _CANDIDATES) if one.cost <= _ONE_TYPO)
    alike = (other for other in near if other[0] == term[0])
    return next((other for other in alike if len(keyword.articles_with(other)) >= _LEAST_ARTICLES), None)
