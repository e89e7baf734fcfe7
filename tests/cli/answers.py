"""Answers written by hand, to be shown."""

import re
from collections.abc import Sequence

from search.types import Article, Contribution, Hit, Hits, Leg, Mode, Passage, Snippet

BODY = (
    "Un train chargé d'obus a franchi la frontière dimanche.\n\n"
    "Ces munitions, selon des sources militaires, sont destinées à la Russie."
)
ARTICLE = Article("n1", "Des obus passent", BODY, "2023-09-12T14:30", "Agence Nord", "monde")
CONTRIBUTIONS = (
    Contribution(Leg.KEYWORD, 1, 18.6716, 6.9, 0.225, 1.5525),
    Contribution(Leg.PASSAGE, 0, 0.0, -0.1, 0.075, -0.0075),
    Contribution(Leg.SEMANTIC, 12, 0.8814, 5.0, 0.7, 3.5),
)


def hit_of(article: Article = ARTICLE, *marked: str, more: int = 0) -> Hit:
    """A result whose passage is the whole body, with these words marked in it."""
    spans = [match.span() for word in marked for match in re.finditer(re.escape(word), article.body)]
    passage = Passage(article.body, 0, len(article.body))
    snippet = Snippet(article.body, 0, len(article.body), Leg.KEYWORD)
    score = sum(part.points for part in CONTRIBUTIONS)
    return Hit(article, score, passage, snippet, tuple(sorted(spans)), CONTRIBUTIONS, more)


def answer(results: Sequence[Hit], total: int = 0, understood: str = "munitions obus") -> Hits:
    return Hits(
        query="obus",
        understood=understood,
        mode=Mode.HYBRID,
        hits=tuple(results),
        total=total or len(results),
        generation_id="g1",
        took_ms=12.34,
    )
