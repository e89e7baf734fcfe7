"""Expansion: the words of the first articles are asked too, each as far as it is typical of them.

It is the relevance model RM3 (Lavrenko & Croft, SIGIR 2001; Abdul-Jaleel et al., TREC 2004). It is made from
the first articles of the merged answer, not from those that words alone put first: the query has the words of
these already. An article that lacks the words of the query, but says the same in the words of the first
articles, rises.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice

import numpy as np

from search.protocols import Floats, Ints
from search.retrieval.first_articles import softmax_weights
from search.retrieval.fusion import Fused, FusedLeg, ranks
from search.retrieval.score_stats import Doubles, ScoreStats
from search.text.analyzer import normalise, run_texts, tokenise
from search.text.run_stems import content_stems
from search.types import Leg

EXPANSION_ARTICLES = 3
"""Articles whose words are asked."""
_STEMS = 24  # that the model keeps; ``KeywordIndex.score_stems`` asks the half of them that tells most


def word_model(query: str, texts: Sequence[str], scores: Doubles) -> Mapping[str, float]:
    """The stems that are most frequent in these texts and not in the query; the most frequent one has 1.

    ``scores`` are those of the texts, the best first: a text counts by their softmax.
    """
    model: Counter[str] = Counter()
    for text, weight in zip(texts, softmax_weights(scores).tolist(), strict=True):
        counts = Counter(chain.from_iterable(map(content_stems, run_texts(normalise(text)))))
        total = counts.total()
        for stem, count in counts.items():
            model[stem] += weight * count / total
    asked = {token.stem for token in tokenise(query)}
    kept = dict(islice((item for item in model.most_common() if item[0] not in asked), _STEMS))
    highest = max(kept.values(), default=1.0)
    return {stem: weight / highest for stem, weight in kept.items()}


def expand(fused: Fused, keys: Ints, ask: Callable[[], Floats], weight: float) -> Fused:
    """Add to each candidate its standardised score by the expansion, as a leg of its own.

    ``ask`` gives the scores of all articles; it is called where the leg has a weight.
    """
    if not weight or not len(keys):
        return fused
    scores = ask()
    stats, own = ScoreStats.of_sparse(scores.take(np.flatnonzero(scores > 0)), len(scores)), scores[keys]
    places = np.where(own > 0, ranks(own), 0)
    leg = FusedLeg(Leg.EXPANSION, places, own, stats.standardised(own), np.full(fused.size, weight))
    return Fused((*fused.legs, leg), fused.size)
