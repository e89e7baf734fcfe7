import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.retrieval.top import lowest


@given(st.lists(st.sampled_from([-1.5, 0.0, 0.5, 2.0]), max_size=30), st.integers(0, 35))
def test_the_lowest_are_the_first_of_a_stable_sort(values: list[float], count: int) -> None:
    expected = sorted(range(len(values)), key=values.__getitem__)[:count]
    assert lowest(np.array(values), count).tolist() == expected
