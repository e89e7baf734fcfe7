"""Counts as JSON objects; their keys are stable and documented in docs/counts.md."""

from typing import Any

from search.counting.concordance import ConcordanceLine
from search.counting.cooccurrence import Cooccurrents
from search.counting.keyness import Terms
from search.counting.trends import Trends

_DIGITS = 4


def trends_document(trends: Trends) -> dict[str, Any]:
    """The JSON object of trends: the periods once, and for each series its numbers in their order."""
    return {
        "by": trends.length.value,
        "periods": list(trends.periods),
        "series": [
            {
                "query": series.query,
                "source": series.source,
                "articles": list(series.counts),
                "archive": list(series.archive),
                "per_mille": [round(share, _DIGITS) for share in series.per_mille],
                "total": series.total,
                "imprecise": series.imprecise,
                "undated": series.undated,
            }
            for series in trends.series
        ],
        "degraded": list(map(str, trends.degraded)),
    }


def line_document(line: ConcordanceLine) -> dict[str, Any]:
    """The JSON object of an occurrence."""
    return {
        "id": line.article_id,
        "date": line.published,
        "source": line.source,
        "title": line.title,
        "part": "title" if line.in_title else "body",
        "start": line.start,
        "end": line.end,
        "left": line.left,
        "keyword": line.keyword,
        "right": line.right,
    }


def terms_document(query: str, against: str, terms: Terms) -> dict[str, Any]:
    """The JSON object of the words that mark an answer; ``against`` is ``""`` for the archive."""
    return {
        "query": query,
        "against": against,
        "articles": terms.articles,
        "reference": terms.reference,
        "terms": [
            {
                "word": term.word,
                "articles": term.articles,
                "reference": term.reference,
                "log_likelihood": round(term.log_likelihood, _DIGITS),
                "log_ratio": round(term.log_ratio, _DIGITS),
            }
            for term in terms.terms
        ],
        "degraded": list(map(str, terms.degraded)),
    }


def cooccurrents_document(query: str, found: Cooccurrents) -> dict[str, Any]:
    """The JSON object of the words near those of a query."""
    return {
        "query": query,
        "occurrences": found.occurrences,
        "articles": found.articles,
        "words": [
            {
                "word": word.word,
                "near": word.near,
                "total": word.total,
                "articles": word.articles,
                "log_likelihood": round(word.log_likelihood, _DIGITS),
                "log_dice": round(word.log_dice, _DIGITS),
            }
            for word in found.words
        ],
        "degraded": list(map(str, found.degraded)),
    }
