"""The first articles of an answer so far, from which feedback and expansion learn what else answers."""

import numpy as np

from search.protocols import Ints
from search.retrieval.score_stats import Doubles

_SHARPNESS = 2.0  # of the softmax: an article half a deviation behind the first one counts for 1/e


def first_of_families(scores: Doubles, families: Ints, count: int) -> Ints:
    """The places of the best ``count`` candidates, one of each family, the best first."""
    order = np.argsort(-scores, kind="stable")
    _, best_of_family = np.unique(families[order], return_index=True)
    return order[np.sort(best_of_family)[:count]]


def softmax_weights(scores: Doubles) -> Doubles:
    """How much each article counts by its score, the best one first: that one counts 1."""
    return np.array(np.exp(_SHARPNESS * (scores - scores[0])))
