"""What each leg adds to the score of a result, through the whole engine."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from search.local.reader import Generation
from search.protocols import Floats, Ints
from search.query.parser import parse
from search.retrieval.engine import Engine
from search.retrieval.query_kind import EXCERPT
from search.retrieval.request import Request
from search.text.analyzer import tokenise
from search.text.stemmer import stem
from search.types import Fusion, FusionMethod, Leg, Mode
from tests.fakes import FakeEncoder, engine_of, no_encoder

from .requests import IDS, TODAY, request_of, shown

every_mode = pytest.mark.parametrize("mode", list(Mode))


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


def _standardised(scores: npt.NDArray[np.float32 | np.float64]) -> npt.NDArray[np.float64]:
    """By article, from the scores of all."""
    wide = scores.astype(np.float64)
    return np.array((wide - wide.mean()) / wide.std())


def _weighted_means(scores: npt.NDArray[np.float64], vectors: Floats, first: Ints) -> npt.NDArray[np.float64]:
    """By article, the weighted mean score of the ten others nearest to it by direction from the centre."""
    centres = np.add.reduceat(vectors.astype(np.float64), first)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    directions = centres - vectors.mean(axis=0)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    cosines = directions @ directions.T
    np.fill_diagonal(cosines, -np.inf)
    nearest = np.argsort(-cosines, axis=1)[:, :10]
    weights = np.exp(np.take_along_axis(cosines, nearest, axis=1) / 0.3)
    return np.average(scores[nearest], axis=1, weights=weights)


@every_mode
@pytest.mark.parametrize(
    "text", ["munitions Russie", "+munitions -Ukraine", "munit* ~2", "le de la", "inconnu"]
)
def test_a_score_is_the_sum_of_its_contributions(engine: Engine, text: str, mode: Mode) -> None:
    answer = engine.search(request_of(text, mode))
    for result in answer.hits:
        assert result.score == sum(part.points for part in result.contributions)
        for part in result.contributions:
            assert part.points == pytest.approx(part.weight * part.standardised)
    assert [result.score for result in answer.hits] == sorted(
        (result.score for result in answer.hits), reverse=True
    )


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (
            Mode.HYBRID,
            (
                Leg.KEYWORD,
                Leg.PASSAGE,
                Leg.SEMANTIC,
                Leg.COVERAGE,
                Leg.NEIGHBOURS,
                Leg.FEEDBACK,
                Leg.EXPANSION,
            ),
        ),
        (Mode.KEYWORD, (Leg.KEYWORD, Leg.PASSAGE, Leg.NEIGHBOURS)),
        (Mode.SEMANTIC, (Leg.SEMANTIC,)),
    ],
)
def test_the_legs_asked_contribute(engine: Engine, mode: Mode, expected: tuple[Leg, ...]) -> None:
    answer = engine.search(request_of("munitions Russie", mode))
    assert answer.hits != ()
    assert {tuple(part.leg for part in result.contributions) for result in answer.hits} == {expected}


@pytest.mark.parametrize("method", FusionMethod)
def test_candidates_speak_for_each_other_in_standardised_scores_only(
    engine: Engine, method: FusionMethod
) -> None:
    hits = engine.search(replace(request_of("munitions Russie"), fusion=Fusion(method))).hits
    legs = {part.leg for hit in hits for part in hit.contributions}
    for leg in (Leg.NEIGHBOURS, Leg.FEEDBACK, Leg.EXPANSION):
        assert (leg in legs) is (method is FusionMethod.STANDARDISED)


def test_words_without_weight_do_not_count_for_coverage_either(engine: Engine) -> None:
    hits = engine.search(replace(request_of("munitions Russie"), fusion=Fusion(keyword=0.0))).hits
    assert Leg.COVERAGE not in {part.leg for hit in hits for part in hit.contributions}


def test_an_excerpt_is_judged_by_whole_articles_without_feedback(engine: Engine) -> None:
    text = (
        "La Corée du Nord est prête à livrer des munitions, des obus, des roquettes à la Russie, selon Séoul"
    )
    hit = engine.search(request_of(f"{text} Pyongyang Kremlin armes usine front guerre")).hits[0]
    weights = {part.leg: part.weight for part in hit.contributions}
    assert not {Leg.FEEDBACK, Leg.EXPANSION} & weights.keys()
    assert EXCERPT.neighbours * 0.6 <= weights[Leg.NEIGHBOURS] < EXCERPT.neighbours


def test_the_words_of_the_first_articles_are_asked(engine: Engine) -> None:
    hits = engine.search(request_of("munitions Russie")).hits
    first = hits[0].article
    asked = [hit for hit in hits if hit.contributions[-1].score > 0]
    stems = {token.stem for token in tokenise(f"{first.title} {first.body}")} - {
        stem("munitions"),
        stem("russie"),
    }
    alike = [hit for hit in hits if stems & {token.stem for token in tokenise(hit.article.body)}]
    assert first.id in [hit.article.id for hit in asked]
    assert {hit.article.id for hit in asked} <= {hit.article.id for hit in alike}
    headline = engine.search(request_of("la Corée du Nord livre munitions obus roquettes armes Russie")).hits[
        0
    ]
    assert Leg.EXPANSION not in {part.leg for part in headline.contributions}


def test_a_score_does_not_depend_on_the_page(engine: Engine) -> None:
    request = Request(parse("munitions Russie", TODAY), limit=50)
    scores = {hit.article.id: hit.contributions for hit in engine.search(request).hits}
    for limit in (1, 2, 3):
        for offset in (0, 1):
            page = engine.search(replace(request, limit=limit, offset=offset))
            assert {hit.article.id: hit.contributions for hit in page.hits}.items() <= scores.items()


def test_scores_are_worked_out_of_what_the_indexes_say(engine: Engine, generation: Generation) -> None:
    query = parse("munitions Russie inconnu", TODAY)
    answer = engine.search(Request(query, limit=50))
    words = generation.keyword.score(query.words)
    first = generation.store.first_rows
    passages = np.maximum.reduceat(words.passages, first)
    near = generation.vectors.similarity(
        FakeEncoder().encode_query(query.text), np.arange(len(words.passages))
    )
    counts = np.diff(first, append=len(near)).astype(np.float32)
    cosines = (np.maximum.reduceat(near, first) + np.add.reduceat(near, first) / counts) / 2
    cosines = cosines.astype(np.float32)
    fusion = Fusion()
    by_words = (1 - fusion.passage_share) * _standardised(words.articles)
    by_words += fusion.passage_share * _standardised(passages)
    scores = fusion.semantic * _standardised(cosines) + fusion.keyword * words.coverage * by_words
    scores += 5 * fusion.keyword * words.coverage
    neighbours = _weighted_means(scores, generation.vectors.of_rows(np.arange(len(near))), first)
    assert sorted(shown(answer)) == sorted(IDS)
    for result in answer.shown:
        key = IDS.index(result.article.id)
        share = 0.5 * (1 - 0.4 * float(words.coverage[key]) ** 2)
        feedback, expansion = result.contributions[-2:]
        assert (feedback.leg, feedback.weight) == (Leg.FEEDBACK, 0.2)
        assert (expansion.leg, expansion.weight) == (Leg.EXPANSION, 0.1)
        assert result.score - feedback.points - expansion.points == pytest.approx(
            (1 - share) * scores[key] + share * neighbours[key], abs=1e-4
        )
        by_leg = {part.leg: part.score for part in result.contributions}
        assert by_leg[Leg.KEYWORD] == pytest.approx(float(words.articles[key]))
        assert by_leg[Leg.PASSAGE] == pytest.approx(float(passages[key]))
        assert by_leg[Leg.SEMANTIC] == pytest.approx(float(cosines[key]))


def test_words_alone_take_the_vectors_of_articles_where_they_are_given(generation: Generation) -> None:
    request = request_of("munitions Russie", Mode.KEYWORD)
    alone = Engine(generation.store, generation.keyword, no_encoder, "g").search(request).hits
    engine = engine_of(generation, no_encoder)
    smoothed = engine.search(request).hits
    assert {part.leg for hit in alone for part in hit.contributions} == {Leg.KEYWORD, Leg.PASSAGE}
    before = {hit.article.id: hit.score for hit in alone}
    assert before.keys() == {hit.article.id for hit in smoothed}
    for hit in smoothed:
        others = [score for name, score in before.items() if name != hit.article.id]
        neighbours, share = hit.contributions[-1], 0.6 * (1 - engine.explain(request, hit).coverage ** 2)
        assert neighbours.leg is Leg.NEIGHBOURS
        assert neighbours.weight == pytest.approx(share)
        assert min(others) <= neighbours.standardised <= max(others)
        assert hit.score == pytest.approx((1 - share) * before[hit.article.id] + neighbours.points)
