"""Which articles the user has read: kept across starts, by several programs, in a file that stays small."""

import multiprocessing
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.errors import UsageError
from search.user.read_articles import ReadArticles

from .files import is_now, mode

CHANGES = st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from("abcdé"), max_size=4)), max_size=12)


def test_articles_are_read_from_the_first_time_on(folder: Path) -> None:
    read = ReadArticles(folder)
    read.add(["b", "a", "b"])
    first = dict(read.all())
    read.add(["c", "a"])

    assert list(read.all()) == list(ReadArticles(folder).all()) == ["b", "a", "c"]
    assert all(is_now(each) for each in read.all().values())
    assert {name: read.all()[name] for name in first} == first

    read.remove(["a", "nothing"])
    assert list(ReadArticles(folder).all()) == ["b", "c"]
    assert mode(folder / "read.jsonl") == 0o600


def test_nothing_is_made_where_nothing_was_read(folder: Path) -> None:
    assert not ReadArticles(folder).all()
    assert not folder.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(CHANGES)
def test_the_file_says_what_a_set_says(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[bool, list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("user")
    one, other, expected = ReadArticles(folder), ReadArticles(folder), set[str]()
    for number, (adds, ids) in enumerate(changes):
        read = one if number % 2 else other
        (read.add if adds else read.remove)(ids)
        expected = expected | set(ids) if adds else expected - set(ids)
        assert set(one.all()) == set(other.all()) == expected


def test_the_file_does_not_grow_with_what_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.user.read_articles._SLACK", 4)
    read = ReadArticles(folder)
    for _ in range(50):
        read.add(["a", "b"])
        read.remove(["a"])
    assert len((folder / "read.jsonl").read_bytes().splitlines()) < 10
    assert list(ReadArticles(folder).all()) == ["b"]


def test_a_hundred_thousand_articles_are_read_and_added_to_at_once(folder: Path) -> None:
    ReadArticles(folder).add(f"sha-{number:016x}" for number in range(100_000))
    read = ReadArticles(folder)
    began = time.perf_counter()
    assert len(read.all()) == 100_000
    read.add(["one more"])
    assert "one more" in read.all()
    assert time.perf_counter() - began < 1.0  # 0.1 s on an idle machine


@pytest.mark.parametrize("damage", [b'["a', b"\xff\xfe", b"[1,2]\n", b'["a"]', b"{}"])
def test_what_can_be_read_survives_damage(folder: Path, damage: bytes) -> None:
    ReadArticles(folder).add(["a", "b"])
    path = folder / "read.jsonl"
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + damage + (b"" if damage.endswith(b"\n") else b"\n") + second)
    damaged = path.read_bytes()

    read = ReadArticles(folder)
    assert list(read.all()) == ["a", "b"]
    assert "read.jsonl is damaged" in read.notice
    assert (folder / "read.jsonl.damaged").read_bytes() == damaged
    assert path.read_bytes() == first + second


def read_on(folder: Path, who: str) -> None:
    read = ReadArticles(folder)
    for number in range(200):
        read.add([f"{who}{number}"])


def test_two_programs_may_read_at_once(folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=read_on, args=(folder, who)) for who in "ab"]
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    read = ReadArticles(folder)
    assert set(read.all()) == {f"{who}{number}" for who in "ab" for number in range(200)}
    assert read.notice == ""


def test_a_kill_in_the_middle_of_a_line_costs_that_line_at_most(folder: Path) -> None:
    ReadArticles(folder).add(["a", "b"])
    path = folder / "read.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    read = ReadArticles(folder)
    read.add(["c"])
    assert [*read.all()] == ["a", "c"]


def test_a_full_disk_is_told_and_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.user.read_articles._SLACK", 0)
    read = ReadArticles(folder)
    read.add(["a"])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        read.remove(["a"])
    monkeypatch.undo()
    assert not ReadArticles(folder).all()
