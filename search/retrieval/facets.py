"""Facets: how many results have each source, section, author, place, keyword, year and month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.protocols import ArticleStore, Ints
from search.text.analyzer import exact_terms
from search.types import VALUE_SEPARATOR, Facet

ValueCounts = tuple[tuple[str, int], ...]
"""Values of a facet, and how many articles have each."""

_IN_ORDER = (Facet.YEAR, Facet.MONTH)
_SEVERAL = (Facet.AUTHOR, Facet.KEYWORD)  # values an article


@dataclass(frozen=True, slots=True)
class _CodedValues:
    """The values of a facet: article ``articles[i]`` has the value ``names[codes[i]]``, each once.

    ``total`` is the number of articles.
    """

    total: int
    names: Sequence[str]
    articles: Ints
    codes: Ints


class FacetCounter:
    """Counts articles of one store."""

    def __init__(self, store: ArticleStore) -> None:
        self._store = store
        self._coded: dict[Facet, _CodedValues] = {}

    def counts(self, facet: Facet, keys: Ints) -> ValueCounts:
        """The values of these articles, and how many articles have each.

        Years and months in order, others with the most articles first; ``""`` is unknown. An article counts
        for each of its authors and keywords. Spellings that no query distinguishes are one value, in the
        spelling of most articles.
        """
        coded = self._coded_values(facet)
        counted = np.zeros(coded.total, bool)
        counted[keys] = True
        codes = coded.codes[counted[coded.articles]]
        counts = np.bincount(codes, minlength=len(coded.names)).tolist()
        values = [(name, count) for name, count in zip(coded.names, counts, strict=True) if count]
        if facet not in _IN_ORDER:
            values.sort(key=lambda value: -value[1])
        return tuple(values)

    def articles_with(self, facet: Facet, value: str) -> Ints:
        """The keys of the articles that ``counts`` counts for this value, ascending."""
        coded = self._coded_values(facet)
        return np.unique(coded.articles[coded.codes == coded.names.index(value)])

    def _coded_values(self, facet: Facet) -> _CodedValues:
        if facet not in self._coded:
            self._coded[facet] = self._code(facet)
        return self._coded[facet]

    def _code(self, facet: Facet) -> _CodedValues:
        by_article = self._store.values(facet)
        several = [value.split(VALUE_SEPARATOR) if facet in _SEVERAL else [value] for value in by_article]
        articles = np.repeat(np.arange(len(several)), np.array([len(values) for values in several], np.int64))
        spellings = sorted({value for values in several for value in values})
        number_of = {spelling: number for number, spelling in enumerate(spellings)}
        codes = np.array([number_of[value] for values in several for value in values], np.int64)
        if facet in _IN_ORDER:
            return _CodedValues(len(several), spellings, articles, codes)
        amounts = np.bincount(codes, minlength=len(spellings)).tolist()
        alike = _alike(spellings)
        place = np.empty_like(codes, shape=len(spellings))
        for number, group in enumerate(alike):
            place[group] = number
        names = [spellings[max(group, key=amounts.__getitem__)] for group in alike]
        pairs = np.sort(articles * len(names) + place[codes])  # np.unique would take ten times as long
        once = pairs[np.diff(pairs, prepend=-1) > 0]
        return _CodedValues(len(several), names, *divmod(once, max(1, len(names))))


def _alike(spellings: Sequence[str]) -> list[list[int]]:
    """The places of spellings in groups of the same words; a spelling without words is a group of its own."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, spelling in enumerate(spellings):
        groups[tuple(exact_terms(spelling)) or (spelling,)].append(place)
    return list(groups.values())
