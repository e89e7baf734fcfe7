"""Did you mean: a query with its misspelt words replaced by words that the articles use."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from search.model import Article
from search.protocols import ArticleStore, KeywordIndex
from search.query.tree import Near, Phrase, Query, Word
from search.text.french import Token, normalise, tokenise
from search.text.stopwords import STOP_WORDS

_RARE = 2  # articles that hold a word at most for it to be doubted
_FAR_MORE = 50  # times as many articles must hold what a rare word is replaced by
_SHORTEST, _LONG = 3, 6  # letters from which one edit is looked for, and two
_DOUBTED = 4  # words looked at: each may take a tenth of a second
_LOOKED_AT = 20  # articles whose spelling of a word is counted
_OPERATORS = ("ET", "OU", "SAUF", "AND", "OR", "NOT")


def suggestion(query: Query, keyword: KeywordIndex, store: ArticleStore) -> str | None:
    """The query as typed, misspelt words replaced; None when there is nothing to say.

    A word is misspelt when no article holds it or its stem, or two at most while a word close to it is
    held by fifty times as many. It is replaced by the most frequent word one edit away, else two (of a
    long word), spelt with the accents and capitals that articles give it most often.
    """
    text = unicodedata.normalize("NFC", query.raw)
    better = text
    doubted = [word for word in _words(query) if keyword.document_frequency(word[1]) <= _RARE]
    for surface, term in doubted[:_DOUBTED]:
        if intended := _intended(term, keyword):
            better = _replaced(better, surface, _spelling(intended, keyword, store))
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
    return len(term) >= _SHORTEST and term.isalpha() and term not in STOP_WORDS


def _intended(term: str, keyword: KeywordIndex) -> str | None:
    """The term that a misspelt one stands for; a stop word is not worth saying."""
    least = max(1, _FAR_MORE * keyword.document_frequency(term))
    for distance in (1, 2) if len(term) >= _LONG else (1,):
        near = [other for other, articles in keyword.neighbours(term, distance) if articles >= least]
        if near:
            return near[0] if near[0] not in STOP_WORDS else None
    return None


def _spelling(term: str, keyword: KeywordIndex, store: ArticleStore) -> str:
    """The term as the articles that hold it write it most often, unless that would be an operator."""
    articles = store.articles(keyword.holding(term, _LOOKED_AT).tolist())
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
