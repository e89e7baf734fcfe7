"""Recency and reranking: their contributions add up, and the order follows them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import EncoderUnavailable
from search.local.reader import Generation
from search.protocols import Floats, Reranker
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.fusion import Fused, FusedLeg, score
from search.retrieval.request import Request
from search.retrieval.rescoring import RECENCY, RankedArticle, ages, favour_recent, rerank
from search.retrieval.retriever import SemanticIndex
from search.types import Article, Contribution, Copies, Fusion, FusionMethod, Hits, Leg, Mode, Rescoring, Sort
from tests.fakes import FakeEncoder, engine_of, engine_over

TODAY = date(2023, 9, 13)
every_mode = pytest.mark.parametrize("mode", list(Mode))
points = st.floats(-5, 5).map(lambda value: round(value, 3))


@dataclass
class Backwards:
    """Puts the longest texts first; keeps what it was asked."""

    asked: list[tuple[str, list[str]]] = field(default_factory=list)

    def score(self, query: str, texts: Sequence[str]) -> Floats:
        self.asked.append((query, list(texts)))
        return np.array([len(text) for text in texts], np.float32)


def _engine(generation: Generation, reranker: Reranker) -> Engine:
    semantic = SemanticIndex(FakeEncoder(), generation.vectors)
    return Engine(generation.store, generation.keyword, lambda: semantic, "g", lambda: reranker)


def _request(text: str = "munitions Russie", depth: int = 3, half_life: float = 0.0) -> Request:
    rescoring = Rescoring(half_life, depth)
    return Request(parse(text, TODAY), limit=50, rescoring=rescoring, copies=Copies.LISTED)


def _ids(answer: Hits) -> list[str]:
    return [hit.article.id for hit in answer.hits]


def _contributions(*points: float) -> tuple[Contribution, ...]:
    return tuple(Contribution(Leg.SEMANTIC, 1, 0.0, value, 1.0, value) for value in points)


def test_ages_count_from_the_latest_date() -> None:
    days = ages(["2023-09-11T08:30", "", "2023-09-12", "2023-08", "2022"])
    assert days.tolist()[:1] == [1.0]
    assert math.isnan(days[1])
    assert days.tolist()[2:] == [0, 42, 619]
    assert np.isnan(ages(["", ""])).all()
    assert ages([]).tolist() == []


def test_one_date_in_the_future_does_not_make_all_others_old() -> None:
    many = ["2020-01-01"] * 1000 + ["2020-01-11"] * 1000
    assert set(ages([*many, "2092-09-01"]).tolist()) == {10, 0}


def test_recent_articles_gain_a_share_of_their_score() -> None:
    merged = np.array([3.0, 4.0, 3.0, -1.0])
    ones = np.ones(4)
    fused = Fused((FusedLeg(Leg.SEMANTIC, np.arange(1, 5), merged.astype(np.float32), merged, ones),), 4)
    favoured = favour_recent(fused, np.array([0, 60, np.nan, 0]), 30)
    assert favoured.legs[0] is fused.legs[0]
    newest, older, undated, far = (parts[-1] for parts in favoured.contributions(np.arange(4)))
    assert newest == Contribution(Leg.RECENCY, 1, 0, 1, RECENCY * 3, RECENCY * 3)
    assert older == Contribution(Leg.RECENCY, 3, -60, 0.25, RECENCY * 4, RECENCY)
    assert undated == Contribution(Leg.RECENCY, 0, 0, 0, 0, 0)
    assert far.points == 0
    half_way, *_ = (
        parts[-1] for parts in favour_recent(fused, np.array([45, 0, 0, 0]), 30).contributions(np.arange(4))
    )
    assert half_way.standardised == pytest.approx(0.5**1.5)


@given(st.lists(points, min_size=1, max_size=40), st.data())
def test_the_first_articles_follow_the_reranker_and_stay_above_the_others(
    scores: list[float], data: st.DataObject
) -> None:
    scores.sort(reverse=True)
    ranking = [RankedArticle(key, _contributions(value)) for key, value in enumerate(scores)]
    opinions = np.array(data.draw(st.lists(st.floats(-9, 9, width=16), max_size=len(scores))), np.float32)
    reranked = rerank(ranking, opinions)
    first = reranked[: len(opinions)]
    assert sorted(article.key for article in first) == list(range(len(opinions)))
    assert reranked[len(opinions) :] == ranking[len(opinions) :]
    order = [(-opinions[article.key], article.key) for article in first]
    assert order == sorted(order)
    assert [article.score for article in reranked] == pytest.approx(scores)
    assert [article.score for article in reranked] == [score(article.contributions) for article in reranked]
    for rank, article in enumerate(first, start=1):
        opinion = article.contributions[-1]
        assert (opinion.leg, opinion.rank, opinion.score) == (Leg.RERANK, rank, opinions[article.key])
        assert opinion.points == opinion.weight * opinion.standardised


@every_mode
@pytest.mark.parametrize("method", FusionMethod)
@pytest.mark.parametrize("rescoring", [Rescoring(30), Rescoring(0, 3), Rescoring(400, 4)])
def test_a_score_is_the_sum_of_its_contributions_and_explained_by_them(
    generation: Generation, mode: Mode, method: FusionMethod, rescoring: Rescoring
) -> None:
    engine = _engine(generation, Backwards())
    asked = replace(_request(), mode=mode, fusion=Fusion(method), rescoring=rescoring)
    results = engine.search(asked).hits
    assert len(results) >= 5
    for result in results:
        assert result.score == sum(part.points for part in result.contributions)
        assert engine.hit(asked, result.article.id).contributions == result.contributions
        assert engine.explain(asked, result).contributions == result.contributions
    scores = [result.score for result in results]
    assert scores == pytest.approx(sorted(scores, reverse=True))
    legs = [[part.leg for part in result.contributions] for result in results]
    assert [Leg.RERANK in own for own in legs] == [place < rescoring.depth for place in range(len(legs))]
    dated = [result.article.published != "" for result in results]
    assert [Leg.RECENCY in own for own in legs] == [bool(rescoring.half_life) and known for known in dated]


def test_the_reranker_reads_titles_and_best_passages_once(generation: Generation) -> None:
    reranker = Backwards()
    engine = _engine(generation, reranker)
    merged = engine.search(_request(depth=0))
    answer = engine.search(_request())
    texts = [f"{hit.article.title}\n{hit.passage.text}" for hit in merged.hits[:3]]
    assert reranker.asked == [("munitions Russie", texts)]
    expected = sorted(merged.hits[:3], key=lambda hit: -len(hit.article.title + hit.passage.text))
    assert _ids(answer) == [hit.article.id for hit in expected] + _ids(merged)[3:]
    assert _ids(answer) != _ids(merged)
    engine.explain(_request(), engine.hit(_request(), _ids(answer)[0]))
    assert [name for name, _ in engine.rank(_request())] == _ids(answer)
    assert len(reranker.asked) == 1


def test_pages_are_parts_of_one_reranked_order(generation: Generation) -> None:
    engine = _engine(generation, Backwards())
    whole = _ids(engine.search(_request()))
    pages = [engine.search(replace(_request(), limit=2, offset=start)) for start in range(0, len(whole), 2)]
    assert [article for page in pages for article in _ids(page)] == whole


def test_nothing_is_reranked_by_date_nor_without_words_nor_unless_asked(generation: Generation) -> None:
    reranker = Backwards()
    engine = _engine(generation, reranker)
    by_date = replace(_request(), sort=Sort.DATE)
    assert _ids(engine.search(by_date)) == _ids(engine.search(replace(by_date, rescoring=Rescoring())))
    assert engine.search(Request(_request().query)).hits
    assert engine.search(_request("source:Nord")).hits
    assert engine.search(_request("zzz +zzz")).hits == ()
    assert reranker.asked == []


def test_a_reranker_that_cannot_be_had_ends_a_search_that_asks_for_it(generation: Generation) -> None:
    def missing() -> Reranker:
        raise EncoderUnavailable("It is not here.")

    semantic = SemanticIndex(FakeEncoder(), generation.vectors)
    engine = Engine(generation.store, generation.keyword, lambda: semantic, "g", missing)
    assert engine.search(_request(depth=0)).hits
    with pytest.raises(EncoderUnavailable, match=r"It is not here\."):
        engine.search(_request())


def test_an_engine_without_a_reranker_leaves_the_order(generation: Generation) -> None:
    engine = engine_of(generation)
    assert _ids(engine.search(_request())) == _ids(engine.search(_request(depth=0)))


def test_of_two_like_articles_the_recent_one_comes_first(tmp_path: Path) -> None:
    texts = [("old", "2019-03-02"), ("undated", ""), ("new", "2023-09-01"), ("middle", "2023-03-05")]
    about = [Article(name, "Un train", "Le train est arrivé.", published) for name, published in texts]
    other = Article("other", "La mer", "La mer est calme.", "2023-09-02")
    with engine_over(tmp_path, [*about, other]) as engine:
        asked = replace(_request("train", 0, half_life=180), mode=Mode.SEMANTIC)
        plain = engine.search(replace(asked, rescoring=Rescoring()))
        recent = engine.search(asked)
    assert _ids(plain)[:4] == ["old", "undated", "new", "middle"]
    assert _ids(recent)[:4] == ["new", "middle", "old", "undated"]
