import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.fusion import LegScores, fuse, keyword_strength, ranks, score
from search.model import Fusion, Leg, Method
from search.protocols import Floats

from .strategies import COSINES, FUSIONS, answers, floats

Answer = tuple[list[LegScores], Floats]

KEYWORD = LegScores(Leg.KEYWORD, floats([6, 2, 0]), mean=2.0, deviation=4.0)
PASSAGE = LegScores(Leg.PASSAGE, floats([3, 5, 0]), mean=1.0, deviation=2.0)
SEMANTIC = LegScores(Leg.SEMANTIC, floats([0.5, 0.75, 0.875]), mean=0.5, deviation=0.125)
COVERAGE = floats([1.0, 0.25, 0.0])


def points(legs: list[LegScores], coverage: Floats, fusion: Fusion) -> list[list[float]]:
    return [[part.points for part in parts] for parts in fuse(legs, coverage, fusion)]


def order(legs: list[LegScores], coverage: Floats, fusion: Fusion) -> list[int]:
    """The candidates, best first, ties in the order given."""
    scores = [score(parts) for parts in fuse(legs, coverage, fusion)]
    return sorted(range(len(scores)), key=lambda candidate: -scores[candidate])


def test_the_default_by_hand() -> None:
    fused = fuse([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, Fusion())
    assert [[part.leg for part in parts] for parts in fused] == [[Leg.KEYWORD, Leg.PASSAGE, Leg.SEMANTIC]] * 3
    assert [[part.rank for part in parts] for parts in fused] == [[1, 2, 3], [2, 1, 2], [0, 0, 1]]
    assert [[part.score for part in parts] for parts in fused] == [[6, 3, 0.5], [2, 5, 0.75], [0, 0, 0.875]]
    assert [[part.standardised for part in parts] for parts in fused] == [
        [1, 1, 0],
        [0, 2, 2],
        [-0.5, -0.5, 3],
    ]
    assert [[part.weight for part in parts] for parts in fused] == [
        pytest.approx([0.225, 0.075, 0.7]),
        pytest.approx([0.1125, 0.0375, 0.7]),
        [0.0, 0.0, 0.7],
    ]
    assert [score(parts) for parts in fused] == pytest.approx([0.3, 1.475, 2.1])


def test_reciprocal_ranks_by_hand() -> None:
    fusion = Fusion(Method.RRF, semantic=1.0, keyword=2.0, passage_share=0.5, rrf_k=9)
    assert points([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, fusion) == [
        pytest.approx([1 / 10, 1 / 11, 1 / 12]),
        pytest.approx([1 / 11, 1 / 10, 1 / 11]),
        pytest.approx([0.0, 0.0, 1 / 10]),
    ]


def test_the_convex_combination_by_hand() -> None:
    fusion = Fusion(Method.CONVEX, semantic=0.5, keyword=0.5, passage_share=0.2)
    assert points([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, fusion) == [
        pytest.approx([0.4, 0.06, 0.5 * 1.5 / 1.875]),
        pytest.approx([0.4 / 3, 0.1, 0.5 * 1.75 / 1.875]),
        pytest.approx([0.0, 0.0, 0.5]),
    ]


def test_a_leg_that_did_not_answer_is_left_out() -> None:
    alone = fuse([SEMANTIC], COVERAGE, Fusion())
    assert [[part.leg for part in parts] for parts in alone] == [[Leg.SEMANTIC]] * 3
    assert order([SEMANTIC], COVERAGE, Fusion()) == [2, 1, 0]


def test_no_candidates_have_no_contributions() -> None:
    nobody = [replace(leg, scores=floats([])) for leg in (KEYWORD, PASSAGE, SEMANTIC)]
    assert [fuse(nobody, floats([]), Fusion(method)) for method in Method] == [[], [], []]


@pytest.mark.parametrize("method", Method)
def test_a_leg_that_found_nothing_adds_the_same_to_all(method: Method) -> None:
    silent = LegScores(Leg.KEYWORD, floats([0, 0, 0]), mean=0.0, deviation=0.0)
    assert [parts[0].points for parts in fuse([silent, SEMANTIC], COVERAGE, Fusion(method))] == [
        0.0,
        0.0,
        0.0,
    ]
    assert [parts[0].rank for parts in fuse([silent, SEMANTIC], COVERAGE, Fusion(method))] == [0, 0, 0]


@pytest.mark.parametrize("scores", [[1.0, 1.0, 1.0], [0.0, 5.0, 0.0]])
def test_a_leg_without_deviation_adds_nothing(scores: list[float]) -> None:
    flat = LegScores(Leg.SEMANTIC, floats(scores), mean=1.0, deviation=0.0)
    assert points([flat], COVERAGE, Fusion()) == [[0.0], [0.0], [0.0]]


def test_ranks_count_from_one_and_ties_keep_their_order() -> None:
    assert ranks(floats([0.5, 2.0, 0.5, 7.0, 2.0])) == [4, 2, 5, 1, 3]
    assert ranks(floats([])) == []


def test_candidates_that_tie_have_the_same_points() -> None:
    legs = [replace(leg, scores=floats([1, 1])) for leg in (KEYWORD, PASSAGE, SEMANTIC)]
    first, second = points(legs, floats([0.5, 0.5]), Fusion())
    assert first == second
    assert order(legs, floats([0.5, 0.5]), Fusion()) == [0, 1]


@settings(deadline=None)
@given(answers(), FUSIONS)
def test_points_are_weights_times_what_was_compared(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    fused = fuse(legs, coverage, fusion)
    assert len(fused) == len(coverage)
    for candidate, parts in enumerate(fused):
        assert [part.leg for part in parts] == [leg.leg for leg in legs]
        assert [part.score for part in parts] == [leg.scores[candidate] for leg in legs]
        assert all(part.points == part.weight * part.standardised for part in parts)
        assert score(parts) == sum(part.points for part in parts)


@settings(deadline=None)
@given(answers(), FUSIONS)
def test_ranks_are_among_the_candidates_that_a_leg_found(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    for place, leg in enumerate(legs):
        least = -1.0 if leg.leg is Leg.SEMANTIC else 0.0
        found = [float(each) for each in leg.scores if each > least]
        expected = [
            0 if each <= least else 1 + sum(other > each for other in found) + found_before(leg.scores, i)
            for i, each in enumerate(leg.scores.tolist())
        ]
        assert [parts[place].rank for parts in fuse(legs, coverage, fusion)] == expected


def found_before(scores: Floats, candidate: int) -> int:
    before: list[float] = scores[:candidate].tolist()
    return before.count(float(scores[candidate]))


@settings(deadline=None)
@given(answers(), FUSIONS)
def test_the_default_is_the_formula(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    keyword, passage, semantic = legs
    fused = fuse(legs, coverage, replace(fusion, method=Method.STANDARDISED))

    def z(leg: LegScores, candidate: int) -> float:
        return (float(leg.scores[candidate]) - leg.mean) / leg.deviation if leg.deviation else 0.0

    for i, parts in enumerate(fused):
        words = (1 - fusion.passage_share) * z(keyword, i) + fusion.passage_share * z(passage, i)
        meant = fusion.semantic * z(semantic, i)
        known = fusion.keyword * math.sqrt(coverage[i])
        scale = abs(meant) + known * (abs(z(keyword, i)) + abs(z(passage, i)))
        assert score(parts) == pytest.approx(meant + known * words, rel=1e-5, abs=1e-5 * scale + 1e-12)


@settings(deadline=None)
@given(answers(), FUSIONS)
def test_reciprocal_ranks_are_the_formula(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    shares = [
        fusion.keyword * (1 - fusion.passage_share),
        fusion.keyword * fusion.passage_share,
        fusion.semantic,
    ]
    for parts in fuse(legs, coverage, replace(fusion, method=Method.RRF)):
        expected = [
            share / (fusion.rrf_k + part.rank) if part.rank else 0.0
            for share, part in zip(shares, parts, strict=True)
        ]
        assert [part.points for part in parts] == pytest.approx(expected)


@settings(deadline=None)
@given(answers(), FUSIONS)
def test_convex_points_lie_between_nothing_and_the_weight(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    fused = fuse(legs, coverage, replace(fusion, method=Method.CONVEX))
    assert all(0 <= part.points <= part.weight for parts in fused for part in parts)
    for place, leg in enumerate(legs):
        best = fused[int(np.argmax(leg.scores))][place]
        assert best.standardised == (1.0 if best.rank else 0.0)


@settings(deadline=None)
@given(answers(), FUSIONS)
def test_keywords_that_know_nothing_of_the_query_are_silent(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    unknown = np.zeros_like(coverage)
    for parts in fuse(legs, unknown, replace(fusion, method=Method.STANDARDISED)):
        assert [part.points for part in parts[:2]] == [0.0, 0.0]
        assert score(parts) == parts[2].points


@settings(deadline=None)
@given(answers(), FUSIONS)
def test_the_keyword_leg_is_ordered_by_its_part_of_the_score(answer: Answer, fusion: Fusion) -> None:
    (keyword, passage, _), coverage = answer
    part = [
        score(parts)
        for parts in fuse([keyword, passage], coverage, replace(fusion, method=Method.STANDARDISED))
    ]
    strength = fusion.keyword * keyword_strength(keyword, passage, coverage, fusion)
    assert part == pytest.approx(
        strength.tolist(), rel=1e-5, abs=1e-5 * float(np.abs(strength).max()) + 1e-12
    )


@settings(deadline=None)
@given(answers(), FUSIONS, st.data())
def test_a_higher_semantic_score_never_lowers_a_place(
    answer: Answer, fusion: Fusion, data: st.DataObject
) -> None:
    legs, coverage = answer
    candidate = data.draw(st.integers(0, len(coverage) - 1))
    raised = legs[2].scores.copy()
    raised[candidate] = max(float(raised[candidate]), data.draw(COSINES))
    before = order(legs, coverage, fusion).index(candidate)
    assert order([*legs[:2], replace(legs[2], scores=raised)], coverage, fusion).index(candidate) <= before
