import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search.embedding.model_cache import create_once


class Maker:
    """Writes two files, and counts its calls."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, folder: Path) -> None:
        self.times += 1
        (folder / "weights.bin").write_bytes(b"weights")
        (folder / "sub").mkdir()
        (folder / "sub" / "config.json").write_text("{}")


@pytest.fixture
def make() -> Maker:
    return Maker()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_makes_the_folder_once_and_a_lock_file(tmp_path: Path, make: Maker) -> None:
    folder = tmp_path / "deep" / "model"

    assert create_once(folder, make) == folder
    assert create_once(folder, make) == folder

    assert make.times == 1
    assert contents(folder).items() >= {"weights.bin": b"weights", "sub/config.json": b"{}"}.items()
    assert sorted(path.name for path in folder.parent.iterdir()) == ["model", "model.lock"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "weights.bin").write_bytes(b"weightz"),
        lambda folder: (folder / "sub" / "config.json").unlink(),
        lambda folder: (folder / "SHA256SUMS").unlink(),
        lambda folder: (folder / "SHA256SUMS").write_bytes(b"\xff"),
        lambda folder: (folder / "additional").write_bytes(b""),
    ],
)
def test_a_damaged_folder_is_made_again(
    tmp_path: Path, make: Maker, damage: Callable[[Path], object]
) -> None:
    folder = create_once(tmp_path / "model", make)
    before = contents(folder)
    damage(folder)

    create_once(folder, make)

    assert make.times == 2
    assert contents(folder) == before


def test_files_of_a_killed_process_are_removed(tmp_path: Path, make: Maker) -> None:
    (tmp_path / "model.part").mkdir()
    (tmp_path / "model.part" / "half").write_bytes(b"half")

    folder = create_once(tmp_path / "model", make)

    assert "half" not in contents(folder)
    assert not (tmp_path / "model.part").exists()


def test_a_failure_leaves_no_folder_and_the_next_attempt_succeeds(tmp_path: Path, make: Maker) -> None:
    def fail(folder: Path) -> None:
        (folder / "weights.bin").write_bytes(b"wei")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        create_once(tmp_path / "model", fail)
    assert not (tmp_path / "model").exists()

    assert contents(create_once(tmp_path / "model", make))["weights.bin"] == b"weights"


def test_of_two_processes_one_makes_the_folder_and_both_use_it(tmp_path: Path) -> None:
    program = """
import sys, time
from pathlib import Path
from search.embedding.model_cache import create_once

def make(folder):
    with open(sys.argv[2], "a") as log:
        log.write("made\\n")
    time.sleep(0.3)
    (folder / "weights.bin").write_bytes(b"weights")

print((create_once(Path(sys.argv[1]), make) / "weights.bin").read_text())
"""
    command = [sys.executable, "-c", program, str(tmp_path / "model"), str(tmp_path / "log")]

    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: S603
    outputs = [process.communicate(timeout=60)[0] for process in processes]

    assert outputs == ["weights\n", "weights\n"]
    assert (tmp_path / "log").read_text() == "made\n"
