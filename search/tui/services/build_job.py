"""A build that runs in a thread: its progress, and how to stop it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from search.build_types import Manifest, Progress, Stage
from search.encoding_rate import EncodingRate, Estimate
from search.errors import SearchError

BuildFunction = Callable[[tuple[str, ...], Progress], Manifest]
"""Builds an index from files and folders, or repairs one and ignores the paths."""


class BuildCancelled(SearchError):
    """The user stopped the build; what was published stays."""


@dataclass(frozen=True, slots=True)
class StageProgress:
    """The progress of one stage; ``total`` is 0 while it is unknown."""

    stage: Stage
    done: int
    total: int


class BuildJob:
    """One build. One thread runs it, another one reads ``stages`` and may cancel it."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self.paths = paths
        self._stages: dict[Stage, StageProgress] = {}
        self._rate = EncodingRate()
        self._cancelled = Event()

    @property
    def stages(self) -> tuple[StageProgress, ...]:
        """Every stage that has begun, in order; the last one is running."""
        return tuple(self._stages.copy().values())

    @property
    def estimate(self) -> Estimate | None:
        """How fast passages are encoded and how long it takes; None while that is not worth a sentence."""
        return self._rate.estimate

    @property
    def cancelled(self) -> bool:
        """Whether the user has cancelled the build."""
        return self._cancelled.is_set()

    @property
    def searchable(self) -> bool:
        """Whether the words are published, and passages are still being encoded."""
        return Stage.SEARCHABLE in self._stages

    def run(self, build: BuildFunction) -> Manifest:
        """Build; raises the errors of ``build``, and BuildCancelled."""
        return build(self.paths, self._advance)

    def cancel(self) -> None:
        """Stop the build at its next step."""
        self._cancelled.set()

    def _advance(self, stage: Stage, done: int, total: int) -> None:
        if self._cancelled.is_set():
            raise BuildCancelled(
                "The build was stopped; words are searchable, and the next build goes on encoding."
                if self.searchable
                else "The build was stopped; the index has not changed."
            )
        self._stages[stage] = StageProgress(stage, done, total)
        if stage is Stage.ENCODE:
            self._rate.advance(done, total)
