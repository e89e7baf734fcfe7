"""What ``scripts/audit`` makes of pip-audit's answers: silence is never good news."""

import importlib.machinery
import importlib.util
import subprocess
from types import ModuleType
from typing import Any

import pytest

from tests.test_architecture import ROOT

SOUND = {"name": "rich", "version": "14.0", "vulns": []}
SKIPPED = {"name": "torch", "skip_reason": "not found: torch (2.13.0)"}
WEAK = {
    "name": "aiohttp",
    "version": "3.0",
    "vulns": [
        {"id": "PYSEC-1", "fix_versions": ["3.1"], "aliases": ["CVE-1"]},
        {"id": "X", "fix_versions": []},
    ],
}


@pytest.fixture
def audit() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("audit", str(ROOT / "scripts" / "audit"))
    spec = importlib.util.spec_from_loader("audit", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "code", "out", "err"),
    [
        ([SOUND], 0, "1 packages looked up, 0 vulnerabilities.\n", ""),
        (
            [SOUND, WEAK],
            1,
            "aiohttp 3.0: PYSEC-1 CVE-1; mended in 3.1\naiohttp 3.0: X; mended in no version yet\n"
            "2 packages looked up, 2 vulnerabilities.\n",
            "",
        ),
        (
            [SOUND, SKIPPED],
            3,
            "1 packages looked up, 0 vulnerabilities.\n",
            "Nothing is known of 1 packages (torch): not found: torch (2.13.0)\n",
        ),
    ],
)
def test_what_is_known_is_told_and_what_is_not(
    audit: ModuleType,
    capsys: pytest.CaptureFixture[str],
    packages: list[dict[str, Any]],
    code: int,
    out: str,
    err: str,
) -> None:
    assert audit.told(packages) == code
    assert capsys.readouterr() == (out, err)


@pytest.mark.parametrize(
    ("stderr", "why"), [("Traceback\nno way there", "no way there"), ("", "pip-audit ended with 1")]
)
def test_a_database_that_cannot_be_asked_is_no_all_clear(
    audit: ModuleType,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    stderr: str,
    why: str,
) -> None:
    failed = subprocess.CompletedProcess([], 1, "", stderr)
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: failed)
    monkeypatch.setattr(audit, "OWN", ROOT / "tests")
    monkeypatch.setattr(audit, "PIP_AUDIT", "test_audit.py")
    monkeypatch.setattr("sys.argv", ["audit"])

    assert audit.main() == 3
    assert capsys.readouterr().err == f"Nothing was looked up, as the database cannot be asked: {why}\n"
