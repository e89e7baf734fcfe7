"""The page of an answer: what was found, how sure it is, and where to go from it."""

from dataclasses import dataclass, replace

from search.errors import Translatable
from search.language import Language
from search.query.ast import Query
from search.query.printer import reading, to_text
from search.query.relaxation import Relaxation, RelaxationKind
from search.retrieval.advice import Advice, Alternative
from search.retrieval.relevance import relevant
from search.retrieval.timeline import Timeline
from search.text.sanitize import flat
from search.types import FacetCounts, Hits, Mode, Sort
from search.web.pages.filter_panel import Chip, FacetGroup, chips, facet_groups
from search.web.pages.histogram import Histogram, histogram
from search.web.pages.results import ResultRow, result_rows
from search.web.pages.state import PAGE_SIZE, SearchState


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that may be asked instead; ``note`` tells how many articles it finds."""

    label: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SortLink:
    """An order of the results; ``address`` is ``""`` for the one in force."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """An answer as its page shows it.

    ``summary`` tells how much was found, or that nothing of it is relevant: then ``nearest`` tells what is
    shown. ``reading`` is how the query was understood where that is not what was typed. ``notices`` say what
    is missing in the answer. ``below`` are the nearest articles that are no results. ``previous`` and
    ``next`` are addresses of the pages around this one, ``""`` where there is none.
    """

    summary: str
    pages: str
    reading: str
    nearest: str
    notices: tuple[str, ...]
    results: tuple[ResultRow, ...]
    below: tuple[ResultRow, ...]
    correction: Suggestion | None
    alternatives: tuple[Suggestion, ...]
    chips: tuple[Chip, ...]
    facets: tuple[FacetGroup, ...]
    histogram: Histogram | None
    sorts: tuple[SortLink, ...]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine gave for a search: all that the page of its answer needs."""

    query: Query
    hits: Hits
    counts: FacetCounts
    timeline: Timeline
    advice: Advice


def answer_page(answer: Answer, state: SearchState, language: Language) -> AnswerPage:
    """The page of an answer."""
    hits, query = answer.hits, answer.query
    end = hits.offset + len(hits)
    correction, alternatives = _advice(answer.advice, state, language)
    before = replace(state, offset=max(0, min(state.offset, hits.total) - PAGE_SIZE))
    return AnswerPage(
        summary=_summary(hits, language),
        pages=_pages(hits, language),
        reading=flat(reading(query)),
        nearest=_nearest(hits, language),
        notices=tuple(flat(language.translate(reason)) for reason in hits.degraded),
        results=result_rows(hits.hits, hits.offset, state, language),
        below=result_rows(hits.below, None, state, language),
        correction=correction,
        alternatives=alternatives,
        chips=chips(query, state, language),
        facets=facet_groups(answer.counts, query, state, language),
        histogram=histogram(answer.timeline, query, state, language),
        sorts=_sorts(state, language),
        previous=before.address if state.offset and hits.total else "",
        next=replace(state, offset=end).address if hits.hits and end < hits.total else "",
    )


def sort_labels(language: Language) -> dict[Sort, str]:
    """The names of the orders."""
    return {
        Sort.RELEVANCE: language.translate("relevance"),
        Sort.DATE: language.translate("newest first"),
        Sort.OLDEST: language.translate("oldest first"),
    }


def mode_labels(language: Language) -> dict[Mode, str]:
    """The names of the modes."""
    return {
        Mode.HYBRID: language.translate("words and meaning"),
        Mode.KEYWORD: language.translate("words only"),
        Mode.SEMANTIC: language.translate("meaning only"),
    }


def _sorts(state: SearchState, language: Language) -> tuple[SortLink, ...]:
    return tuple(
        SortLink(label, "" if sort is state.sort else replace(state.first_page, sort=sort).address)
        for sort, label in sort_labels(language).items()
    )


def _summary(hits: Hits, language: Language) -> str:
    if hits.shown and not relevant(hits):
        return language.translate("Nothing relevant")
    if hits.total:
        return language.plural("{} article", "{} articles", hits.total)
    return language.translate("No article found." if hits.understood else "There is no word to search for.")


def _nearest(hits: Hits, language: Language) -> str:
    """What is shown where nothing is relevant."""
    if relevant(hits) or not hits.shown:
        return ""
    if hits.total:
        return language.plural(
            "One article was found; it is not likely to answer.",
            "{} articles were found; none is likely to answer.",
            hits.total,
        )
    if hits.mode is Mode.SEMANTIC:
        return language.translate("No article is near enough; these are the nearest.")
    return language.translate("No article holds a word of the query; these are the nearest.")


def _pages(hits: Hits, language: Language) -> str:
    """Which of the results are shown, where these are not all."""
    if not hits.hits:
        counts = language.number(hits.offset), language.number(hits.total)
        text = Translatable("no result after the first {}: there are {} in all", *counts)
        return language.translate(text) if hits.total else ""
    if len(hits) == hits.total:
        return ""
    first, last = language.number(hits.offset + 1), language.number(hits.offset + len(hits))
    return language.translate(Translatable("{} to {}", first, last))


def _advice(
    advice: Advice, state: SearchState, language: Language
) -> tuple[Suggestion | None, tuple[Suggestion, ...]]:
    def asked(text: str, mode: Mode) -> str:
        return replace(state, query=text, mode=mode, offset=0).address

    corrected = advice.correction
    correction = Suggestion(flat(corrected), asked(corrected, state.mode)) if corrected else None
    alternatives = tuple(
        Suggestion(
            _alternative(one, language),
            asked(one.text, one.mode),
            language.plural("{} article", "{} articles", one.total),
        )
        for one in advice.alternatives
    )
    return correction, alternatives


def _alternative(alternative: Alternative, language: Language) -> str:
    match alternative.relaxation:
        case None:
            return language.translate("by meaning alone")
        case Relaxation(RelaxationKind.DROP, dropped) if dropped is not None:
            return language.translate("without {}").format(flat(to_text(Query("", (), dropped, ""))))
        case Relaxation(RelaxationKind.WIDER_DATES):
            return language.translate("any date")
        case _:
            return language.translate("the words alone, none required")
