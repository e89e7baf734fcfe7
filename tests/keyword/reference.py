"""What the keyword leg must say, worked out from the raw texts without an index."""

import fnmatch
import itertools
import math
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from whoosh.util.numeric import byte_to_length, length_to_byte

from search.keyword.bm25 import FIELD_WEIGHTS, K1, OTHERWISE_SPELLED, B
from search.query.ast import (
    Among,
    And,
    AtLeast,
    Close,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Opening,
    Or,
    Phrase,
    Prefix,
    RankingWord,
    Together,
    Wildcard,
    Word,
    WordCount,
)
from search.text.analyzer import accented, exact_terms, fold, normalise, stemmed, stems_matching, tokenise
from search.text.chunking import own_title
from search.text.stopwords import STOP_WORDS
from search.types import Article

from .slow_places import counts_words, says_so

APART = 10_000


@dataclass(frozen=True)
class Scores:
    articles: list[float]
    passages: list[float]
    coverage: list[float]


@dataclass(frozen=True)
class _Forms:
    """One word of the query: its stems, and as it is written."""

    stems: frozenset[str]
    exact: frozenset[str]
    boost: float
    compound: bool = False
    text: str = ""


def scores(articles: Sequence[Article], passages: Sequence[str], words: Sequence[RankingWord]) -> Scores:
    """BM25F of each article, BM25 of each passage, coverage of each article."""
    columns = {
        "title": [_stems(own_title(article)) for article in articles],
        "body": [_stems(article.body) for article in articles],
        "exact": [_terms(own_title(article)) + _terms(article.body) for article in articles],
    }
    passage_column = [_stems(passage) for passage in passages]
    found = Scores([0.0] * len(articles), [0.0] * len(passages), [0.0] * len(articles))
    mass = 0.0
    for word in _forms(words, {term for terms in columns["exact"] for term in terms}):
        matching = [False] * len(articles)
        for name, column in columns.items():
            forms = word.exact if name == "exact" else word.stems
            for key, score in enumerate(_bm25(column, forms)):
                found.articles[key] += word.boost * FIELD_WEIGHTS[name] * score
                matching[key] |= score > 0
        for row, score in enumerate(_bm25(passage_column, word.stems)):
            found.passages[row] += word.boost * score
        if not word.compound:
            idf = _idf(len(articles), sum(matching))
            mass += idf
            shares = _shares(word, matching, [_spelled(article) for article in articles])
            for key, share in enumerate(shares):
                found.coverage[key] += idf * share
    return Scores(found.articles, found.passages, [part / (mass or 1) for part in found.coverage])


def _shares(word: _Forms, matching: list[bool], written: list[set[str]]) -> list[float]:
    """By article, how far it has the word: less where it has it only in another spelling."""
    folded = fold(word.text)
    if root := accented(word.text, folded) if word.text.isalpha() else "":
        as_typed = [any(accented(w, fold(w)) == root for w in words if w.isalpha()) for words in written]
        others = [
            holds and any(as_typed) and not same for holds, same in zip(matching, as_typed, strict=True)
        ]
    elif word.text[:1].isupper() and not word.text.isupper():
        holders = [any(fold(w) == folded for w in words) for words in written]
        as_typed = [any(fold(w) == folded and w[:1].isupper() for w in words) for words in written]
        is_name = 2 * sum(as_typed) > sum(holders)
        others = [is_name and holds and not same for holds, same in zip(holders, as_typed, strict=True)]
    else:
        others = [False] * len(matching)
    return [
        OTHERWISE_SPELLED if other else float(holds) for holds, other in zip(matching, others, strict=True)
    ]


@cache
def _spelled(article: Article) -> set[str]:
    """The words of title and body as written."""
    texts = (own_title(article), article.body)
    tokens = (
        (normalise(text[token.start : token.end]).text, token) for text in texts for token in tokenise(text)
    )
    return {word for word, token in tokens if token.term not in STOP_WORDS}


def _forms(words: Sequence[RankingWord], lexicon: Iterable[str]) -> list[_Forms]:
    forms: list[_Forms] = []
    stopped: list[_Forms] = []
    for word in words:
        if isinstance(word.leaf, Word | Phrase | Near):
            for token in tokenise(word.leaf.text):
                exact = frozenset([token.term])
                if token.term in STOP_WORDS:
                    stopped.append(_Forms(frozenset(), exact, word.boost, token.compound))
                else:
                    written = word.leaf.text[token.start : token.end]
                    stems = frozenset(stems_matching(token.term, written))
                    forms.append(_Forms(stems, exact, word.boost, token.compound, written))
        else:
            exact = frozenset(filter(shape(word.leaf), lexicon))
            stems = frozenset(stem for term in exact for stem in stems_matching(term))
            forms.append(_Forms(stems, exact, word.boost))
    return _without_capital(forms or stopped)


def _without_capital(forms: list[_Forms]) -> list[_Forms]:
    """The first of several words has its capital from the beginning of the sentence."""
    if len(forms) < 2:
        return forms
    first = forms[0]
    return [replace(first, text=first.text[:1].lower() + first.text[1:]), *forms[1:]]


def _bm25(column: Sequence[Sequence[str]], forms: frozenset[str]) -> list[float]:
    counts = [sum(term in forms for term in terms) for terms in column]
    average = max(1.0, sum(map(len, column)) / len(column))
    idf = _idf(len(column), sum(count > 0 for count in counts))
    lengths = [byte_to_length(length_to_byte(len(terms))) for terms in column]
    return [
        idf * count * (K1 + 1) / (count + K1 * (1 - B + B * length / average))
        for count, length in zip(counts, lengths, strict=True)
    ]


def _idf(documents: int, holding: int) -> float:
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


@cache
def _stems(text: str) -> list[str]:
    return [token.term for token in stemmed(text)]


@cache
def _terms(text: str) -> list[str]:
    return [token.term for token in tokenise(text)]


def meets(node: Node, article: Article) -> bool:
    """Whether the article meets a constraint."""
    match node:
        case And(nodes):
            return all(meets(part, article) for part in nodes)
        case Or(nodes):
            return any(meets(part, article) for part in nodes)
        case Not(inner):
            return not meets(inner, article)
        case Among(nodes, count):
            return sum(meets(part, article) for part in nodes) >= count
        case Field(FieldName.TITLE, leaf):
            return _found(leaf, [article.title])
        case Field(name, leaf):
            text: str = getattr(article, "keywords" if name is FieldName.KEYWORD else name.value)
            several = name in (FieldName.AUTHOR, FieldName.KEYWORD)
            return any(_fits(leaf, value) for value in (text.split("; ") if several else [text]))
        case Word() | Phrase() | Near() | Prefix() | Wildcard() | Fuzzy():
            return _found(node, [own_title(article), article.body])
        case _:
            return _meets_as_a_whole(node, article)


def _meets_as_a_whole(node: Node, article: Article) -> bool:
    match node:
        case Close() | Together() | Opening() | AtLeast():
            return meets(_anywhere(node), article) and says_so(node, article, shape)
        case WordCount():
            return counts_words(node, article)
        case DateRange(first, last):
            return _may_lie(article.published, first or date.min, last or date.max)
        case _:
            raise NotImplementedError("what a user keeps is not said by the text of an article")


def _anywhere(node: Node) -> Node:
    """The words of a condition on places, wherever they stand."""
    match node:
        case Close(first, second) | Together(first, second):
            return And((_anywhere(first), _anywhere(second)))
        case Or(nodes):
            return Or(tuple(map(_anywhere, nodes)))
        case Opening(inner) | AtLeast(inner):
            return _anywhere(inner)
        case _:
            return node


def _fits(leaf: Leaf, value: str) -> bool:
    """Whether one name is the whole phrase, or has the words."""
    if isinstance(leaf, Phrase):
        return exact_terms(leaf.text) == exact_terms(value) != []
    return _found(Phrase(leaf.text) if isinstance(leaf, Word) else leaf, [value])


def _found(leaf: Leaf, texts: list[str]) -> bool:
    match leaf:
        case Word(text):
            return _says(text, texts)
        case Phrase(text):
            return any(_in_a_row(exact_terms(text), exact_terms(part)) for part in texts)
        case Near(text, distance):
            places = [_places(term, texts) for term in exact_terms(text)]
            return any(max(window) - min(window) <= distance for window in itertools.product(*places))
        case _:
            fits = shape(leaf)
            return any(fits(term) for part in texts for term in _terms(part))


def _says(word: str, texts: list[str]) -> bool:
    parts = exact_terms(word)
    if len(parts) == 1 and parts[0] in STOP_WORDS:
        return any(parts[0] in _terms(part) for part in texts)
    wholes = [token for token in tokenise(word) if token.compound or len(parts) == 1]
    stems = {stem for part in texts for stem in _stems(part)}
    wanted = {stem for whole in wholes for stem in stems_matching(whole.term, word[whole.start : whole.end])}
    return bool(wanted & stems) or (
        len(parts) > 1 and any(_in_a_row(parts, exact_terms(part)) for part in texts)
    )


def _in_a_row(wanted: list[str], terms: list[str]) -> bool:
    return any(terms[start : start + len(wanted)] == wanted for start in range(len(terms)))


def _places(term: str, texts: list[str]) -> list[int]:
    return [
        part * APART + place
        for part, text in enumerate(texts)
        for place, found in enumerate(exact_terms(text))
        if found == term
    ]


def shape(leaf: Prefix | Wildcard | Fuzzy) -> Callable[[str], bool]:
    """Tells which folded words the pattern stands for."""
    match leaf:
        case Prefix(text):
            return lambda term: term.startswith(fold(text))
        case Wildcard(pattern):
            return lambda term: fnmatch.fnmatchcase(term, fold(pattern))
        case Fuzzy(text, distance):
            return lambda term: _edits(fold(text), term) <= distance


def _edits(one: str, other: str) -> int:
    """Insertions, deletions and replacements from one word to another (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


def _may_lie(published: str, first: date, last: date) -> bool:
    if not published:
        return False
    numbers = [int(number) for number in published[:10].split("-")]
    year, month, day = numbers + [0] * (3 - len(numbers))
    begins = date(year, month or 1, day or 1)
    ends = date(year, month or 12, day or monthrange(year, month or 12)[1])
    return begins <= last and first <= ends
