"""Which articles meet a constraint, decided on whole articles."""

from functools import reduce

import numpy as np

from search.keyword.postings import Docs, PostingReader
from search.keyword.scoring import expansion
from search.protocols import Bools
from search.query.tree import (
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
from search.text.french import exact_terms, stem, tokenise
from search.text.stopwords import STOP_WORDS

_EXACT_FIELD = {FieldName.TITLE: "title_exact", FieldName.SOURCE: "source", FieldName.SECTION: "section"}


class Constraints:
    """Evaluates constraints over the articles of one index."""

    def __init__(self, reader: PostingReader, articles: int) -> None:
        self._reader = reader
        self._articles = articles

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
                return self._mask(self._reader.postings(field, expansion(self._reader, leaf, field)).docs)
            case Word(text) | Phrase(text):
                return self._phrase(field, exact_terms(text))

    def _word(self, text: str, stem_fields: tuple[str, ...], exact_field: str) -> Bools:
        """A word by its stem; a stop word or one of several parts also as it is written."""
        tokens = list(tokenise(text))
        parts = [token.term for token in tokens if not token.compound]
        wholes = [token.term for token in tokens if token.compound or len(parts) == 1]
        stems = [stem(term) for term in wholes if term not in STOP_WORDS]
        masks = [self._mask(self._reader.postings(field, stems).docs) for field in stem_fields if stems]
        if len(parts) > 1 or not stems:
            masks.append(self._phrase(exact_field, parts))
        return reduce(np.logical_or, masks)

    def _phrase(self, field: str, terms: list[str]) -> Bools:
        """Articles where the terms stand side by side in this order."""
        places = self._places(field, terms)
        if len(terms) == 1 or not len(places):
            return self._mask(places)
        positions = [self._reader.positions(field, term, places) for term in terms]
        found = [
            doc
            for doc in places.tolist()
            if set.intersection(
                *({place - step for place in where[doc]} for step, where in enumerate(positions))
            )
        ]
        return self._mask(np.array(found, np.int64))

    def _near(self, field: str, terms: list[str], distance: int) -> Bools:
        """Articles where some window of ``distance`` words after a first holds every term."""
        places = self._places(field, terms)
        positions = [self._reader.positions(field, term, places) for term in dict.fromkeys(terms)]
        found = [doc for doc in places.tolist() if _closest([where[doc] for where in positions]) <= distance]
        return self._mask(np.array(found, np.int64))

    def _places(self, field: str, terms: list[str]) -> Docs:
        """Articles that hold every term."""
        if not terms:
            return np.empty(0, np.int64)
        held = (self._reader.postings(field, [term]).docs for term in terms)
        return reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), held)

    def _dated(self, days: DateRange) -> Bools:
        """Articles whose date may lie in the range; one without a date does not."""
        first = None if days.first is None else days.first.toordinal()
        last = None if days.last is None else days.last.toordinal()
        begun = self._mask(self._reader.in_range("first_day", None, last))
        unfinished = self._mask(self._reader.in_range("last_day", first, None))
        return begun & unfinished

    def _mask(self, docs: Docs) -> Bools:
        mask = np.zeros(self._articles, bool)
        mask[docs] = True
        return mask


def _closest(positions: list[list[int]]) -> int:
    """The smallest span (last minus first place) that takes one place from each list."""
    places = sorted((place, term) for term, where in enumerate(positions) for place in where)
    latest: dict[int, int] = {}
    best = places[-1][0] - places[0][0]
    for place, term in places:
        latest[term] = place
        if len(latest) == len(positions):
            best = min(best, place - min(latest.values()))
    return best
