"""The page of an archive before a question: what it holds, and queries to begin with."""

from dataclasses import dataclass

from search.language import Language
from search.query.ast import Query
from search.query.filters import filter_of_value
from search.retrieval.overview import Overview
from search.text.dates import DayRange, partial_date
from search.text.sanitize import flat
from search.types import Facet, Mode
from search.web.pages.dates import days_in_words
from search.web.pages.histogram import Histogram, histogram
from search.web.pages.results import ArticleLine, article_line
from search.web.pages.state import ArticleState, SearchState

NEWEST = 8
"""How many of the newest articles are shown."""
_SOURCES = 10


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, the number of its articles, and its share of the largest, from 0 to 100."""

    name: str
    number: str
    share: int
    address: str


@dataclass(frozen=True, slots=True)
class Example:
    """A query that finds something in the archive."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """An archive as its page shows it; ``other_sources`` tells how many sources are not listed."""

    articles: str
    period: str
    histogram: Histogram | None
    sources: tuple[SourceRow, ...]
    other_sources: str
    newest: tuple[ArticleLine, ...]
    examples: tuple[Example, ...]
    notices: tuple[str, ...]


def home_page(overview: Overview, articles: int, mode: Mode, language: Language) -> HomePage:
    """The page of an archive with this number of articles; searches that start here have this mode."""
    counts, empty = overview.counts, SearchState(mode=mode)
    others = len(counts.sources) - _SOURCES
    return HomePage(
        articles=language.plural("{} article", "{} articles", articles),
        period=_period(counts.first, counts.last, language),
        histogram=histogram(counts.timeline, Query("", (), None, ""), empty, language),
        sources=_sources(counts.sources[:_SOURCES], mode, language),
        other_sources=language.plural("{} other source", "{} other sources", others) if others > 0 else "",
        newest=tuple(
            article_line(hit.article, ArticleState(hit.article.id, empty), language)
            for hit in overview.newest
        ),
        examples=tuple(Example(flat(text), SearchState(text, mode).address) for text in overview.examples),
        notices=tuple(flat(language.translate(reason)) for reason in overview.missing),
    )


def _period(first: str, last: str, language: Language) -> str:
    if not first:
        return ""
    return days_in_words(DayRange(partial_date(first).first, partial_date(last).last), language)


def _sources(sources: tuple[tuple[str, int], ...], mode: Mode, language: Language) -> tuple[SourceRow, ...]:
    rows = []
    for name, count in sources:
        named = filter_of_value(Facet.SOURCE, name)
        asked = SearchState(named.text, mode).address if named else ""
        share = max(1, round(100 * count / sources[0][1]))
        rows.append(SourceRow(flat(name), language.number(count), share, asked))
    return tuple(rows)
