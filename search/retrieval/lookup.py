"""Where values are in an ascending array: faster than ``np.isin``, which sorts both."""

import numpy as np

from search.protocols import Bools, Ints


def find(ascending: Ints, values: Ints) -> tuple[Ints, Bools]:
    """The places of these values, and which of them are there; the place of another one means nothing."""
    if not len(ascending):
        return np.zeros(len(values), np.int64), np.zeros(len(values), bool)
    places = np.minimum(ascending.searchsorted(values), len(ascending) - 1)
    return places, ascending[places] == values


def contains(ascending: Ints, values: Ints) -> Bools:
    """Which of these values are there."""
    return find(ascending, values)[1]


def without(ascending: Ints, values: Ints) -> Ints:
    """The array without those of these values that are there."""
    places, are_there = find(ascending, values)
    return np.delete(ascending, places[are_there])
