"""One result for all copies of an article: pure arrays."""

from dataclasses import dataclass

import numpy as np

from search.protocols import Bools, Ints


@dataclass(frozen=True, slots=True)
class Grouping:
    """Articles by key, of which one, the leader, stands for each group of copies.

    ``members`` and ``leaders`` are ascending; ``leader_of`` is by article key the leader of its group.
    """

    members: Ints
    leaders: Ints
    leader_of: Ints

    @classmethod
    def of(cls, members: Ints, leaders: Ints) -> "Grouping":
        """The groups of these articles, ascending.

        ``leaders`` is by article key the leader among all articles. Where that one is no member, the first
        member of its group leads.
        """
        led = leaders[members]
        without = members[~_mask(members, len(leaders))[led]]
        groups, first = np.unique(leaders[without], return_index=True)
        substitute = np.arange(len(leaders))
        substitute[groups] = without[first]
        return cls(members, np.flatnonzero(_mask(substitute[led], len(leaders))), substitute[leaders])

    @classmethod
    def ungrouped(cls, members: Ints, articles: int) -> "Grouping":
        """These articles, each a group of its own; ``articles`` is the number of all."""
        return cls(members, members, np.arange(articles))

    def fold(self, keys: Ints) -> Ints:
        """The leaders of these members, ascending."""
        return np.unique(self.leader_of[keys])

    def copies(self, key: int) -> Ints:
        """The other members of the group of a leader, ascending."""
        group: Ints = self.members[self.leader_of[self.members] == key]
        copies: Ints = group[group != key]
        return copies


def _mask(keys: Ints, articles: int) -> Bools:
    mask = np.zeros(articles, bool)
    mask[keys] = True
    return mask
