"""Whether a condition on a field of names holds for one value of the field, as the index decides it."""

from search.query.ast import Fuzzy, Leaf, Near, Phrase, Prefix, Wildcard, Word
from search.query.matcher import pattern_test, within_edits
from search.text.analyzer import exact_terms, folded_pattern, tokenise, whole_term


def names_value(leaf: Leaf, value: str) -> bool:
    """Whether articles with this value of a field meet a condition on that field.

    A phrase is the whole value, a word is a word in it; accents, capitals, œ and apostrophes do not matter.
    """
    match leaf:
        case Phrase(text):
            return exact_terms(text) == exact_terms(value) != []
        case Word(text):
            return _holds(exact_terms(value), exact_terms(text))
        case Near(text, distance):
            return _holds_near(exact_terms(value), set(exact_terms(text)), distance)
    terms = {token.term for token in tokenise(value)}
    match leaf:
        case Prefix(text):
            return any(term.startswith(folded_pattern(text)) for term in terms)
        case Wildcard(pattern):
            return any(map(pattern_test(folded_pattern(pattern)), terms))
        case Fuzzy(text, edits):
            return any(within_edits(whole_term(text), term, edits) for term in terms)


def _holds(terms: list[str], part: list[str]) -> bool:
    """Whether these terms stand one after the other among the others."""
    places = range(len(terms) - len(part) + 1) if part else ()
    return any(terms[place : place + len(part)] == part for place in places)


def _holds_near(terms: list[str], wanted: set[str], distance: int) -> bool:
    """Whether all these terms stand in a window of so many steps."""
    windows = (set(terms[place : place + distance + 1]) for place in range(len(terms)))
    return bool(wanted) and any(wanted <= window for window in windows)
