"""What is quoted of a passage: the sentence or two that answer best, by their words or by their meaning."""

from collections.abc import Callable, Sequence
from math import fsum
from operator import itemgetter
from statistics import fmean

from search.heat import nearness
from search.model import Leg, Passage, Snippet
from search.protocols import Floats, KeywordIndex
from search.query.tree import RankingWord
from search.text.snippets import Mark, best_sentences

_TELLING = 0.25  # of the weight of a query, that words have at least to choose what is quoted


def weights(words: Sequence[RankingWord], keyword: KeywordIndex) -> list[float]:
    """What it tells to hold each of the words: its idf, of a phrase the mean of its words'."""
    if len(words) == 1:
        return [1.0]
    held = ([each.idf for each in keyword.holders([word])] for word in words)
    return [fmean(idfs) if idfs else 0.0 for idfs in held]


def quoted(passage: Passage, marks: Sequence[Mark], weights: Sequence[float]) -> Snippet:
    """What the words of a query choose of a passage, in which they are marked."""
    start, end, weight = best_sentences(passage.text, marks, weights)
    telling = weight > 0 and weight >= _TELLING * fsum(weights)
    return _snippet(passage, start, end, Leg.KEYWORD if telling else None)


def nearest(passage: Passage, aim: Floats, encode: Callable[[str], Floats]) -> Snippet:
    """The sentence of a passage that is nearest to a vector; see ``heat.nearness``."""
    (start, end), _ = max(nearness(passage.text, aim, encode), key=itemgetter(1))
    return _snippet(passage, start, end, Leg.SEMANTIC)


def _snippet(passage: Passage, start: int, end: int, leg: Leg | None) -> Snippet:
    return Snippet(passage.text[start:end], passage.start + start, passage.start + end, leg)
