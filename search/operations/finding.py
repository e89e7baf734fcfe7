"""The operations over the results of a query: find, facets and timeline."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from msgspec import UNSET

from search import export
from search.errors import Translatable, UsageError
from search.operations.answer import Answer
from search.operations.parameters import (
    FacetsParameters,
    FindParameters,
    SearchParameters,
    TimelineParameters,
)
from search.operations.problems import WrongParameter
from search.query.article_sets import sets_named
from search.query.ast import Node
from search.query.options import NAMED, option_filters, restrict
from search.query.parser import parse
from search.retrieval.pinpointing import search_pinpointed
from search.retrieval.relevance import RelevanceThreshold
from search.retrieval.request import Request
from search.text.dates import span_days
from search.text.periods import TimeUnit
from search.types import Copies, Fusion, FusionMethod, Mode, Rescoring, Sort

if TYPE_CHECKING:
    from search.index import Index


def find(index: "Index", parameters: FindParameters) -> Answer:
    """The results of a query, and those that are asked for beside them."""
    request = replace(
        request_of(index, parameters),
        sort=Sort(parameters.sort),
        limit=parameters.limit,
        offset=parameters.offset,
        fusion=_fusion(index.settings.fusion, parameters),
        rescoring=_rescoring(index.settings.rescoring, parameters),
    )
    engine = index.engine
    result = search_pinpointed(engine, request)
    notes = index.article_sets().notes(request.query)
    if parameters.explain:
        explanations = (engine.explain(request, hit) for hit in result.hits)
        document = export.explained_document(result, explanations, notes)
    else:
        document = export.hits_document(result, notes)
    if parameters.facets:
        document["facets"] = export.facets_document(engine.facets(request))
    document["did_you_mean"] = engine.suggest(request.query) or ""
    return Answer(document, not (result.degraded or sets_named(request.query)))


def facets(index: "Index", parameters: FacetsParameters) -> Answer:
    """How many of all results have each value of each facet."""
    request = request_of(index, parameters)
    document = {
        "query": parameters.query,
        "total": index.engine.timeline(request).total,
        "generation": index.manifest.id,
        "facets": export.facets_document(index.engine.facets(request)),
    }
    return Answer(document, not sets_named(request.query))


def timeline(index: "Index", parameters: TimelineParameters) -> Answer:
    """How many of all results are of each period, in order, without periods that have none."""
    request, unit = request_of(index, parameters), TimeUnit(parameters.unit)
    counted = index.engine.timeline(request)
    document = {
        "query": parameters.query,
        "unit": unit.value,
        "total": counted.total,
        "undated": counted.undated,
        "imprecise": counted.imprecise(unit),
        "generation": index.manifest.id,
        "periods": [{"period": period, "count": count} for period, count in counted.counts(unit)],
    }
    return Answer(document, not sets_named(request.query))


def request_of(index: "Index", parameters: SearchParameters) -> Request:
    """The request for the results of a query; raises QueryError, and WrongParameter for a date or a name."""
    today, settings = date.today(), index.settings
    return Request(
        restrict(parse(parameters.query, today), *_filters(parameters, today)),
        settings.mode if parameters.mode is UNSET else Mode(parameters.mode),
        fusion=settings.fusion,
        rescoring=settings.rescoring,
        threshold=RelevanceThreshold(minimum=parameters.min_confidence),
        copies=Copies(parameters.copies),
        sets=index.article_sets(),
    )


def _filters(parameters: SearchParameters, today: date) -> Iterator[Node]:
    with _place("since"):
        yield from option_filters(parameters.since, None, {}, today)
    with _place("before"):
        yield from option_filters(None, parameters.before, {}, today)
    for field in NAMED:
        with _place(field.value):
            yield from option_filters(None, None, {field: getattr(parameters, field.value)}, today)


@contextmanager
def _place(name: str) -> Iterator[None]:
    """Errors of a parameter name it: UsageError becomes WrongParameter."""
    try:
        yield
    except UsageError as exc:
        raise WrongParameter(exc.message, name, "") from exc


def _fusion(fusion: Fusion, parameters: FindParameters) -> Fusion:
    """The fusion of the settings, with what the request says on top."""
    if parameters.fusion is not UNSET:
        fusion = replace(fusion, method=FusionMethod(parameters.fusion))
    if parameters.semantic_weight is not UNSET:
        fusion = replace(fusion, semantic=parameters.semantic_weight)
    if parameters.keyword_weight is not UNSET:
        fusion = replace(fusion, keyword=parameters.keyword_weight)
    return fusion if parameters.rrf_k is UNSET else replace(fusion, rrf_k=parameters.rrf_k)


def _rescoring(rescoring: Rescoring, parameters: FindParameters) -> Rescoring:
    """The rescoring of the settings, with the half-life of the request."""
    if parameters.recency is UNSET:
        return rescoring
    try:
        return replace(rescoring, half_life=span_days(parameters.recency) if parameters.recency else 0.0)
    except ValueError as exc:
        message = Translatable("{} is not a half-life.", parameters.recency)
        raise WrongParameter(
            message, "recency", "write 7j (days), 2s (weeks), 3m (months) or 1a (years)"
        ) from exc
