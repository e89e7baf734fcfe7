"""The parameters of each operation: one table, by which requests are checked and schemas are written.

Every value is flat: a text, a number, a choice, yes or no, or a list of texts. A parameter that may be left
out has a default, or is ``UNSET`` where the settings of the server decide.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

MOST_RESULTS = 500
_Names = Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=20)]
_Sort = Annotated[
    Literal["relevance", "date", "oldest"],
    Meta(description="Order: relevance, date (newest first) or oldest (first). Undated articles are last."),
]
_Limit = Annotated[int, Meta(ge=1, le=MOST_RESULTS, description="Number of results.")]
_Id = Annotated[
    str, Meta(min_length=1, max_length=1000, description="Id of an article, as find and similar give it.")
]
_Weight = Annotated[float, Meta(ge=0, le=1000)]
_QUERY = (
    'What to look for, in the query language of Dépêche: words, "an exact phrase", ET, OU, SAUF, titre:word, '
    "source:name, date:2023-09."
)


class SearchParameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which articles are results."""

    query: Annotated[str, Meta(min_length=1, max_length=5000, description=_QUERY)]
    mode: (
        Annotated[
            Literal["hybrid", "keyword", "semantic"],
            Meta(
                description="By words (keyword), meaning (semantic) or both. Default: as the server is set."
            ),
        ]
        | UnsetType
    ) = UNSET
    since: Annotated[
        str, Meta(max_length=50, description="Only articles of this date and later: 2023-09, 7j or 3m.")
    ] = ""
    before: Annotated[str, Meta(max_length=50, description="Only articles from before this date.")] = ""
    source: Annotated[_Names, Meta(description="Only articles whose source has this name.")] = ()
    section: Annotated[_Names, Meta(description="Only articles whose section has this name.")] = ()
    author: Annotated[_Names, Meta(description="Only articles that have this author.")] = ()
    page: Annotated[_Names, Meta(description="Only articles that were printed on this page.")] = ()
    place: Annotated[_Names, Meta(description="Only articles that were written in this place.")] = ()
    keyword: Annotated[_Names, Meta(description="Only articles that have this keyword.")] = ()
    copies: Annotated[
        Literal["folded", "listed"],
        Meta(description="Articles that say the same: under one result (folded) or each as one (listed)."),
    ] = "folded"
    min_confidence: Annotated[
        float, Meta(ge=0, le=1, description="Leave out articles with a lower confidence.")
    ] = 0.0


class FindParameters(SearchParameters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The results of a query, page by page."""

    limit: _Limit = 10
    offset: Annotated[int, Meta(ge=0, le=1_000_000, description="Skip so many results.")] = 0
    sort: _Sort = "relevance"
    facets: Annotated[bool, Meta(description="Also count all results by the values of each facet.")] = False
    explain: Annotated[bool, Meta(description="Also say how each result got its score.")] = False
    recency: (
        Annotated[
            str,
            Meta(
                max_length=20,
                description="Favour recent articles, with a half-life such as 30j or 6m; empty for none. "
                "Default: as the server is set.",
            ),
        ]
        | UnsetType
    ) = UNSET
    fusion: (
        Annotated[
            Literal["standardised", "rrf", "convex"],
            Meta(
                description="How the scores of words and meaning are combined. Default: as the server is set."
            ),
        ]
        | UnsetType
    ) = UNSET
    semantic_weight: (
        Annotated[_Weight, Meta(description="Weight of meaning. Default: as the server is set.")] | UnsetType
    ) = UNSET
    keyword_weight: (
        Annotated[_Weight, Meta(description="Weight of words. Default: as the server is set.")] | UnsetType
    ) = UNSET
    rrf_k: (
        Annotated[
            int,
            Meta(ge=1, le=1_000_000, description="Constant of rrf. Default: as the server is set."),
        ]
        | UnsetType
    ) = UNSET


class ExportParameters(SearchParameters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All results of a query as a file."""

    format: Annotated[
        Literal["csv", "md", "json", "jsonl", "docx", "html", "ris", "bibtex", "csl", "iramuteq", "txm"],
        Meta(description="Format of the file."),
    ]
    sort: _Sort = "relevance"
    texts: (
        Annotated[bool, Meta(description="Whole texts, or only excerpts. Default: as the format needs.")]
        | UnsetType
    ) = UNSET


class FacetsParameters(SearchParameters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many of all results have each value of each facet."""


class TimelineParameters(SearchParameters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many of all results are of each period."""

    query: Annotated[str, Meta(max_length=5000, description=f"{_QUERY} Empty for the whole archive.")] = ""
    unit: Annotated[Literal["day", "month", "year"], Meta(description="Length of a period.")] = "month"


class ShowParameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One article, with its text or a range of it."""

    id: _Id
    start: Annotated[
        int,
        Meta(ge=0, le=100_000_000, description="First character of the text that is given; counts from 0."),
    ] = 0
    end: Annotated[
        int,
        Meta(
            ge=0,
            le=100_000_000,
            description="Character before which the text ends; beyond the text: its end.",
        ),
    ] = 100_000_000


class SimilarParameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The articles nearest in meaning to an article."""

    id: _Id
    limit: _Limit = 10
    sort: _Sort = "relevance"


class StatusParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """What the index holds."""
