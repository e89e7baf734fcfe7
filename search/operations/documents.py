"""The JSON documents that operations give, as types: the API's description is written from them.

``search.export`` makes the documents of articles and hits, the same for the command line.
"""

from typing import Annotated, Literal, NotRequired, TypedDict

from msgspec import Meta

_Count = Annotated[int, Meta(ge=0)]
_Share = Annotated[float, Meta(ge=0, le=1)]
_Offset = Annotated[int, Meta(ge=0, description="In characters, from 0.")]


class Passage(TypedDict):
    """A part of the text of an article: ``text == body[start:end]``."""

    text: str
    start: _Offset
    end: _Offset


class Snippet(Passage):
    """The sentences of a passage that answer best, and by what they were chosen."""

    leg: Literal["keyword", "semantic"] | None


class ArticleFields(TypedDict):
    """An article without its text; an unknown value is empty."""

    id: str
    title: str
    date: Annotated[str, Meta(description="ISO 8601, as precise as known.")]
    source: str
    section: str
    url: str
    author: str
    page: str
    place: str
    kicker: str
    standfirst: str
    keywords: str
    edition: str
    word_count: _Count


class ArticleDocument(ArticleFields):
    """An article with ``text[start:end]`` of its text; ``length`` is that of the whole text."""

    lang: str
    length: _Count
    start: _Offset
    end: _Offset
    text: str
    generation: str


class Contribution(TypedDict):
    """What one leg adds to a score."""

    leg: str
    rank: _Count
    score: float
    standardised: float
    weight: float
    points: float


class MatchedWord(TypedDict):
    """A term of the query, how many articles hold it, and whether this one does."""

    word: str
    articles: _Count
    idf: float
    held: bool


class ExplanationDocument(TypedDict):
    """Why an article answers a query."""

    matched: list[MatchedWord]
    coverage: float
    best_sentence: str
    evidence: NotRequired[dict[str, float]]


class HitDocument(ArticleFields):
    """One result; ``highlights`` are offsets into the text of the passage."""

    score: float
    evidence: _Share
    passage: Passage
    snippet: Snippet
    highlights: list[tuple[_Offset, _Offset]]
    contributions: list[Contribution]
    copies: list[ArticleFields]
    copy_of: str
    note: NotRequired[str]
    explain: NotRequired[ExplanationDocument]


class ValueCount(TypedDict):
    """How many results have a value; an empty value is an unknown one."""

    value: str
    count: _Count


Facets = dict[str, list[ValueCount]]


class HitsDocument(TypedDict):
    """An answer. Where ``relevant`` is false, nothing of the archive is likely to answer."""

    query: str
    mode: Literal["hybrid", "keyword", "semantic"]
    total: _Count
    evidence: _Share
    relevant: bool
    took_ms: Annotated[float, Meta(ge=0)]
    generation: str
    degraded: Annotated[list[str], Meta(description="What part of the answer is missing, in words.")]
    results: list[HitDocument]
    below: Annotated[
        list[HitDocument], Meta(description="Of few results, the nearest articles that are none.")
    ]


class FindDocument(HitsDocument):
    """An answer to a query."""

    did_you_mean: Annotated[str, Meta(description="The query in a likelier spelling; empty for none.")]
    understood: NotRequired[str]
    facets: NotRequired[Facets]


class FacetsDocument(TypedDict):
    """How many of all results have each value of each facet."""

    query: str
    total: _Count
    generation: str
    facets: Facets


class PeriodCount(TypedDict):
    """How many results are of a period, such as ``2023-09``."""

    period: str
    count: _Count


class TimelineDocument(TypedDict):
    """Results by period; ``imprecise`` have a date that is less precise than ``unit``."""

    query: str
    unit: Literal["day", "month", "year"]
    total: _Count
    undated: _Count
    imprecise: _Count
    generation: str
    periods: list[PeriodCount]


class StatusDocument(TypedDict):
    """What the index holds, and by what it was made."""

    generation: str
    created: str
    articles: _Count
    passages: _Count
    encoded: _Count
    rejected: _Count
    replaced: _Count
    encoder: str
    dimension: _Count
    bytes: _Count


class Problem(TypedDict):
    """What happened, what to do, and where: in which parameter, and at which character."""

    message: str
    suggestion: str
    place: str
    position: NotRequired[_Offset]


class ProblemDocument(TypedDict):
    """An error."""

    error: Problem
