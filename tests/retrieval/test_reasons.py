"""The reasons of a hit, from requests to an engine over ``tests.press``, and from made up figures."""

from dataclasses import replace

import pytest

from search.local.reader import Generation
from search.query.ast import Near, Phrase, Word
from search.retrieval.confidence import SEMANTIC
from search.retrieval.engine import Engine
from search.retrieval.reasons import Doubt, Nearness, Reasons, Verdict, reasons
from search.retrieval.relevance import LINE, NEAR
from search.retrieval.request import Request
from search.types import (
    Article,
    ConfidenceBreakdown,
    Contribution,
    Explanation,
    Hit,
    Leg,
    MatchedWord,
    Mode,
    Passage,
    Snippet,
    Sort,
)
from tests.fakes import engine_of
from tests.retrieval.requests import request_of

CERTAIN = ConfidenceBreakdown(0.9, 1.0, 1.0, 0.0, 0.0, 3.0, -3.2, 4.0, 0.9, 0.0, 0.0, 2.2)
HIT = Hit(
    Article("1", "Titre", "Texte."), 1.0, Passage("Texte.", 0, 6), Snippet("Texte.", 0, 6, None), (), ()
)
MEANING = Contribution(Leg.SEMANTIC, 4, 0.8, 2.0, 0.7, 1.4)
WORDS = Contribution(Leg.KEYWORD, 1, 8.0, 2.0, 0.2, 0.4)


@pytest.fixture
def engine(generation: Generation) -> Engine:
    return engine_of(generation)


def _reasons(engine: Engine, request: Request, article_id: str) -> Reasons:
    hit = engine.hit(request, article_id)
    return reasons(request, hit, engine.explain(request, hit))


def _made(
    text: str,
    breakdown: ConfidenceBreakdown = CERTAIN,
    *parts: Contribution,
    matched: tuple[MatchedWord, ...] = (),
    hit: Hit = HIT,
) -> Reasons:
    explanation = Explanation(parts or (WORDS, MEANING), matched, 1.0, "Texte.", breakdown)
    return reasons(request_of(text), hit, explanation)


def _texts(words: tuple[MatchedWord, ...]) -> list[str]:
    return [word.text for word in words]


def test_words_are_matched_or_missing(engine: Engine) -> None:
    found = _reasons(engine, request_of("munitions Russie guerre"), "sommet")

    assert (_texts(found.matched), _texts(found.missing)) == (["munitions", "Russie"], ["guerre"])
    assert _texts(found.unknown) == ["guerre"]  # no article of the press holds it


def test_words_of_a_phrase_are_not_said_twice(engine: Engine) -> None:
    found = _reasons(engine, request_of('munitions "quarante témoins"'), "rapport")

    assert (_texts(found.matched), _texts(found.missing)) == (["munitions"], [])
    assert found.exact == (Phrase("quarante témoins"),)


def test_each_constraint_is_said_once() -> None:
    found = _made(
        'munitions "a b"~8 titre:Kim -Ukraine source:(AFP Reuters) -rubrique:sport date:2018 (obus OU train)'
    )

    assert [type(constraint).__name__ for constraint in found.exact] == ["Near", "Field"]
    assert found.exact[0] == Near("a b", 8)
    assert found.excluded == (Word("Ukraine"),)
    assert found.conditions == ("source:(AFP OU Reuters)", "-rubrique:sport")
    assert found.period == "date:2018"


def test_by_meaning_alone_no_word_is_said(engine: Engine) -> None:
    found = _reasons(engine, request_of("munitions", Mode.SEMANTIC), "obus")

    assert (found.matched, found.missing) == ((), ())
    assert found.nearness is not None


def test_without_meaning_no_nearness_is_said(engine: Engine) -> None:
    assert _reasons(engine, request_of("munitions", Mode.KEYWORD), "obus").nearness is None


def test_without_a_question_there_is_no_verdict(engine: Engine) -> None:
    found = _reasons(engine, request_of("source:AFP"), "obus")

    assert found == Reasons(conditions=("source:AFP",))


def test_a_condition_on_places_is_said(engine: Engine) -> None:
    text = "obus PROCHE9 Moscou SAUF (chars ADJ2 canons) munitions"
    assert _made(text).conditions == ("obus PROCHE9 Moscou", "SAUF chars ADJ2 canons")


@pytest.mark.parametrize(("confidence", "nearness"), [(LINE, Nearness.VERY_NEAR), (NEAR, Nearness.NEAR)])
def test_nearness_is_what_meaning_alone_would_be_worth(confidence: float, nearness: Nearness) -> None:
    likeness = SEMANTIC.likeness_of(confidence)

    assert _made("obus", replace(CERTAIN, likeness=likeness)).nearness is nearness
    assert _made("obus", replace(CERTAIN, likeness=likeness - 0.01)).nearness is not nearness


def test_farther_than_chance_is_far() -> None:
    assert _made("obus", replace(CERTAIN, likeness=0.0)).nearness is Nearness.RATHER_FAR
    assert _made("obus", replace(CERTAIN, likeness=-0.01)).nearness is Nearness.FAR


def test_an_article_without_vectors_is_not_called_far() -> None:
    found = _made("obus", replace(CERTAIN, likeness=0.0), WORDS, replace(MEANING, rank=0))

    assert found.nearness is Nearness.UNKNOWN


@pytest.mark.parametrize(
    ("confidence", "verdict"),
    [
        (0.8, Verdict.VERY_LIKELY),
        (0.79, Verdict.LIKELY),
        (0.5, Verdict.LIKELY),
        (0.49, Verdict.POSSIBLE),
        (LINE, Verdict.POSSIBLE),
        (LINE - 0.01, Verdict.DOUBTFUL),
    ],
)
def test_the_verdict_follows_the_confidence(confidence: float, verdict: Verdict) -> None:
    found = _made("obus", replace(CERTAIN, confidence=confidence))

    assert found.verdict is verdict
    assert found.doubts == ()  # this article lacks nothing


@pytest.mark.parametrize(
    ("lacking", "doubts"),
    [
        ({"later": 0.5}, (Doubt.YEAR,)),
        ({"missing": 0.2}, (Doubt.NAMES,)),
        ({"coverage": 0.4}, (Doubt.WORDS,)),
        ({"likeness": 1.0}, (Doubt.MEANING,)),
        ({"missing": 0.2, "likeness": 1.0, "coverage": 0.1}, (Doubt.NAMES, Doubt.WORDS, Doubt.MEANING)),
    ],
)
def test_a_doubtful_hit_says_what_it_lacks(lacking: dict[str, float], doubts: tuple[Doubt, ...]) -> None:
    assert _made("obus", replace(CERTAIN, confidence=0.1, **lacking)).doubts == doubts
    assert _made("obus", replace(CERTAIN, confidence=0.9, **lacking)).doubts == ()


def test_what_moved_a_hit_is_said() -> None:
    recency = Contribution(Leg.RECENCY, 2, -3.0, 0.9, 0.1, 0.09)
    reranker = Contribution(Leg.RERANK, 1, 5.0, 0.4, 1.0, 0.4)
    literal = Contribution(Leg.LITERAL, 1, 1.0, 0.5, 1.0, 0.5)

    assert _made("obus", CERTAIN, MEANING, recency, reranker).raised == (Leg.RECENCY, Leg.RERANK)
    assert _made("obus", CERTAIN, MEANING, literal).raised == (Leg.LITERAL,)
    assert _made("obus", CERTAIN, MEANING, replace(literal, points=0.0)).raised == ()
    lowered = _made("obus", CERTAIN, MEANING, replace(reranker, points=-0.4))
    assert (lowered.raised, lowered.lowered) == ((), True)


def test_order_and_copies_are_said() -> None:
    hit = replace(HIT, copies=(HIT.article, HIT.article), copy_of="2")
    explanation = Explanation((WORDS,), (), 1.0, "Texte.", CERTAIN)

    found = reasons(request_of("obus", sort=Sort.OLDEST), hit, explanation)
    assert (found.by_date, found.copies, found.is_copy) == (True, 2, True)
    plain = reasons(request_of("obus"), HIT, explanation)
    assert (plain.by_date, plain.copies, plain.is_copy) == (False, 0, False)


def test_a_similar_article_has_its_rank() -> None:
    similar = Explanation((MEANING,), (), 0.0, "Texte.")

    assert reasons(request_of(""), HIT, similar) == Reasons(neighbour_rank=4)
