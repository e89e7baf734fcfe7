"""The progress of a build, shown on standard error when that is a terminal."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import ProgressColumn, TaskID

    from search.protocols import Progress

_STAGES = {
    "read": "Reading",
    "chunk": "Cutting",
    "words": "Indexing words",
    "copies": "Looking for copies",
    "encode": "Encoding",
    "check": "Checking",
}


def shown() -> "AbstractContextManager[Progress]":
    """A bar for each stage with its rate and the time that remains; nothing outside a terminal."""
    return _bars() if sys.stderr and sys.stderr.isatty() else hidden()


def hidden() -> "AbstractContextManager[Progress]":
    """Progress that is not shown."""
    return nullcontext(lambda stage, done, total: None)


@contextmanager
def _bars() -> "Iterator[Progress]":
    from rich.console import Console
    from rich.progress import Progress

    tasks: dict[str, TaskID] = {}
    with Progress(*_columns(), console=Console(stderr=True)) as bars:

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                end_all()
                tasks[stage] = bars.add_task(_STAGES[stage], total=None)
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
        TextColumn("{task.description:<14}"),
        BarColumn(bar_width=20),
        Count(),
        Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    ]
