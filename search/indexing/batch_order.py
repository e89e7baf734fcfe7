"""The order in which batches of texts, sorted by length, are encoded."""

from collections.abc import Iterator, Sequence


def spread_batches(rows: Sequence[int], size: int) -> Iterator[list[int]]:
    """The rows in batches of neighbours, from the middle on; any first batches lie at equal distances.

    Where the rows are sorted by the length of their texts, the batches that are done then cost as much
    as those that are left, and tell how long they take. Only the last batch may be smaller.
    """
    full = len(rows) // size
    for number in _van_der_corput(full):
        yield list(rows[number * size : (number + 1) * size])
    if rest := list(rows[full * size :]):
        yield rest


def _van_der_corput(count: int) -> list[int]:
    """The numbers below ``count``, by their binary digits in reverse order, from the middle on."""
    digits = max(1, (count - 1).bit_length())
    reversals = (int(f"{number ^ 1:0{digits}b}"[::-1], 2) for number in range(1 << digits))
    return [number for number in reversals if number < count]
