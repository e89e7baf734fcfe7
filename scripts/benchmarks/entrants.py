"""Who takes part in a contest, and the processes that they run in."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.exchange import Exchange

ROOT = Path(__file__).resolve().parents[2]

Report = dict[str, Any]
"""What is written as JSON of one engine: times in seconds or milliseconds, sizes in MiB, as the keys say."""


class TrialFailed(Exception):
    """An engine could not build or answer."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """An engine: its name in reports, the contestant of a module that it is, the folder name of its index.

    Entrants of one index share what the first of them builds. It runs in the environment ``environment`` of
    this checkout, with the packages ``search`` and ``benchmarks`` of ``tree``.
    """

    name: str
    contestant: str
    index: str
    module: str
    environment: str
    tree: Path = ROOT

    def build(self, exchange: Exchange, folder: Path) -> Report:
        """Build in a process of its own; raises TrialFailed."""
        with self._process("build", exchange, folder) as process:
            report: Report = process.report()
            return report

    def open(self, exchange: Exchange, folder: Path) -> "Process":
        """Open the index in a process of its own, which takes commands; see ``trial``."""
        return self._process("ask", exchange, folder)

    def _process(self, action: str, exchange: Exchange, folder: Path) -> "Process":
        python = ROOT / self.environment / "bin" / "python"
        command = [str(python), "-P", "-m", self.module, action, self.contestant]
        path = os.pathsep.join([str(self.tree), str(self.tree / "scripts")])
        environment = os.environ | {"PYTHONPATH": path, "PYTHONWARNINGS": "ignore", "LANCEDB_LOG": "error"}
        return Process(self.name, [*command, str(exchange.folder), str(folder)], environment)


class Process:
    """A running contestant; it ends when the context does."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self._name = name
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            self._process.kill()
        self._process.communicate()

    def tell(self, command: str) -> Any:  # noqa: ANN401 - what JSON holds
        """Give it a command and return its report; raises TrialFailed."""
        if self._process.stdin is None or self._process.poll() is not None:
            raise TrialFailed(f"{self._name} has ended; the reasons are above.")
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self.report()

    def report(self) -> Any:  # noqa: ANN401 - what JSON holds
        """Its next report; raises TrialFailed."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise TrialFailed(f"{self._name} failed: exit code {self._process.wait()}, reasons above.")
        return json.loads(line)


def depeche(part: str) -> Entrant:
    """A part of Dépêche as an entrant; see ``benchmarks.depeche``."""
    return Entrant(f"depeche {part}", f"depeche {part}", "depeche", "benchmarks.depeche", ".venv")


def peer(name: str, index: str = "") -> Entrant:
    """A peer as an entrant; see ``benchmarks.peers``."""
    return Entrant(name, name, index or name, "benchmarks.peers", ".venv-benchmark")


def say(what: str) -> None:
    """Tell on standard error what is being done."""
    sys.stderr.write(f"  {what}\n")
