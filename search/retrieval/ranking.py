"""From what was retrieved to a page in order: threshold, group, fuse, rescore, page.

Each stage takes the value of the stage before and keeps it: a ``Page`` knows its ``Matches``, and these know
what was retrieved. Copies are grouped before the fusion, so that they do not speak for each other in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from search.protocols import ArticleStore, Bools, Floats, Ints, KeywordIndex
from search.retrieval.expansion import EXPANSION_ARTICLES, expand, word_model
from search.retrieval.families import Families
from search.retrieval.feedback import feed_back
from search.retrieval.first_articles import first_of_families
from search.retrieval.fusion import (
    Fused,
    favour_covered,
    fuse,
    lift,
    share_beside_meaning,
    share_of_neighbours,
    smooth,
)
from search.retrieval.grouping import Grouping
from search.retrieval.lookup import contains, without
from search.retrieval.passages import PassageReader
from search.retrieval.request import Request
from search.retrieval.rescoring import PassageReranker, RankedArticle, ages, favour_recent, rerank
from search.retrieval.retriever import RetrievedSet
from search.retrieval.score_stats import Doubles
from search.retrieval.signals import Signals
from search.retrieval.top import lowest
from search.types import Copies, FusionMethod, Sort


@dataclass(frozen=True, slots=True)
class Matches:
    """The results of a request: ``is_result`` by article key, and their groups."""

    request: Request
    retrieved: RetrievedSet
    is_result: Bools
    groups: Grouping

    @property
    def candidates(self) -> Ints:
        """The candidates, ascending; a result is there as the article that stands for its group."""
        return self.groups.fold(self.retrieved.candidates)

    @property
    def is_shown(self) -> Bools:
        """By article key, whether it is a result that stands for its group."""
        shown = self.is_result.copy()
        shown[self.groups.folded] = False
        return shown

    @property
    def others(self) -> Ints:
        """The results that are no candidates, ascending."""
        return without(self.groups.leaders, self.candidates)


@dataclass(frozen=True, slots=True)
class Page:
    """The part of the results that was asked for, in order.

    Where it is the first page and results do not fill it, ``below`` are the nearest candidates that are no
    results, one of each family of copies unless all are asked for.
    """

    matches: Matches
    articles: tuple[RankedArticle, ...]
    below: tuple[RankedArticle, ...] = ()


class Ranker:
    """Ranks articles of one store.

    ``leaders`` is by article key the leader of its family of copies; without it each article stands for
    itself. Without a reranker nothing is reranked.
    """

    def __init__(
        self,
        store: ArticleStore,
        keyword: KeywordIndex,
        leaders: Ints | None,
        reranker: PassageReranker | None,
        passages: PassageReader,
    ) -> None:
        self._store = store
        self._passages = passages
        self._keyword = keyword
        first, ends = store.first_rows, np.append(store.first_rows[1:], store.chunk_count)
        self._families = (
            None if leaders is None else Families(leaders, first, ends, _TextLengths(store, ends))
        )
        self._reranker = reranker
        self._known_places: dict[Sort, Ints] = {}

    def match(self, request: Request, retrieved: RetrievedSet) -> Matches:
        """The results: every article above the threshold, copies grouped unless all are asked for."""
        is_result = retrieved.relevant(request.threshold)
        keys = np.flatnonzero(is_result)
        listed = request.copies is Copies.LISTED
        groups = Grouping.ungrouped(keys) if listed else self.group(retrieved, keys)
        return Matches(request, retrieved, is_result, groups)

    def group(self, retrieved: RetrievedSet, keys: Ints) -> Grouping:
        """These articles (ascending), copies that answer alike grouped."""
        if self._families is None:
            return Grouping.ungrouped(keys)
        return self._families.group(keys, retrieved.corrected_terms, partial(_nearness, retrieved))

    def copies_of(self, key: int) -> Ints:
        """The articles of the family of an article, itself among them."""
        return np.array([key]) if self._families is None else self._families.family(key)

    def page(self, matches: Matches) -> Page:
        """The page asked for: candidates first, beyond them the other results; by date, both in one order."""
        request = matches.request
        if not matches.retrieved.signals.asked:
            return Page(matches, self._by_date_alone(matches, request.offset, request.limit))
        start, end = request.offset, request.offset + request.limit
        ranked, below = self._rank(matches, matches.candidates, end)
        if request.sort is not Sort.RELEVANCE:
            places, others = self._places_by_date(request.sort), matches.others
            first = np.sort(others[lowest(places[others], end)])
            ranked += self._rank_others(matches, first, end)  # the vectors of the others need not be read
            ranked.sort(key=lambda article: places[article.key])
        elif end > len(ranked):
            ranked += self._rank_others(matches, matches.others, end - len(ranked))
        room = 0 if start or request.threshold.minimum else max(0, end - len(ranked))
        return Page(matches, tuple(ranked[start:end]), tuple(self._without_copies(request, below)[:room]))

    def pages(self, matches: Matches, size: int) -> Iterator[tuple[RankedArticle, ...]]:
        """All results, in the order of ``page``, so many at a time; only those are held in memory."""
        request = matches.request
        if not matches.retrieved.signals.asked:
            for start in range(0, matches.groups.size, size):
                yield self._by_date_alone(matches, start, size)
            return
        ranked, _ = self._rank(matches, matches.candidates, matches.groups.size)
        if request.sort is not Sort.RELEVANCE:
            yield from self._pages_by_date(matches, ranked, size)
            return
        yield from (tuple(ranked[start : start + size]) for start in range(0, len(ranked), size))
        keys, fused = matches.others, self._fuse_others(request, matches.retrieved.signals, matches.others)
        order = self._order(request, keys, fused, len(keys))
        for start in range(0, len(order), size):
            yield tuple(_at(keys, fused, order[start : start + size]))

    def _pages_by_date(
        self, matches: Matches, ranked: list[RankedArticle], size: int
    ) -> Iterator[tuple[RankedArticle, ...]]:
        """The ranked candidates and the other results, in one order by date."""
        known = {article.key: article for article in ranked}
        leaders = matches.groups.leaders
        keys = leaders[np.argsort(self._places_by_date(matches.request.sort)[leaders])]
        for start in range(0, len(keys), size):
            page = keys[start : start + size].tolist()
            others = np.array(sorted(key for key in page if key not in known), np.int64)
            read = {article.key: article for article in self._rank_others(matches, others, len(others))}
            yield tuple(known.get(key) or read[key] for key in page)

    def _without_copies(self, request: Request, ranking: list[RankedArticle]) -> list[RankedArticle]:
        """The first article of each family, in the same order, unless all copies are asked for."""
        if request.copies is Copies.LISTED:
            return ranking
        families = self._families_of(np.array([article.key for article in ranking], np.int64))
        _, first = np.unique(families, return_index=True)
        return [ranking[place] for place in np.sort(first)]

    def article(self, matches: Matches, key: int) -> RankedArticle:
        """One article in its place among the candidates, whether it is one or not."""
        if not matches.retrieved.signals.asked:
            return RankedArticle(key, ())
        keys = np.union1d(matches.candidates, [key])
        ranked, below = self._rank(matches, keys, len(keys))
        return next(article for article in (*ranked, *below) if article.key == key)

    def _rank(
        self, matches: Matches, keys: Ints, wanted: int
    ) -> tuple[list[RankedArticle], list[RankedArticle]]:
        """The first of these candidates in order: the results, which may be reranked, and the others.

        These are left out where there are as many results as wanted.
        """
        fused = self._fuse(matches, keys)
        order = self._order(matches.request, keys, fused, len(keys))
        is_result = matches.is_result[keys[order]]
        results, others = order[is_result], order[~is_result]
        enough = max(wanted, matches.request.rescoring.depth)
        ranked = self._rerank(matches, _at(keys, fused, results[:enough]))
        return ranked, _at(keys, fused, others[:enough]) if len(results) < wanted else []

    def _rank_others(self, matches: Matches, keys: Ints, wanted: int) -> list[RankedArticle]:
        """The first of the results that are no candidates: no neighbours speak for them."""
        fused = self._fuse_others(matches.request, matches.retrieved.signals, keys)
        return _at(keys, fused, self._order(matches.request, keys, fused, wanted))

    def _fuse_others(self, request: Request, signals: Signals, keys: Ints) -> Fused:
        return self._favour_recent(request, keys, _merge(request, signals, keys))

    def _fuse(self, matches: Matches, keys: Ints) -> Fused:
        """The scores of candidates, which are compared with each other."""
        request, signals = matches.request, matches.retrieved.signals
        fused = _merge(request, signals, keys)
        if request.fusion.method is FusionMethod.STANDARDISED:
            fused = self._compare(signals, keys, fused)
            fused = self._expand(matches.retrieved, keys, fused)
        fused = self._favour_recent(request, keys, fused)
        return lift(fused, signals.coverage(keys), signals.literal(keys))

    def _compare(self, signals: Signals, keys: Ints, fused: Fused) -> Fused:
        """What candidates say of each other by their vectors, wherever words were asked."""
        centres, kind = signals.centres(keys), signals.kind
        if centres is None:
            return fused
        families, coverage = self._families_of(keys), signals.coverage(keys)
        if signals.centroids is None:
            return smooth(fused, centres @ centres.T, families, share_of_neighbours(coverage))
        stats, share = signals.centroids.stats, share_beside_meaning(coverage, kind.neighbours)
        directions = stats.directions(centres, kind.others_centre)
        fused = smooth(fused, directions @ directions.T, families, share)
        return feed_back(fused, centres, families, stats, kind.feedback)

    def _expand(self, retrieved: RetrievedSet, keys: Ints, fused: Fused) -> Fused:
        """What the words of the first candidates say, where both legs were asked."""
        signals = retrieved.signals
        if signals.centroids is None:
            return fused

        def ask() -> Floats:
            first = first_of_families(fused.scores, self._families_of(keys), EXPANSION_ARTICLES)
            texts = self._best_passages(signals, keys[first])
            model = word_model(retrieved.query.text, texts, fused.scores[first])
            return self._keyword.score_stems(model)

        return expand(fused, keys, ask, signals.kind.expansion)

    def _best_passages(self, signals: Signals, keys: Ints) -> list[str]:
        """The best passages of these articles, each after the title of its article."""
        passages = self._passages.passages(keys.tolist(), signals.best_rows(keys))
        return [f"{each.article.title}\n{each.passage.text}" for each in passages]

    def _families_of(self, keys: Ints) -> Ints:
        """Equal for copies."""
        return keys if self._families is None else self._families.of(keys)

    def _favour_recent(self, request: Request, keys: Ints, fused: Fused) -> Fused:
        half_life = request.rescoring.half_life
        return favour_recent(fused, self._ages[keys], half_life) if half_life else fused

    def _rerank(self, matches: Matches, ranking: list[RankedArticle]) -> list[RankedArticle]:
        """The first of a ranking in the order of the reranker, where it is asked; never those by date."""
        request = matches.request
        first = ranking[: request.rescoring.depth]
        if self._reranker is None or not first or request.sort is not Sort.RELEVANCE:
            return ranking
        rows = matches.retrieved.signals.best_rows(np.array([article.key for article in first]))
        return rerank(ranking, self._reranker.scores(request.query.text, tuple(rows)))

    def _order(self, request: Request, keys: Ints, fused: Fused, count: int) -> Ints:
        """The places of the first ``count`` of these articles in the order asked for, ties by key."""
        if request.sort is Sort.RELEVANCE:
            return lowest(-fused.scores, count)
        return lowest(self._places_by_date(request.sort)[keys], count)

    def _by_date_alone(self, matches: Matches, offset: int, limit: int) -> tuple[RankedArticle, ...]:
        """Without a word to rank by: everything that meets the constraint, newest first unless asked."""
        keys = self._keys_by_date(matches.request.sort)
        listed = keys[matches.is_shown[keys]]
        return tuple(RankedArticle(key, ()) for key in listed[offset : offset + limit].tolist())

    @cached_property
    def _ages(self) -> Doubles:
        """By article, its age in days when the newest one was published."""
        return ages(self._store.published())

    def _keys_by_date(self, sort: Sort) -> Ints:
        """Every article key, the oldest first where that is asked for, else the newest first."""
        return self._store.oldest_first() if sort is Sort.OLDEST else self._store.newest_first()

    def _places_by_date(self, sort: Sort) -> Ints:
        """By article, its place among all in the order of ``_keys_by_date``; no two have the same."""
        if sort not in self._known_places:
            keys = self._keys_by_date(sort)
            places = np.empty_like(keys)
            places[keys] = np.arange(len(keys))
            self._known_places[sort] = places
        return self._known_places[sort]


class _TextLengths:
    """Gives the lengths of texts by article key; each is looked up once."""

    def __init__(self, store: ArticleStore, ends: Ints) -> None:
        """``ends`` is by article the row after its last one."""
        self._store = store
        self._ends = ends
        self._known = np.full(len(ends), -1)

    def __call__(self, keys: Ints) -> Ints:
        """The lengths of these articles."""
        unknown = np.unique(keys[self._known[keys] < 0])
        if len(unknown):
            last_chunks = self._store.chunks((self._ends[unknown] - 1).tolist())
            self._known[unknown] = [chunk.end for chunk in last_chunks]
        return self._known[keys]


def _nearness(retrieved: RetrievedSet, keys: Ints) -> Doubles:
    """The standardised similarity of these articles to the query; NaN for those that are no candidates.

    Only the vectors of candidates are here already.
    """
    nearness = np.full(len(keys), np.nan)
    semantic, judged = retrieved.signals.semantic, contains(retrieved.candidates, keys)
    if semantic is not None:
        similarity = semantic.of_articles(keys[judged])
        nearness[judged] = semantic.articles.standardised(similarity)
    return nearness


def _merge(request: Request, signals: Signals, keys: Ints) -> Fused:
    """What the legs say of each of these articles by itself."""
    coverage = signals.coverage(keys)
    fused = fuse(signals.legs(keys), coverage, request.fusion)
    if request.fusion.method is not FusionMethod.STANDARDISED or signals.centroids is None:
        return fused
    return favour_covered(fused, coverage, request.fusion.keyword * signals.kind.coverage)


def _at(keys: Ints, fused: Fused, places: Ints) -> list[RankedArticle]:
    """The articles at these places, with the contributions to their scores."""
    contributions = fused.contributions(places)
    return [RankedArticle(key, own) for key, own in zip(keys[places].tolist(), contributions, strict=True)]
