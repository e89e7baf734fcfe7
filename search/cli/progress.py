"""The progress of a build, on standard error when that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from search.build_types import STAGE_LABELS, Stage

if TYPE_CHECKING:
    from rich.progress import ProgressColumn, TaskID

    from search.protocols import Progress

_WIDTH = max(map(len, STAGE_LABELS.values()))


def permanent() -> "AbstractContextManager[Progress]":
    """A bar for each stage, with its rate and the remaining time; nothing outside a terminal."""
    return _in_terminal(partial(_bars, transient=False))


def transient() -> "AbstractContextManager[Progress]":
    """The same bars, removed at the end."""
    return _in_terminal(partial(_bars, transient=True))


def hidden() -> "AbstractContextManager[Progress]":
    """No bars."""
    return nullcontext(lambda stage, done, total: None)


def _in_terminal(
    bars: "Callable[[], AbstractContextManager[Progress]]",
) -> "AbstractContextManager[Progress]":
    return bars() if sys.stderr and sys.stderr.isatty() else hidden()


@contextmanager
def _bars(*, transient: bool) -> "Iterator[Progress]":
    from rich.console import Console
    from rich.progress import Progress

    tasks: dict[Stage, TaskID] = {}
    with Progress(*_columns(), console=Console(stderr=True), transient=transient) as bars:

        def advance(stage: Stage, done: int, total: int) -> None:
            if stage not in tasks:
                end_all()
                tasks[stage] = bars.add_task(STAGE_LABELS[stage].capitalize(), total=None)
            bars.update(tasks[stage], completed=done, total=total or None)

        def end_all() -> None:
            for task in bars.tasks:
                bars.update(task.id, total=task.completed)

        yield advance
        end_all()


def _columns() -> "list[ProgressColumn]":
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Count(ProgressColumn):
        def render(self, task: Task) -> Text:
            of = f"/{task.total:,.0f}" if task.total else ""
            return Text(f"{task.completed:,.0f}{of}" if task.completed or task.total else "")

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    return [
        TextColumn(f"{{task.description:<{_WIDTH}}}"),
        BarColumn(bar_width=18),
        Count(),
        Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    ]
