"""Words that no article holds, taken for the words they are likely slips of."""

from collections.abc import Sequence
from dataclasses import replace

from search.protocols import KeywordIndex
from search.query.tree import RankingWord, Word
from search.text.french import tokenise

_SHORTEST = 6  # letters; of a shorter word one edit makes too many others
_HELD = 2  # articles that a word is held by at least for a slip to stand for it
_LOOKED_AT = 4  # words: each takes some milliseconds
_CONSIDERED = 8  # words that one may stand for
_ONE_SLIP = 6.5  # nats


def meant(words: Sequence[RankingWord], keyword: KeywordIndex) -> tuple[RankingWord, ...]:
    """The words, each that no article holds replaced by the likeliest one within a slip.

    Slips seldom touch the first letter (Yannakoudakis & Fawthrop, "The rules of spelling errors",
    Information Processing & Management 1983); a word without such a neighbour stays.
    """
    unknown = [word for word in words if _unknown(word, keyword)][:_LOOKED_AT]
    return tuple(_intended(word, keyword) if word in unknown else word for word in words)


def _unknown(word: RankingWord, keyword: KeywordIndex) -> bool:
    term = _term(word)
    return len(term) >= _SHORTEST and not keyword.holders([RankingWord(Word(term))])[0].articles.any()


def _term(word: RankingWord) -> str:
    """The term of a plain word; ``""`` for one that is several, or no plain word."""
    if not isinstance(word.leaf, Word):
        return ""
    terms = [token.term for token in tokenise(word.leaf.text)]
    return terms[0] if len(terms) == 1 else ""


def _intended(word: RankingWord, keyword: KeywordIndex) -> RankingWord:
    term = _term(word)
    near = (one.term for one in keyword.neighbours(term, _CONSIDERED) if one.cost <= _ONE_SLIP)
    held = (other for other in near if other[0] == term[0] and len(keyword.holding(other)) >= _HELD)
    other = next(held, None)
    return word if other is None else replace(word, leaf=Word(other))
