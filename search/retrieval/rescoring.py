"""Changes to the order of the fusion; each change is a contribution of its own.

Recency: a score grows by ``RECENCY · 2^(-age / half-life)`` of itself, the age counted from the newest
articles of the archive. An article that answers no better than the average, of score 0 or less, gains
nothing by being new.

Reranking: a model that reads the query and a text together (Nogueira and Cho, Passage Re-ranking with
BERT, 2019) orders the first articles. It reassigns their scores, the highest to the one it puts first: they
stay comparable to those of the articles below, which it has not read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from search.lru import LruCache
from search.protocols import ArticleStore, Floats, Reranker
from search.retrieval.fusion import Fused, FusedLeg, ranks, score
from search.retrieval.score_stats import Doubles
from search.text.dates import published_days
from search.types import Contribution, Leg

RECENCY = 0.25
"""What an article of the archive's last day gains, as a share of its score."""
_NOT_LATER = 0.999  # of the dated articles are not later than the day that ages are counted from
_REMEMBERED = 8  # rankings whose scores are kept: a page, an explanation, an export ask for them again


@dataclass(frozen=True, slots=True)
class RankedArticle:
    """The key of an article, and what each leg contributes to its score."""

    key: int
    contributions: tuple[Contribution, ...]

    @property
    def score(self) -> float:
        """The sum of the contributions' points."""
        return score(self.contributions)


class PassageReranker:
    """Scores passages with a reranker, which is loaded when it is first needed; for several threads."""

    def __init__(self, store: ArticleStore, reranker: Callable[[], Reranker]) -> None:
        self._store = store
        self._reranker = reranker
        self._remembered: LruCache[tuple[str, tuple[int, ...]], Floats] = LruCache(_REMEMBERED)
        self._one_at_a_time = Lock()

    def scores(self, query: str, rows: tuple[int, ...]) -> Floats:
        """How well each of these passages answers, read together with the title of its article.

        Raises EncoderUnavailable.
        """
        with self._one_at_a_time:
            return self._remembered.get((query, rows), lambda: self._read(query, rows))

    def _read(self, query: str, rows: tuple[int, ...]) -> Floats:
        chunks = self._store.chunks(rows)
        articles = self._store.articles([chunk.article for chunk in chunks])
        pairs = zip(articles, chunks, strict=True)
        texts = [f"{article.title}\n{article.body[chunk.start : chunk.end]}" for article, chunk in pairs]
        return self._reranker().score(query, texts)


def ages(published: Sequence[str]) -> Doubles:
    """Days from each of these dates of publication to the latest, a month or year counted from its first day.

    NaN where it is unknown. The latest thousandth counts as one day: an article that is dated in the future
    by mistake must not make all others old.
    """
    spellings, places = np.unique(np.array(published, str), return_inverse=True)
    days = np.array([_day(spelling) for spelling in spellings.tolist()], np.float64)[places]
    known = days[np.isfinite(days)]
    latest = np.quantile(known, _NOT_LATER, method="higher") if len(known) else np.nan
    since: Doubles = np.maximum(latest - days, 0.0)
    return since


def favour_recent(fused: Fused, ages: Doubles, half_life: float) -> Fused:
    """Add to each article what its age in days gains it: nothing where the age is not known (NaN)."""
    known = np.isfinite(ages)
    days = np.where(known, ages, 0.0)
    freshness = np.where(known, 2.0 ** (-days / half_life), 0.0)
    weights = np.where(known, RECENCY * np.maximum(0.0, fused.scores), 0.0)
    places = np.where(known, ranks(np.where(known, -days, -np.inf)), 0)
    recent = FusedLeg(Leg.RECENCY, places, (-days).astype(np.float32), freshness, weights)
    return Fused((*fused.legs, recent), fused.size)


def rerank(ranking: Sequence[RankedArticle], scores: Floats) -> list[RankedArticle]:
    """A ranking, its first articles in the order of the reranker's ``scores`` of them, ties as before."""
    first, others = ranking[: len(scores)], ranking[len(scores) :]
    before = [article.score for article in first]
    reranked = []
    for rank, place in enumerate(np.argsort(-scores, kind="stable").tolist(), start=1):
        moved = before[rank - 1] - before[place]
        contribution = Contribution(Leg.RERANK, rank, float(scores[place]), moved, 1.0, moved)
        reranked.append(RankedArticle(first[place].key, (*first[place].contributions, contribution)))
    return [*reranked, *others]


def _day(published: str) -> float:
    days = published_days(published)
    return np.nan if days is None else days.first.toordinal()
