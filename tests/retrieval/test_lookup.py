import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.retrieval.lookup import contains, find, without

KEYS = st.integers(0, 12)


@given(st.sets(KEYS).map(sorted), st.lists(KEYS, max_size=15))
def test_values_are_looked_up_in_an_ascending_array(members: list[int], values: list[int]) -> None:
    ascending, asked = np.array(members, np.int64), np.array(values, np.int64)
    places, are_there = find(ascending, asked)
    assert are_there.tolist() == contains(ascending, asked).tolist() == [value in members for value in values]
    assert ascending[places[are_there]].tolist() == [value for value in values if value in members]
    assert without(ascending, asked).tolist() == [member for member in members if member not in values]
