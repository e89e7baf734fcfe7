"""JSON documents: of an answer, a hit, an article, counts; their keys are stable and documented."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

import msgspec

from search.export.content import Content, Export, Notes, added
from search.retrieval.relevance import relevant
from search.text.sanitize import escaped
from search.types import Article, Contribution, Explanation, FacetCounts, Hit, Hits, MatchedWord

_RESULTS = '"results":['


def json_object(export: Export) -> Iterator[str]:
    """The object of ``hits_document``, on one line, one hit after the other."""
    empty = hits_document(replace(export.answer, hits=()), export.notes, export.content)
    opening, closing = json_line(empty).rsplit(f"{_RESULTS}]", 1)
    yield opening + _RESULTS
    for place, hit in enumerate(export.hits):
        yield "," * bool(place) + json_line(_hit_document(hit, export.notes, export.content)).rstrip()
    yield f"]{closing}"


def json_lines(export: Export) -> Iterator[str]:
    """An object for each hit, each on a line."""
    for hit in export.hits:
        yield json_line(_hit_document(hit, export.notes, export.content))


def json_line(value: object) -> str:
    """A value as one line of JSON that is safe to show in a terminal."""
    return escaped(msgspec.json.encode(value).decode()) + "\n"


def hits_document(
    result: Hits, notes: Notes | None = None, content: Content = Content.EXCERPTS
) -> dict[str, Any]:
    """The JSON object of an answer; its keys are stable and documented."""
    return {
        "query": result.query,
        "mode": result.mode.value,
        "total": result.total,
        "evidence": round(result.confidence, 4),
        "relevant": relevant(result),
        "took_ms": round(result.took_ms, 1),
        "generation": result.generation_id,
        "degraded": list(map(str, result.degraded)),
        "results": [_hit_document(hit, notes, content) for hit in result.hits],
        "below": [_hit_document(hit, notes, content) for hit in result.below],
    }


def explained_document(
    result: Hits,
    explanations: Iterable[Explanation],
    notes: Notes | None = None,
    content: Content = Content.EXCERPTS,
) -> dict[str, Any]:
    """The JSON object of an answer, with the parsed query and the explanation of each hit, in order."""
    document = hits_document(result, notes, content)
    pairs = zip(document["results"], explanations, strict=True)
    return document | {
        "understood": result.understood,
        "results": [hit | {"explain": _explanation_document(explanation)} for hit, explanation in pairs],
    }


def facets_document(counts: FacetCounts) -> dict[str, Any]:
    """The JSON object of facet counts: for each facet, how many articles have each value."""
    return {
        facet.value: [{"value": value, "count": count} for value, count in values]
        for facet, values in counts.items()
    }


def article_document(article: Article) -> dict[str, str | int]:
    """The JSON object of an article, without its text; its keys have the order of the CSV columns.

    It does not say where the article lies on the disk: answers are given away.
    """
    return {
        "id": article.id,
        "title": article.title,
        "date": article.published,
        "source": article.source,
        "section": article.section,
        "url": article.url,
        "author": article.author,
        "page": article.page,
        "place": article.place,
        "kicker": article.kicker,
        "standfirst": article.standfirst,
        "keywords": article.keywords,
        "edition": article.edition,
        "word_count": article.word_count,
    }


def _hit_document(hit: Hit, notes: Notes | None, content: Content) -> dict[str, Any]:
    return (
        article_document(hit.article)
        | added(hit.article, notes, content)
        | {
            "score": round(hit.score, 6),
            "evidence": round(hit.confidence, 4),
            "passage": asdict(hit.passage),
            "snippet": asdict(hit.snippet),
            "highlights": [list(span) for span in hit.highlights],
            "contributions": [_contribution_document(part) for part in hit.contributions],
            "copies": [article_document(copy) for copy in hit.copies],
            "copy_of": hit.copy_of,
        }
    )


def _contribution_document(part: Contribution) -> dict[str, object]:
    return {
        "leg": part.leg.value,
        "rank": part.rank,
        "score": round(part.score, 6),
        "standardised": round(part.standardised, 6),
        "weight": round(part.weight, 6),
        "points": round(part.points, 6),
    }


def _explanation_document(explanation: Explanation) -> dict[str, object]:
    document = {
        "matched": [_matched_document(word) for word in explanation.matched],
        "coverage": round(explanation.coverage, 6),
        "best_sentence": explanation.best_sentence,
    }
    if explanation.confidence is None:
        return document
    confidence, *parts = asdict(explanation.confidence).items()
    values = [("evidence", confidence[1]), *parts]
    return document | {"evidence": {name: round(value, 4) for name, value in values}}


def _matched_document(word: MatchedWord) -> dict[str, object]:
    return {"word": word.text, "articles": word.articles, "idf": round(word.idf, 6), "held": word.in_article}
