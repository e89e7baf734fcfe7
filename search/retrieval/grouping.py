"""One result for all that say the same: pure arrays."""

from dataclasses import dataclass

import numpy as np

from search.protocols import Bools, Ints


@dataclass(frozen=True, slots=True)
class Folded:
    """Articles, by key, of which one stands for each family.

    ``standing`` are those, ascending; ``stands_for`` is by article key the one that stands for it.
    """

    members: Ints
    standing: Ints
    stands_for: Ints

    @classmethod
    def of(cls, members: Ints, leaders: Ints) -> "Folded":
        """Of these articles, ascending: the family's leader stands for it if it is one, else the first."""
        among = _mask(members, len(leaders))
        led = leaders[members]
        without = members[~among[led]]
        families, first = np.unique(leaders[without], return_index=True)
        substitute = np.arange(len(leaders))
        substitute[families] = without[first]
        return cls(members, np.unique(substitute[led]), substitute[leaders])

    @classmethod
    def never(cls, members: Ints, articles: int) -> "Folded":
        """Of these articles, each stands for itself."""
        return cls(members, members, np.arange(articles))

    def fold(self, keys: Ints) -> Ints:
        """Who stands for these members, ascending."""
        return np.unique(self.stands_for[keys])

    def copies(self, key: int) -> Ints:
        """The other members for which this one stands, ascending."""
        alike: Ints = self.members[self.stands_for[self.members] == key]
        others: Ints = alike[alike != key]
        return others


def _mask(keys: Ints, articles: int) -> Bools:
    found = np.zeros(articles, bool)
    found[keys] = True
    return found
