from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from search.errors import EncoderUnavailable
from search.local.reader import Generation
from search.protocols import KeywordIndex, KeywordScores
from search.query.ast import RankingWord
from search.retrieval.engine import Engine
from search.retrieval.relevance import NEAR, RelevanceThreshold
from search.types import Article, Hits, Mode, Sort
from tests.fakes import engine_of, engine_over, no_encoder
from tests.press import PRESS

from .requests import IDS, request_of, shown

every_mode = pytest.mark.parametrize("mode", list(Mode))


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


def _ids(answer: Hits) -> list[str]:
    return [result.article.id for result in answer.hits]


def test_an_answer_says_what_was_asked_and_of_which_generation(
    engine: Engine, generation: Generation
) -> None:
    answer = engine.search(request_of("munitions Russie +obus"))
    assert (answer.query, answer.understood) == ("munitions Russie +obus", "munitions Russie · +obus")
    assert (answer.mode, answer.generation_id) == (Mode.HYBRID, generation.manifest.id)
    assert 0 < answer.took_ms < 60_000
    assert answer.degraded == ()


def test_keywords_find_the_articles_that_hold_a_word(engine: Engine) -> None:
    answer = engine.search(request_of("munitions Russie", Mode.KEYWORD))
    assert set(_ids(answer)) == {"obus", "ukraine", "sommet", "elysee", "rapport", "urss"}
    assert answer.total == 6
    assert engine.search(request_of("inconnu", Mode.KEYWORD)).hits == ()


def test_meaning_finds_articles_without_the_words(engine: Engine) -> None:
    answer = engine.search(request_of("munitions Russie", Mode.SEMANTIC))
    assert sorted(shown(answer)) == sorted(IDS)
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
    request = replace(request_of("munitions Russie", mode), sort=sort)
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
    answer = engine.search(request_of(text, mode))
    holding = {"obus", "rapport", "ukraine", "sommet"} if text.startswith("munitions ") else expected
    assert set(_ids(answer)) >= expected & holding
    assert set(shown(answer)) == (expected & holding if mode is Mode.KEYWORD else expected)
    assert answer.total == len(answer.hits)


def test_without_an_encoder_keywords_answer_and_it_is_said(generation: Generation) -> None:
    engine = engine_of(generation, no_encoder)
    answer = engine.search(request_of("munitions Russie"))
    assert answer.degraded == ("Answered by keywords only: no model here; try another",)
    assert answer.mode is Mode.HYBRID
    assert answer.hits == engine.search(request_of("munitions Russie", Mode.KEYWORD)).hits


def test_without_an_encoder_a_semantic_request_fails(generation: Generation) -> None:
    with pytest.raises(EncoderUnavailable, match="no model here"):
        engine_of(generation, no_encoder).search(request_of("munitions", Mode.SEMANTIC))


@pytest.mark.parametrize(("text", "mode"), [("munitions", Mode.KEYWORD), ("rubrique:monde", Mode.SEMANTIC)])
def test_the_encoder_is_not_asked_for_when_it_is_not_needed(
    generation: Generation, text: str, mode: Mode
) -> None:
    answer = engine_of(generation, no_encoder).search(request_of(text, mode))
    assert answer.hits != ()
    assert answer.degraded == ()


@every_mode
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("text", ["munitions Russie", "-Ukraine"])
def test_pages_are_slices_of_one_order(engine: Engine, text: str, sort: Sort, mode: Mode) -> None:
    whole = engine.search(request_of(text, mode, sort))
    pages = [engine.search(request_of(text, mode, sort, limit=5, offset=start)) for start in (0, 5, 10, 15)]
    assert tuple(result for page in pages for result in page.hits) == whole.hits
    assert {page.total for page in pages} == {whole.total} == {len(whole.hits)}
    assert engine.search(request_of(text, mode, sort, limit=0)).hits == ()


def test_by_date_the_latest_comes_first_and_the_undated_last(engine: Engine) -> None:
    request = request_of("munitions Russie", sort=Sort.DATE)
    newest = "marathon hopital ukraine rapport inflation elysee obus sommet cereales peste urss foret"
    answer = engine.search(request)
    assert _ids(answer) == [name for name in newest.split() if name in _ids(answer)]
    below = [result.article.id for result in answer.below]
    assert below == [name for name in newest.split() if name not in _ids(answer)]
    by_score = engine.search(request_of("munitions Russie"))
    assert sorted(engine.search(request).hits, key=lambda result: result.article.id) == sorted(
        by_score.hits, key=lambda result: result.article.id
    )


@every_mode
@pytest.mark.parametrize("sort", list(Sort))
def test_without_a_word_what_is_demanded_is_listed_by_date(engine: Engine, mode: Mode, sort: Sort) -> None:
    answer = engine.search(request_of("rubrique:monde", mode, sort))
    newest = ["ukraine", "rapport", "obus", "sommet", "cereales"]
    assert _ids(answer) == (newest[::-1] if sort is Sort.OLDEST else newest)
    assert answer.total == 5
    for result in answer.hits:
        assert (result.score, result.contributions, result.highlights, result.passages_more) == (0, (), (), 0)
        assert result.passage.start == 0


@every_mode
@pytest.mark.parametrize("text", ["", "  ", "?!"])
def test_a_blank_query_finds_nothing(engine: Engine, text: str, mode: Mode) -> None:
    answer = engine.search(request_of(text, mode))
    assert (answer.hits, answer.total) == ((), 0)


@every_mode
def test_the_passage_shown_holds_the_words_which_are_marked(engine: Engine, mode: Mode) -> None:
    answer = engine.search(request_of("archives +douanières", mode))
    result = answer.hits[0]
    assert result.article.id == "rapport"
    assert result.passage.text == result.article.body[result.passage.start : result.passage.end]
    assert result.passage.text.endswith("archives douanières manquantes.")
    assert [result.passage.text[start:end] for start, end in result.highlights] == ["archives", "douanières"]


@every_mode
def test_the_only_article_shows_its_best_passage_too(tmp_path: Path, mode: Mode) -> None:
    with engine_over(tmp_path, [article for article in PRESS if article.id == "rapport"]) as engine:
        (result,) = engine.search(request_of("archives +douanières", mode)).hits
    assert result.passage.text.endswith("archives douanières manquantes.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("convois Moscou", 1), ("munitions wagons banques printemps", 3), ("munitions", 0), ("convois Kiev", 0)],
)
def test_other_passages_with_a_word_are_counted(engine: Engine, text: str, expected: int) -> None:
    answer = engine.search(request_of(text, Mode.KEYWORD))
    (found,) = (result for result in answer.hits if result.article.id == "rapport")
    assert found.passages_more == expected


@every_mode
def test_rank_gives_the_ids_and_scores_of_a_search(engine: Engine, mode: Mode) -> None:
    request = request_of("munitions Russie", mode, limit=4, offset=1)
    answer = engine.search(request)
    assert engine.rank(request) == [(result.article.id, result.score) for result in answer.hits]


@every_mode
def test_articles_that_tie_come_in_the_order_of_the_corpus(tmp_path: Path, mode: Mode) -> None:
    names = ["zoe", "anna", "max", "eve", "bob", "lou", "kim"]
    twins = [Article(name, "Un train d'obus", "Le train est parti dimanche soir.") for name in names]
    with engine_over(tmp_path, [*twins, *PRESS]) as engine:
        request = request_of("train d'obus", mode)
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
    everything = replace(request_of(text), threshold=RelevanceThreshold(semantic=0.0))
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
    whole = engine.search(request_of("munitions", Mode.KEYWORD))
    assert (whole.degraded, len(calls)) == ((), 1)
    partial = engine.search(request_of("munitions Russie", Mode.KEYWORD))
    assert (partial.degraded, len(calls)) == (("A part is gone.",), 3)
