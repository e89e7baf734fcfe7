"""The progress of a build, on standard error when that is a terminal."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from search.build_types import STAGE_LABELS, Stage
from search.cli.language import number, spoken, translate
from search.cli.options import report
from search.encoding_rate import EncodingRate, Estimate, rate_text, sentence, time_text
from search.errors import Translatable

if TYPE_CHECKING:
    from rich.progress import Progress as Display
    from rich.progress import ProgressColumn, TaskID


class Bars:
    """A bar for each stage; a call advances that of the stage. Without a display, none is shown.

    ``searchable`` says whether the words of the build are published. Without a display, ``tell`` gets a line
    about that. It gets another one about how fast passages are encoded and how long that takes: at the start,
    and where no bar tells it from then on, whenever half of the time is over.
    """

    def __init__(self, display: "Display | None", tell: Callable[[str], None] = lambda line: None) -> None:
        self.searchable = False
        self._display = display
        self._tell = tell
        self._tasks: dict[Stage, TaskID] = {}
        self._rate = EncodingRate()
        self._next_line = math.inf  # seconds left, at which the next line about the rate is due

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        """See ``protocols.Progress``."""
        if stage is Stage.SEARCHABLE and not self.searchable:
            self.searchable = True
            if self._display is None:
                self._tell(translate("{}; their meaning is being encoded", Translatable(STAGE_LABELS[stage])))
        if stage is Stage.ENCODE:
            self._rate.advance(done, total)
            self._tell_rate()
        if self._display is None:
            return
        if stage not in self._tasks:
            self.end_all()
            label = translate(STAGE_LABELS[stage])
            self._tasks[stage] = self._display.add_task(label[:1].upper() + label[1:], total=None)
        estimate = self._rate.estimate if stage is Stage.ENCODE else None
        self._display.update(self._tasks[stage], completed=done, total=total or None, estimate=estimate)

    def end_all(self) -> None:
        """Show every stage as done."""
        if self._display is not None:
            for task in self._display.tasks:
                self._display.update(task.id, total=task.completed, estimate=None)

    def _tell_rate(self) -> None:
        if (estimate := self._rate.estimate) is not None and estimate.left <= self._next_line:
            self._tell(sentence(spoken(), estimate))
            self._next_line = 0 if self._display is not None else estimate.left / 2

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

    Outside a terminal only lines, when words are searchable, and of the rate of a long build.
    """
    return _bars(transient=False) if _in_terminal() else nullcontext(Bars(None, report))


def transient() -> AbstractContextManager[Bars]:
    """The same bars, removed at the end."""
    return _bars(transient=True) if _in_terminal() else nullcontext(Bars(None, report))


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
        bars = Bars(display, display.console.print)
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
            estimate: Estimate | None = task.fields.get("estimate")
            if estimate is not None:
                return Text(f"{rate_text(spoken(), estimate)}/s")
            speed = task.finished_speed or task.speed
            return Text(f"{number(round(speed))}/s" if speed else "")

    class Remaining(TimeRemainingColumn):
        def render(self, task: Task) -> Text:
            estimate: Estimate | None = task.fields.get("estimate")
            if estimate is not None:
                return Text(time_text(spoken(), estimate.left), style="progress.remaining")
            return super().render(task)

    width = max(len(translate(label)) for label in STAGE_LABELS.values())
    return [
        TextColumn(f"{{task.description:<{width}}}"),
        BarColumn(bar_width=18),
        Count(),
        Rate(),
        Remaining(elapsed_when_finished=True),
    ]
