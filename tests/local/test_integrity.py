import os
import time
from pathlib import Path

import pytest

from search.files import checksum
from search.local import integrity


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the notes."""
    folder = tmp_path / "cache" / "intact"
    monkeypatch.setattr(integrity, "_notes_folder", lambda: folder)
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    return path


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read whole."""
    paths: list[Path] = []

    def recording(path: Path) -> str:
        paths.append(path)
        return checksum(path)

    monkeypatch.setattr(integrity, "checksum", recording)
    return paths


@pytest.fixture
def old_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes files count as written long ago."""
    monkeypatch.setattr(integrity, "_RACY_NANOSECONDS", -(10**12))


@pytest.mark.usefixtures("old_files")
def test_a_file_is_read_once(file: Path, notes: Path, files_read: list[Path]) -> None:
    expected = checksum(file)
    files_read.clear()
    assert [integrity.matched_recently(file, expected) for _ in range(3)] == [True, True, True]
    assert files_read == [file]
    assert len(list(notes.iterdir())) == 1
    assert notes.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("old_files", "notes")
def test_a_file_that_was_written_is_read_again(file: Path, files_read: list[Path]) -> None:
    expected = checksum(file)
    assert integrity.matched_recently(file, expected)
    times = file.stat()
    time.sleep(0.02)
    file.write_bytes(b"CONTENT")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not integrity.matched_recently(file, expected)
    file.unlink()
    assert not integrity.matched_recently(file, expected)


@pytest.mark.usefixtures("old_files")
def test_a_file_is_read_again_after_a_week(file: Path, notes: Path, files_read: list[Path]) -> None:
    expected = checksum(file)
    assert integrity.matched_recently(file, expected)
    (note,) = notes.iterdir()
    old = time.time() - 8 * 24 * 3600
    os.utime(note, (old, old))
    files_read.clear()
    assert integrity.matched_recently(file, expected)
    assert files_read == [file]


@pytest.mark.usefixtures("notes")
def test_a_file_that_was_just_written_is_not_noted(file: Path, notes: Path) -> None:
    assert integrity.matched_recently(file, checksum(file))
    assert not notes.exists()


@pytest.mark.usefixtures("old_files")
def test_it_works_without_a_cache_folder(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "_notes_folder", lambda: file / "notes")
    expected = checksum(file)
    assert [integrity.matched_recently(file, expected) for _ in range(2)] == [True, True]
