import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.retrieval.grouping import Grouping

ARTICLES = 12
LEADERS = st.lists(st.integers(0, 3), min_size=ARTICLES, max_size=ARTICLES).map(
    lambda families: np.array([families.index(family) for family in families])
)
MEMBERS = st.sets(st.integers(0, ARTICLES - 1)).map(lambda keys: np.array(sorted(keys), np.int64))


def test_the_leader_stands_for_its_family_and_where_it_is_missing_the_first() -> None:
    leaders = np.array([4, 1, 4, 3, 4, 3])  # 4 leads 0, 2, 4; 3 leads 3, 5; 1 is alone

    whole = Grouping.of(np.arange(6), leaders)
    assert whole.standing.tolist() == [1, 3, 4]
    assert whole.copies(4).tolist() == [0, 2]
    assert whole.copies(1).tolist() == []
    assert whole.fold(np.array([0, 5])).tolist() == [3, 4]

    part = Grouping.of(np.array([0, 1, 2, 5]), leaders)
    assert part.standing.tolist() == [0, 1, 5]
    assert part.copies(0).tolist() == [2]
    assert part.copies(5).tolist() == []


def test_nothing_is_folded_that_is_not_asked_to_be() -> None:
    folded = Grouping.never(np.array([0, 2, 5]), 6)
    assert folded.standing.tolist() == [0, 2, 5]
    assert folded.copies(2).tolist() == []


@given(leaders=LEADERS, members=MEMBERS)
def test_each_member_is_shown_once_by_itself_or_as_a_copy(leaders: np.ndarray, members: np.ndarray) -> None:
    folded = Grouping.of(members, leaders)
    shown = [key for stands in folded.standing for key in (int(stands), *folded.copies(int(stands)).tolist())]
    assert sorted(shown) == members.tolist()
    assert len({int(leaders[key]) for key in folded.standing}) == len(folded.standing)
    assert folded.fold(members).tolist() == folded.standing.tolist()
