import os
from pathlib import Path

import platformdirs
import pytest

from search.errors import UsageError
from search.types import Mode
from search.user.history import History, HistoryEntry
from search.user.interface_state import InterfaceState, load_state, save_state
from search.user.saved_searches import SavedSearch, SavedSearches
from search.user.storage import default_folder

from .files import mode


def test_it_lies_in_the_folder_of_the_user() -> None:
    assert default_folder() == platformdirs.user_data_path("depeche") / "memory"


def test_nothing_is_made_where_there_is_nothing_to_read(folder: Path) -> None:
    assert History(folder).recent(9) == []
    assert SavedSearches(folder).all() == ()
    assert load_state(folder) == (InterfaceState(), "")
    assert not folder.exists()


def test_only_the_owner_may_look(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "history.jsonl").touch(0o644)
    History(folder).add(HistoryEntry("obus", Mode.HYBRID, 1))
    SavedSearches(folder).save(SavedSearch("guerre", "obus", Mode.HYBRID))
    save_state(folder, InterfaceState())

    assert mode(folder) == 0o700
    names = {".lock", "history.jsonl", "searches.json", "interface.json"}
    assert {path.name: mode(path) for path in folder.iterdir()} == dict.fromkeys(names, 0o600)


def test_a_file_is_replaced_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_state(folder, InterfaceState("light"))
    searches = SavedSearches(folder)
    searches.save(SavedSearch("guerre", "obus", Mode.HYBRID))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left on device"):
        save_state(folder, InterfaceState("dark"))
    with pytest.raises(UsageError, match="No space left on device"):
        searches.remove("guerre")
    monkeypatch.undo()

    assert load_state(folder) == (InterfaceState("light"), "")
    assert [search.name for search in searches.all()] == ["guerre"]


def test_a_file_is_on_disk_before_it_takes_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    replace = Path.replace

    def renamed(path: Path, target: Path) -> Path:
        done.append("replace")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", lambda _: done.append("fsync"))
    monkeypatch.setattr(Path, "replace", renamed)
    save_state(folder, InterfaceState("dark"))

    assert done == ["fsync", "replace", "fsync"]


def test_a_folder_that_cannot_be_written_says_where_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "memory"

    assert History(folder).recent(9) == []
    refused = pytest.raises(UsageError, match=r"file/memory cannot be used: .*XDG_DATA_HOME")
    with refused:
        History(folder).add(HistoryEntry("obus", Mode.HYBRID, 1))
    with refused:
        SavedSearches(folder).remove("guerre")
    with refused:
        save_state(folder, InterfaceState())
