import multiprocessing
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import platformdirs
import pytest

from search.errors import UsageError
from search.types import Mode, Sort
from search.user import state
from search.user.state import (
    KEPT,
    Entry,
    History,
    Remembered,
    SavedSearch,
    SavedSearches,
    default_folder,
    remember,
    remembered,
)


def entry(query: str, total: int = 1, mode: Mode = Mode.HYBRID) -> Entry:
    return Entry(query, mode, total)


def queries(history: History, limit: int = KEPT, prefix: str = "") -> list[str]:
    return [each.query for each in history.recent(limit, prefix)]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def is_now(time: str) -> bool:
    return timedelta(0) <= datetime.now(UTC) - datetime.fromisoformat(time) < timedelta(minutes=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "memory"


def test_it_lies_in_the_folder_of_the_user() -> None:
    assert default_folder() == platformdirs.user_data_path("depeche") / "memory"


def test_questions_come_back_the_newest_first_each_once(folder: Path) -> None:
    history = History(folder)
    for number, query in enumerate(["obus", "Élysée", "“trois mots”\n", "obus"]):
        history.add(entry(query, number, Mode.KEYWORD))

    again = History(folder)
    found = again.recent(10)
    assert [(each.query, each.mode, each.total) for each in found] == [
        ("obus", Mode.KEYWORD, 3),
        ("“trois mots”\n", Mode.KEYWORD, 2),
        ("Élysée", Mode.KEYWORD, 1),
    ]
    assert all(is_now(each.time) for each in found)
    assert queries(again, 2) == ["obus", "“trois mots”\n"]
    assert again.notice == ""


def test_questions_are_found_by_how_they_begin_whatever_case_and_accents(folder: Path) -> None:
    history = History(folder)
    for query in ["Élysée", "élysées", "les élus", "elections"]:
        history.add(entry(query))

    assert queries(history, prefix="elys") == ["élysées", "Élysée"]
    assert queries(history, 1, "ÉL") == ["elections"]
    assert queries(history, prefix="lys") == []


def test_the_last_questions_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "_SLACK", 2)
    history = History(folder, kept=3)
    for number in range(5):
        history.add(entry(str(number)))
    assert queries(history) == ["4", "3", "2"]
    assert len((folder / "history.jsonl").read_bytes().splitlines()) == 5

    history.add(entry("5"))
    assert queries(history) == ["5", "4", "3"]
    assert len((folder / "history.jsonl").read_bytes().splitlines()) == 3


def test_a_history_that_is_turned_off_keeps_and_tells_nothing(folder: Path) -> None:
    History(folder, kept=0).add(entry("secret"))
    assert not folder.exists()

    History(folder).add(entry("obus"))
    assert queries(History(folder, kept=0)) == []
    assert queries(History(folder)) == ["obus"]


def test_a_history_can_be_cleared(folder: Path) -> None:
    history = History(folder)
    history.add(entry("obus"))
    history.clear()
    assert queries(history) == []
    assert "obus" not in "".join(path.read_text() for path in folder.iterdir())

    history.clear()
    history.add(entry("chars"))
    assert queries(history) == ["chars"]


def test_a_question_is_forgotten_however_often_it_was_asked(folder: Path) -> None:
    history = History(folder)
    history.remove("grève")
    for query in ("grève", "munitions", "grève", "grève du rail"):
        history.add(Entry(query, Mode.HYBRID, 1))
    history.remove("grève")
    history.remove("nothing that was asked")
    assert [entry.query for entry in History(folder).recent(9)] == ["grève du rail", "munitions"]


def test_nothing_is_made_where_there_is_nothing_to_read(folder: Path) -> None:
    assert queries(History(folder)) == []
    assert SavedSearches(folder).all() == ()
    assert remembered(folder) == (Remembered(), "")
    assert not folder.exists()


def test_only_the_owner_may_look(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "history.jsonl").touch(0o644)
    History(folder).add(entry("obus"))
    SavedSearches(folder).save(SavedSearch("guerre", "obus", Mode.HYBRID))
    remember(folder, Remembered())

    assert mode(folder) == 0o700
    names = {".lock", "history.jsonl", "searches.json", "interface.json"}
    assert {path.name: mode(path) for path in folder.iterdir()} == dict.fromkeys(names, 0o600)


def ask(folder: Path, who: str) -> None:
    history = History(folder)
    for number in range(150):
        history.add(entry(f"{who} {number} " + "x" * 3000))


def test_two_programs_may_ask_at_once(folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    asking = [spawn.Process(target=ask, args=(folder, who)) for who in "ab"]
    for each in asking:
        each.start()
    for each in asking:
        each.join()

    history = History(folder)
    found = [query.split()[:2] for query in reversed(queries(history))]
    assert history.notice == ""
    for who in "ab":
        assert [number for name, number in found if name == who] == [str(number) for number in range(150)]


def name_searches(folder: Path, who: str) -> None:
    for number in range(40):
        SavedSearches(folder).save(SavedSearch(f"{who}{number}", who, Mode.HYBRID))


def test_two_programs_may_save_at_once(folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    saving = [spawn.Process(target=name_searches, args=(folder, who)) for who in "ab"]
    for each in saving:
        each.start()
    for each in saving:
        each.join()

    names = {search.name for search in SavedSearches(folder).all()}
    assert names == {f"{who}{number}" for who in "ab" for number in range(40)}


@pytest.mark.parametrize("damage", [b'{"query":"ob', b"\xff\xfe\x00", b"[1]\n", b'{"query":1}', b"\n"])
def test_questions_that_can_be_read_survive_damage(folder: Path, damage: bytes) -> None:
    history = History(folder)
    for query in ["obus", "chars"]:
        history.add(entry(query))
    path = folder / "history.jsonl"
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + damage + (b"" if damage.endswith(b"\n") else b"\n") + second)
    damaged = path.read_bytes()

    assert queries(history) == ["chars", "obus"]
    assert history.notice == (
        f"{path} could not be understood; what it held is in history.jsonl.damaged beside it."
    )
    assert path.read_bytes() == first + second
    assert (folder / "history.jsonl.damaged").read_bytes() == damaged
    assert mode(folder / "history.jsonl.damaged") == 0o600

    again = History(folder)
    assert queries(again) == ["chars", "obus"]
    assert again.notice == ""


@pytest.mark.parametrize("damage", [b"", b"[", b"{}", b"\xff", b'[{"name":"a"}]'])
def test_searches_that_cannot_be_read_are_set_aside_and_that_is_said(folder: Path, damage: bytes) -> None:
    SavedSearches(folder).save(SavedSearch("guerre", "obus", Mode.HYBRID))
    path = folder / "searches.json"
    path.write_bytes(damage)

    searches = SavedSearches(folder)
    assert searches.all() == ()
    assert "searches.json could not be understood" in searches.notice
    assert (folder / "searches.json.damaged").read_bytes() == damage
    assert not path.exists()

    searches.save(SavedSearch("paix", "accord", Mode.KEYWORD))
    assert [search.name for search in searches.all()] == ["paix"]


def test_saving_over_damage_sets_it_aside(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "searches.json").write_bytes(b"[")

    searches = SavedSearches(folder)
    searches.save(SavedSearch("paix", "accord", Mode.KEYWORD))
    assert searches.notice != ""
    assert [search.name for search in searches.all()] == ["paix"]
    assert (folder / "searches.json.damaged").read_bytes() == b"["


def test_searches_are_saved_in_order_replaced_and_removed(folder: Path) -> None:
    searches = SavedSearches(folder)
    for name in ["b", "a", "c"]:
        searches.save(SavedSearch(name, f"+{name}", Mode.SEMANTIC))
    searches.save(SavedSearch("b", "neuf", Mode.KEYWORD))
    searches.remove("a")
    searches.remove("nobody")

    found = SavedSearches(folder).all()
    assert [(each.name, each.query, each.mode, each.seen) for each in found] == [
        ("c", "+c", Mode.SEMANTIC, ()),
        ("b", "neuf", Mode.KEYWORD, ()),
    ]
    assert all(is_now(each.created) and is_now(each.last_seen) for each in found)


def test_what_is_new_was_never_shown(folder: Path) -> None:
    searches = SavedSearches(folder)
    searches.save(SavedSearch("guerre", "obus", Mode.HYBRID, "2023-09-12", "2023-09-12", ("x", "y")))
    searches.save(SavedSearch("paix", "accord", Mode.HYBRID, "2023-09-12", "2023-09-12", ("z",)))
    assert searches.new("guerre", ["y", "z"]) == {"z"}
    assert searches.new("paix", ["y", "z"]) == {"y"}

    searches.mark_seen("guerre", ["y", "z"])
    assert searches.new("guerre", ["x", "y", "z", "w"]) == {"w"}
    assert searches.new("paix", ["y", "z"]) == {"y"}
    war, peace = searches.all()
    assert (war.created, war.seen) == ("2023-09-12", ("y", "z", "x"))
    assert is_now(war.last_seen)
    assert peace.last_seen == "2023-09-12"


def test_the_articles_seen_last_are_remembered(folder: Path) -> None:
    searches = SavedSearches(folder)
    searches.save(SavedSearch("guerre", "obus", Mode.HYBRID, seen=("old",)))
    searches.mark_seen("guerre", [str(number) for number in range(KEPT - 1)])
    assert searches.new("guerre", ["old", "0"]) == set()

    searches.mark_seen("guerre", ["fresh"])
    assert searches.new("guerre", ["old", "0", "fresh"]) == {"old"}


def test_the_interface_is_found_as_it_was_left(folder: Path) -> None:
    left = Remembered("light", Mode.SEMANTIC, Sort.DATE, filters_shown=True)
    remember(folder, left)

    assert remembered(folder) == (left, "")


def test_what_a_later_version_remembers_is_no_damage(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "interface.json").write_text('{"theme": "light", "width": 3}')

    assert remembered(folder) == (Remembered("light"), "")


def test_settings_that_cannot_be_read_are_set_aside(folder: Path) -> None:
    remember(folder, Remembered("light"))
    (folder / "interface.json").write_text('{"mode": "telepathy"}')

    found, notice = remembered(folder)
    assert found == Remembered()
    assert "interface.json could not be understood" in notice
    assert (folder / "interface.json.damaged").read_text() == '{"mode": "telepathy"}'


def test_a_file_is_replaced_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(folder, Remembered("light"))
    searches = SavedSearches(folder)
    searches.save(SavedSearch("guerre", "obus", Mode.HYBRID))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left on device"):
        remember(folder, Remembered("dark"))
    with pytest.raises(UsageError, match="No space left on device"):
        searches.remove("guerre")
    monkeypatch.undo()

    assert remembered(folder) == (Remembered("light"), "")
    assert [search.name for search in searches.all()] == ["guerre"]


def test_a_file_is_on_disk_before_it_takes_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    replace = Path.replace

    def renamed(path: Path, target: Path) -> Path:
        done.append("replace")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", lambda _: done.append("fsync"))
    monkeypatch.setattr(Path, "replace", renamed)
    remember(folder, Remembered("dark"))

    assert done == ["fsync", "replace", "fsync"]


def test_a_folder_that_cannot_be_written_says_where_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "memory"

    assert queries(History(folder)) == []
    told = pytest.raises(UsageError, match=r"file/memory cannot be used: .*XDG_DATA_HOME")
    with told:
        History(folder).add(entry("obus"))
    with told:
        SavedSearches(folder).remove("guerre")
    with told:
        remember(folder, Remembered())
