"""Whatever the umask, what the program writes is the user's alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_architecture import ROOT

PROGRAM = """
import sys
from pathlib import Path
from unittest.mock import patch
from search.cli import main
from search.user.history import History, HistoryEntry
from search.user.storage import default_folder
from search.types import Mode
from tests.fakes import FakeEncoder

def look():
    for path in sorted(Path.cwd().rglob("*")):
        print(f"{path.lstat().st_mode & 0o777:o} {path.relative_to(Path.cwd())}", file=sys.stderr)

encoder = FakeEncoder(before_batch=look)
for command in (
    ["build", "articles", "--rejects", "rejected.tsv"],
    ["find", "munitions"],
    ["news", "--save", "munitions"],
    ["verify"],
):
    sys.argv = ["depeche", *command]
    with patch("search.index.load_encoder", return_value=encoder):
        try:
            main()
        except SystemExit as end:
            assert not end.code, (command, end.code)
History(default_folder()).add(HistoryEntry("munitions", Mode.HYBRID, 2))
look()
"""


@pytest.fixture
def ours(tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose umask keeps nothing back and who has made nothing yet."""
    articles = tmp_path / "articles"
    articles.mkdir(0o755)
    for number in range(3):
        (articles / f"{number}.txt").write_text(f"Des munitions numéro {number}.", encoding="utf-8")
    (articles / "bad.json").write_text("{", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEPECHE_", "XDG_"))}
    places = {
        f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")
    }
    return {**kept, **places, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}


def modes(folder: Path, environment: dict[str, str]) -> dict[str, set[int]]:
    """The modes that each path had at any time, but for what was there before."""
    there = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    command = [sys.executable, "-c", PROGRAM]
    ran = subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, env=environment, umask=0, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, set[int]] = {}
    for line in ran.stderr.splitlines():
        mode, _, path = line.partition(" ")
        if mode.isdigit() and path not in there:
            found.setdefault(path, set()).add(int(mode, 8))
    return found


def test_every_file_and_folder_is_the_users_alone(tmp_path: Path, ours: dict[str, str]) -> None:
    found = modes(tmp_path, ours)

    assert {path: mode for path, mode in found.items() if any(each & 0o077 for each in mode)} == {}
    names = {Path(path).name for path in found}
    assert {
        "CURRENT",
        ".lock",
        "encoded.sqlite",
        "manifest.json",
        "articles.sqlite",
        "vectors.npy",
    } <= names
    assert {"rejected.tsv", "searches.json", "history.jsonl"} <= names
    assert any(path.startswith("data/depeche/index/staging-") for path in found)


def test_a_folder_that_the_user_opened_to_others_stays_open(tmp_path: Path, ours: dict[str, str]) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    config = tmp_path / "config.toml"
    config.write_text(f'index = "{shared}"', encoding="utf-8")
    config.chmod(0o644)
    found = modes(tmp_path, {**ours, "DEPECHE_CONFIG": str(config)})

    assert shared.stat().st_mode & 0o777 == 0o755
    assert found["shared/generations"] == {0o700}
    assert found["shared/CURRENT"] == {0o600}
