"""How near each sentence of an article is to the query: why an article without its words matched."""

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from search.text.sentences import Span, sentence_spans

if TYPE_CHECKING:
    from search.protocols import Floats

_STEPS = (0.4, 0.95, 1.5)  # deviations above the mean
_LEAST_DEVIATION = 0.01


def sentence_similarities(
    text: str, vector: "Floats", encode: "Callable[[str], Floats]", first: int = 0
) -> Iterator[tuple[Span, float]]:
    """Each sentence of a text, with its cosine to ``vector``, which is of the same space.

    The sentences from the offset ``first`` on come first, then those before it. Sentences without a letter
    or digit are left out where there are others. ``encode`` gives the vector of a sentence when it is asked.
    """
    spans = list(sentence_spans(text))
    spans = [(start, end) for start, end in spans if any(map(str.isalnum, text[start:end]))] or spans
    begin = sum(end <= first for _, end in spans)
    for start, end in spans[begin:] + spans[:begin]:
        yield (start, end), float(encode(text[start:end]) @ vector)


def similarity_levels(similarities: Sequence[float]) -> list[int]:
    """From the cosines of an article's sentences to levels for display: 0 (far) to 3 (near), in order.

    Levels are relative to the article: one for each of 0.4, 0.95 and 1.5 standard deviations above the mean
    that a sentence reaches. A deviation below 0.01 counts as 0.01: where all sentences are equally near,
    all have level 0, and so has a single sentence.
    """
    if not similarities:
        return []
    mean = fmean(similarities)
    deviation = max(pstdev(similarities, mean), _LEAST_DEVIATION)
    return [sum(value >= mean + step * deviation for step in _STEPS) for value in similarities]
