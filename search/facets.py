"""How many articles there are of each source, section, year and month."""

from functools import cache

import numpy as np

from search.model import Facet
from search.protocols import ArticleStore, Ints

_BY_COUNT = (Facet.SOURCE, Facet.SECTION)


class FacetCounter:
    """Counts articles of one store."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store
        self._values = cache(self._coded)

    def counts(self, facet: Facet, keys: Ints) -> tuple[tuple[str, int], ...]:
        """The values that these articles have, and how many have each.

        Sources and sections with the most articles first, years and months in order; ``""`` is unknown.
        """
        names, codes = self._values(facet)
        counts = np.bincount(codes[keys], minlength=len(names)).tolist()
        found = [(name, count) for name, count in zip(names, counts, strict=True) if count]
        if facet in _BY_COUNT:
            found.sort(key=lambda value: -value[1])
        return tuple(found)

    def _coded(self, facet: Facet) -> tuple[list[str], Ints]:
        names, codes = np.unique(np.array(self._store.values(facet)), return_inverse=True)
        return names.tolist(), codes
