"""The progress of a build, on standard error when that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from search.build_types import STAGE_LABELS, Stage
from search.cli.language import number, translate
from search.cli.options import report
from search.errors import Translatable

if TYPE_CHECKING:
    from rich.progress import Progress as Display
    from rich.progress import ProgressColumn, TaskID


class Bars:
    """A bar for each stage; a call advances that of the stage. Without a display, none is shown.

    ``searchable`` says whether the words of the build are published; as soon as they are, it calls ``tell``.
    """

    def __init__(self, display: "Display | None", tell: Callable[[str], None] = lambda line: None) -> None:
        self.searchable = False
        self._display = display
        self._tell = tell
        self._tasks: dict[Stage, TaskID] = {}

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        """See ``protocols.Progress``."""
        if stage is Stage.SEARCHABLE and not self.searchable:
            self.searchable = True
            self._tell(translate("{}; their meaning is being encoded", Translatable(STAGE_LABELS[stage])))
        if self._display is None:
            return
        if stage not in self._tasks:
            self.end_all()
            label = translate(STAGE_LABELS[stage])
            self._tasks[stage] = self._display.add_task(label[:1].upper() + label[1:], total=None)
        self._display.update(self._tasks[stage], completed=done, total=total or None)

    def end_all(self) -> None:
        """Show every stage as done."""
        if self._display is not None:
            for task in self._display.tasks:
                self._display.update(task.id, total=task.completed)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to a question."""
        if self._display is None:
            yield
            return
        self._display.stop()
        yield
        self._display.start()


def permanent() -> AbstractContextManager[Bars]:
    """A bar for each stage, with its rate and the remaining time.

    Outside a terminal only a line, when words are searchable.
    """
    return _bars(transient=False) if _in_terminal() else nullcontext(Bars(None, report))


def transient() -> AbstractContextManager[Bars]:
    """The same bars, removed at the end."""
    return _bars(transient=True) if _in_terminal() else hidden()


def hidden() -> AbstractContextManager[Bars]:
    """No bars."""
    return nullcontext(Bars(None))


def _in_terminal() -> bool:
    return bool(sys.stderr) and sys.stderr.isatty()


@contextmanager
def _bars(*, transient: bool) -> Iterator[Bars]:
    from rich.console import Console
    from rich.progress import Progress as Display

    with Display(*_columns(), console=Console(stderr=True), transient=transient) as display:
        bars = Bars(display)
        yield bars
        bars.end_all()


def _columns() -> "list[ProgressColumn]":
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Count(ProgressColumn):
        def render(self, task: Task) -> Text:
            of = f"/{number(round(task.total))}" if task.total else ""
            done = number(round(task.completed))
            return Text(f"{done}{of}" if task.completed or task.total else "")

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{number(round(speed))}/s" if speed else "")

    width = max(len(translate(label)) for label in STAGE_LABELS.values())
    return [
        TextColumn(f"{{task.description:<{width}}}"),
        BarColumn(bar_width=18),
        Count(),
        Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    ]
