from pathlib import Path

from tests.fakes import engine_over
from tests.keyword.corpus import random_articles
from tests.stress.load import answer, differing, requests


def test_threads_that_ask_at_once_get_the_answers_of_one(tmp_path: Path) -> None:
    asked = requests(150, seed=4)
    with engine_over(tmp_path, random_articles(seed=4, count=120)) as engine:
        wanted = [answer(engine, request) for request in asked]
        assert len({found for found in wanted if found[0]}) > 60
        assert differing(engine, asked * 3, wanted * 3, threads=8) == 0
