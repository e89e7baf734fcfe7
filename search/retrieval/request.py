"""What is asked of the engine."""

from dataclasses import dataclass

from search.query.article_sets import ArticleSets
from search.query.ast import Query
from search.retrieval.relevance import RelevanceThreshold
from search.types import NO_RESCORING, Copies, Fusion, Mode, Rescoring, Sort

_DEFAULT_FUSION = Fusion()
_DEFAULT_THRESHOLD = RelevanceThreshold()


@dataclass(frozen=True, slots=True)
class Request:
    """A query, the legs to ask, and which part of the answer to give.

    ``sets`` are those that the query may name, None where the user's are not known.
    """

    query: Query
    mode: Mode = Mode.HYBRID
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0
    fusion: Fusion = _DEFAULT_FUSION
    rescoring: Rescoring = NO_RESCORING
    threshold: RelevanceThreshold = _DEFAULT_THRESHOLD
    copies: Copies = Copies.FOLDED
    sets: ArticleSets | None = None
