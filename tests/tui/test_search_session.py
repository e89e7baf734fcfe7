from dataclasses import replace
from threading import Event, Thread

import pytest

from search.errors import QueryError
from search.query.plain import plain_query
from search.retrieval.request import Request
from search.retrieval.rescoring import NO_RESCORING, Rescoring
from search.tui.services.search_session import (
    PAGE_SIZE,
    PREVIEW_SIZE,
    Question,
    SearchSession,
    similar_articles,
)
from search.types import Article, Leg, Mode, Sort
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine


def question(text: str = "obus", mode: Mode = Mode.HYBRID) -> Question:
    return Question(1, text, mode, Sort.DATE)


def never() -> bool:
    return False


def always() -> bool:
    return True


def test_a_hybrid_question_is_answered_by_words_first() -> None:
    engine = FakeEngine()
    answers = list(SearchSession(engine).answers(question(), never))
    assert [current.hits.mode for current in answers] == [Mode.KEYWORD, Mode.HYBRID]
    assert [(request.sort, request.limit) for request in engine.requests] == [(Sort.DATE, PAGE_SIZE)] * 2


@pytest.mark.parametrize("mode", [Mode.KEYWORD, Mode.SEMANTIC])
def test_another_mode_is_asked_alone(mode: Mode) -> None:
    engine = FakeEngine()
    assert len(list(SearchSession(engine).answers(question(mode=mode), never))) == 1
    assert engine.queries == [("obus", mode)]


def test_words_glimpsed_are_not_answered_again_once_meaning_answers_soon() -> None:
    engine = FakeEngine()
    session = SearchSession(engine)
    session.preview(question("obus"))
    first, merged = session.answers(question("obus"), never)
    assert [found.article.id for found in merged.hits.hits] == ["train", "obus", "allies"]
    assert engine.queries == [("obus", Mode.KEYWORD), ("obus", Mode.KEYWORD), ("obus", Mode.HYBRID)]
    assert [request.limit for request in engine.requests] == [PREVIEW_SIZE, PAGE_SIZE, PAGE_SIZE]
    session.preview(question("train"))
    (merged,) = session.answers(question("train"), never)
    assert merged.request.mode is Mode.HYBRID
    first, merged = session.answers(question("canon"), never)
    assert [first.request.mode, merged.request.mode] == [Mode.KEYWORD, Mode.HYBRID]


def test_a_mistake_cannot_be_glimpsed() -> None:
    with pytest.raises(QueryError) as caught:
        SearchSession(FakeEngine()).preview(question("obus ET"))
    assert caught.value.position == 5


def test_without_words_there_is_one_answer() -> None:
    engine = FakeEngine()
    list(SearchSession(engine).answers(question("date:2023"), never))
    assert engine.queries == [("date:2023", Mode.HYBRID)]


def test_an_answer_given_up_is_not_asked_of_the_model() -> None:
    engine = FakeEngine()
    list(SearchSession(engine).answers(question(), always))
    assert engine.queries == [("obus", Mode.KEYWORD)]


def test_a_query_that_cannot_be_understood_is_not_asked() -> None:
    engine = FakeEngine()
    with pytest.raises(QueryError) as caught:
        list(SearchSession(engine).answers(question("obus ET"), never))
    assert (caught.value.position, engine.requests) == (5, [])


def test_words_are_answered_while_the_model_is_busy() -> None:
    released, busy, given_up = Event(), Event(), Event()

    def find(request: Request) -> list[Article]:
        if request.query.raw == "lent" and request.mode is Mode.HYBRID:
            busy.set()
            assert released.wait(5)
        return [TRAIN]

    engine = FakeEngine(find)
    session = SearchSession(engine)
    slow = Thread(target=lambda: list(session.answers(question("lent"), never)))
    slow.start()
    assert busy.wait(5)
    answers = session.answers(question("vite"), given_up.is_set)
    assert next(answers).hits.mode is Mode.KEYWORD
    given_up.set()
    assert next(answers, None) is None
    released.set()
    slow.join(5)
    assert [current.hits.mode for current in session.answers(question("après"), never)][-1] is Mode.HYBRID
    assert ("vite", Mode.HYBRID) not in engine.queries


def test_a_likeness_is_whole() -> None:
    found = replace(FakeEngine().search(Request(plain_query("train"), Mode.SEMANTIC)), total=100)
    current = similar_articles(found)
    assert (current.complete, current.hits.total, current.words) == (True, 3, ())


def test_the_next_page_follows_without_what_was_shown() -> None:
    engine = FakeEngine(lambda request: [TRAIN, OBUS] if request.offset == 0 else [OBUS, ALLIES])
    *_, first = SearchSession(engine).answers(question(mode=Mode.KEYWORD), never)
    longer = SearchSession(engine).with_next_page(first)
    assert [one.article.id for one in longer.hits.hits] == ["train", "obus", "allies"]
    asked = engine.requests[-1]
    assert (asked.offset, asked.limit, asked.sort) == (PAGE_SIZE, PAGE_SIZE, Sort.DATE)
    assert (longer.request.offset, longer.request.limit) == (0, 2 * PAGE_SIZE)


def test_modes_and_orders_follow_one_another() -> None:
    def changes(how: str, times: int) -> list[Question]:
        asked = [question()]
        for _ in range(times):
            asked.append(asked[-1].changed(how, NO_RESCORING))
        return asked

    modes, sorts = changes("mode", 3), changes("sort", 2)
    assert [asked.mode for asked in modes] == [Mode.HYBRID, Mode.KEYWORD, Mode.SEMANTIC, Mode.HYBRID]
    assert [asked.sort for asked in sorts] == [Sort.DATE, Sort.RELEVANCE, Sort.DATE]
    assert modes[3] == sorts[2] == question()


def test_the_reranker_and_recency_are_switched_on_as_preferred_and_off() -> None:
    preferred = Rescoring(30, 12)
    reread = question().changed("rerank", preferred)
    both = reread.changed("recency", preferred)
    assert (reread.rescoring, both.rescoring) == (Rescoring(0, 12), preferred)
    assert both.changed("rerank", preferred).changed("recency", preferred) == question()
    unset = question().changed("recency", NO_RESCORING)
    assert unset.rescoring == Rescoring(half_life=182.625)


def _ranked(depth: int, sort: Sort = Sort.RELEVANCE, mode: Mode = Mode.HYBRID) -> Question:
    return Question(1, "obus", mode, sort, Rescoring(30, depth))


def test_the_reranker_is_asked_after_the_merged_answer() -> None:
    engine = FakeEngine()
    session = SearchSession(engine)
    *_, merged = session.answers(_ranked(12), never)
    found = session.reranked(_ranked(12), merged, never)
    assert found is not None
    assert [(request.rescoring, request.limit) for request in engine.requests] == [
        (Rescoring(30), PAGE_SIZE),
        (Rescoring(30), PAGE_SIZE),
        (Rescoring(30, 12), 12),
    ]
    assert (merged.reranked, found.reranked, found.request.mode) == (False, True, Mode.HYBRID)
    assert (merged.awaits_reranking(_ranked(12)), found.awaits_reranking(_ranked(12))) == (True, False)


@pytest.mark.parametrize("asked", [_ranked(0), _ranked(12, Sort.DATE)])
def test_the_reranker_is_not_asked_in_vain(asked: Question) -> None:
    engine = FakeEngine()
    *_, merged = SearchSession(engine).answers(asked, never)
    before = len(engine.requests)
    assert SearchSession(engine).reranked(asked, merged, never) is None
    assert len(engine.requests) == before


def test_the_reranker_is_not_asked_when_given_up_nor_of_nothing() -> None:
    nothing = FakeEngine(lambda _request: [])
    *_, empty = SearchSession(nothing).answers(_ranked(12), never)
    assert SearchSession(nothing).reranked(_ranked(12), empty, never) is None
    engine = FakeEngine()
    *_, merged = SearchSession(engine).answers(_ranked(12), never)
    assert SearchSession(engine).reranked(_ranked(12), merged, always) is None
    assert {request.rescoring.depth for request in engine.requests + nothing.requests} == {0}


def test_a_reranked_answer_is_followed_by_what_is_shown_below_it() -> None:
    def find(request: Request) -> list[Article]:
        return [OBUS, TRAIN] if request.rescoring.depth else [TRAIN, OBUS, ALLIES]

    session = SearchSession(FakeEngine(find))
    *_, merged = session.answers(_ranked(2), never)
    found = session.reranked(_ranked(2), merged, never)
    assert found is not None
    whole = found.followed_by(merged)
    assert [one.article.id for one in whole.hits.hits] == ["obus", "train", "allies"]
    assert (whole.request.limit, whole.request.rescoring.depth) == (PAGE_SIZE, 2)
    assert found.followed_by(None) is found
    assert merged.followed_by(found) is merged


def test_loading_is_known_from_an_answer_by_meaning() -> None:
    engine = FakeEngine()
    session = SearchSession(engine)
    list(session.answers(question(mode=Mode.KEYWORD), never))
    assert not session.model_loaded
    session.load_model()
    assert (session.model_loaded, engine.requests[-1].mode) == (True, Mode.SEMANTIC)


def test_an_answer_without_meaning_loads_nothing() -> None:
    session = SearchSession(FakeEngine(degraded=("no model",)))
    list(session.answers(question(), never))
    assert not session.model_loaded


FAR = Article("far", "Loin", "Un train passe. Moscou attend dans la nuit.")


def test_where_passages_hold_no_word_the_nearest_sentences_are_found() -> None:
    session = SearchSession(FakeEngine(lambda _: [ALLIES, FAR]))
    *_, current = session.answers(question("munitions"), never)

    found = session.with_nearest_sentences(current, never)
    assert found is not None
    allies, far = found.hits.hits
    assert allies == current.hits.hits[0]
    assert (far.snippet.text, far.snippet.leg) == ("Moscou attend dans la nuit.", Leg.SEMANTIC)
    assert replace(found, hits=current.hits) == current
    assert session.with_nearest_sentences(found, never) is None


def test_no_sentence_is_looked_for_in_vain() -> None:
    session = SearchSession(FakeEngine(lambda _: [ALLIES, FAR]))
    by_words, current = session.answers(question("munitions"), never)
    assert session.with_nearest_sentences(by_words, never) is None
    assert session.with_nearest_sentences(current, always) is None
    degraded = replace(current, hits=replace(current.hits, degraded=("No model",)))
    assert session.with_nearest_sentences(degraded, never) is None
