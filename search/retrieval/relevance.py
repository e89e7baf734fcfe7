"""Which articles are results, and which of them are sure, by the confidence of each.

Without numpy: the interface reads it before its first frame.
"""

from dataclasses import dataclass

from search.types import Hit, Hits

LINE = 0.3
"""An article of less confidence is marked as less likely; an answer of such articles has nothing relevant."""
NEAR = 0.2
"""From this confidence by meaning alone, an article that holds no word of the query is a result."""


@dataclass(frozen=True, slots=True)
class RelevanceThreshold:
    """What a result is: an article that holds a word, or whose confidence by meaning reaches ``semantic``.

    Either way its confidence is at least ``minimum``.
    """

    semantic: float = NEAR
    minimum: float = 0.0


def relevant(answer: Hits) -> bool:
    """Whether any article of an answer reaches the line."""
    return answer.confidence >= LINE


def is_sure(hit: Hit) -> bool:
    """Whether a hit reaches the line by itself, whatever page, order or filter was asked for."""
    return hit.confidence >= LINE
