import numpy as np
from datasketch import MinHash
from hypothesis import example, given
from hypothesis import strategies as st

from search.indexing.min_hash import min_hash

HIGHEST = (1 << 32) - 1


@given(st.lists(st.integers(0, HIGHEST), max_size=50), st.integers(1, 48))
@example([], 3)
@example([0, HIGHEST], 48)
def test_the_values_are_those_of_datasketch(numbers: list[int], permutations: int) -> None:
    expected = MinHash(num_perm=permutations, seed=1, hashfunc=int)
    expected.update_batch(numbers)
    assert min_hash(np.array(numbers, np.uint32), permutations).tolist() == expected.hashvalues.tolist()
