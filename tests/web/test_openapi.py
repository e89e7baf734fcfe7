"""Requests that schemathesis makes of the API's own description: none may fail the server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.updates import build
from tests.documents import ROOT

from .serving import TOKEN, Server

SECONDS = 300
EXAMPLES = 20  # of each path and method


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    build(ROOT / "search" / "sample", index=tmp_path / "index")
    served = Server(tmp_path / "index", tmp_path)
    yield served
    served.close()


@pytest.mark.model
def test_schemathesis_finds_no_fault(server: Server, tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{server.address}/api/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {TOKEN}", "--max-examples", str(EXAMPLES), "--seed", "20"),
        *("--generation-database", "none", "--no-color", "--request-timeout", "20"),
        # A schema cannot say which texts are queries, dates and half-lives: others are refused with 400.
        *("--exclude-checks", "positive_data_acceptance"),
    ]
    ran = subprocess.run(  # noqa: S603 - our own command
        command,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ""},
    )
    _, printed = server.end()

    assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr[-1000:]
    assert "Traceback" not in printed
