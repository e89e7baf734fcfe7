"""Facets: how many results have each source, section, year and month."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from search.protocols import ArticleStore, Ints
from search.text.analyzer import exact_terms
from search.types import Facet

_BY_COUNT = (Facet.SOURCE, Facet.SECTION)


class FacetCounter:
    """Counts articles of one store."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store
        self._coded: dict[Facet, tuple[list[str], Ints]] = {}

    def counts(self, facet: Facet, keys: Ints) -> tuple[tuple[str, int], ...]:
        """The values of these articles, and how many articles have each.

        Sources and sections with the most articles first, years and months in order; ``""`` is unknown.
        Spellings that no query distinguishes are one value, in the spelling of most articles.
        """
        if facet not in self._coded:
            self._coded[facet] = self._code(facet)
        names, codes = self._coded[facet]
        counts = np.bincount(codes[keys], minlength=len(names)).tolist()
        values = [(name, count) for name, count in zip(names, counts, strict=True) if count]
        if facet in _BY_COUNT:
            values.sort(key=lambda value: -value[1])
        return tuple(values)

    def _code(self, facet: Facet) -> tuple[list[str], Ints]:
        """The values, and by article the place of its value among them."""
        spellings, codes = np.unique(np.array(self._store.values(facet)), return_inverse=True)
        if facet not in _BY_COUNT:
            return spellings.tolist(), codes
        amounts = np.bincount(codes, minlength=len(spellings)).tolist()
        alike = _alike(spellings.tolist())
        place = np.empty_like(codes, shape=len(spellings))
        for number, group in enumerate(alike):
            place[group] = number
        return [str(spellings[max(group, key=amounts.__getitem__)]) for group in alike], place[codes]


def _alike(spellings: Sequence[str]) -> list[list[int]]:
    """The places of spellings in groups of the same words; a spelling without words is a group of its own."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, spelling in enumerate(spellings):
        groups[tuple(exact_terms(spelling)) or (spelling,)].append(place)
    return list(groups.values())
