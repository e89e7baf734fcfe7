from threading import Event, Thread

import pytest

from search.engine import Request
from search.errors import QueryError
from search.model import Article, Mode, Sort
from search.tui.asking import PAGE, Asker, Question
from tests.tui.fakes import TRAIN, FakeEngine


def question(text: str = "obus", mode: Mode = Mode.HYBRID) -> Question:
    return Question(1, text, mode, Sort.DATE)


def never() -> bool:
    return False


def always() -> bool:
    return True


def test_a_hybrid_question_is_answered_by_words_first() -> None:
    engine = FakeEngine()
    answers = list(Asker(engine).answers(question(), never))
    assert [current.result.mode for current in answers] == [Mode.KEYWORD, Mode.HYBRID]
    assert [(request.sort, request.limit) for request in engine.requests] == [(Sort.DATE, PAGE)] * 2


@pytest.mark.parametrize("mode", [Mode.KEYWORD, Mode.SEMANTIC])
def test_another_mode_is_asked_alone(mode: Mode) -> None:
    engine = FakeEngine()
    assert len(list(Asker(engine).answers(question(mode=mode), never))) == 1
    assert engine.asked == [("obus", mode)]


def test_without_words_there_is_one_answer() -> None:
    engine = FakeEngine()
    list(Asker(engine).answers(question("date:2023"), never))
    assert engine.asked == [("date:2023", Mode.HYBRID)]


def test_an_answer_given_up_is_not_asked_of_the_model() -> None:
    engine = FakeEngine()
    list(Asker(engine).answers(question(), always))
    assert engine.asked == [("obus", Mode.KEYWORD)]


def test_a_query_that_cannot_be_understood_is_not_asked() -> None:
    engine = FakeEngine()
    with pytest.raises(QueryError) as caught:
        list(Asker(engine).answers(question("obus ET"), never))
    assert (caught.value.position, engine.requests) == (5, [])


def test_words_are_answered_while_the_model_is_busy() -> None:
    released, busy, given_up = Event(), Event(), Event()

    def find(request: Request) -> list[Article]:
        if request.query.raw == "lent" and request.mode is Mode.HYBRID:
            busy.set()
            assert released.wait(5)
        return [TRAIN]

    engine = FakeEngine(find)
    asker = Asker(engine)
    slow = Thread(target=lambda: list(asker.answers(question("lent"), never)))
    slow.start()
    assert busy.wait(5)
    answers = asker.answers(question("vite"), given_up.is_set)
    assert next(answers).result.mode is Mode.KEYWORD
    given_up.set()
    assert next(answers, None) is None
    released.set()
    slow.join(5)
    assert [current.result.mode for current in asker.answers(question("après"), never)][-1] is Mode.HYBRID
    assert ("vite", Mode.HYBRID) not in engine.asked
