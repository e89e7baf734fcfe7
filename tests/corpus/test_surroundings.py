"""The files around a file, on disk; those of an archive are in test_archives.py."""

import os
import time
from pathlib import Path

import pytest

from search.corpus.record import BadRecord
from search.corpus.surroundings import FilesAround, Nothing


@pytest.fixture
def around(tmp_path: Path) -> FilesAround:
    """What is around the files of ``issue/alto``."""
    for name in ("issue/mets.xml", "issue/alto/1.xml", "issue/alto/.hidden"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return FilesAround(tmp_path / "issue" / "alto")


def test_files_are_found_from_the_folder(around: FilesAround) -> None:
    assert around.beside("1.xml") == b"issue/alto/1.xml"
    assert around.beside("../mets.xml") == b"issue/mets.xml"
    assert around.beside("2.xml") is None
    assert around.beside("1.xml/2.xml") is None


def test_what_is_no_file_is_refused(around: FilesAround) -> None:
    with pytest.raises(BadRecord, match="regular"):
        around.beside("../alto")


def test_names_are_those_of_files(around: FilesAround) -> None:
    assert around.neighbours() == {"1.xml", ".hidden"}
    assert around.neighbours("..") == {"mets.xml"}
    assert around.neighbours("../missing") == frozenset()
    assert around.neighbours("../mets.xml") == frozenset()


@pytest.mark.parametrize("age", [0, 3600])
def test_a_new_file_is_seen_at_once(around: FilesAround, age: int) -> None:
    long_ago = time.time() - age
    os.utime(around.folder, (long_ago, long_ago))
    assert "2.xml" not in around.neighbours()

    (around.folder / "2.xml").touch()

    assert "2.xml" in around.neighbours()


def test_a_folder_at_rest_is_listed_once(around: FilesAround, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(around.folder, (1_000_000, 1_000_000))
    names = around.neighbours()

    monkeypatch.setattr(os, "scandir", None)

    assert around.neighbours() is names


def test_a_file_by_itself_has_no_surroundings() -> None:
    assert Nothing().beside("1.xml") is None
    assert Nothing().neighbours("..") == frozenset()
