"""Terms that a misspelt one may stand for."""

from collections.abc import Callable, Iterator

from search.keyword.arrays import Field

WithinEdits = Callable[[str, str, int], list[str]]
"""The terms of a field within so many edits of a word."""
EXACT_FIELD = "exact"
"""The field that terms are looked for in."""


def neighbours(within_edits: WithinEdits, words: Field, term: str, distance: int) -> list[tuple[str, int]]:
    """See ``protocols.KeywordIndex.neighbours``."""
    close = {*within_edits(EXACT_FIELD, term, distance), *_swapped(term)} - {term}
    found = ((other, words.frequency(other)) for other in close)
    return sorted((each for each in found if each[1]), key=lambda each: (-each[1], each[0]))


def _swapped(term: str) -> Iterator[str]:
    """The words that two neighbouring letters the other way round make: to Whoosh, two edits."""
    for place in range(len(term) - 1):
        yield term[:place] + term[place + 1] + term[place] + term[place + 2 :]
