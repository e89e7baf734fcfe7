"""Terms that a misspelt one may stand for."""

from collections.abc import Iterator

from search.keyword.postings import PostingReader

_FIELD = "exact"


def neighbours(reader: PostingReader, term: str, distance: int) -> list[tuple[str, int]]:
    """See ``protocols.KeywordIndex.neighbours``."""
    close = {*reader.within_edits(_FIELD, term, distance), *_swapped(term)} - {term}
    found = ((other, reader.document_frequency(_FIELD, other)) for other in close)
    return sorted((each for each in found if each[1]), key=lambda each: (-each[1], each[0]))


def _swapped(term: str) -> Iterator[str]:
    """The words that two neighbouring letters the other way round make: to Whoosh, two edits."""
    for place in range(len(term) - 1):
        yield term[:place] + term[place + 1] + term[place] + term[place + 2 :]
