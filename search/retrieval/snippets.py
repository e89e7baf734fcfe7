"""Snippets: the sentence or two of a passage that answer best, by their words or by their meaning."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from statistics import fmean

from search.protocols import Floats, TermMatches
from search.query.ast import RankingWord
from search.retrieval.sentence_scores import sentence_similarities
from search.text.snippets import Mark, best_sentences
from search.types import Leg, Passage, Snippet

_LEAST = 40  # characters of a sentence that may be quoted alone
_ENDS = '.!?…»"”)'  # of a sentence; a caption, which is near to everything, has none


def word_weights(words: Sequence[RankingWord], terms: Sequence[TermMatches]) -> list[float]:
    """What each of the words contributes to a snippet: its idf, of a phrase the mean of its terms'."""
    if len(words) == 1:
        return [1.0]
    idfs = [[term.idf for term in terms if term.word == place] for place in range(len(words))]
    return [fmean(own) if own else 0.0 for own in idfs]


def keyword_snippet(passage: Passage, marks: Sequence[Mark], weights: Sequence[float]) -> Snippet:
    """The sentences of a passage that the marked words of a query choose; ``weights`` are by word."""
    start, end = best_sentences(passage.text, marks, weights)
    return _snippet(passage, start, end, Leg.KEYWORD if marks else None)


def semantic_snippet(passage: Passage, vector: Floats, encode: Callable[[str], Floats]) -> Snippet:
    """The sentence of a passage that is nearest to a vector; no caption where there are others."""
    similarities = list(sentence_similarities(passage.text, vector, encode))
    sentences = [each for each in similarities if _is_sentence(passage.text[slice(*each[0])])]
    (start, end), _ = max(sentences or similarities, key=itemgetter(1))
    return _snippet(passage, start, end, Leg.SEMANTIC)


def _is_sentence(text: str) -> bool:
    return len(text) >= _LEAST and text.endswith(tuple(_ENDS))


def _snippet(passage: Passage, start: int, end: int, leg: Leg | None) -> Snippet:
    return Snippet(passage.text[start:end], passage.start + start, passage.start + end, leg)
