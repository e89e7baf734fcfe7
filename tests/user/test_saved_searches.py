import multiprocessing
from pathlib import Path

import pytest

from search.types import Mode
from search.user.saved_searches import SEEN_LIMIT, SavedSearch, SavedSearches

from .files import is_now


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


@pytest.mark.parametrize("damage", [b"", b"[", b"{}", b"\xff", b'[{"name":"a"}]'])
def test_searches_that_cannot_be_read_are_set_aside_and_that_is_said(folder: Path, damage: bytes) -> None:
    SavedSearches(folder).save(SavedSearch("guerre", "obus", Mode.HYBRID))
    path = folder / "searches.json"
    path.write_bytes(damage)

    searches = SavedSearches(folder)
    assert searches.all() == ()
    assert "searches.json is damaged" in searches.notice
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

    saved = SavedSearches(folder).all()
    assert [(each.name, each.query, each.mode, each.seen) for each in saved] == [
        ("c", "+c", Mode.SEMANTIC, ()),
        ("b", "neuf", Mode.KEYWORD, ()),
    ]
    assert all(is_now(each.created) and is_now(each.last_seen) for each in saved)


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
    searches.mark_seen("guerre", [str(number) for number in range(SEEN_LIMIT - 1)])
    assert searches.new("guerre", ["old", "0"]) == set()

    searches.mark_seen("guerre", ["fresh"])
    assert searches.new("guerre", ["old", "0", "fresh"]) == {"old"}
