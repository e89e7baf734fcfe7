"""The records that stages pass to each other: frozen, without behaviour beyond what follows from them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    """Which legs answer."""

    HYBRID = "hybrid"
    KEYWORD = "keyword"
    SEMANTIC = "semantic"


class Sort(StrEnum):
    """The order of the hits: ``DATE`` is the newest first; undated hits are last in both orders by date."""

    RELEVANCE = "relevance"
    DATE = "date"
    OLDEST = "oldest"


class Copies(StrEnum):
    """Whether copies of an article are folded into one hit, or listed as a hit each."""

    FOLDED = "folded"
    LISTED = "listed"


class Leg(StrEnum):
    """One source of an article's score: BM25 of the article, BM25 of its best passage, meaning.

    ``COVERAGE`` is the share of the query's words that the article holds, ``NEIGHBOURS`` the mean score of
    the candidates nearest in meaning. ``FEEDBACK`` is how near the article is to the first ones, and
    ``EXPANSION`` BM25 of the words of the first ones. ``LITERAL`` raises an article that holds a rare name or
    number of the query above those that hold no word of it. ``RECENCY`` favours recent articles, and
    ``RERANK`` is how far a reranker moved the article.
    """

    KEYWORD = "keyword"
    PASSAGE = "passage"
    SEMANTIC = "semantic"
    COVERAGE = "coverage"
    NEIGHBOURS = "neighbours"
    FEEDBACK = "feedback"
    EXPANSION = "expansion"
    LITERAL = "literal"
    RECENCY = "recency"
    RERANK = "rerank"


class Facet(StrEnum):
    """What results can be counted by."""

    SOURCE = "source"
    SECTION = "section"
    AUTHOR = "author"
    PLACE = "place"
    KEYWORD = "keyword"
    YEAR = "year"
    MONTH = "month"


FacetCounts = Mapping[Facet, tuple[tuple[str, int], ...]]
"""By facet, its values and how many articles have each."""


class FusionMethod(StrEnum):
    """How scores of different legs are made comparable."""

    STANDARDISED = "standardised"
    RRF = "rrf"
    CONVEX = "convex"


@dataclass(frozen=True, slots=True)
class Fusion:
    """How the legs are merged; the weights need not add up to 1.

    ``keyword`` is shared between the article and its best passage, which gets ``passage_share``.
    """

    method: FusionMethod = FusionMethod.STANDARDISED
    semantic: float = 0.7
    keyword: float = 0.3
    passage_share: float = 0.25
    rrf_k: int = 60


RERANK_DEPTH = 30
"""How many articles a reranker reads."""


@dataclass(frozen=True, slots=True)
class Rescoring:
    """What is asked for: recency's half-life in days, and how many articles to rerank; 0 for neither."""

    half_life: float = 0.0
    depth: int = 0


NO_RESCORING = Rescoring()


VALUE_SEPARATOR = "; "
"""Between several authors or keywords of an article."""


@dataclass(frozen=True, slots=True)
class Article:
    """One press article.

    ``id`` is stable: the record's own, else a hash of the content. ``published`` is ISO 8601, as
    precise as known: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM``; an unknown value
    of any field but ``id``, ``title`` and ``body`` is ``""``. ``body`` is NFC, paragraphs separated
    by a blank line, and never empty; it begins with the ``standfirst``. Several authors or keywords are
    separated by ``VALUE_SEPARATOR``. ``word_count`` is what the source says of the whole text, 0 where it
    says nothing. ``file`` is where the article was read, as an absolute path; the member of an archive comes
    after it.
    """

    id: str
    title: str
    body: str
    published: str = ""
    source: str = ""
    section: str = ""
    url: str = ""
    lang: str = ""
    place: str = ""
    author: str = ""
    page: str = ""
    kicker: str = ""
    standfirst: str = ""
    keywords: str = ""
    edition: str = ""
    word_count: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: ``body[start:end]`` of the article with this key; one chunk is one row everywhere."""

    article: int
    ordinal: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one leg adds to the score of a hit: ``points`` is ``weight`` times ``standardised``.

    ``rank`` counts from 1 among the candidates; it is 0 when the article holds nothing for the leg, or is not
    encoded yet: then the score of meaning is what its words let expect. The
    score of recency is minus the age in days; ``standardised`` of a reranker is how far it moves the score.
    """

    leg: Leg
    rank: int
    score: float
    standardised: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Passage:
    """The passage of a hit's body that answers best: ``text == body[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """The sentence or two of a passage that answer best: ``text == body[start:end]``.

    ``leg`` says by what they were chosen: by their words or by their meaning. It is None where the passage
    holds no word and meaning was not asked.
    """

    text: str
    start: int
    end: int
    leg: Leg | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One article of an answer; ``score`` is the sum of its contributions' points.

    ``snippet`` is part of ``passage``. ``highlights`` are ``(start, end)`` offsets into ``passage.text``.
    ``passages_more`` counts the article's other passages that hold a term of the query. ``confidence`` tells
    from 0 to 1 how sure it is that the article answers. ``copies`` are its copies among the results, the
    oldest first. ``copy_of`` is the id of the article that stands for this one, ``""`` when it stands for
    itself.
    """

    article: Article
    score: float
    passage: Passage
    snippet: Snippet
    highlights: tuple[tuple[int, int], ...]
    contributions: tuple[Contribution, ...]
    passages_more: int = 0
    confidence: float = 1.0
    copies: tuple[Article, ...] = ()
    copy_of: str = ""

    @property
    def shown(self) -> tuple[str, tuple[int, int]]:
        """The passage as far as it is shown, and where the snippet is in it.

        The text ends with a sentence that was chosen by its meaning: the reader sees which one it was.
        """
        start, end = self.snippet.start - self.passage.start, self.snippet.end - self.passage.start
        nearest = self.snippet.leg is Leg.SEMANTIC
        return self.passage.text[: end if nearest else None], (start, end)

    @property
    def marked(self) -> tuple[tuple[int, int], ...]:
        """The highlights within the snippet, as offsets into its text."""
        before = self.snippet.start - self.passage.start
        inside = ((start - before, end - before) for start, end in self.highlights)
        return tuple((start, end) for start, end in inside if start >= 0 and end <= len(self.snippet.text))


@dataclass(frozen=True, slots=True)
class Hits:
    """An answer: a page of hits, the best first; ``degraded`` says in words what part of it is missing.

    ``total`` is the number of all results, ``offset`` how many of them come before this page. ``facets``
    count all results by their values, where they were asked for. ``confidence`` is that of the best
    article. Where there are few results, ``below`` are the nearest articles that are none.
    """

    query: str
    understood: str
    mode: Mode
    hits: tuple[Hit, ...]
    total: int
    generation_id: str
    took_ms: float
    degraded: tuple[str, ...] = field(default=())
    confidence: float = 1.0
    below: tuple[Hit, ...] = ()
    facets: FacetCounts = field(default_factory=dict)
    offset: int = 0

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        """How many hits are here; ``total`` is the number of all."""
        return len(self.hits)

    def __getitem__(self, place: int) -> Hit:
        return self.hits[place]

    def to_dicts(self) -> list[dict[str, str | float | int]]:
        """A flat record for each hit, in order: what ``pandas.DataFrame`` and ``polars.DataFrame`` take."""
        return [
            {
                **asdict(hit.article),
                "rank": rank,
                "score": hit.score,
                "confidence": hit.confidence,
                "snippet": hit.snippet.text,
                "passage": hit.passage.text,
                "copies": len(hit.copies),
                "copy_of": hit.copy_of,
            }
            for rank, hit in enumerate(self.hits, start=self.offset + 1)
        ]

    @property
    def shown(self) -> tuple[Hit, ...]:
        """The hits, and below them the nearest articles that are no results."""
        return self.hits + self.below


@dataclass(frozen=True, slots=True)
class MatchedWord:
    """A term of the query as typed, how many ``articles`` hold it, and whether the explained article does.

    ``idf`` is high when few articles hold the term.
    """

    text: str
    articles: int
    idf: float
    in_article: bool


@dataclass(frozen=True, slots=True)
class ConfidenceBreakdown:
    """What a confidence is made of: its log odds are the sum of ``constant`` and the fields after it.

    ``words`` follows from ``coverage``, ``weakest`` from ``support``, ``names`` from ``missing``, ``years``
    from ``later`` (0 to 1), and ``meaning`` from ``likeness`` (standardised); see
    ``search.retrieval.confidence``.
    """

    confidence: float
    coverage: float
    support: float
    missing: float
    later: float
    likeness: float
    constant: float
    words: float
    weakest: float
    names: float
    years: float
    meaning: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article answers a query; ``contributions`` are those of its hit.

    ``coverage`` is the share (0 to 1) of the idf of the terms that the article holds. ``best_sentence`` is
    the sentence of its passage that answers best. ``confidence`` is None where no leg was asked.
    """

    contributions: tuple[Contribution, ...]
    matched: tuple[MatchedWord, ...]
    coverage: float
    best_sentence: str
    confidence: ConfidenceBreakdown | None = None
