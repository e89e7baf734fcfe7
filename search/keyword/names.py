"""The fields of names as terms: what an article says of itself, such as its source and its authors.

A field may have several values. Each stands between two terms ``EDGE``, with a gap to the next one. So a
phrase with an edge on both sides is a whole value, and no phrase goes from one value to another.
"""

from collections.abc import Mapping, Sequence

from search.text.analyzer import Token, tokenise
from search.types import VALUE_SEPARATOR, Article

EDGE = "\x1e\x1e\x1e"  # longer than two typing errors, so that no misspelt word stands for it
"""A term that no text has."""
VALUE_GAP = 16
"""The step from the last position of a value to the first one of the next."""

Values = tuple[str, ...]


def names(article: Article) -> Mapping[str, Values]:
    """The values of each field of names, in the order of ``fields.NAMES``."""
    return {
        "source": (article.source,),
        "section": (article.section,),
        "author": tuple(article.author.split(VALUE_SEPARATOR)),
        "page": (article.page,),
        "place": (article.place,),
        "keyword": tuple(article.keywords.split(VALUE_SEPARATOR)),
    }


def name_tokens(values: Sequence[str]) -> list[Token]:
    """The terms of the values, with their positions in the field; their offsets mean nothing."""
    tokens: list[Token] = []
    for value in values:
        words = list(tokenise(value))
        if words:
            first = tokens[-1].position + VALUE_GAP if tokens else 0
            last = first + words[-1].position + 2
            inside = (word._replace(position=first + 1 + word.position) for word in words)
            tokens += [Token(EDGE, 0, 0, first), *inside, Token(EDGE, 0, 0, last)]
    return tokens
