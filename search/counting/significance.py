"""How much more often something occurs in one place than in another: significance and effect size.

A table of four cells is given by ``a`` of ``n`` in the one place and ``b`` of ``m`` in the other. All
functions take arrays, cell by cell.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

SIGNIFICANT = 10.83
"""G² from which chance explains a difference in less than one case in a thousand (one degree of freedom)."""
_NONE_SEEN = 0.5  # what stands for a count of 0 in a ratio (Hardie 2014)
_HIGHEST = 14


def log_likelihood(a: Numbers, n: float, b: Numbers, m: float) -> Numbers:
    """G² of each table, never negative, in nats: over all four cells.

    Dunning, "Accurate methods for the statistics of surprise and coincidence", Computational Linguistics 19,
    1993; Rayson and Garside, "Comparing corpora using frequency profiling", 2000, leave two cells out.
    """
    share = (a + b) / (n + m)
    cells = ((a, n * share), (b, m * share), (n - a, n * (1 - share)), (m - b, m * (1 - share)))
    total = np.zeros(len(a))
    for observed, expected in cells:
        seen = observed > 0
        total[seen] += observed[seen] * np.log(observed[seen] / expected[seen])
    return np.maximum(0.0, 2 * total)


def log_ratio(a: Numbers, n: float, b: Numbers, m: float) -> Numbers:
    """The binary logarithm of how many times as frequent it is in the one place as in the other.

    A count of 0 counts as a half. Hardie, "Log ratio: an informal introduction", CASS, 2014.
    """
    return np.log2(np.where(a, a, _NONE_SEEN) / n) - np.log2(np.where(b, b, _NONE_SEEN) / m)


def log_dice(together: Numbers, one: float, other: Numbers) -> Numbers:
    """How tightly two words belong together, at most 14; one more is twice as tight.

    Rychlý, "A lexicographer-friendly association score", RASLAN, 2008.
    """
    return _HIGHEST + np.log2(2 * together / (one + other))
