import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.retrieval.grouping import Grouping

ARTICLES = 12
LEADERS = st.lists(st.integers(0, 3), min_size=ARTICLES, max_size=ARTICLES).map(
    lambda families: np.array([families.index(family) for family in families])
)
MEMBERS = st.sets(st.integers(0, ARTICLES - 1)).map(lambda keys: np.array(sorted(keys), np.int64))


def test_the_leader_stands_for_its_group_and_where_it_is_no_member_the_first() -> None:
    leaders = np.array([4, 1, 4, 3, 4, 3])  # 4 leads 0, 2, 4; 3 leads 3, 5; 1 is alone

    whole = Grouping.of(np.arange(6), leaders)
    assert whole.leaders.tolist() == [1, 3, 4]
    assert whole.copies(4).tolist() == [0, 2]
    assert whole.copies(1).tolist() == []
    assert whole.fold(np.array([0, 5])).tolist() == [3, 4]

    part = Grouping.of(np.array([0, 1, 2, 5]), leaders)
    assert part.leaders.tolist() == [0, 1, 5]
    assert part.copies(0).tolist() == [2]
    assert part.copies(5).tolist() == []


def test_ungrouped_articles_have_no_copies() -> None:
    grouping = Grouping.ungrouped(np.array([0, 2, 5]), 6)
    assert grouping.leaders.tolist() == [0, 2, 5]
    assert grouping.copies(2).tolist() == []


@given(leaders=LEADERS, members=MEMBERS)
def test_each_member_is_shown_once_by_itself_or_as_a_copy(leaders: np.ndarray, members: np.ndarray) -> None:
    grouping = Grouping.of(members, leaders)
    shown = [
        key for leader in grouping.leaders for key in (int(leader), *grouping.copies(int(leader)).tolist())
    ]
    assert sorted(shown) == members.tolist()
    assert len({int(leaders[key]) for key in grouping.leaders}) == len(grouping.leaders)
    assert grouping.fold(members).tolist() == grouping.leaders.tolist()
