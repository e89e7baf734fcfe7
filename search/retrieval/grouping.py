"""One result for several articles: pure arrays."""

from dataclasses import dataclass

import numpy as np

from search.protocols import Ints


@dataclass(frozen=True, slots=True)
class Grouping:
    """Articles by key, of which one, the leader, stands for each group.

    ``members`` and ``leaders`` are ascending; ``leader_of`` is by article key the leader of its group.
    """

    members: Ints
    leaders: Ints
    leader_of: Ints

    @classmethod
    def of(cls, members: Ints, leader_of: Ints) -> "Grouping":
        """These articles, ascending, grouped by their leaders, which are members too."""
        leads = np.zeros(len(leader_of), bool)
        leads[leader_of[members]] = True
        return cls(members, np.flatnonzero(leads), leader_of)

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
