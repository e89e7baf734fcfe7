"""The operators on places: where words stand, and which articles have them so.

A place is the key of an article times ``DOCUMENT_STEP``, plus a position of the field of words as written.
Every backend gives the positions of terms; what follows from them is the same for all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np

from search.keyword.fields import GAP, WRITTEN
from search.keyword.postings import Docs, TermPositions
from search.keyword.text_bounds import DOCUMENT_STEP, TextBounds
from search.protocols import Bools
from search.query import beginnings
from search.query.ast import (
    AtLeast,
    Close,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Opening,
    Or,
    Pattern,
    Phrase,
    Placed,
    Prefix,
    Together,
    Wildcard,
    Word,
)
from search.query.boolean import all_of, any_of
from search.text.analyzer import exact_terms, stems_matching, tokenise

Form = tuple[str, ...]
"""Terms one after the other: one of the ways in which a word is written."""
_NO_PLACES = np.empty(0, np.int64)
_PAIRS = 1 << 22  # that are looked at together: some 100 MB


class Places(Protocol):
    """What an index says of places."""

    @property
    def bounds(self) -> TextBounds:
        """Where the sentences, paragraphs and bodies of its articles begin."""

    def expansion(self, pattern: Pattern, field: str) -> list[str]:
        """The terms of a field that match a pattern."""

    def positions(self, terms: Sequence[str], among: Node) -> Mapping[str, TermPositions]:
        """The positions of terms as written in the articles that meet a constraint without ``Placed``."""


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Words that stand together: the place of the first and of the last word, by the first, then the last."""

    first: Docs
    last: Docs

    @classmethod
    def of(cls, first: Docs, last: Docs) -> "_Stretches":
        """In order, each once."""
        order = np.lexsort((last, first))
        first, last = first[order], last[order]
        new = np.ones(len(first), bool)
        new[1:] = (np.diff(first) > 0) | (np.diff(last) > 0)
        return cls(first[new], last[new])

    def chosen(self, mask: Bools) -> "_Stretches":
        """Those of a mask."""
        return _Stretches(self.first[mask], self.last[mask])

    @property
    def keys(self) -> Docs:
        """The articles that have one, ascending."""
        return np.unique(self.first // DOCUMENT_STEP)


def keys_of(node: Placed, places: Places) -> Docs:
    """The keys of the articles that meet a condition on places, ascending."""
    forms = {leaf: _forms(leaf, places) for leaf in _leaves(node)}
    terms = dict.fromkeys(chain.from_iterable(chain.from_iterable(forms.values())))
    walk = _Walk(forms, places.positions(list(terms), _without_places(node)), places.bounds)
    if isinstance(node, AtLeast):
        starts = np.unique(walk.stretches(node.node).first)
        keys, counts = np.unique(starts // DOCUMENT_STEP, return_counts=True)
        return keys[counts >= node.count]
    return walk.stretches(node).keys


@dataclass(frozen=True, slots=True)
class _Walk:
    """Finds the stretches of a condition, from the positions of the terms that its leaves stand for."""

    forms: Mapping[Leaf, frozenset[Form]]
    positions: Mapping[str, TermPositions]
    bounds: TextBounds

    def stretches(self, node: Node) -> _Stretches:
        """Where a condition is met."""
        match node:
            case Or(nodes):
                return _union(list(map(self.stretches, nodes)))
            case Close(first, second, distance, ordered):
                one, other = self.stretches(first), self.stretches(second)
                after = self._after(one, other, distance)
                return (
                    after if ordered else _in_any_order(after, self._after(other, one, distance), one, other)
                )
            case Together(first, second, unit):
                one, other = self.stretches(first), self.stretches(second)
                both = np.intersect1d(one.keys, other.keys)
                starts = self.bounds.unit_starts(both, unit)
                one, other = _within(_in(one, both), starts), _within(_in(other, both), starts)
                after = _pairs(one, other, _ends(one.last, starts))
                return _in_any_order(after, _pairs(other, one, _ends(other.last, starts)), one, other)
            case Opening(inner, words):
                found = self.stretches(inner)
                body = self.bounds.body_starts(found.keys)
                own = body[np.searchsorted(found.keys, found.first // DOCUMENT_STEP)]
                return found.chosen((found.first >= own) & (found.last < own + words))
            case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                return _union([self._in_a_row(form) for form in self.forms[node]])
            case _:
                raise ValueError(f"{node} has no place in a text")

    def _after(self, one: _Stretches, other: _Stretches, distance: int) -> _Stretches:
        """From each stretch of one to each of the other that begins at most so many words after it."""
        reach = one.last + distance
        if distance >= GAP:  # the body is near the title in positions, but in another text
            both = np.intersect1d(one.keys, other.keys)
            parts = np.sort(np.concatenate([both * DOCUMENT_STEP, self.bounds.body_starts(both)]))
            reach = np.minimum(reach, _ends(one.last, parts))
        return _pairs(one, other, reach)

    def _in_a_row(self, form: Form) -> _Stretches:
        starts = [
            each.docs * DOCUMENT_STEP + each.positions - step
            for step, each in enumerate(self.positions[term] for term in form)
        ]
        common = starts[0]
        for others in starts[1:]:
            common = np.intersect1d(common, others, assume_unique=True)
        return _Stretches(common, common + len(form) - 1)


def _in_any_order(after: _Stretches, before: _Stretches, one: _Stretches, other: _Stretches) -> _Stretches:
    """Pairs in both orders, and stretches of which one is inside the other."""
    return _union([after, before, _inside(one, other), _inside(other, one)])


def _pairs(one: _Stretches, other: _Stretches, reach: Docs) -> _Stretches:
    """From each stretch of one to each of the other that begins after it, up to the place ``reach``."""
    begins = np.searchsorted(other.first, one.last, "right")
    counts = np.maximum(np.searchsorted(other.first, reach, "right") - begins, 0)
    parts = np.searchsorted(np.cumsum(counts), np.arange(_PAIRS, counts.sum(), _PAIRS))
    found = [_NO_PAIRS]
    for part in np.split(np.arange(len(counts)), np.unique(parts)):
        number = counts[part]
        shifts = begins[part] - (np.cumsum(number) - number)
        others = np.repeat(shifts, number) + np.arange(number.sum())
        ends = np.maximum(np.repeat(one.last[part], number), other.last[others])
        found.append(_Stretches.of(np.repeat(one.first[part], number), ends))
    return _union(found)


def _inside(outer: _Stretches, inner: _Stretches) -> _Stretches:
    """The stretches of ``outer`` in which one of ``inner`` begins later and ends earlier."""
    outer = outer.chosen(outer.last - outer.first > 1)
    begins = np.searchsorted(inner.first, outer.first, "right")
    # Of those that begin inside or later, the one that ends first: what begins later ends later.
    earliest = np.minimum.accumulate(np.append(inner.last, np.iinfo(np.int64).max)[::-1])[::-1]
    return outer.chosen(earliest[begins] < outer.last)


def _union(several: Sequence[_Stretches]) -> _Stretches:
    first = np.concatenate([_NO_PLACES, *(each.first for each in several)])
    return _Stretches.of(first, np.concatenate([_NO_PLACES, *(each.last for each in several)]))


def _in(stretches: _Stretches, keys: Docs) -> _Stretches:
    return stretches.chosen(np.isin(stretches.first // DOCUMENT_STEP, keys))


def _within(stretches: _Stretches, starts: Docs) -> _Stretches:
    """The stretches that are in one part, of parts that begin at these places."""
    return stretches.chosen(stretches.last <= _ends(stretches.first, starts))


def _ends(places: Docs, starts: Docs) -> Docs:
    """The last place of the part in which each place is; the last part of an article has no end."""
    following = np.append(starts, np.iinfo(np.int64).max)
    ends: Docs = following[np.searchsorted(starts, places, "right")] - 1
    return ends


def _leaves(node: Node) -> Iterator[Leaf]:
    match node:
        case Or(nodes):
            yield from chain.from_iterable(map(_leaves, nodes))
        case Close(first, second) | Together(first, second):
            yield from _leaves(first)
            yield from _leaves(second)
        case Opening(inner) | AtLeast(inner):
            yield from _leaves(inner)
        case Word() | Phrase() | Near() | Prefix() | Wildcard() | Fuzzy():
            yield node


def _without_places(node: Node) -> Node:
    """What an article must have whatever the places."""
    match node:
        case Or(nodes):
            return any_of(list(map(_without_places, nodes)))
        case Close(first, second) | Together(first, second):
            return all_of([_without_places(first), _without_places(second)])
        case Opening(inner) | AtLeast(inner):
            return _without_places(inner)
        case _:
            return node


def _forms(leaf: Leaf, places: Places) -> frozenset[Form]:
    """The ways in which a leaf is written."""
    match leaf:
        case Word(text):
            return frozenset(_inflections(text, places))
        case Prefix() | Wildcard() | Fuzzy():
            return frozenset(map(_parts, places.expansion(leaf, WRITTEN)))
        case Phrase(text) | Near(text):
            return frozenset(filter(None, [tuple(exact_terms(text))]))


def _inflections(text: str, places: Places) -> Iterator[Form]:
    """The word with the other words of its stem; a stop word or a compound as it is written.

    Positions do not tell a name from a word by its capital: ``Cannes`` is also where "cannes" is written.
    """
    tokens = list(tokenise(text))
    parts = [token.term for token in tokens if not token.compound]
    wholes = [token for token in tokens if token.compound or len(parts) == 1]
    stems = {stem for token in wholes for stem in stems_matching(token.term, text[token.start : token.end])}
    for beginning in sorted({each for stem in stems for each in beginnings.of_stem(stem)}):
        for term in places.expansion(Prefix(beginning), WRITTEN):
            if stems.intersection(stems_matching(term)):
                yield _parts(term)
    if parts and (len(parts) > 1 or not stems):
        yield tuple(parts)


def _parts(term: str) -> Form:
    """A term as its places are found: a compound by its parts."""
    return tuple(exact_terms(term)) if "-" in term else (term,)


_NO_PAIRS = _Stretches(_NO_PLACES, _NO_PLACES)
