"""What it takes to run the program in a test, and to look at what it did."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

import search

ROOT = Path(search.__file__).parents[1]

KEYS = [
    "query",
    "mode",
    "total",
    "evidence",
    "relevant",
    "took_ms",
    "generation",
    "degraded",
    "results",
    "below",
]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - what a program would read
        return msgspec.json.decode(self.out)

    @property
    def lines(self) -> list[Any]:
        return [msgspec.json.decode(line) for line in self.out.split("\n")[:-1]]

    @property
    def ids(self) -> list[str]:
        return [result["id"] for result in self.json["results"]]


Depeche = Callable[..., Ran]


def find(depeche: Depeche, *arguments: str) -> Ran:
    return depeche("find", "--format", "json", *arguments)


def untimed(answer: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in answer.items() if key != "took_ms"}


def in_a_shell(line: str) -> subprocess.CompletedProcess[str]:
    """The program as another process, called ``depeche`` in the line."""
    line = f'depeche() {{ "{sys.executable}" -m search "$@"; }}; {line}'
    return subprocess.run(  # noqa: S603 - our own command
        ["/bin/bash", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT
    )


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal, and keeps what was written."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        self.seek(0)
        return self.read()


class Input(io.BytesIO):
    """Standard input, which has a name."""

    name = "<stdin>"
