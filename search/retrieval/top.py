"""The first of many values, without sorting them all."""

import numpy as np

from search.protocols import Ints
from search.retrieval.score_stats import Doubles


def lowest(values: Doubles | Ints, count: int) -> Ints:
    """The places of the lowest ``count`` values, the lowest first, ties in their order."""
    if not 0 < count < len(values):
        return np.argsort(values, kind="stable")[:count]
    last = np.partition(values, count - 1)[count - 1]
    places = np.flatnonzero(values <= last)  # with all that tie with the last
    return places[np.argsort(values[places], kind="stable")[:count]]
