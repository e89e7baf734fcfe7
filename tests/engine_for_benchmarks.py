"""Engines that need no index, for the tests of ``scripts/benchmarks``."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.exchange import Exchange, Passages, Question
from benchmarks.trial import Contestant, main


class FirstRow:
    """Gives the first passage."""

    row = 0

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        print("what a library prints is no report")  # noqa: T201

    @staticmethod
    def build(passages: Passages, folder: Path) -> None:
        """See ``trial.Contestant``."""

    def ask(self, question: Question) -> Sequence[int]:
        """See ``trial.Contestant``."""
        return [self.row]


class Scored(FirstRow):
    """Gives scores, too."""

    def scores(self, question: Question) -> Mapping[str, float]:
        """See ``trial.Contestant``."""
        return {"1": 0.5}


class LastRow(FirstRow):
    """Gives the last passage of two."""

    row = 1


CONTESTANTS: Mapping[str, type[Contestant]] = {"first row": Scored, "last row": LastRow}

if __name__ == "__main__":
    main(CONTESTANTS)
