import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from search.config import load
from search.types import Mode
from search.user.index_folder import index_folder
from search.user.read_articles import ReadArticles
from search.user.saved_searches import SavedSearch, SavedSearches
from search.user.storage import default_folder
from tests.fakes import build_index
from tests.press import PRESS

from .running import KEYS, Depeche, Ran

Saved = Callable[..., None]


@pytest.fixture
def saved() -> Saved:
    """Saves searches as the interface does: a name, a query and what was seen."""

    def save(name: str, query: str, *seen: str) -> None:
        SavedSearches(kept()).save(SavedSearch(name, query, Mode.KEYWORD, seen=seen))

    return save


def kept() -> Path:
    """Where the program keeps what belongs to its index."""
    return index_folder(default_folder(), load({}))


def seen(name: str) -> set[str]:
    return {id_ for search in SavedSearches(kept()).all() if search.name == name for id_ in search.seen}


def test_news_are_told_once(depeche: Depeche, saved: Saved) -> None:
    saved("armes", "munitions", "obus", "sommet")
    saved("sport", "marathon", "marathon")
    first = depeche("news")
    again = depeche("news")

    assert first.code == 0
    assert first.err == "depeche: 2 new articles in 1 of 2 saved searches\n"
    title, *lines = first.out.splitlines()
    assert title == "armes · munitions"
    assert [line for line in lines if line[:2] in ("1.", "2.")] == [
        "1. L'Ukraine réclame des munitions",
        "2. Ce que dit le rapport d'enquête",
    ]
    assert "sport" not in first.out
    assert again == Ran(1, "", "depeche: 0 new articles in 0 of 2 saved searches\n")
    assert seen("armes") == {"obus", "sommet", "ukraine", "rapport"}


def test_what_is_kept_is_told_again(depeche: Depeche, saved: Saved) -> None:
    saved("armes", "munitions", "obus")
    unmarked = depeche("news", "--keep")

    assert seen("armes") == {"obus"}
    assert depeche("news", "--mark-seen") == unmarked
    assert depeche("news").code == 1


def test_names_choose_among_the_searches(depeche: Depeche, saved: Saved) -> None:
    saved("armes", "munitions")
    saved("sport", "marathon")
    ran = depeche("news", "sport", "--format", "json")

    assert (ran.json["name"], ran.ids) == ("sport", ["marathon"])
    assert (seen("armes"), seen("sport")) == (set(), {"marathon"})


def test_json_tells_every_search_on_a_line(depeche: Depeche, saved: Saved) -> None:
    saved("armes", "munitions", "obus", "rapport")
    saved("sport", "marathon", "marathon")
    ran = depeche("news", "--format", "json", "--keep")

    armes, sport = ran.lines
    assert (ran.code, ran.err) == (0, "")
    assert list(armes) == ["name", *KEYS]
    assert [result["id"] for result in armes["results"]] == ["ukraine", "sommet"]
    assert (armes["name"], armes["total"]) == ("armes", 2)
    assert (sport["name"], sport["total"], sport["results"]) == ("sport", 0, [])


def test_csv_is_one_table_with_the_search_first(depeche: Depeche, saved: Saved) -> None:
    saved("=armes", "munitions", "obus", "rapport")
    saved("sport", "marathon")
    ran = depeche("news", "--format", "csv", "--keep")

    head, *rows = csv.reader(io.StringIO(ran.out))
    assert head[:4] == ["name", "query", "rank", "id"]
    assert [row[:4] for row in rows] == [
        ["'=armes", "munitions", "1", "ukraine"],
        ["'=armes", "munitions", "2", "sommet"],
        ["sport", "marathon", "1", "marathon"],
    ]


def test_markdown_has_a_heading_a_search(depeche: Depeche, saved: Saved) -> None:
    saved("sport", "marathon")
    saved("obus", "obus", "obus", "ukraine")
    ran = depeche("news", "--format", "md")

    assert ran.out.startswith("## sport · marathon\n\n1. **Un marathon sous la pluie**")
    assert ran.out.count("## ") == 1


def test_a_search_that_is_wrong_does_not_hide_the_others(depeche: Depeche, saved: Saved) -> None:
    saved("faux", "(obus")
    saved("sport", "marathon")
    text = depeche("news", "--keep")
    json = depeche("news", "--format", "json")

    message = "depeche: 1 of 2 searches could not be understood\n"
    assert text.code == json.code == 2
    assert text.err.startswith("depeche: faux: This bracket is never closed.\n  (obus\n  ^ add a closing )\n")
    assert text.err.endswith(f"depeche: 1 new article in 1 of 2 saved searches\n{message}")
    assert "Un marathon" in text.out
    assert json.err == message
    assert (json.lines[0]["name"], json.lines[0]["error"]["position"]) == ("faux", 0)
    assert json.lines[1]["name"] == "sport"
    assert depeche("news", "sport").code == 1


def test_a_search_is_saved_with_what_it_finds_known(depeche: Depeche, index: Path) -> None:
    build_index(index, PRESS[:4])
    assert depeche("news", "--save", "munitions", "--mode", "keyword") == Ran(
        0, "", "depeche: saved: munitions; the articles that it finds now count as seen\n"
    )
    assert depeche("news", "--save", "+Russie depuis:2020", "La Russie").code == 0
    assert depeche("news").code == 1
    build_index(index, PRESS)

    (result,) = depeche("news", "munitions", "--format", "json").lines
    assert [item["id"] for item in result["results"]] == ["sommet"]
    first, second = SavedSearches(kept()).all()
    assert (first.name, first.query, first.mode) == ("munitions", "munitions", Mode.KEYWORD)
    assert (second.name, second.query, second.mode) == ("La Russie", "+Russie depuis:2020", Mode.HYBRID)


def test_saved_searches_are_listed_and_removed(depeche: Depeche, saved: Saved) -> None:
    saved("armes", "munitions")
    saved("sport", "marathon")
    created = SavedSearches(kept()).all()[0].created
    text = depeche("news", "--list", "armes")
    json = depeche("news", "--list", "--format", "json")

    assert text.code == json.code == 0
    name, facts = text.out.splitlines()
    assert (name, facts.split(" · ")[:3]) == ("armes", ["   munitions", "keyword", created])
    assert [line["name"] for line in json.lines] == ["armes", "sport"]
    assert list(json.lines[0]) == ["name", "query", "mode", "created", "last_seen"]
    assert depeche("news", "--remove", "armes") == Ran(0, "", "")
    assert [search.name for search in SavedSearches(kept()).all()] == ["sport"]


@pytest.mark.parametrize("arguments", [[], ["--list"]])
def test_no_saved_search_is_nothing_found(depeche: Depeche, arguments: list[str]) -> None:
    message = 'depeche: there is no saved search yet; save one: depeche news --save "grève trains"\n'
    assert depeche("news", *arguments) == Ran(1, "", message)


@pytest.mark.parametrize("arguments", [["x"], ["--remove", "x"], ["--list", "x", "sport"]])
def test_a_name_that_is_not_saved_is_told(depeche: Depeche, saved: Saved, arguments: list[str]) -> None:
    saved("sport", "marathon")
    ran = depeche("news", *arguments)

    assert ran == Ran(2, "", "depeche: There is no saved search named 'x'; the saved searches are: sport.\n")
    assert seen("sport") == set()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--save", "x", "--list"], "Use only one of --save, --remove and --list."),
        (["--save", "x", "a", "b"], "Give one NAME for the search"),
        (["--save", " "], "The query contains no word to search for"),
        (["--save", "(obus"], "This bracket is never closed."),
        (["--list", "--format", "csv"], "--list needs the format text or json."),
    ],
)
def test_what_makes_no_sense_is_told(
    depeche: Depeche, saved: Saved, arguments: list[str], message: str
) -> None:
    saved("sport", "marathon")
    ran = depeche("news", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert [search.name for search in SavedSearches(kept()).all()] == ["sport"]


def test_damaged_searches_are_told(depeche: Depeche, saved: Saved) -> None:
    saved("sport", "marathon")
    (kept() / "searches.json").write_text("{", encoding="utf-8")
    ran = depeche("news")

    assert ran.code == 1
    assert "searches.json.damaged" in ran.err.splitlines()[0]


def test_news_without_encoder_say_so(depeche: Depeche, no_encoder: list[str]) -> None:
    SavedSearches(kept()).save(SavedSearch("sport", "marathon", Mode.HYBRID))
    ran = depeche("news")

    assert ran.code == 0
    assert "depeche: Answered by keywords only: The model is not here; get it.\n" in ran.err
    assert no_encoder


def test_what_was_read_is_no_news_where_the_search_says_so(depeche: Depeche) -> None:
    assert depeche("news", "--save", "munitions lu:non", "à lire", "--mode", "keyword").code == 0
    (search,) = SavedSearches(kept()).all()
    assert len(search.seen) == 4
    SavedSearches(kept()).save(SavedSearch("à lire", search.query, Mode.KEYWORD))
    ReadArticles(kept()).add(["obus", "rapport"])
    assert depeche("news", "--format", "json").ids == ["ukraine", "sommet"]

    refused = depeche("news", "--save", "munitions tag:Armes")
    assert refused.code == 2
    assert refused.err.splitlines()[1:] == [
        "  munitions tag:Armes",
        "                ^ there is no dossier yet",
    ]
