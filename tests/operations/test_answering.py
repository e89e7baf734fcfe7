"""One open index for many clients: what is computed once, what is kept, and what follows a publication."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from msgspec import Struct

from search.config import Settings
from search.index import Index
from search.local import layout
from search.operations.answer import Answer
from search.operations.answering import Answering
from search.operations.catalogue import OPERATIONS, Operation
from search.operations.current_index import CurrentIndex
from search.operations.parameters import FindParameters
from search.types import Mode
from tests.fakes import build_index
from tests.press import PRESS

(FIND,) = (operation for operation in OPERATIONS if operation.name == "find")
MUNITIONS = FindParameters(query="munitions")


def current(index: Path, reported: list[str] | None = None) -> CurrentIndex:
    settings = Settings(index=str(index), mode=Mode.KEYWORD)
    return CurrentIndex(settings, (reported if reported is not None else []).append)


class Counted:
    """Counts how often an operation is computed; each waits for ``go``."""

    def __init__(self) -> None:
        self.times = 0
        self.go = Event()

    def of(self, operation: Operation) -> Operation:
        def ask(index: Index, parameters: Struct) -> Answer:
            self.times += 1
            self.go.wait(10)
            return operation.ask(index, parameters)

        return replace(operation, ask=ask)


async def test_a_question_is_computed_once_for_all_who_ask_it(press_index: Path) -> None:
    answering, counted = Answering(current(press_index)), Counted()
    find = counted.of(FIND)
    asked = [asyncio.create_task(answering.answer(find, MUNITIONS)) for _ in range(8)]
    await asyncio.sleep(0.2)
    asked[0].cancel()  # one client leaves
    counted.go.set()
    answers = {await each for each in asked[1:]} | {await answering.answer(find, MUNITIONS)}
    await answering.answer(find, FindParameters(query="munitions", limit=3))
    answering.close()

    assert len(answers) == 1
    assert counted.times == 2


@pytest.mark.parametrize("query", ["lu:non munitions", "munitions lu:oui"])
async def test_what_depends_on_the_user_is_not_kept(press_index: Path, query: str) -> None:
    answering, counted = Answering(current(press_index)), Counted()
    counted.go.set()
    for _ in range(2):
        await answering.answer(counted.of(FIND), FindParameters(query=query))
    answering.close()

    assert counted.times == 2


async def test_an_error_is_not_kept(press_index: Path) -> None:
    answering = Answering(current(press_index))

    def fail(_: object, __: object) -> Answer:
        raise RuntimeError("once")

    with pytest.raises(RuntimeError, match="once"):
        await answering.answer(replace(FIND, ask=fail), MUNITIONS)
    assert json.loads(await answering.answer(FIND, MUNITIONS))["total"] > 0
    answering.close()


def test_a_generation_that_cannot_be_opened_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(tmp_path, PRESS[:3])
    reported: list[str] = []
    follower = current(tmp_path, reported)
    old = follower.get().manifest.id
    build_index(tmp_path, PRESS)
    layout.Layout(layout.current(tmp_path)).manifest.write_text("{}")
    monkeypatch.setattr("search.operations.current_index._CHECK_SECONDS", 0.0)
    got = [follower.get() for _ in range(3)]

    assert [index.manifest.id for index in got] == [old] * 3
    assert len(got[0].search("munitions", mode="keyword")) > 0
    assert len(reported) == 1
