"""A build that goes on in a thread: how far it is, and how it is stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from search.build_types import Manifest, Stage
from search.errors import SearchError
from search.protocols import Progress

Make = Callable[[tuple[str, ...], Progress], Manifest]
"""Makes an index of files and folders, or of what it held."""


class Cancelled(SearchError):
    """The user stopped the build; the published index is as it was."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a stage is; ``total`` is 0 while it is not known."""

    stage: Stage
    done: int
    total: int


class Building:
    """One build; ``stages`` are those reached, in order. Told and read from different threads."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self.paths = paths
        self._stages: dict[Stage, Reached] = {}
        self._unwanted = Event()

    @property
    def stages(self) -> tuple[Reached, ...]:
        """Every stage begun, the last one under way."""
        return tuple(self._stages.copy().values())

    @property
    def stopping(self) -> bool:
        """Whether it was cancelled."""
        return self._unwanted.is_set()

    def run(self, build: Make) -> Manifest:
        """Build; raises what ``build`` does, and Cancelled."""
        return build(self.paths, self._advance)

    def cancel(self) -> None:
        """Stop at the next step."""
        self._unwanted.set()

    def _advance(self, stage: Stage, done: int, total: int) -> None:
        if self._unwanted.is_set():
            raise Cancelled("The build was stopped; the index is as it was.")
        self._stages[stage] = Reached(stage, done, total)
