"""How near each sentence of a text is to what is looked for: why an article without the words matched."""

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean, pstdev

from search.protocols import Floats
from search.text.sentences import Span, sentence_spans

_STEPS = (0.4, 0.95, 1.5)  # deviations above the mean
_LEAST_DEVIATION = 0.01


def nearness(
    text: str, aim: Floats, encode: Callable[[str], Floats], first: int = 0
) -> Iterator[tuple[Span, float]]:
    """Each sentence of a text, with its cosine to the vector ``aim`` of the same space.

    They come in order from the one at the offset ``first`` on, then those before it, without those of
    signs alone where there are others. ``encode`` gives the vector of a sentence, when it is asked for.
    """
    spans = list(sentence_spans(text))
    spans = [(start, end) for start, end in spans if any(map(str.isalnum, text[start:end]))] or spans
    begin = sum(end <= first for _, end in spans)
    for start, end in spans[begin:] + spans[:begin]:
        yield (start, end), float(encode(text[start:end]) @ aim)


def heat_steps(similarities: Sequence[float]) -> list[int]:
    """From the cosines of an article's sentences to how warm each is shown: 0 (cold) to 3, in order.

    Relative within the article: a step for each of 0.4, 0.95 and 1.5 standard deviations above the mean
    that a sentence reaches. A deviation below 0.01 counts as 0.01, so that sentences that are all as
    near stay cold, as does an only one.
    """
    if not similarities:
        return []
    mean = fmean(similarities)
    deviation = max(pstdev(similarities, mean), _LEAST_DEVIATION)
    return [sum(value >= mean + step * deviation for step in _STEPS) for value in similarities]
