"""Significance and effect sizes, beside scipy's and beside figures worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.counting.significance import log_dice, log_likelihood, log_ratio

_SIDE = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def numbers(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, np.float64)


@given(_SIDE, _SIDE)
def test_log_likelihood_is_the_g_test_of_scipy(own: tuple[int, int], other: tuple[int, int]) -> None:
    stats = pytest.importorskip("scipy.stats")
    (a, n), (b, m) = own, other
    g2 = log_likelihood(numbers(a), n, numbers(b), m)[0]
    if 0 < a + b < n + m:
        table = [[a, b], [n - a, m - b]]
        expected = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        assert g2 == pytest.approx(expected, abs=1e-6)
    else:
        assert g2 == pytest.approx(0, abs=1e-9)


def test_log_ratio_counts_doublings() -> None:
    # none counts as a half
    ratios = log_ratio(numbers(8, 4, 0, 4), 100, numbers(1, 4, 2, 0), 100)
    assert ratios.tolist() == pytest.approx([3, 0, -2, 3])


def test_log_dice_is_14_for_words_that_are_never_apart() -> None:
    assert log_dice(numbers(10, 5), 10, numbers(10, 10)).tolist() == [14, 13]
