"""Which articles count as read, and how the list shows it."""

from pathlib import Path
from tempfile import mkdtemp

import pytest
from textual.pilot import Pilot

from search.config import Settings
from search.tui import app as app_module
from search.tui.app import DepecheApp
from search.tui.i18n import FRENCH
from search.tui.screens.reader import ReaderScreen
from search.tui.widgets.result_list import ResultList
from search.user.index_folder import index_folder
from search.user.read_articles import ReadArticles
from tests.tui.driving import LARGE, SMALL, ask, lines, listed, seen, settle, until
from tests.tui.fakes import FakeEngine, FakeIndexClient


@pytest.fixture
def place() -> Path:
    return Path(mkdtemp(prefix="depeche-test-"))


def app_in(place: Path) -> DepecheApp:
    app = DepecheApp(FakeIndexClient(FakeEngine()), Settings(), place, FRENCH)
    app.animation_level = "none"
    return app


def read_ids(place: Path) -> list[str]:
    return list(ReadArticles(index_folder(place, Settings())).all())


def titles(pilot: Pilot[None]) -> dict[str, str]:
    """The beginning of the first line of each row, by the id of its article."""
    results = pilot.app.screen_stack[0].query_one(ResultList)
    return {str(option.id): str(option.prompt)[:2] for option in results.options}


def bold(pilot: Pilot[None]) -> dict[str, bool]:
    """Whether the title of each row is bold, by the id of its article."""
    results = pilot.app.screen_stack[0].query_one(ResultList)
    styles = {}
    for option in results.options:
        prompt = option.prompt
        styles[str(option.id)] = any("bold $title" in str(span.style) for span in prompt.spans)  # type: ignore[union-attr]
    return styles


async def test_a_key_marks_as_read_and_as_unread(place: Path) -> None:
    async with app_in(place).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        assert listed(pilot) == ["train", "obus", "allies"]
        assert "• " not in titles(pilot).values()
        assert all(bold(pilot).values())
        pilot.app.screen_stack[0].query_one(ResultList).focus()
        await pilot.press("down", "r")
        await settle(pilot)
        assert read_ids(place) == ["obus"]
        assert [sign == "• " for sign in titles(pilot).values()] == [True, False, True]
        assert bold(pilot) == {"train": True, "obus": False, "allies": True}
        await pilot.press("r")
        await settle(pilot)
        assert read_ids(place) == []
        assert "• " not in titles(pilot).values()
        assert all(bold(pilot).values())


async def test_chosen_articles_are_marked_together(place: Path) -> None:
    async with app_in(place).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        pilot.app.screen_stack[0].query_one(ResultList).focus()
        await pilot.press("x", "x", "r")
        await settle(pilot)
        assert sorted(read_ids(place)) == ["obus", "train"]


@pytest.mark.parametrize("key", ["enter", "o", "y", "Y"])
async def test_an_article_that_is_opened_is_read(place: Path, key: str) -> None:
    async with app_in(place).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        pilot.app.screen_stack[0].query_one(ResultList).focus()
        await pilot.press(key)
        await settle(pilot)
        assert read_ids(place) == ["train"]


async def test_so_is_one_in_the_reader(place: Path) -> None:
    async with app_in(place).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("down", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReaderScreen)
        await until(pilot, lambda: read_ids(place) == ["obus"])


async def test_an_article_that_stays_in_its_pane_is_read_and_one_passed_over_is_not(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app_in(place).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        monkeypatch.setattr(app_module, "READ_AFTER", 0.5)
        await pilot.press("down", "down")
        await until(pilot, lambda: bool(read_ids(place)))
        await pilot.pause(0.6)
        assert read_ids(place) == ["allies"]


async def test_a_hidden_pane_reads_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "READ_AFTER", 0.05)
    async with app_in(place).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.pause(0.3)
        assert read_ids(place) == []


async def test_another_program_is_seen(place: Path) -> None:
    app = app_in(place)
    async with app.run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        ReadArticles(index_folder(place, Settings())).add(["obus"])
        app._watch()
        await settle(pilot)
        assert bold(pilot)["obus"] is False


async def test_what_was_read_is_kept_and_found_by_the_query(place: Path) -> None:
    ReadArticles(index_folder(place, Settings())).add(["train", "allies"])
    engine = FakeEngine()
    app = DepecheApp(FakeIndexClient(engine), Settings(), place, FRENCH)
    async with app.run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions lu:non")
        assert any("lu non" in line and "✕" in line for line in lines(pilot))
        (sets,) = {request.sets for request in engine.requests if "lu" in request.query.raw}
        assert sets is not None
        assert sets.read == {"train", "allies"}
        assert [sign == "• " for sign in titles(pilot).values()] == [False, True, False]


async def test_without_an_article_the_key_says_what_it_is_for(place: Path) -> None:
    async with app_in(place).run_test(size=LARGE, notifications=True) as pilot:
        await settle(pilot)
        pilot.app.action_article("read")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "r marque un article comme lu ou non lu." in seen(pilot)
