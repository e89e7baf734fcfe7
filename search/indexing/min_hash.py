"""MinHash signatures of sets of 32-bit numbers.

Broder, "On the resemblance and containment of documents", 1997.
Each number is mixed by the finalizer of MurmurHash3, then permuted by ``a * x + b`` modulo 2**32 with an odd
``a``. The values are those of ``datasketch.MinHash``, whose import alone takes as long as many articles.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]

_SEED = 1
_WIDTH = 32


def min_hash(numbers: Numbers, permutations: int) -> Numbers:
    """The least value of these numbers under each of so many permutations; the highest value of none."""
    factors, terms = _permutations(permutations)
    mixed = _mixed(numbers)
    values = np.multiply.outer(factors, mixed)
    values += terms[:, None]
    least: Numbers = values.min(axis=1, initial=np.iinfo(np.uint32).max)
    return least


def _mixed(numbers: Numbers) -> Numbers:
    mixed = numbers ^ (numbers >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


@lru_cache(1)
def _permutations(count: int) -> tuple[Numbers, Numbers]:
    random = np.random.RandomState(_SEED)  # its numbers are the same in every version of numpy
    factors = random.randint(0, 1 << (_WIDTH - 1), count, np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, random.randint(0, 1 << _WIDTH, count, np.uint32)
