from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from search.errors import QueryError
from search.query.parser import parse
from search.retrieval.request import Request
from search.types import Article, Mode
from search.user.saved_search_runner import SavedSearchRunner
from search.user.saved_searches import SavedSearch, SavedSearches
from tests.fakes import engine_over
from tests.press import PRESS

TODAY = date(2024, 5, 1)
NEW = (
    Article("late", "Encore des munitions", "Les munitions manquent.", "2024-04-30"),
    Article("early", "Des munitions de 1914", "Des munitions de 1914 sont trouvées.", "2019"),
    Article("undated", "Munitions", "Des munitions, sans date.", ""),
    Article("other", "Le blé", "La récolte de blé est bonne.", "2024-04-30"),
)
SEARCH = SavedSearch("armes", "munitions", Mode.KEYWORD)


@contextmanager
def runner_over(folder: Path, *more: Article) -> Iterator[SavedSearchRunner]:
    with engine_over(folder / "index", [*PRESS, *more]) as engine:
        yield SavedSearchRunner(SavedSearches(folder / "memory"), engine, TODAY)


def new_ids(runner: SavedSearchRunner, search: SavedSearch = SEARCH) -> list[str]:
    result = runner.news(search)
    assert result.total == len(result.hits) == runner.count(search)
    return [item.article.id for item in result.hits]


def test_what_a_search_found_when_it_was_saved_is_not_new(tmp_path: Path) -> None:
    with runner_over(tmp_path) as runner:
        runner.save(SEARCH)
        assert new_ids(runner) == []
    (saved,) = SavedSearches(tmp_path / "memory").all()
    assert set(saved.seen) == {"obus", "ukraine", "rapport", "sommet"}


def test_what_came_since_is_told_the_latest_first_until_it_is_seen(tmp_path: Path) -> None:
    with runner_over(tmp_path) as runner:
        runner.save(SEARCH)
    with runner_over(tmp_path, *NEW) as runner:
        assert new_ids(runner) == new_ids(runner) == ["late", "early", "undated"]
        runner.mark_seen(SEARCH)
        assert new_ids(runner) == []
    with runner_over(tmp_path) as runner:
        assert new_ids(runner) == []
    with runner_over(tmp_path, *NEW) as runner:
        assert new_ids(runner) == []


def test_a_search_that_was_never_looked_at_finds_all_new(tmp_path: Path) -> None:
    with runner_over(tmp_path) as runner:
        runner.saved.save(SEARCH)
        assert new_ids(runner) == ["ukraine", "rapport", "obus", "sommet"]


def test_news_are_as_the_engine_answers(tmp_path: Path) -> None:
    with runner_over(tmp_path, *NEW) as runner:
        runner.saved.save(replace_seen(SEARCH, "obus"))
        result = runner.news(SEARCH)
    assert (result.query, result.mode) == ("munitions", Mode.KEYWORD)
    assert all(item.highlights for item in result.hits)


def test_what_is_only_near_is_no_news(tmp_path: Path) -> None:
    with runner_over(tmp_path) as runner:
        search = SavedSearch("armes", "munitions", Mode.HYBRID)
        runner.save(search)
        assert runner.engine.search(Request(parse(search.query, TODAY), limit=100)).below
        assert runner.news(search).shown == ()


def replace_seen(search: SavedSearch, *seen: str) -> SavedSearch:
    return SavedSearch(search.name, search.query, search.mode, seen=seen)


def test_what_moves_up_among_the_first_is_no_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When better articles go, those that were beyond the ones looked at come forward."""
    monkeypatch.setattr("search.user.saved_search_runner._FORMER_DEPTH", 2)
    with runner_over(tmp_path, *NEW) as runner:
        runner.save(SEARCH)
        first = [article_id for article_id, _ in runner.engine.rank(runner._request(SEARCH, 0.0, 2))]
    rest = [article for article in (*PRESS, *NEW) if article.id not in first]
    with engine_over(tmp_path / "index", rest) as engine:
        assert SavedSearchRunner(SavedSearches(tmp_path / "memory"), engine, TODAY).count(SEARCH) == 0


def test_relative_dates_count_from_today(tmp_path: Path) -> None:
    search = SavedSearch("récents", "munitions depuis:7j", Mode.KEYWORD)
    with runner_over(tmp_path, *NEW) as runner:
        runner.saved.save(search)
        assert new_ids(runner, search) == ["late"]
        assert new_ids(replace(runner, today=date(2030, 1, 1)), search) == []


def test_a_search_that_cannot_be_understood_is_an_error(tmp_path: Path) -> None:
    with runner_over(tmp_path) as runner:
        search = SavedSearch("faux", "(obus", Mode.KEYWORD)
        for ask in (runner.count, runner.news, runner.mark_seen, runner.save):
            with pytest.raises(QueryError, match="never closed"):
                ask(search)
