"""Which articles meet a constraint, decided on whole articles."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce

import numpy as np

from search.keyword.bm25 import Expansion
from search.keyword.postings import Docs, FieldArrays, Places
from search.keyword.postings import Field as PostingField
from search.protocols import Bools, Ints
from search.query.ast import (
    And,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Wildcard,
    Word,
)
from search.text.analyzer import exact_terms, stem, tokenise
from search.text.stopwords import STOP_WORDS

_APART = 1 << 32  # more than a document has places
_EXACT_FIELD = {FieldName.TITLE: "title_exact", FieldName.SOURCE: "source", FieldName.SECTION: "section"}


class BooleanFilter:
    """Evaluates constraints over the articles of one index.

    ``placed`` are the fields with positions. ``days`` has the shape (articles, 2): the first and the
    last day of each one's date as ordinals, 0 for one without.
    """

    def __init__(
        self,
        fields: Mapping[str, PostingField],
        placed: Mapping[str, FieldArrays],
        days: Ints,
        expansion: Expansion,
    ) -> None:
        self._fields = fields
        self._placed = placed
        self._days = days
        self._expansion = expansion

    def allowed(self, node: Node) -> Bools:
        """By article key, whether the article meets the constraint."""
        match node:
            case And(nodes):
                return reduce(np.logical_and, map(self.allowed, nodes))
            case Or(nodes):
                return reduce(np.logical_or, map(self.allowed, nodes))
            case Not(inner):
                return ~self.allowed(inner)
            case DateRange():
                return self._dated(node)
            case Field(FieldName.TITLE, Word(text)):
                return self._word(text, ("title_stems",), "title_exact")
            case Field(name, Word(text)):
                return self._phrase(_EXACT_FIELD[name], exact_terms(text))
            case Field(FieldName.SOURCE | FieldName.SECTION as name, Phrase(text)):
                return self._whole(_EXACT_FIELD[name], exact_terms(text))
            case Field(name, leaf):
                return self._exact(leaf, _EXACT_FIELD[name])
            case Word(text):
                return self._word(text, ("title", "body"), "exact")
            case _:
                return self._exact(node, "exact")

    def _exact(self, leaf: Leaf, field: str) -> Bools:
        match leaf:
            case Near(text, distance):
                return self._near(field, exact_terms(text), distance)
            case Prefix() | Wildcard() | Fuzzy():
                return self._holding(field, self._expansion(leaf, field))
            case Word(text) | Phrase(text):
                return self._phrase(field, exact_terms(text))

    def _word(self, text: str, stem_fields: tuple[str, ...], exact_field: str) -> Bools:
        """A word by its stem; a stop word or one of several parts also as it is written."""
        tokens = list(tokenise(text))
        parts = [token.term for token in tokens if not token.compound]
        wholes = [token.term for token in tokens if token.compound or len(parts) == 1]
        stems = [stem(term) for term in wholes if term not in STOP_WORDS]
        masks = [self._holding(field, stems) for field in stem_fields if stems]
        if len(parts) > 1 or not stems:
            masks.append(self._phrase(exact_field, parts))
        return reduce(np.logical_or, masks)

    def _phrase(self, field: str, terms: list[str]) -> Bools:
        """Articles where the terms stand side by side in this order."""
        if len(terms) < 2:
            return self._holding(field, terms)
        places = [self._placed[field].places(term) for term in terms]
        begins = (each.docs * _APART + each.positions - step for step, each in enumerate(places))
        found = reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), begins)
        return self._mask((found + len(terms)) // _APART)

    def _whole(self, field: str, terms: list[str]) -> Bools:
        """Articles of which the field says these terms and nothing else."""
        whole: Bools = self._placed[field].words == len(terms)
        return whole & self._phrase(field, terms)

    def _near(self, field: str, terms: list[str], distance: int) -> Bools:
        """Articles where some window of ``distance`` words after a first holds every term."""
        if not terms:
            return self._mask(np.empty(0, np.int64))
        places = [self._placed[field].places(term) for term in dict.fromkeys(terms)]
        return self._mask(_within(places, distance))

    def _dated(self, days: DateRange) -> Bools:
        """Articles whose date may lie in the range; one without a date does not."""
        first = 1 if days.first is None else days.first.toordinal()
        last = date.max.toordinal() if days.last is None else days.last.toordinal()
        begun: Bools = (self._days[:, 0] > 0) & (self._days[:, 0] <= last)
        return begun & (self._days[:, 1] >= first)

    def _holding(self, field: str, terms: Sequence[str]) -> Bools:
        """Articles that hold one of the terms."""
        mask = np.zeros(len(self._days), bool)
        for term in terms:
            mask[self._fields[field].postings(term).docs] = True
        return mask

    def _mask(self, docs: Docs) -> Bools:
        mask = np.zeros(len(self._days), bool)
        mask[docs] = True
        return mask


def _within(places: Sequence[Places], distance: int) -> Docs:
    """Documents where some window (last minus first place) takes a place of each list."""
    terms = np.repeat(np.arange(len(places)), [len(each.docs) for each in places])
    along = np.concatenate([each.docs * _APART + each.positions for each in places])
    order = np.argsort(along, kind="stable")
    along, terms = along[order], terms[order]
    latest = np.full((len(places), len(along)), -_APART * 2)
    for term in range(len(places)):
        latest[term, terms == term] = along[terms == term]
    first = np.maximum.accumulate(latest, axis=1).min(axis=0)  # of each list, the latest place so far
    found: Docs = along[(along - first <= distance) & (along // _APART == first // _APART)] // _APART
    return found
