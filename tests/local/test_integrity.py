import os
import time
from pathlib import Path

import pytest

from search.local import integrity


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is noted what was integrity."""
    folder = tmp_path / "cache" / "intact"
    monkeypatch.setattr(integrity, "_notes_folder", lambda: folder)
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read whole."""
    paths: list[Path] = []
    checksum = integrity.checksum

    def noted(path: Path) -> str:
        paths.append(path)
        return checksum(path)

    monkeypatch.setattr(integrity, "checksum", noted)
    return paths


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as written long ago."""
    monkeypatch.setattr(integrity, "_RACY_NANOSECONDS", -(10**12))


@pytest.mark.usefixtures("settled")
def test_a_file_is_read_once(file: Path, notes: Path, read: list[Path]) -> None:
    wanted = integrity.checksum(file)
    read.clear()
    assert [integrity.matched_recently(file, wanted) for _ in range(3)] == [True, True, True]
    assert read == [file]
    assert len(list(notes.iterdir())) == 1
    assert notes.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("settled", "notes")
def test_what_was_written_to_is_read_again(file: Path, read: list[Path]) -> None:
    wanted = integrity.checksum(file)
    assert integrity.matched_recently(file, wanted)
    times = file.stat()
    time.sleep(0.02)
    file.write_bytes(b"CONTENT")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not integrity.matched_recently(file, wanted)
    file.unlink()
    assert not integrity.matched_recently(file, wanted)


@pytest.mark.usefixtures("settled")
def test_it_is_read_again_after_a_week(file: Path, notes: Path, read: list[Path]) -> None:
    wanted = integrity.checksum(file)
    assert integrity.matched_recently(file, wanted)
    (note,) = notes.iterdir()
    old = time.time() - 8 * 24 * 3600
    os.utime(note, (old, old))
    read.clear()
    assert integrity.matched_recently(file, wanted)
    assert read == [file]


@pytest.mark.usefixtures("notes")
def test_what_was_written_just_now_is_not_noted(file: Path, notes: Path) -> None:
    assert integrity.matched_recently(file, integrity.checksum(file))
    assert not notes.exists()


@pytest.mark.usefixtures("settled")
def test_it_does_without_a_cache(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "_notes_folder", lambda: file / "notes")
    wanted = integrity.checksum(file)
    assert [integrity.matched_recently(file, wanted) for _ in range(2)] == [True, True]
