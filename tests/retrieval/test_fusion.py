from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.protocols import Floats
from search.retrieval.fusion import (
    Fused,
    LegScores,
    favour_covered,
    fuse,
    keyword_strength,
    lift,
    ranks,
    score,
)
from search.types import Contribution, Fusion, FusionMethod, Leg
from tests.strategies import COSINES, FUSIONS, answers, floats

Answer = tuple[list[LegScores], Floats]
Parts = list[tuple[Contribution, ...]]

KEYWORD = LegScores(Leg.KEYWORD, floats([6, 2, 0]), mean=2.0, deviation=4.0)
PASSAGE = LegScores(Leg.PASSAGE, floats([3, 5, 0]), mean=1.0, deviation=2.0)
SEMANTIC = LegScores(Leg.SEMANTIC, floats([0.5, 0.75, 0.875]), mean=0.5, deviation=0.125)
COVERAGE = floats([1.0, 0.25, 0.0])


def fused(legs: list[LegScores], coverage: Floats, fusion: Fusion) -> Parts:
    """By candidate, what each leg contributes."""
    return contributions(fuse(legs, coverage, fusion))


def contributions(answer: Fused) -> Parts:
    return answer.contributions(np.arange(answer.size))


def points(legs: list[LegScores], coverage: Floats, fusion: Fusion) -> list[list[float]]:
    return [[part.points for part in parts] for parts in fused(legs, coverage, fusion)]


def order(legs: list[LegScores], coverage: Floats, fusion: Fusion) -> list[int]:
    """The candidates, best first, ties in the order given."""
    scores = [score(parts) for parts in fused(legs, coverage, fusion)]
    return sorted(range(len(scores)), key=lambda candidate: -scores[candidate])


def test_the_default_by_hand() -> None:
    found = fused([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, Fusion())
    assert [[part.leg for part in parts] for parts in found] == [[Leg.KEYWORD, Leg.PASSAGE, Leg.SEMANTIC]] * 3
    assert [[part.rank for part in parts] for parts in found] == [[1, 2, 3], [2, 1, 2], [0, 0, 1]]
    assert [[part.score for part in parts] for parts in found] == [[6, 3, 0.5], [2, 5, 0.75], [0, 0, 0.875]]
    assert [[part.standardised for part in parts] for parts in found] == [
        [1, 1, 0],
        [0, 2, 2],
        [-0.5, -0.5, 3],
    ]
    assert [[part.weight for part in parts] for parts in found] == [
        pytest.approx([0.225, 0.075, 0.7]),
        pytest.approx([0.05625, 0.01875, 0.7]),
        [0.0, 0.0, 0.7],
    ]
    assert [score(parts) for parts in found] == pytest.approx([0.3, 1.4375, 2.1])


def test_reciprocal_ranks_by_hand() -> None:
    fusion = Fusion(FusionMethod.RRF, semantic=1.0, keyword=2.0, passage_share=0.5, rrf_k=9)
    assert points([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, fusion) == [
        pytest.approx([1 / 10, 1 / 11, 1 / 12]),
        pytest.approx([1 / 11, 1 / 10, 1 / 11]),
        pytest.approx([0.0, 0.0, 1 / 10]),
    ]


def test_the_convex_combination_by_hand() -> None:
    fusion = Fusion(FusionMethod.CONVEX, semantic=0.5, keyword=0.5, passage_share=0.2)
    assert points([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, fusion) == [
        pytest.approx([0.4, 0.06, 0.5 * 1.5 / 1.875]),
        pytest.approx([0.4 / 3, 0.1, 0.5 * 1.75 / 1.875]),
        pytest.approx([0.0, 0.0, 0.5]),
    ]


def test_a_leg_that_did_not_answer_is_left_out() -> None:
    alone = fused([SEMANTIC], COVERAGE, Fusion())
    assert [[part.leg for part in parts] for parts in alone] == [[Leg.SEMANTIC]] * 3
    assert order([SEMANTIC], COVERAGE, Fusion()) == [2, 1, 0]


def test_no_candidates_have_no_contributions() -> None:
    nobody = [replace(leg, scores=floats([])) for leg in (KEYWORD, PASSAGE, SEMANTIC)]
    assert [fused(nobody, floats([]), Fusion(method)) for method in FusionMethod] == [[], [], []]


@pytest.mark.parametrize("method", FusionMethod)
def test_a_leg_that_found_nothing_adds_the_same_to_all(method: FusionMethod) -> None:
    silent = LegScores(Leg.KEYWORD, floats([0, 0, 0]), mean=0.0, deviation=0.0)
    assert [parts[0].points for parts in fused([silent, SEMANTIC], COVERAGE, Fusion(method))] == [
        0.0,
        0.0,
        0.0,
    ]
    assert [parts[0].rank for parts in fused([silent, SEMANTIC], COVERAGE, Fusion(method))] == [0, 0, 0]


@pytest.mark.parametrize("scores", [[1.0, 1.0, 1.0], [0.0, 5.0, 0.0]])
def test_a_leg_without_deviation_adds_nothing(scores: list[float]) -> None:
    flat = LegScores(Leg.SEMANTIC, floats(scores), mean=1.0, deviation=0.0)
    assert points([flat], COVERAGE, Fusion()) == [[0.0], [0.0], [0.0]]


def test_ranks_count_from_one_and_ties_keep_their_order() -> None:
    assert ranks(floats([0.5, 2.0, 0.5, 7.0, 2.0])).tolist() == [4, 2, 5, 1, 3]
    assert ranks(floats([])).tolist() == []


def test_candidates_that_tie_have_the_same_points() -> None:
    legs = [replace(leg, scores=floats([1, 1])) for leg in (KEYWORD, PASSAGE, SEMANTIC)]
    first, second = points(legs, floats([0.5, 0.5]), Fusion())
    assert first == second
    assert order(legs, floats([0.5, 0.5]), Fusion()) == [0, 1]


@given(answers(), FUSIONS)
def test_points_are_weights_times_what_was_compared(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    found = fused(legs, coverage, fusion)
    assert fuse(legs, coverage, fusion).scores.tolist() == [score(parts) for parts in found]
    assert len(found) == len(coverage)
    for candidate, parts in enumerate(found):
        assert [part.leg for part in parts] == [leg.leg for leg in legs]
        assert [part.score for part in parts] == [leg.scores[candidate] for leg in legs]
        assert all(part.points == part.weight * part.standardised for part in parts)
        assert score(parts) == sum(part.points for part in parts)


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
        assert [parts[place].rank for parts in fused(legs, coverage, fusion)] == expected


def found_before(scores: Floats, candidate: int) -> int:
    before: list[float] = scores[:candidate].tolist()
    return before.count(float(scores[candidate]))


@given(answers(), FUSIONS)
def test_the_default_is_the_formula(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    keyword, passage, semantic = legs
    found = fused(legs, coverage, replace(fusion, method=FusionMethod.STANDARDISED))

    def z(leg: LegScores, candidate: int) -> float:
        return (float(leg.scores[candidate]) - leg.mean) / leg.deviation if leg.deviation else 0.0

    for i, parts in enumerate(found):
        words = (1 - fusion.passage_share) * z(keyword, i) + fusion.passage_share * z(passage, i)
        by_meaning = fusion.semantic * z(semantic, i)
        known = fusion.keyword * float(coverage[i])
        scale = abs(by_meaning) + known * (abs(z(keyword, i)) + abs(z(passage, i)))
        assert score(parts) == pytest.approx(by_meaning + known * words, rel=1e-5, abs=1e-5 * scale + 1e-12)


@given(answers(), FUSIONS)
def test_reciprocal_ranks_are_the_formula(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    shares = [
        fusion.keyword * (1 - fusion.passage_share),
        fusion.keyword * fusion.passage_share,
        fusion.semantic,
    ]
    for parts in fused(legs, coverage, replace(fusion, method=FusionMethod.RRF)):
        expected = [
            share / (fusion.rrf_k + part.rank) if part.rank else 0.0
            for share, part in zip(shares, parts, strict=True)
        ]
        assert [part.points for part in parts] == pytest.approx(expected)


@given(answers(), FUSIONS)
def test_convex_points_lie_between_nothing_and_the_weight(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    found = fused(legs, coverage, replace(fusion, method=FusionMethod.CONVEX))
    assert all(0 <= part.points <= part.weight for parts in found for part in parts)
    for place, leg in enumerate(legs):
        best = found[int(np.argmax(leg.scores))][place]
        assert best.standardised == (1.0 if best.rank else 0.0)


@given(answers(), FUSIONS)
def test_keywords_that_know_nothing_of_the_query_are_silent(answer: Answer, fusion: Fusion) -> None:
    legs, coverage = answer
    unknown = np.zeros_like(coverage)
    for parts in fused(legs, unknown, replace(fusion, method=FusionMethod.STANDARDISED)):
        assert [part.points for part in parts[:2]] == [0.0, 0.0]
        assert score(parts) == parts[2].points


@given(answers(), FUSIONS)
def test_the_keyword_leg_is_ordered_by_its_part_of_the_score(answer: Answer, fusion: Fusion) -> None:
    (keyword, passage, _), coverage = answer
    part = [
        score(parts)
        for parts in fused([keyword, passage], coverage, replace(fusion, method=FusionMethod.STANDARDISED))
    ]
    strength = fusion.keyword * keyword_strength(keyword, passage, coverage, fusion)
    assert part == pytest.approx(
        strength.tolist(), rel=1e-5, abs=1e-5 * float(np.abs(strength).max()) + 1e-12
    )


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


LITERAL = np.array([True, False, False])


def test_a_literal_match_below_an_article_without_a_word_is_raised_to_just_above_it_by_hand() -> None:
    before = fuse([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, Fusion())
    after = lift(before, COVERAGE, LITERAL)
    assert after.scores.tolist() == pytest.approx([2.1, 1.4375, 2.1])
    assert after.scores[0] > after.scores[2]
    assert [parts[:-1] for parts in contributions(after)] == contributions(before)
    raised = [parts[-1] for parts in contributions(after)]
    assert [part.leg for part in raised] == [Leg.LITERAL] * 3
    assert [part.rank for part in raised] == [1, 0, 0]
    assert [part.points for part in raised] == pytest.approx([1.8, 0, 0])


def test_nothing_is_raised_where_nothing_lies_below() -> None:
    before = fuse([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, Fusion())
    every_word = floats([1.0, 0.25, 0.5])
    assert lift(before, COVERAGE, np.zeros(3, bool)) is before
    strong = fuse([KEYWORD, PASSAGE], COVERAGE, Fusion())
    assert lift(strong, COVERAGE, LITERAL) is strong
    all_hold = fuse([KEYWORD, PASSAGE, SEMANTIC], every_word, Fusion())
    assert lift(all_hold, every_word, LITERAL) is all_hold


@given(answers(), FUSIONS, st.data())
def test_no_literal_match_lies_below_an_article_without_a_word(
    answer: Answer, fusion: Fusion, data: st.DataObject
) -> None:
    legs, coverage = answer
    literal = np.array([share > 0 and data.draw(st.booleans()) for share in coverage])
    before = fuse(legs, coverage, fusion).scores
    after = lift(fuse(legs, coverage, fusion), coverage, literal)
    assert after.scores[~literal].tolist() == before[~literal].tolist()
    assert (after.scores >= before).all()
    assert after.scores.tolist() == [score(parts) for parts in contributions(after)]
    if literal.any() and (coverage <= 0).any():
        assert after.scores[literal].min() > after.scores[coverage <= 0].max()


def test_what_an_article_holds_of_the_query_is_a_leg_by_hand() -> None:
    before = fuse([KEYWORD, PASSAGE, SEMANTIC], COVERAGE, Fusion())
    after = favour_covered(before, COVERAGE, 2.0)
    covered = [parts[-1] for parts in contributions(after)]
    assert [part.leg for part in covered] == [Leg.COVERAGE] * 3
    assert [(part.rank, part.score, part.points) for part in covered] == [
        (1, 1.0, 2.0),
        (2, 0.25, 0.5),
        (0, 0.0, 0.0),
    ]
    assert after.scores.tolist() == [score(parts) for parts in contributions(after)]
    assert favour_covered(before, COVERAGE, 0.0) is before
