import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.retrieval.grouping import Grouping

ARTICLES = 12


def test_a_group_is_shown_by_its_leader() -> None:
    grouping = Grouping(np.array([0, 1, 2, 4, 5]), np.array([0, 2]), np.array([4, 4]))
    assert grouping.leaders.tolist() == [1, 4, 5]
    assert grouping.size == 3
    assert grouping.copies(4).tolist() == [0, 2]
    assert grouping.copies(1).tolist() == []
    assert grouping.leader_of(np.array([2, 1, 3, 0])).tolist() == [4, 1, 3, 4]
    assert grouping.fold(np.array([0, 2, 3, 5])).tolist() == [3, 4, 5]


def test_ungrouped_articles_have_no_copies() -> None:
    grouping = Grouping.ungrouped(np.array([0, 2, 5]))
    assert grouping.leaders.tolist() == [0, 2, 5]
    assert grouping.size == 3
    assert grouping.copies(2).tolist() == []
    assert grouping.leader_of(np.array([5, 1])).tolist() == [5, 1]


@given(
    members=st.sets(st.integers(0, ARTICLES - 1), min_size=1).map(sorted),
    choices=st.lists(st.integers(0, ARTICLES - 1), min_size=ARTICLES, max_size=ARTICLES),
)
def test_each_member_is_shown_once_by_itself_or_as_a_copy(members: list[int], choices: list[int]) -> None:
    leaders = {members[choice % len(members)] for choice in choices[:3]}
    leader_of = np.arange(ARTICLES)
    for member in set(members) - leaders:
        leader_of[member] = sorted(leaders)[choices[member] % len(leaders)]
    folded = np.array([member for member in members if leader_of[member] != member], np.int64)
    grouping = Grouping(np.array(members), folded, leader_of[folded])
    shown = [key for leader in grouping.leaders.tolist() for key in (leader, *grouping.copies(leader))]
    assert sorted(shown) == members
    assert set(grouping.leaders.tolist()) == leaders
    assert grouping.size == len(leaders)
    assert grouping.fold(np.array(members)).tolist() == grouping.leaders.tolist()
