"""Dossiers and read articles as conditions; ``tests/postgres/test_engine.py`` tries the same on servers."""

from collections.abc import Iterator

import pytest

from search.retrieval.engine import Engine
from tests.fakes import engine_over
from tests.press import PRESS

from .sets import check_changing_sets, check_sets, check_unknown_sets


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine_over(tmp_path_factory.mktemp("sets") / "index", PRESS) as opened:
        yield opened


def test_sets_of_the_user_are_conditions_of_a_query(engine: Engine) -> None:
    check_sets(engine)


def test_a_set_that_changes_changes_the_answer(engine: Engine) -> None:
    check_changing_sets(engine)


def test_a_set_that_is_not_there_is_told(engine: Engine) -> None:
    check_unknown_sets(engine)
