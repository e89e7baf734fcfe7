"""The examples of ``docs/programs.md`` that need a server."""

import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from search.updates import build
from tests.documents import DOCS, ROOT, blocks

from .serving import Server

EXAMPLES = [
    line
    for block in blocks(DOCS / "programs.md")
    for line in block.text.splitlines()
    if line.startswith("curl ")
]


@pytest.mark.model
@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_every_example_is_answered(tmp_path: Path) -> None:
    build(ROOT / "search" / "sample", index=tmp_path / "index")
    server = Server(tmp_path / "index", tmp_path)
    environment = {**os.environ, "TOKEN": server.token, "SERVER": server.address}
    try:
        for example in EXAMPLES:
            command = ["bash", "-c", f"{example} --silent --fail-with-body"]
            ran = subprocess.run(command, capture_output=True, env=environment, timeout=30)  # noqa: S603
            assert (ran.returncode, "error" in msgspec.json.decode(ran.stdout)) == (0, False), example
    finally:
        server.close()

    assert len(EXAMPLES) == 8
