"""Tests of answers from an index whose passages are not all encoded."""

import numpy as np
import pytest
from hypothesis import given

from search.errors import EncoderUnavailable
from search.local.reader import Generation
from search.protocols import Bools, Floats
from search.query.plain import plain_query
from search.retrieval.confidence import LEXICAL
from search.retrieval.engine import Engine
from search.retrieval.fusion import LegScores, fuse, score, smooth
from search.retrieval.request import Request
from search.retrieval.retriever import SemanticIndex
from search.types import Article, Fusion, FusionMethod, Hits, Leg, Mode
from tests.fakes import FakeEncoder, InMemory
from tests.press import PRESS
from tests.strategies import COSINES, FUSIONS, floats, lists

UNKNOWN = float("nan")
QUERY = "Pyongyang livre des munitions"


def _answers(generation: Generation, lacking: set[int], mode: Mode = Mode.HYBRID, query: str = QUERY) -> Hits:
    """The answer where these articles are not encoded."""
    return _engine(generation, lacking).search(Request(plain_query(query), mode))


def _engine(generation: Generation, lacking: set[int]) -> Engine:
    rows = generation.store.chunk_count
    article = np.array([chunk.article for chunk in generation.store.chunks(range(rows))])
    encoded: Bools = ~np.isin(article, sorted(lacking))
    vectors = InMemory(generation.vectors.of_rows(np.arange(rows)), encoded)
    semantic = SemanticIndex(FakeEncoder(), vectors)
    return Engine(generation.store, generation.keyword, lambda: semantic, "")


def _ids(hits: Hits) -> list[str]:
    return [hit.article.id for hit in hits.hits]


def _contribution(hits: Hits, article: Article, leg: Leg) -> tuple[int, float]:
    """Rank and points that a leg gives an article."""
    (hit,) = (hit for hit in hits.hits if hit.article.id == article.id)
    (part,) = (part for part in hit.contributions if part.leg is leg)
    return part.rank, part.points


def test_a_complete_index_lacks_nothing(generation: Generation) -> None:
    assert _answers(generation, set()).degraded == ()


def test_the_best_answer_stays_first_when_it_is_not_encoded(generation: Generation) -> None:
    whole = _answers(generation, set())
    best = next(key for key, article in enumerate(PRESS) if article.id == _ids(whole)[0])
    partial = _answers(generation, {best})
    assert _ids(partial)[0] == PRESS[best].id
    rank, points = _contribution(partial, PRESS[best], Leg.SEMANTIC)
    assert rank == 0
    assert points > 0
    assert [str(line) for line in partial.degraded] == [
        "Only 93 % of the passages are encoded; words alone judge the others."
    ]


def test_an_article_without_vectors_has_the_confidence_of_its_words(generation: Generation) -> None:
    words = _answers(generation, set(), mode=Mode.KEYWORD)
    best = next(key for key, article in enumerate(PRESS) if article.id == _ids(words)[0])
    partial, whole = _answers(generation, {best}), _answers(generation, set())
    assert partial.hits[0].confidence == words.hits[0].confidence
    others = {hit.article.id: hit.confidence for hit in whole.hits[1:]}
    assert others
    assert {hit.article.id: hit.confidence for hit in partial.hits[1:]} == pytest.approx(others, abs=0.05)


def test_the_explanation_of_an_article_without_vectors_is_that_of_its_words(generation: Generation) -> None:
    engine = _engine(generation, {0})
    request = Request(plain_query(QUERY))
    confidence = engine.explain(request, engine.hit(request, PRESS[0].id)).confidence
    assert confidence is not None
    assert (confidence.constant, confidence.meaning, confidence.likeness) == (LEXICAL.constant, 0, 0)
    assert confidence.confidence == engine.hit(request, PRESS[0].id).confidence


def test_meaning_alone_finds_what_is_encoded_and_says_so(generation: Generation) -> None:
    whole = _answers(generation, set(), mode=Mode.SEMANTIC)
    best = next(key for key, article in enumerate(PRESS) if article.id == _ids(whole)[0])
    partial = _answers(generation, {best}, mode=Mode.SEMANTIC)
    assert PRESS[best].id not in _ids(partial)
    assert _ids(partial)
    assert [str(line) for line in partial.degraded] == [
        "Only 93 % of the passages are encoded; the others cannot be found."
    ]


def test_nothing_encoded_is_answered_by_words(generation: Generation) -> None:
    everything = set(range(len(PRESS)))
    hybrid, words = _answers(generation, everything), _answers(generation, set(), mode=Mode.KEYWORD)
    assert [(hit.article.id, hit.score, hit.confidence) for hit in hybrid.hits] == [
        (hit.article.id, hit.score, hit.confidence) for hit in words.hits
    ]
    assert [str(line) for line in hybrid.degraded] == [
        "Answered by keywords only: no passage is encoded yet; to go on with it, run: depeche build PATH"
    ]
    with pytest.raises(EncoderUnavailable, match="no passage is encoded yet"):
        _answers(generation, everything, mode=Mode.SEMANTIC)


def test_what_is_like_an_article_is_asked_of_its_vectors(generation: Generation) -> None:
    similar = _engine(generation, {3}).similar(PRESS[0].id, 20)
    assert PRESS[3].id not in _ids(similar)
    assert len(similar.degraded) == 1
    with pytest.raises(EncoderUnavailable, match="This article is not encoded yet"):
        _engine(generation, {3}).similar(PRESS[3].id, 20)


KEYWORD = LegScores(Leg.KEYWORD, floats([6, 2, 2]), mean=2.0, deviation=4.0)
PASSAGE = LegScores(Leg.PASSAGE, floats([3, 1, 1]), mean=1.0, deviation=2.0)
SEMANTIC = LegScores(Leg.SEMANTIC, floats([UNKNOWN, UNKNOWN, 0.625]), mean=0.5, deviation=0.125)


def test_meaning_that_is_not_known_is_what_the_words_let_expect() -> None:
    fused = fuse([KEYWORD, PASSAGE, SEMANTIC], floats([0.5, 1, 1]), Fusion())
    _, _, meaning = fused.legs
    assert meaning.compared.tolist() == pytest.approx([0.6 * 0.5 * 1, 0, 1])
    assert meaning.ranks.tolist() == [0, 0, 1]
    assert meaning.scores.tolist() == pytest.approx([0.5 + 0.3 * 0.125, 0.5, 0.625])


def test_no_words_let_expect_more_than_four_deviations() -> None:
    strong = LegScores(Leg.KEYWORD, floats([100, 2, 2]), mean=2.0, deviation=4.0)
    _, _, meaning = fuse([strong, PASSAGE, SEMANTIC], floats([1, 1, 1]), Fusion()).legs
    assert meaning.compared.tolist() == [4, 0, 1]


def test_without_words_it_is_the_mean_of_the_archive() -> None:
    (meaning,) = fuse([SEMANTIC], floats([0, 0, 0]), Fusion()).legs
    assert meaning.compared.tolist() == [0, 0, 1]


@given(lists(COSINES, 3), FUSIONS)
def test_the_points_of_the_others_do_not_depend_on_it(cosines: list[float], fusion: Fusion) -> None:
    known = LegScores(Leg.SEMANTIC, floats(cosines), mean=0.5, deviation=0.125)
    unknown = LegScores(Leg.SEMANTIC, floats([UNKNOWN, *cosines[1:]]), mean=0.5, deviation=0.125)
    if fusion.method is not FusionMethod.STANDARDISED:
        return
    coverage = floats([1, 1, 0.5])
    whole = fuse([KEYWORD, PASSAGE, known], coverage, fusion)
    partial = fuse([KEYWORD, PASSAGE, unknown], coverage, fusion)
    assert partial.scores[1:].tolist() == whole.scores[1:].tolist()
    assert [score(parts) for parts in partial.contributions(np.arange(3))] == partial.scores.tolist()


def test_neighbours_speak_for_what_is_encoded_alone() -> None:
    fused = fuse([KEYWORD, PASSAGE, SEMANTIC], floats([1, 1, 1]), Fusion())
    likeness: Floats = np.full((3, 3), np.nan, np.float32)
    likeness[1:, 1:] = [[1, 0.9], [0.9, 1]]
    smoothed = smooth(fused, likeness, np.arange(3), np.full(3, 0.4))
    alone, second, third = fused.scores.tolist()
    assert smoothed.scores.tolist() == pytest.approx(
        [alone, 0.6 * second + 0.4 * third, 0.6 * third + 0.4 * second]
    )
    assert smoothed.legs[-1].ranks.tolist() == [0, 1, 2]
    assert smooth(fused, np.full((3, 3), np.nan, np.float32), np.arange(3), np.full(3, 0.4)) is fused
