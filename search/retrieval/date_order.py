"""Hits that were found by another order, in order of their dates."""

from collections.abc import Sequence

from search.types import Hit, Sort


def in_order(hits: Sequence[Hit], sort: Sort) -> tuple[Hit, ...]:
    """These hits in another order; by date, those of one date keep theirs, and undated ones are last."""
    match sort:
        case Sort.RELEVANCE:
            return tuple(hits)
        case Sort.DATE:
            return tuple(sorted(hits, key=lambda hit: hit.article.published, reverse=True))
        case Sort.OLDEST:
            return tuple(sorted(hits, key=lambda hit: (not hit.article.published, hit.article.published)))
