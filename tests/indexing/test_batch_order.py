from hypothesis import given
from hypothesis import strategies as st

from search.indexing.batch_order import spread_batches


def test_the_first_batches_lie_at_equal_distances_and_a_small_one_is_last() -> None:
    rows = [*range(10, 27)]
    assert [batch[0] for batch in spread_batches(rows, 2)] == [18, 10, 22, 14, 20, 12, 24, 16, 26]
    assert [*spread_batches(rows[:3], 4)] == [[10, 11, 12]]
    assert [*spread_batches([], 4)] == []


@given(st.integers(2, 300), st.data())
def test_any_first_batches_stand_for_all(count: int, data: st.DataObject) -> None:
    order = [row for (row,) in spread_batches(range(count), 1)]
    taken = sorted(order[: data.draw(st.integers(1, count))])
    assert sorted(order) == [*range(count)]
    gaps = [after - before for before, after in zip([*taken], [*taken[1:], count], strict=True)]
    assert max(gaps) <= 2 * max(1, 2 * count // len(taken))


@given(st.integers(0, 2000), st.integers(1, 300))
def test_every_row_is_in_one_batch(count: int, size: int) -> None:
    batches = [*spread_batches(range(count), size)]
    assert sorted(row for batch in batches for row in batch) == [*range(count)]
    assert all(len(batch) == size for batch in batches[:-1])
