"""What is quoted of a passage: the sentence or two that answer best, by their words or by their meaning."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from statistics import fmean

from search.protocols import Floats, KeywordIndex
from search.query.ast import RankingWord
from search.retrieval.sentence_scores import nearness
from search.text.snippets import Mark, best_sentences
from search.types import Leg, Passage, Snippet

_LEAST = 40  # characters of a sentence that may be quoted alone
_ENDS = '.!?…»"”)'  # of a sentence; a caption, which is near to everything, has none


def weights(words: Sequence[RankingWord], keyword: KeywordIndex) -> list[float]:
    """What it tells to hold each of the words: its idf, of a phrase the mean of its words'."""
    if len(words) == 1:
        return [1.0]
    held = ([each.idf for each in keyword.holders([word])] for word in words)
    return [fmean(idfs) if idfs else 0.0 for idfs in held]


def quoted(passage: Passage, marks: Sequence[Mark], weights: Sequence[float]) -> Snippet:
    """What the words of a query choose of a passage, in which they are marked."""
    start, end = best_sentences(passage.text, marks, weights)
    return _snippet(passage, start, end, Leg.KEYWORD if marks else None)


def nearest(passage: Passage, aim: Floats, encode: Callable[[str], Floats]) -> Snippet:
    """The sentence of a passage that is nearest to a vector; no caption where there are others."""
    near = list(nearness(passage.text, aim, encode))
    whole = [found for found in near if _is_sentence(passage.text[slice(*found[0])])]
    (start, end), _ = max(whole or near, key=itemgetter(1))
    return _snippet(passage, start, end, Leg.SEMANTIC)


def _is_sentence(text: str) -> bool:
    return len(text) >= _LEAST and text.endswith(tuple(_ENDS))


def _snippet(passage: Passage, start: int, end: int, leg: Leg | None) -> Snippet:
    return Snippet(passage.text[start:end], passage.start + start, passage.start + end, leg)
