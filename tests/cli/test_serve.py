"""What ``depeche serve`` and ``depeche mcp`` say before they answer."""

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT = """
import sys
sys.modules[{missing!r}] = None
from search.cli import main
main()
"""


@pytest.mark.parametrize(
    ("command", "missing", "extra"),
    [("serve", "uvicorn", "serve"), ("web", "uvicorn", "serve"), ("mcp", "mcp.server", "mcp")],
)
def test_a_missing_extra_says_what_to_type(press_index: Path, command: str, missing: str, extra: str) -> None:
    line = [sys.executable, "-c", WITHOUT.format(missing=missing), command, f"--index={press_index}"]
    ran = subprocess.run(  # noqa: S603 - our own command
        [*line, "--language=en"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )

    assert (ran.returncode, ran.stdout) == (2, "")
    assert f" needs {missing}, which is not installed" in ran.stderr
    assert f"pip install 'depeche-search[{extra}]'" in ran.stderr


@pytest.mark.parametrize("command", ["serve", "mcp"])
def test_without_an_index_it_does_not_start(tmp_path: Path, command: str) -> None:
    line = [sys.executable, "-m", "search", command, f"--index={tmp_path}", "--language=en"]
    ran = subprocess.run(line, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)  # noqa: S603

    assert (ran.returncode, ran.stdout) == (4, "")
    assert "There is no index" in ran.stderr
