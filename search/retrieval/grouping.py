"""One result for several articles: pure arrays."""

from dataclasses import dataclass

import numpy as np

from search.protocols import Ints
from search.retrieval.lookup import find, without

_NO_ARTICLES: Ints = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Grouping:
    """Articles by key, of which one, the leader, stands for each group.

    ``members`` are ascending. ``folded`` are those that another one stands for, ascending, and ``shown_by``
    is who stands for each of these.
    """

    members: Ints
    folded: Ints
    shown_by: Ints

    @classmethod
    def ungrouped(cls, members: Ints) -> "Grouping":
        """These articles, each a group of its own."""
        return cls(members, _NO_ARTICLES, _NO_ARTICLES)

    @property
    def size(self) -> int:
        """The number of groups."""
        return len(self.members) - len(self.folded)

    @property
    def leaders(self) -> Ints:
        """Who stands for each group, ascending."""
        return without(self.members, self.folded)

    def leader_of(self, keys: Ints) -> Ints:
        """Who stands for each of these articles; one that is no member stands for itself."""
        if not len(self.folded):
            return keys
        places, is_folded = find(self.folded, keys)
        return np.where(is_folded, self.shown_by[places], keys)

    def fold(self, keys: Ints) -> Ints:
        """The leaders of these articles, ascending."""
        return np.unique(self.leader_of(keys))

    def copies(self, key: int) -> Ints:
        """The other members of the group of a leader, ascending."""
        copies: Ints = self.folded[self.shown_by == key]
        return copies
