from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from search.config import Settings
from search.query.parser import parse
from search.retrieval.request import Request
from search.tui.app import DepecheApp
from search.tui.i18n import FRENCH
from search.tui.screens.history import HistoryScreen
from search.tui.services.search_session import Current
from search.tui.services.user_data import UserData
from search.types import Mode
from search.user.history import History, HistoryEntry
from search.user.index_folder import index_folder
from search.user.saved_searches import SavedSearch, SavedSearches
from tests.tui.driving import SMALL, ask, lines, seen, settle, until
from tests.tui.fakes import FakeEngine, FakeIndexClient


def folder() -> Path:
    return Path(mkdtemp(prefix="depeche-test-"))


def kept(place: Path) -> Path:
    """Where the interface keeps what belongs to its index, below the user's folder."""
    return index_folder(place, Settings())


def app_in(place: Path, settings: Settings | None = None) -> DepecheApp:
    return DepecheApp(FakeIndexClient(FakeEngine()), settings or Settings(), place, FRENCH)


def current(text: str) -> Current:
    request = Request(parse(text, date.today()))
    return Current(request, FakeEngine().search(request), request.query.words)


def test_only_queries_that_stay_are_added_to_the_history() -> None:
    place = folder()
    user_data = UserData(place, Settings())
    for text in ("mun", "munitions", "munitions", "munitions", "munitions russes"):
        user_data.add_if_still_shown(current(text))
    user_data.add_if_still_shown(None)
    assert [entry.query for entry in History(kept(place)).recent(9)] == ["munitions"]


async def test_the_last_query_is_added_once_at_the_end() -> None:
    place = folder()
    app = app_in(place)
    async with app.run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        app._watch()
        app._watch()
        await ask(pilot, "munitions russes")
        await pilot.press("ctrl+q")
    noted = (kept(place) / "history.jsonl").read_text(encoding="utf-8").splitlines()
    assert ["munitions russes" in line for line in noted] == [False, True]


def test_a_history_that_is_off_has_no_file() -> None:
    place = folder()
    user_data = UserData(place, Settings(history=False))
    user_data.add_to_history(current("munitions"))
    assert not list(place.glob("history*"))


async def test_letters_find_an_earlier_search_and_enter_asks_it() -> None:
    place = folder()
    for query in ("grève des trains", "Élysée", "munitions"):
        History(kept(place)).add(HistoryEntry(query, Mode.KEYWORD, 3))
    async with app_in(place).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+r")
        await pilot.pause()
        shown = [line.strip(" │▎▊") for line in lines(pilot)]
        rows = [row.split("  ")[0] for row in shown if "mots · 3 articles" in row]
        assert rows == ["munitions", "Élysée", "grève des trains"]
        await pilot.press(*"elyz")
        await pilot.pause()
        assert "Aucune recherche ne contient ces lettres." in seen(pilot)
        await pilot.press("backspace", "s")
        await pilot.pause()
        assert "munitions" not in seen(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "❯ Élysée" in seen(pilot)
        assert "mots ·" in seen(pilot)


async def test_arrows_move_in_the_history_from_its_box() -> None:
    place = folder()
    for query in ("grève", "munitions"):
        History(kept(place)).add(HistoryEntry(query, Mode.HYBRID, 3))
    async with app_in(place).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+r", "down", "enter")
        await settle(pilot)
        assert "❯ grève" in seen(pilot)


async def test_a_search_is_removed_from_the_history() -> None:
    place = folder()
    for query in ("grève", "munitions", "Élysée", "munitions", "grève du rail"):
        History(kept(place)).add(HistoryEntry(query, Mode.HYBRID, 3))
    async with app_in(place).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+r", "down", "delete")
        await pilot.pause()
        assert "munitions" not in seen(pilot)
        await pilot.press(*"grx", "left", "delete", "end", "delete", "escape")
        await settle(pilot)
        assert "1  Élysée  3 articles" in seen(pilot)
        assert "2  grève  3 articles" in seen(pilot)
        assert "grève du rail" not in seen(pilot)
    assert [entry.query for entry in History(kept(place)).recent(9)] == ["Élysée", "grève"]


async def test_a_history_that_is_off_says_so() -> None:
    async with app_in(folder(), Settings(history=False)).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert "L’historique est désactivé (history = false)." in seen(pilot)
        await pilot.press("enter", "escape")
        assert not isinstance(pilot.app.screen, HistoryScreen)


async def test_a_search_is_saved_under_a_name() -> None:
    place = folder()
    async with app_in(place).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("ctrl+s")
        await pilot.press(*"obus", "enter")
        await settle(pilot)
    (saved,) = SavedSearches(kept(place)).all()
    assert (saved.name, saved.query, saved.mode) == ("obus", "munitions", Mode.HYBRID)
    assert saved.seen == ("train", "obus", "allies")


async def test_new_articles_of_a_saved_search_are_counted_until_they_are_seen() -> None:
    place = folder()
    SavedSearches(kept(place)).save(
        SavedSearch("armes", "munitions", Mode.KEYWORD, created="2026-03-01T08:00", seen=("allies",))
    )
    async with app_in(place).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "armes  1 nouveau" in seen(pilot))
        assert "munitions · mots · enregistrée le 1er mars 2026" in seen(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "❯ munitions" in seen(pilot)
        assert SavedSearches(kept(place)).all()[0].seen == ("allies", "train")


async def test_a_saved_search_is_removed() -> None:
    place = folder()
    for name in ("un", "deux"):
        SavedSearches(kept(place)).save(SavedSearch(name, "munitions", Mode.KEYWORD))
    async with app_in(place).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+s", "delete")
        await pilot.pause()
        assert [search.name for search in SavedSearches(kept(place)).all()] == ["deux"]


async def test_a_folder_that_cannot_be_written_shows_a_notice_and_stops_nothing(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("", encoding="utf-8")
    app = app_in(place / "memory")
    async with app.run_test(size=(200, 50), notifications=True) as pilot:
        await ask(pilot, "munitions")
        app._watch()
        app._watch()
        await until(pilot, lambda: "est inutilisable" in seen(pilot))
        await pilot.press("ctrl+q")
    assert app.return_code == 0


async def test_a_damaged_history_gives_one_notice() -> None:
    place = folder()
    History(kept(place)).add(HistoryEntry("munitions", Mode.HYBRID, 3))
    (kept(place) / "history.jsonl").write_text('{"broken\n', encoding="utf-8")
    user_data = UserData(place, Settings())
    user_data.history.recent(9)
    (news,) = user_data.new_notices()
    assert "history.jsonl.damaged" in news
    assert user_data.new_notices() == []
