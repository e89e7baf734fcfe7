"""What belongs to one index, in a folder of its own."""

import multiprocessing
import os
from pathlib import Path

import pytest

from search.config import Settings
from search.errors import UsageError
from search.types import Mode
from search.user.history import History, HistoryEntry
from search.user.index_folder import create_index_folder, index_folder, index_place
from search.user.saved_searches import SavedSearch, SavedSearches

from .files import mode


def of(index: Path) -> Settings:
    return Settings(index=str(index))


def ask(folder: Path, query: str) -> None:
    History(folder).add(HistoryEntry(query, Mode.HYBRID, 1))


def asked(folder: Path) -> list[str]:
    return [entry.query for entry in History(folder).recent(9)]


def test_two_indexes_have_nothing_in_common(folder: Path, tmp_path: Path) -> None:
    one, other = (create_index_folder(folder, of(tmp_path / name / "index")) for name in ("a", "b"))
    ask(one, "obus")
    ask(other, "chars")
    SavedSearches(one).save(SavedSearch("guerre", "obus", Mode.HYBRID))

    assert (asked(one), asked(other)) == (["obus"], ["chars"])
    assert SavedSearches(other).all() == ()
    assert one.name.startswith("index-")
    assert index_folder(folder, of(tmp_path / "a" / "index")) == one


def test_one_index_has_one_folder_however_it_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "link").symlink_to("index")
    spellings = ("index", "link", "./x/../index", "index/")
    folders = {create_index_folder(folder, of(tmp_path / spelling)) for spelling in spellings}
    assert len(folders) == 1


@pytest.mark.parametrize(
    ("database", "place"),
    [
        ("postgresql://ann:geheim@host:5433/press", "postgresql://host:5433/press"),
        ("postgres://host/press", "postgresql://host/press"),
        (
            "postgresql://host/press?password=geheim&options=-csearch_path%3Da",
            "postgresql://host/press?options=-csearch_path%3Da",
        ),
        ("host=h dbname=press password='ge\\'heim geheim' user=ann", "host=h dbname=press"),
        ("dbname=press password=geheim", "dbname=press"),
    ],
)
def test_the_place_of_a_server_names_no_password(folder: Path, database: str, place: str) -> None:
    settings = Settings(database=database)
    assert index_place(settings) == place
    made = create_index_folder(folder, settings)
    assert "geheim" not in "".join(file.read_text() for file in made.iterdir())
    assert "press-" in made.name


def test_what_was_kept_for_all_indexes_is_kept_for_each(folder: Path, tmp_path: Path) -> None:
    ask(folder, "obus")
    SavedSearches(folder).save(SavedSearch("guerre", "obus", Mode.HYBRID, seen=("x",)))
    one = create_index_folder(folder, of(tmp_path / "a"))
    ask(one, "chars")
    other = create_index_folder(folder, of(tmp_path / "b"))

    assert asked(one) == ["chars", "obus"]
    assert asked(other) == ["obus"]
    assert [search.seen for search in SavedSearches(other).all()] == [("x",)]
    assert asked(folder) == ["obus"]
    names = (".lock", "history.jsonl", "place.txt", "searches.json")
    assert {path.name: mode(path) for path in one.iterdir()} == dict.fromkeys(names, 0o600)
    assert mode(one) == mode(one.parent) == 0o700


def test_what_was_removed_from_one_index_does_not_come_back(folder: Path, tmp_path: Path) -> None:
    ask(folder, "obus")
    one = create_index_folder(folder, of(tmp_path / "a"))
    History(one).clear()
    create_index_folder(folder, of(tmp_path / "a"))
    assert asked(one) == []


def test_an_index_that_moved_is_followed_when_its_place_is_changed(folder: Path, tmp_path: Path) -> None:
    old, new = of(tmp_path / "old"), of(tmp_path / "new")
    ask(before := create_index_folder(folder, old), "obus")
    assert asked(create_index_folder(folder, new)) == []

    (before / "place.txt").write_text(f"{tmp_path / 'new'}\n")

    assert create_index_folder(folder, new) == before
    assert asked(index_folder(folder, new)) == ["obus"]


def test_a_crash_at_any_moment_loses_nothing(folder: Path, tmp_path: Path) -> None:
    """A process ends before each of its renames in turn; the next one completes the folder."""
    ask(folder, "obus")
    SavedSearches(folder).save(SavedSearch("guerre", "obus", Mode.HYBRID))
    spawn = multiprocessing.get_context("spawn")
    for number in range(3):
        settings = of(tmp_path / f"index{number}")
        crashing = spawn.Process(target=create_until, args=(folder, settings, number))
        crashing.start()
        crashing.join()
        assert crashing.exitcode == 9

        made = create_index_folder(folder, settings)
        assert asked(made) == ["obus"]
        assert [search.name for search in SavedSearches(made).all()] == ["guerre"]
        assert (made / "place.txt").read_text() == f"{tmp_path}/index{number}\n"


def create_until(folder: Path, settings: Settings, renames: int) -> None:
    """Create the folder in a process that dies before the rename of this number."""
    replace, done = Path.replace, iter(range(renames))

    def dying(path: Path, target: Path) -> Path:
        if next(done, None) is None:
            os._exit(9)
        return replace(path, target)

    Path.replace = dying  # type: ignore[method-assign, assignment]
    create_index_folder(folder, settings)


def test_a_folder_that_cannot_be_made_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"/file cannot be used: .*XDG_DATA_HOME"):
        create_index_folder(tmp_path / "file", Settings())
