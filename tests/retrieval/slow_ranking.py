"""The ranking as docs/ranking.md has it, article by article: what the fast one is compared with.

Nothing of ``search.retrieval`` that computes is used, but for the kind of a query and the model of its words.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from search.protocols import ArticleStore, Floats, Ints, KeywordIndex, VectorIndex
from search.query.ast import Query
from search.retrieval.engine import Engine
from search.retrieval.expansion import word_model
from search.retrieval.query_kind import EXCERPT, TOPIC, QueryKind, kind_of
from search.retrieval.request import Request
from search.types import Copies, Fusion, Mode

Vector = npt.NDArray[np.float64]
Scores = dict[int, float]


@dataclass(frozen=True)
class Archive:
    """What is ranked."""

    store: ArticleStore
    keyword: KeywordIndex
    vectors: VectorIndex
    leaders: Ints


@dataclass
class SlowRanking:
    """The scores of a query over one generation, whose articles are all candidates; copies are listed."""

    opened: Archive
    query: Query
    mode: Mode
    encode: Callable[[str], Floats]
    fusion: Fusion

    def __post_init__(self) -> None:
        store = self.opened.store
        firsts = [*store.first_rows.tolist(), store.chunk_count]
        self.rows = [range(*bounds) for bounds in pairwise(firsts)]
        self.words = self.opened.keyword.score(self.query.words)
        constraint = self.query.constraint
        allowed = [True] * len(self.rows)
        if constraint is not None:
            allowed = self.opened.keyword.allowed(constraint).tolist()
        self.with_words, self.with_meaning = self.mode is not Mode.SEMANTIC, self.mode is not Mode.KEYWORD
        self.keys = [
            key
            for key, is_allowed in enumerate(allowed)
            if is_allowed and ((self.with_meaning and self.vectors[key]) or self.coverage(key))
        ]

    @cached_property
    def kind(self) -> QueryKind:
        kind = kind_of(self.query.text)
        return TOPIC if kind is EXCERPT and not self.with_words else kind

    @cached_property
    def vectors(self) -> list[list[Vector]]:
        """By article, the vectors of its encoded rows."""
        index = self.opened.vectors
        every = index.of_rows(np.arange(len(index.encoded))).astype(float)
        return [[every[row] for row in rows if index.encoded[row]] for rows in self.rows]

    @cached_property
    def every(self) -> Vector:
        return np.array([vector for own in self.vectors for vector in own])

    @cached_property
    def asked(self) -> Vector:
        return self.encode(self.query.text).astype(float)

    def coverage(self, key: int) -> float:
        return float(self.words.coverage[key]) if self.with_words else 0.0

    def scores(self) -> Scores:
        """By candidate, its score."""
        scores = {key: self._by_itself(key) for key in self.keys}
        if self.with_words:
            scores = self._smoothed(scores)
        if self.with_words and self.with_meaning:
            scores = self._expanded(self._fed_back(scores))
        return self._lifted(scores)

    def _by_itself(self, key: int) -> float:
        mixed, coverage = self._mixed(key) if self.with_words else 0.0, self.coverage(key)
        known = coverage if self.with_meaning else math.sqrt(coverage)
        score = self.fusion.keyword * known * mixed
        if self.with_meaning:
            meaning = self._standardised_meaning.get(key, min(0.6 * coverage * mixed, 4.0))
            score += self.fusion.semantic * meaning
            if self.with_words:
                score += self.fusion.keyword * self.kind.coverage * coverage
        return score

    def _mixed(self, key: int) -> float:
        return 0.75 * self._z(self.words.articles.tolist(), key) + 0.25 * self._z(self._best_passages, key)

    @cached_property
    def _best_passages(self) -> list[float]:
        return [float(self.words.passages[rows.start : rows.stop].max()) for rows in self.rows]

    def _z(self, scores: list[float], key: int) -> float:
        return float((scores[key] - np.mean(scores)) / (np.std(scores) or 1.0))

    @cached_property
    def _standardised_meaning(self) -> Scores:
        aim = self.asked - self.kind.centre * self.every.mean(axis=0)
        aim /= np.linalg.norm(aim)
        share, found = self.kind.best_passage, {}
        for key, own in enumerate(self.vectors):
            if own:
                cosines = [float(vector @ aim) for vector in own]
                found[key] = share * max(cosines) + (1 - share) * float(np.mean(cosines))
        mean, deviation = np.mean(list(found.values())), np.std(list(found.values()))
        return {key: float((one - mean) / deviation) if deviation else 0.0 for key, one in found.items()}

    def _centre(self, key: int) -> Vector:
        summed = np.sum(self.vectors[key], axis=0)
        return np.array(summed / np.linalg.norm(summed))

    def _direction(self, key: int) -> Vector:
        centre = self._centre(key)
        if not self.with_meaning:
            return centre
        offset = centre - self.kind.others_centre * self.every.mean(axis=0)
        return np.array(offset / np.linalg.norm(offset))

    def _smoothed(self, scores: Scores) -> Scores:
        speaking = self._one_of_each_family([key for key in self.keys if self.vectors[key]])
        directions = {key: self._direction(key) for key in self.keys if self.vectors[key]}
        smoothed = dict(scores)
        for key, own in directions.items():
            others = [each for each in speaking if self._family(each) != self._family(key)]
            others.sort(key=lambda other: -round(float(directions[other] @ own), 5))
            nearest = others[: min(10 if self.with_meaning else 5, len(speaking) - 1)]
            if len(speaking) < 2 or not nearest:
                continue
            weights = [math.exp(float(directions[other] @ own) / 0.3) for other in nearest]
            theirs = float(np.average([scores[other] for other in nearest], weights=weights))
            share = 0.6 * (1 - self.coverage(key) ** 2)
            if self.with_meaning:
                share = self.kind.neighbours * (1 - 0.4 * self.coverage(key) ** 2)
            smoothed[key] = (1 - share) * scores[key] + share * theirs
        return smoothed

    def _fed_back(self, scores: Scores) -> Scores:
        encoded = [key for key in self.keys if self.vectors[key]]
        if not self.kind.feedback or not encoded:
            return scores
        first = self._one_of_each_family(sorted(encoded, key=lambda key: -scores[key]))[:5]
        weights = np.exp([2 * (scores[key] - scores[first[0]]) for key in first])
        model = weights @ np.array([self._centre(key) for key in first])
        model /= np.linalg.norm(model)
        deviation = float(np.std(self.every @ model)) or 1.0
        nearness = {key: float(self._centre(key) @ model) / deviation for key in encoded}
        mean = float(np.mean(list(nearness.values())))
        return scores | {key: scores[key] + self.kind.feedback * (nearness[key] - mean) for key in encoded}

    def _expanded(self, scores: Scores) -> Scores:
        if not self.kind.expansion or not scores:
            return scores
        first = self._one_of_each_family(sorted(scores, key=lambda key: -scores[key]))[:3]
        texts = [self._shown(key) for key in first]
        model = word_model(self.query.text, texts, np.array([scores[key] for key in first]))
        theirs = self.opened.keyword.score_stems(model).tolist()
        return {key: score + self.kind.expansion * self._z(theirs, key) for key, score in scores.items()}

    def _shown(self, key: int) -> str:
        """The title and the passage that shows best why the article was found."""
        mean, deviation = np.mean(self._best_passages), np.std(self._best_passages) or 1.0
        aim = self.asked - self.kind.centre * self.every.mean(axis=0)
        aim /= np.linalg.norm(aim)
        similarities = self._article_similarities(aim)
        own = []
        for row in self.rows[key]:
            score = math.sqrt(self.coverage(key)) * (float(self.words.passages[row]) - mean) / deviation
            if self.opened.vectors.encoded[row]:
                cosine = float(self.opened.vectors.of_rows(np.array([row]))[0].astype(float) @ aim)
                score += (cosine - np.mean(similarities)) / (np.std(similarities) or 1.0)
            own.append(score)
        (chunk,) = self.opened.store.chunks([self.rows[key][int(np.argmax(own))]])
        (article,) = self.opened.store.articles([key])
        return f"{article.title}\n{article.body[chunk.start : chunk.end]}"

    def _article_similarities(self, aim: Vector) -> list[float]:
        share = self.kind.best_passage
        cosines = [[float(vector @ aim) for vector in own] for own in self.vectors if own]
        return [share * max(own) + (1 - share) * float(np.mean(own)) for own in cosines]

    def _lifted(self, scores: Scores) -> Scores:
        floor = max((score for key, score in scores.items() if not self.coverage(key)), default=-math.inf)
        literal = [key for key in scores if self.with_words and self.words.literal[key]]
        return scores | {key: max(scores[key], floor) for key in literal}

    def _family(self, key: int) -> int:
        return int(self.opened.leaders[key])

    def _one_of_each_family(self, keys: list[int]) -> list[int]:
        first: dict[int, int] = {}
        for key in keys:
            first.setdefault(self._family(key), key)
        return list(first.values())


def check_ranking(
    opened: Archive, engine: Engine, encode: Callable[[str], Floats], query: Query, mode: Mode
) -> None:
    """Assert that an engine gives articles the scores of the slow ranking, and their order."""
    fusion = Fusion()
    answer = engine.search(Request(query, mode, limit=1000, copies=Copies.LISTED))
    expected = SlowRanking(opened, query, mode, encode, fusion).scores()
    keys = {hit.article.id: engine.key(hit.article.id) for hit in answer.shown}
    assert {keys[hit.article.id] for hit in answer.shown} == set(expected)
    for hits in (answer.hits, answer.below):
        scores = [hit.score for hit in hits]
        assert scores == pytest.approx([expected[keys[hit.article.id]] for hit in hits], abs=1e-4)
        assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-9)
    assert answer.total == len(answer.hits)
