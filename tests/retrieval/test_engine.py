from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from search.errors import EncoderUnavailable
from search.local.reader import Generation
from search.protocols import Floats, Ints, KeywordIndex, KeywordScores
from search.query.ast import RankingWord
from search.query.parser import parse
from search.retrieval.confidence import NEAR, RelevanceThreshold
from search.retrieval.engine import Engine
from search.retrieval.query_kind import EXCERPT
from search.retrieval.request import Request
from search.text.analyzer import tokenise
from search.text.stemmer import stem
from search.types import Article, Copies, Fusion, FusionMethod, Hits, Leg, Mode, Sort
from tests.fakes import FakeEncoder, engine_of, engine_over, no_encoder
from tests.press import PRESS

TODAY = date(2023, 9, 13)
IDS = [article.id for article in PRESS]
every_mode = pytest.mark.parametrize("mode", list(Mode))


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


def _request(
    text: str, mode: Mode = Mode.HYBRID, sort: Sort = Sort.RELEVANCE, limit: int = 50, offset: int = 0
) -> Request:
    return Request(parse(text, TODAY), mode, sort, limit, offset, copies=Copies.LISTED)


def _ids(answer: Hits) -> list[str]:
    return [result.article.id for result in answer.hits]


def _shown(answer: Hits) -> list[str]:
    return [result.article.id for result in answer.shown]


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


def test_an_answer_says_what_was_asked_and_of_which_generation(
    engine: Engine, generation: Generation
) -> None:
    answer = engine.search(_request("munitions Russie +obus"))
    assert (answer.query, answer.understood) == ("munitions Russie +obus", "munitions Russie · +obus")
    assert (answer.mode, answer.generation_id) == (Mode.HYBRID, generation.manifest.id)
    assert 0 < answer.took_ms < 60_000
    assert answer.degraded == ()


@every_mode
@pytest.mark.parametrize(
    "text", ["munitions Russie", "+munitions -Ukraine", "munit* ~2", "le de la", "inconnu"]
)
def test_a_score_is_the_sum_of_its_contributions(engine: Engine, text: str, mode: Mode) -> None:
    answer = engine.search(_request(text, mode))
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
    answer = engine.search(_request("munitions Russie", mode))
    assert answer.hits != ()
    assert {tuple(part.leg for part in result.contributions) for result in answer.hits} == {expected}


@pytest.mark.parametrize("method", FusionMethod)
def test_candidates_speak_for_each_other_in_standardised_scores_only(
    engine: Engine, method: FusionMethod
) -> None:
    hits = engine.search(replace(_request("munitions Russie"), fusion=Fusion(method))).hits
    legs = {part.leg for hit in hits for part in hit.contributions}
    for leg in (Leg.NEIGHBOURS, Leg.FEEDBACK, Leg.EXPANSION):
        assert (leg in legs) is (method is FusionMethod.STANDARDISED)


def test_words_without_weight_do_not_count_for_being_held_either(engine: Engine) -> None:
    hits = engine.search(replace(_request("munitions Russie"), fusion=Fusion(keyword=0.0))).hits
    assert Leg.COVERAGE not in {part.leg for hit in hits for part in hit.contributions}


def test_an_excerpt_is_judged_by_whole_articles_without_feedback(engine: Engine) -> None:
    text = (
        "La Corée du Nord est prête à livrer des munitions, des obus, des roquettes à la Russie, selon Séoul"
    )
    hit = engine.search(_request(f"{text} Pyongyang Kremlin armes usine front guerre")).hits[0]
    assert [part.leg for part in hit.contributions][-1] is Leg.NEIGHBOURS
    assert EXCERPT.neighbours * 0.6 <= hit.contributions[-1].weight < EXCERPT.neighbours


def test_the_words_of_the_first_articles_are_asked(engine: Engine, generation: Generation) -> None:
    hits = engine.search(_request("munitions Russie")).hits
    first = hits[0].article
    asked = [hit for hit in hits if hit.contributions[-1].score > 0]
    stems = {token.stem for token in tokenise(f"{first.title} {first.body}")} - {
        stem("munitions"),
        stem("russie"),
    }
    alike = [hit for hit in hits if stems & {token.stem for token in tokenise(hit.article.body)}]
    assert first.id in [hit.article.id for hit in asked]
    assert {hit.article.id for hit in asked} <= {hit.article.id for hit in alike}
    headline = engine.search(_request("la Corée du Nord livre munitions obus roquettes armes Russie")).hits[0]
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
    assert sorted(_shown(answer)) == sorted(IDS)
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


def test_keywords_find_the_articles_that_hold_a_word(engine: Engine) -> None:
    answer = engine.search(_request("munitions Russie", Mode.KEYWORD))
    assert set(_ids(answer)) == {"obus", "ukraine", "sommet", "elysee", "rapport", "urss"}
    assert answer.total == 6
    assert engine.search(_request("inconnu", Mode.KEYWORD)).hits == ()


def test_meaning_finds_articles_without_the_words(engine: Engine) -> None:
    answer = engine.search(_request("munitions Russie", Mode.SEMANTIC))
    assert sorted(_shown(answer)) == sorted(IDS)
    cosines = [result.contributions[0].score for result in answer.hits]
    assert cosines == sorted(cosines, reverse=True)
    holding = {"obus", "ukraine", "sommet", "elysee", "rapport", "urss"}
    assert set(_ids(answer)) == holding | {one.article.id for one in answer.shown if one.confidence >= NEAR}
    assert answer.total == len(answer.hits)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("mode", Mode)
def test_pages_beyond_the_candidates_repeat_and_miss_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, mode: Mode, sort: Sort
) -> None:
    monkeypatch.setattr("search.retrieval.retriever.DEPTH", 2)
    request = replace(_request("munitions Russie", mode), sort=sort)
    whole = _ids(engine.search(replace(request, limit=50)))
    pages = [_ids(engine.search(replace(request, limit=3, offset=offset))) for offset in range(0, 15, 3)]
    assert [article_id for page in pages for article_id in page] == whole
    assert len(whole) == len(set(whole)) == engine.search(request).total


@every_mode
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("munitions -Ukraine", set(IDS) - {"ukraine"}),
        ('munitions source:"Gazette du Soir"', {"rapport", "peste", "urss", "hopital"}),
        ("munitions date:2023-09", {"obus", "elysee", "inflation", "sommet"}),
        ("munitions ET Moscou", {"rapport"}),
        ('"obus d\'artillerie"', {"obus"}),
        ("+inconnu munitions", set()),
    ],
)
def test_a_constraint_binds_every_leg(engine: Engine, text: str, expected: set[str], mode: Mode) -> None:
    answer = engine.search(_request(text, mode))
    holding = {"obus", "rapport", "ukraine", "sommet"} if text.startswith("munitions ") else expected
    assert set(_ids(answer)) >= expected & holding
    assert set(_shown(answer)) == (expected & holding if mode is Mode.KEYWORD else expected)
    assert answer.total == len(answer.hits)


def test_without_an_encoder_keywords_answer_and_it_is_said(generation: Generation) -> None:
    engine = engine_of(generation, no_encoder)
    answer = engine.search(_request("munitions Russie"))
    assert answer.degraded == ("Answered by keywords only: no model here; try another",)
    assert answer.mode is Mode.HYBRID
    assert answer.hits == engine.search(_request("munitions Russie", Mode.KEYWORD)).hits


def test_words_alone_take_the_vectors_of_articles_where_they_are_given(generation: Generation) -> None:
    request = _request("munitions Russie", Mode.KEYWORD)
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


def test_without_an_encoder_a_semantic_request_fails(generation: Generation) -> None:
    with pytest.raises(EncoderUnavailable, match="no model here"):
        engine_of(generation, no_encoder).search(_request("munitions", Mode.SEMANTIC))


@pytest.mark.parametrize(("text", "mode"), [("munitions", Mode.KEYWORD), ("rubrique:monde", Mode.SEMANTIC)])
def test_the_encoder_is_not_asked_for_when_it_is_not_needed(
    generation: Generation, text: str, mode: Mode
) -> None:
    answer = engine_of(generation, no_encoder).search(_request(text, mode))
    assert answer.hits != ()
    assert answer.degraded == ()


@every_mode
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("text", ["munitions Russie", "-Ukraine"])
def test_pages_are_slices_of_one_order(engine: Engine, text: str, sort: Sort, mode: Mode) -> None:
    whole = engine.search(_request(text, mode, sort))
    pages = [engine.search(_request(text, mode, sort, limit=5, offset=start)) for start in (0, 5, 10, 15)]
    assert tuple(result for page in pages for result in page.hits) == whole.hits
    assert {page.total for page in pages} == {whole.total} == {len(whole.hits)}
    assert engine.search(_request(text, mode, sort, limit=0)).hits == ()


def test_by_date_the_latest_comes_first_and_the_undated_last(engine: Engine) -> None:
    request = _request("munitions Russie", sort=Sort.DATE)
    newest = "marathon hopital ukraine rapport inflation elysee obus sommet cereales peste urss foret"
    answer = engine.search(request)
    assert _ids(answer) == [name for name in newest.split() if name in _ids(answer)]
    below = [result.article.id for result in answer.below]
    assert below == [name for name in newest.split() if name not in _ids(answer)]
    by_score = engine.search(_request("munitions Russie"))
    assert sorted(engine.search(request).hits, key=lambda result: result.article.id) == sorted(
        by_score.hits, key=lambda result: result.article.id
    )


@every_mode
@pytest.mark.parametrize("sort", list(Sort))
def test_without_a_word_what_is_demanded_is_listed_the_latest_first(
    engine: Engine, mode: Mode, sort: Sort
) -> None:
    answer = engine.search(_request("rubrique:monde", mode, sort))
    assert _ids(answer) == ["ukraine", "rapport", "obus", "sommet", "cereales"]
    assert answer.total == 5
    for result in answer.hits:
        assert (result.score, result.contributions, result.highlights, result.passages_more) == (0, (), (), 0)
        assert result.passage.start == 0


@every_mode
@pytest.mark.parametrize("text", ["", "  ", "?!"])
def test_a_blank_query_finds_nothing(engine: Engine, text: str, mode: Mode) -> None:
    answer = engine.search(_request(text, mode))
    assert (answer.hits, answer.total) == ((), 0)


@every_mode
def test_the_passage_shown_holds_the_words_which_are_marked(engine: Engine, mode: Mode) -> None:
    answer = engine.search(_request("archives +douanières", mode))
    result = answer.hits[0]
    assert result.article.id == "rapport"
    assert result.passage.text == result.article.body[result.passage.start : result.passage.end]
    assert result.passage.text.endswith("archives douanières manquantes.")
    assert [result.passage.text[start:end] for start, end in result.highlights] == ["archives", "douanières"]


@every_mode
def test_the_only_article_shows_its_best_passage_too(tmp_path: Path, mode: Mode) -> None:
    with engine_over(tmp_path, [article for article in PRESS if article.id == "rapport"]) as engine:
        (result,) = engine.search(_request("archives +douanières", mode)).hits
    assert result.passage.text.endswith("archives douanières manquantes.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("convois Moscou", 1), ("munitions wagons banques printemps", 3), ("munitions", 0), ("convois Kiev", 0)],
)
def test_other_passages_with_a_word_are_counted(engine: Engine, text: str, expected: int) -> None:
    answer = engine.search(_request(text, Mode.KEYWORD))
    (found,) = (result for result in answer.hits if result.article.id == "rapport")
    assert found.passages_more == expected


@every_mode
def test_rank_gives_the_ids_and_scores_of_a_search(engine: Engine, mode: Mode) -> None:
    request = _request("munitions Russie", mode, limit=4, offset=1)
    answer = engine.search(request)
    assert engine.rank(request) == [(result.article.id, result.score) for result in answer.hits]


@every_mode
def test_articles_that_tie_come_in_the_order_of_the_corpus(tmp_path: Path, mode: Mode) -> None:
    names = ["zoe", "anna", "max", "eve", "bob", "lou", "kim"]
    twins = [Article(name, "Un train d'obus", "Le train est parti dimanche soir.") for name in names]
    with engine_over(tmp_path, [*twins, *PRESS]) as engine:
        request = _request("train d'obus", mode)
        answer = engine.search(request)
        found = [name for name in _ids(answer) if name in names]
        assert found == names
        for one, other in pairwise(result for result in answer.hits if result.article.id in names):
            assert one.score == other.score
    with engine_over(tmp_path, [*twins, *PRESS]) as again:
        assert again.search(request).hits == answer.hits


@pytest.mark.parametrize("text", ["Zarkov pluie sprint marathon foret", "8417 pluie sprint marathon foret"])
def test_a_rare_name_or_number_never_comes_below_articles_without_a_word(tmp_path: Path, text: str) -> None:
    filler = "Le conseil examine le budget des routes et des écoles de la commune. " * 6
    literal = Article("literal", "Séance du conseil", f"{filler}M. Zarkov a versé 8417 euros.")
    others = [Article(f"other{i}", "Séance", filler.replace("budget", f"dossier{i}")) for i in range(5)]
    everything = replace(_request(text), threshold=RelevanceThreshold(semantic=0.0))
    with engine_over(tmp_path, [literal, *others, *PRESS]) as engine:
        answer = engine.search(everything)
        coverage = {hit.article.id: engine.explain(everything, hit).coverage for hit in answer.hits}
    without = [place for place, name in enumerate(_ids(answer)) if not coverage[name]]
    assert without
    assert _ids(answer).index("literal") < min(without)
    for result in answer.hits:
        assert result.score == sum(part.points for part in result.contributions)


def test_an_answer_is_found_again_only_when_a_part_went_missing_meanwhile(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = type(generation.keyword)
    score, calls = index.score, []

    def counted(self: KeywordIndex, words: Sequence[RankingWord]) -> KeywordScores:
        calls.append(words)
        return score(generation.keyword, words)

    monkeypatch.setattr(index, "score", counted)
    missing = [(), (), (), (), ("A part is gone.",)]

    def next_missing() -> tuple[str, ...]:
        return missing.pop(0) if len(missing) > 1 else missing[0]

    engine = Engine(generation.store, generation.keyword, no_encoder, "g", missing=next_missing)
    whole = engine.search(_request("munitions", Mode.KEYWORD))
    assert (whole.degraded, len(calls)) == ((), 1)
    partial = engine.search(_request("munitions Russie", Mode.KEYWORD))
    assert (partial.degraded, len(calls)) == (("A part is gone.",), 3)
