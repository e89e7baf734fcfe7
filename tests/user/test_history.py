import multiprocessing
from pathlib import Path

import pytest

from search.types import Mode
from search.user.history import HISTORY_LIMIT, History, HistoryEntry

from .files import is_now, mode


def entry(query: str, total: int = 1, mode: Mode = Mode.HYBRID) -> HistoryEntry:
    return HistoryEntry(query, mode, total)


def queries(history: History, limit: int = HISTORY_LIMIT, prefix: str = "") -> list[str]:
    return [each.query for each in history.recent(limit, prefix)]


def test_questions_come_back_the_newest_first_each_once(folder: Path) -> None:
    history = History(folder)
    for number, query in enumerate(["obus", "Élysée", "“trois mots”\n", "obus"]):
        history.add(entry(query, number, Mode.KEYWORD))

    again = History(folder)
    entries = again.recent(10)
    assert [(each.query, each.mode, each.total) for each in entries] == [
        ("obus", Mode.KEYWORD, 3),
        ("“trois mots”\n", Mode.KEYWORD, 2),
        ("Élysée", Mode.KEYWORD, 1),
    ]
    assert all(is_now(each.time) for each in entries)
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
    monkeypatch.setattr("search.user.history._SLACK", 2)
    history = History(folder, limit=3)
    for number in range(5):
        history.add(entry(str(number)))
    assert queries(history) == ["4", "3", "2"]
    assert len((folder / "history.jsonl").read_bytes().splitlines()) == 5

    history.add(entry("5"))
    assert queries(history) == ["5", "4", "3"]
    assert len((folder / "history.jsonl").read_bytes().splitlines()) == 3


def test_a_history_that_is_turned_off_keeps_and_tells_nothing(folder: Path) -> None:
    History(folder, limit=0).add(entry("secret"))
    assert not folder.exists()

    History(folder).add(entry("obus"))
    assert queries(History(folder, limit=0)) == []
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
        history.add(HistoryEntry(query, Mode.HYBRID, 1))
    history.remove("grève")
    history.remove("nothing that was asked")
    assert [entry.query for entry in History(folder).recent(9)] == ["grève du rail", "munitions"]


def ask(folder: Path, who: str) -> None:
    history = History(folder)
    for number in range(150):
        history.add(entry(f"{who} {number} " + "x" * 3000))


def test_two_programs_may_ask_at_once(folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=ask, args=(folder, who)) for who in "ab"]
    for each in processes:
        each.start()
    for each in processes:
        each.join()

    history = History(folder)
    entries = [query.split()[:2] for query in reversed(queries(history))]
    assert history.notice == ""
    for who in "ab":
        assert [number for name, number in entries if name == who] == [str(number) for number in range(150)]


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
        f"{path} is damaged; its content is kept in history.jsonl.damaged, in the same folder."
    )
    assert path.read_bytes() == first + second
    assert (folder / "history.jsonl.damaged").read_bytes() == damaged
    assert mode(folder / "history.jsonl.damaged") == 0o600

    again = History(folder)
    assert queries(again) == ["chars", "obus"]
    assert again.notice == ""


def test_a_query_after_a_line_without_its_end_is_kept(folder: Path) -> None:
    history = History(folder)
    history.add(entry("obus"))
    path = folder / "history.jsonl"
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))

    history.add(entry("chars"))

    assert queries(history) == ["chars", "obus"]
    assert history.notice == ""
