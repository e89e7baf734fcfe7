from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import Ints, TermMatches
from search.retrieval.families import Families
from search.retrieval.grouping import Grouping
from search.retrieval.score_stats import Doubles

LEADERS = [4, 1, 4, 3, 4, 3]
"""4 leads 0, 2, 4; 3 leads 3, 5; 1 is alone."""
EVERYONE = range(6)


def term(texts: Iterable[int], titles: Iterable[int] = (), idf: float = 1.0) -> TermMatches:
    """A term that is in the second of the two rows of these texts."""
    rows = np.array(sorted(2 * key + 1 for key in texts), np.int64)
    return TermMatches(0, "mot", np.zeros(0, bool), rows, idf, np.array(sorted(titles), np.int64))


def families(leaders: Ints, lengths: Ints) -> Families:
    """Families of articles of two rows each."""
    starts = 2 * np.arange(len(leaders))
    return Families(leaders, starts, starts + 2, lengths.__getitem__)


def group(
    members: Sequence[int] = EVERYONE,
    terms: Sequence[TermMatches] = (),
    lengths: Sequence[int] = (100,) * 6,
    nearness: Sequence[float] = (np.nan,) * 6,
) -> dict[int, list[int]]:
    """The copies of each result, by the one that is shown."""
    archive = families(np.array(LEADERS), np.array(lengths))
    grouping = archive.group(np.array(members), terms, np.array(nearness).__getitem__)
    return {key: grouping.copies(key).tolist() for key in grouping.leaders.tolist()}


def test_without_a_word_a_family_is_one_result_and_its_leader_is_shown() -> None:
    assert group() == {1: [], 3: [5], 4: [0, 2]}


def test_where_the_leader_is_no_result_the_first_member_is_shown() -> None:
    assert group([0, 1, 2, 5]) == {0: [2], 1: [], 5: []}


def test_members_that_differ_in_a_term_are_two_results() -> None:
    country, topic = term([0, 3, 5]), term(EVERYONE)
    assert group(terms=[topic, country]) == {0: [], 1: [], 3: [5], 4: [2]}
    assert group(terms=[topic]) == {1: [], 3: [5], 4: [0, 2]}


def test_a_shorter_text_that_only_lacks_a_term_of_its_leader_is_a_copy_of_it() -> None:
    lacked, own = term([4]), term([0])
    assert group(terms=[lacked], lengths=[89, 9, 90, 9, 100, 9]) == {1: [], 2: [], 3: [5], 4: [0]}
    assert group(terms=[lacked, own], lengths=[50, 9, 50, 9, 100, 9]) == {0: [], 1: [], 3: [5], 4: [2]}
    assert group([0, 2], [term([2, 4])], lengths=[50, 9, 90, 9, 100, 9]) == {0: [], 2: []}  # no leader


def test_the_title_that_holds_most_of_the_query_is_shown() -> None:
    held = term(EVERYONE, titles=[0, 4], idf=1), term(EVERYONE, titles=[2], idf=3)
    assert group(terms=held) == {1: [], 2: [0, 4], 3: [5]}
    assert group(terms=held[:1]) == {1: [], 3: [5], 4: [0, 2]}
    assert group([0, 2], terms=held[:1]) == {0: [2]}


def test_an_excerpt_that_lacks_a_term_is_not_shown_for_its_leader() -> None:
    terms = term([0, 2, 4], titles=[0], idf=9), term([2, 4])
    assert group(terms=terms, lengths=[50, 9, 99, 9, 100, 9]) == {1: [], 3: [5], 4: [0, 2]}


def test_of_equal_titles_a_text_clearly_nearer_in_meaning_is_shown() -> None:
    assert group(nearness=[1.2, 9, 2.9, 1.1, 2.3, 1.7]) == {1: [], 2: [0, 4], 5: [3]}
    assert group(nearness=[np.nan, 9, np.nan, np.nan, -1, 1.7]) == {1: [], 4: [0, 2], 5: [3]}
    titled = term(EVERYONE, titles=[0])
    assert group(terms=[titled], nearness=[0, 9, 5, 1, 4, 1])[0] == [2, 4]


def test_versions_about_as_near_are_shown_by_their_leader() -> None:
    assert group(nearness=[1.2, 9, 2.9, 1.1, 2.5, 1.5]) == {1: [], 3: [5], 4: [0, 2]}
    assert group([0, 2, 3], nearness=[1.5, 9, 1.9, 1.1, 9, 9]) == {0: [2], 3: []}


def test_more_terms_than_an_integer_has_bits_are_told_apart() -> None:
    many = [term(EVERYONE) for _ in range(40)]
    for place in (0, 31, 32, 39):
        assert group(terms=[*many[:place], term([0]), *many[place + 1 :]])[0] == []
    assert group(terms=many) == {1: [], 3: [5], 4: [0, 2]}


@dataclass(frozen=True)
class Archive:
    leaders: Ints
    lengths: Ints
    nearness: Doubles
    terms: tuple[TermMatches, ...]

    def group(self, members: Ints) -> Grouping:
        return families(self.leaders, self.lengths).group(members, self.terms, self.nearness.__getitem__)

    def held(self, key: int) -> set[int]:
        return {place for place, term in enumerate(self.terms) if 2 * key + 1 in term.rows}


@st.composite
def archives(draw: st.DrawFn) -> Archive:
    families = draw(st.lists(st.integers(0, 3), min_size=1, max_size=14))
    count = len(families)
    keys = st.sets(st.integers(0, count - 1))
    leaders = np.array([families.index(family) for family in families])
    lengths = np.array(draw(st.lists(st.integers(80, 100), min_size=count, max_size=count)))
    for leader in {*leaders.tolist()}:
        lengths[leader] = lengths[leaders == leader].max()  # the most complete one leads
    nearness = draw(st.lists(st.sampled_from([-0.5, 0.2, 0.6, np.nan]), min_size=count, max_size=count))
    terms = draw(st.lists(st.builds(term, keys, keys, st.floats(0, 9)), max_size=4))
    return Archive(leaders, lengths, np.array(nearness), tuple(terms))


@given(archives(), st.data())
def test_no_result_hides_what_answers_otherwise(archive: Archive, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.integers(0, len(archive.leaders) - 1)))
    members = np.array(sorted(chosen), np.int64)
    grouping = archive.group(members)
    shown = {leader: grouping.copies(leader).tolist() for leader in grouping.leaders.tolist()}
    assert sorted(key for leader, copies in shown.items() for key in (leader, *copies)) == members.tolist()
    for leader, copies in shown.items():
        for copy in copies:
            family = archive.leaders[leader]
            assert archive.leaders[copy] == family
            if archive.held(copy) != archive.held(leader):
                assert archive.held(copy) < archive.held(leader)
                assert archive.lengths[copy] < 0.9 * archive.lengths[family]
    for one in shown:
        for other in shown:
            if one != other and archive.leaders[one] == archive.leaders[other]:
                assert archive.held(one) != archive.held(other)


@given(archives(), st.data())
def test_groups_do_not_depend_on_members_of_other_families(archive: Archive, data: st.DataObject) -> None:
    everyone = np.arange(len(archive.leaders))
    family = data.draw(st.sampled_from(archive.leaders.tolist()))
    whole, alone = archive.group(everyone), archive.group(np.flatnonzero(archive.leaders == family))
    assert {*alone.leaders.tolist()} == {
        key for key in whole.leaders.tolist() if archive.leaders[key] == family
    }
    for leader in alone.leaders.tolist():
        assert alone.copies(leader).tolist() == whole.copies(leader).tolist()
