from dataclasses import replace
from threading import Event, Thread

import pytest

from search.errors import QueryError
from search.query.plain import plain_query
from search.retrieval.request import Request
from search.tui.services.search_session import (
    PAGE_SIZE,
    PREVIEW_SIZE,
    Question,
    SearchSession,
    similar_articles,
)
from search.types import NO_RESCORING, Article, Leg, Mode, Rescoring, Sort
from tests.retrieval.sets import Sets
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine


def question(text: str = "obus", mode: Mode = Mode.HYBRID) -> Question:
    return Question(1, text, mode, Sort.DATE)


def never() -> bool:
    return False


def always() -> bool:
    return True


def test_a_hybrid_question_is_answered_by_keywords_first() -> None:
    engine = FakeEngine()
    answers = list(SearchSession(engine).answers(question(), never))
    assert [current.hits.mode for current in answers] == [Mode.KEYWORD, Mode.HYBRID]
    assert [(request.sort, request.limit) for request in engine.requests] == [(Sort.DATE, PAGE_SIZE)] * 2


def test_only_a_question_that_names_sets_of_the_user_is_asked_with_them() -> None:
    engine, sets = FakeEngine(), Sets()
    session = SearchSession(engine, lambda: sets)
    for text in ("obus", "obus lu:non", "dossier:armes"):
        list(session.answers(question(text, Mode.KEYWORD), never))
    assert [request.sets for request in engine.requests] == [None, sets, sets]


@pytest.mark.parametrize("mode", [Mode.KEYWORD, Mode.SEMANTIC])
def test_another_mode_has_one_answer(mode: Mode) -> None:
    engine = FakeEngine()
    assert len(list(SearchSession(engine).answers(question(mode=mode), never))) == 1
    assert engine.queries == [("obus", mode)]


def test_a_previewed_query_gets_no_keyword_answer_once_the_model_is_loaded() -> None:
    engine = FakeEngine()
    session = SearchSession(engine)
    session.preview(question("obus"))
    first, merged = session.answers(question("obus"), never)
    assert [hit.article.id for hit in merged.hits] == ["train", "obus", "allies"]
    assert engine.queries == [("obus", Mode.KEYWORD), ("obus", Mode.KEYWORD), ("obus", Mode.HYBRID)]
    assert [request.limit for request in engine.requests] == [PREVIEW_SIZE, PAGE_SIZE, PAGE_SIZE]
    session.preview(question("train"))
    (merged,) = session.answers(question("train"), never)
    assert merged.request.mode is Mode.HYBRID
    first, merged = session.answers(question("canon"), never)
    assert [first.request.mode, merged.request.mode] == [Mode.KEYWORD, Mode.HYBRID]


def test_a_query_with_a_mistake_has_no_preview() -> None:
    with pytest.raises(QueryError) as caught:
        SearchSession(FakeEngine()).preview(question("obus ET"))
    assert caught.value.position == 5


def test_without_words_there_is_one_answer() -> None:
    engine = FakeEngine()
    list(SearchSession(engine).answers(question("date:2023"), never))
    assert engine.queries == [("date:2023", Mode.HYBRID)]


def test_a_cancelled_question_does_not_use_the_model() -> None:
    engine = FakeEngine()
    list(SearchSession(engine).answers(question(), always))
    assert engine.queries == [("obus", Mode.KEYWORD)]


def test_a_query_with_a_mistake_is_not_asked() -> None:
    engine = FakeEngine()
    with pytest.raises(QueryError) as caught:
        list(SearchSession(engine).answers(question("obus ET"), never))
    assert (caught.value.position, engine.requests) == (5, [])


def test_keywords_answer_while_the_model_is_busy() -> None:
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


def test_similar_articles_are_a_complete_answer() -> None:
    hits = replace(FakeEngine().search(Request(plain_query("train"), Mode.SEMANTIC)), total=100)
    current = similar_articles(hits)
    assert (current.complete, current.hits.total, current.words) == (True, 3, ())


def test_the_next_page_has_no_article_twice() -> None:
    engine = FakeEngine(lambda request: [TRAIN, OBUS] if request.offset == 0 else [OBUS, ALLIES])
    *_, first = SearchSession(engine).answers(question(mode=Mode.KEYWORD), never)
    longer = SearchSession(engine).with_next_page(first)
    assert [one.article.id for one in longer.hits.hits] == ["train", "obus", "allies"]
    request = engine.requests[-1]
    assert (request.offset, request.limit, request.sort) == (PAGE_SIZE, PAGE_SIZE, Sort.DATE)
    assert (longer.request.offset, longer.request.limit) == (0, 2 * PAGE_SIZE)


def test_modes_and_sort_orders_take_turns() -> None:
    def changes(how: str, times: int) -> list[Question]:
        questions = [question()]
        for _ in range(times):
            questions.append(questions[-1].changed(how, NO_RESCORING))
        return questions

    modes, sorts = changes("mode", 3), changes("sort", 3)
    assert [one.mode for one in modes] == [Mode.HYBRID, Mode.KEYWORD, Mode.SEMANTIC, Mode.HYBRID]
    assert [one.sort for one in sorts] == [Sort.DATE, Sort.OLDEST, Sort.RELEVANCE, Sort.DATE]
    assert modes[3] == sorts[3] == question()


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
    reranked = session.reranked(_ranked(12), merged, never)
    assert reranked is not None
    assert [(request.rescoring, request.limit) for request in engine.requests] == [
        (Rescoring(30), PAGE_SIZE),
        (Rescoring(30), PAGE_SIZE),
        (Rescoring(30, 12), 12),
    ]
    assert (merged.reranked, reranked.reranked, reranked.request.mode) == (False, True, Mode.HYBRID)
    assert (merged.awaits_reranking(_ranked(12)), reranked.awaits_reranking(_ranked(12))) == (True, False)


@pytest.mark.parametrize("unranked", [_ranked(0), _ranked(12, Sort.DATE)])
def test_the_reranker_is_asked_only_where_the_question_needs_it(unranked: Question) -> None:
    engine = FakeEngine()
    *_, merged = SearchSession(engine).answers(unranked, never)
    before = len(engine.requests)
    assert SearchSession(engine).reranked(unranked, merged, never) is None
    assert len(engine.requests) == before


def test_the_reranker_is_not_asked_when_cancelled_or_without_hits() -> None:
    nothing = FakeEngine(lambda _request: [])
    *_, empty = SearchSession(nothing).answers(_ranked(12), never)
    assert SearchSession(nothing).reranked(_ranked(12), empty, never) is None
    engine = FakeEngine()
    *_, merged = SearchSession(engine).answers(_ranked(12), never)
    assert SearchSession(engine).reranked(_ranked(12), merged, always) is None
    assert {request.rescoring.depth for request in engine.requests + nothing.requests} == {0}


def test_the_other_hits_stay_below_a_reranked_answer() -> None:
    def find(request: Request) -> list[Article]:
        return [OBUS, TRAIN] if request.rescoring.depth else [TRAIN, OBUS, ALLIES]

    session = SearchSession(FakeEngine(find))
    *_, merged = session.answers(_ranked(2), never)
    reranked = session.reranked(_ranked(2), merged, never)
    assert reranked is not None
    whole = reranked.followed_by(merged)
    assert [one.article.id for one in whole.hits.hits] == ["obus", "train", "allies"]
    assert (whole.request.limit, whole.request.rescoring.depth) == (PAGE_SIZE, 2)
    assert reranked.followed_by(None) is reranked
    assert merged.followed_by(reranked) is merged


def test_a_semantic_answer_shows_that_the_model_is_loaded() -> None:
    engine = FakeEngine()
    session = SearchSession(engine)
    list(session.answers(question(mode=Mode.KEYWORD), never))
    assert not session.model_loaded
    session.load_model()
    assert (session.model_loaded, engine.requests[-1].mode) == (True, Mode.SEMANTIC)


def test_a_degraded_answer_does_not_count_as_loaded() -> None:
    session = SearchSession(FakeEngine(degraded=("no model",)))
    list(session.answers(question(), never))
    assert not session.model_loaded


FAR = Article("far", "Loin", "Un train passe. Moscou attend dans la nuit.")


def test_hits_without_a_word_quote_their_nearest_sentence() -> None:
    session = SearchSession(FakeEngine(lambda _: [ALLIES, FAR]))
    *_, current = session.answers(question("munitions"), never)

    revised = session.with_nearest_sentences(current, never)
    assert revised is not None
    allies, far = revised.hits.hits
    assert allies == current.hits.hits[0]
    assert (far.snippet.text, far.snippet.leg) == ("Moscou attend dans la nuit.", Leg.SEMANTIC)
    assert replace(revised, hits=current.hits) == current
    assert session.with_nearest_sentences(revised, never) is None


def test_no_nearest_sentence_is_sought_where_none_is_needed() -> None:
    session = SearchSession(FakeEngine(lambda _: [ALLIES, FAR]))
    by_words, current = session.answers(question("munitions"), never)
    assert session.with_nearest_sentences(by_words, never) is None
    assert session.with_nearest_sentences(current, always) is None
    degraded = replace(current, hits=replace(current.hits, degraded=("No model",)))
    assert session.with_nearest_sentences(degraded, never) is None
