"""A previous version of Dépêche beside the present one: its files, and what differs."""

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import contest
from benchmarks.entrants import ROOT, Entrant, Report

_ADDED = ("trial.py", "exchange.py", "encoders.py", "previous.py")
_TOP = 10

Row = tuple[str, float, float, float]
"""A figure: its name, of the present version, of the previous one, and the first as a share of the second."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A version: its short name, and the folder that it is checked out in."""

    name: str
    tree: Path

    def name_of(self, engine: str) -> str:
        """The name in reports of this version of an engine."""
        return f"{self.name} {engine}"

    def of(self, entrant: Entrant) -> Entrant:
        """An entrant of this version, like one of the present."""
        return replace(
            entrant,
            name=self.name_of(entrant.name),
            index=f"{entrant.index}-{self.name}",
            module="benchmarks.previous",
            tree=self.tree,
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """One engine of two versions: rows of figures, and how far the answers are the same."""

    engine: str
    revision: str
    ratios: list[Row]
    agreement: dict[str, float]

    def as_json(self) -> Report:
        """What is kept: the ratios and the agreement, by name."""
        ratios = {name: ratio for name, _, _, ratio in self.ratios}
        return {"engine": self.engine, "revision": self.revision, "now / then": ratios} | self.agreement


def comparisons(reports: Mapping[str, Report], revision: Revision | None) -> list[Comparison]:
    """Each engine of which there is a report of that revision, too."""
    if revision is None:
        return []
    pairs = [(name, revision.name_of(name)) for name in reports if revision.name_of(name) in reports]
    return [
        Comparison(
            name,
            revision.name,
            compared(contest.figures(reports[name]), contest.figures(reports[then])),
            agreement(reports[name], reports[then]),
        )
        for name, then in pairs
    ]


@contextmanager
def checked_out(revision: str, work: Path) -> Iterator[Revision]:
    """The files of a revision of this repository, in a folder that is removed afterwards.

    Raises CalledProcessError for an unknown one.
    """
    name = _git("rev-parse", "--short", f"{revision}^{{commit}}").decode().strip()
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix=f"{name}-") as folder:
        tree = Path(folder)
        with tarfile.open(fileobj=io.BytesIO(_git("archive", name, "search", "scripts"))) as files:
            files.extractall(tree, filter="data")
        for added in _ADDED:
            shutil.copy(Path(__file__).with_name(added), tree / "scripts" / "benchmarks")
        yield Revision(name, tree)


def compared(new: Report, old: Report) -> list[Row]:
    """Every figure that both reports have, with its ratio new / old."""
    figures, others = _flat(new), _flat(old)
    return [
        (name, figure, others[name], round(figure / others[name], 3))
        for name, figure in figures.items()
        if others.get(name)
    ]


def agreement(new: Report, old: Report) -> dict[str, float]:
    """By set, the share of questions with the same ten articles in one order; how far scores differ."""
    found = {}
    for name, answers in new["answers"].items():
        if not any(answers.values()):
            continue  # an encoder alone
        same = [ids[:_TOP] == old["answers"][name][question][:_TOP] for question, ids in answers.items()]
        found[f"{name}: same first {_TOP}, share"] = round(sum(same) / len(same), 4)
    if new["scores"] and old["scores"]:
        found["largest difference of a score"] = _largest_difference(new["scores"], old["scores"])
    return found


def _largest_difference(new: Sequence[Mapping[str, float]], old: Sequence[Mapping[str, float]]) -> float:
    """Of the articles that both answers hold."""
    differences = (
        abs(score - others[article])
        for scores, others in zip(new, old, strict=True)
        for article, score in scores.items()
        if article in others
    )
    return max(differences, default=0.0)


def _flat(report: Mapping[str, Any], before: str = "") -> dict[str, float]:
    found: dict[str, float] = {}
    for key, value in report.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{key} ")
        elif isinstance(value, (int, float)):
            found[f"{before}{key}"] = float(value)
    return found


def _git(*arguments: str) -> bytes:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603
