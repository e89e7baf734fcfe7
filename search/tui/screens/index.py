"""The dialog about the index: its facts or its problem, and how to build or repair it."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.visual import VisualType
from textual.widgets import Footer, Input, Static

from search.build_types import STAGE_LABELS
from search.encoding_rate import sentence
from search.text.sanitize import clean, flat
from search.tui.format.charts import meter
from search.tui.format.index_description import index_facts, index_problem
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.services.build_job import BuildJob, StageProgress
from search.tui.services.index_client import SAMPLE
from search.tui.services.index_manager import IndexManager

_REFRESH = 0.2  # seconds between two updates of the progress
_BAR_WIDTH = 20
_STDIN = "-"


def index_screen(texts: Texts, manager: IndexManager) -> "IndexScreen | None":
    """The dialog about the open index, or about why none is open; None while the index is being opened."""
    index, error = manager.index, manager.error
    if index is not None:
        return IndexScreen(texts, index_facts(texts, index.manifest, index.size), manager)
    return IndexScreen(texts, index_problem(texts, error), manager) if error is not None else None


class IndexScreen(LocalizedModal[None]):
    """Shows ``description``, and posts ``Build``, ``Sync``, ``Repair`` and ``Retry`` as the user asks.

    A build continues when the dialog is closed. It adds to the index. The dialog asks before the index is to
    hold only the articles of other files than it was made from.
    """

    AUTO_FOCUS = ""  # letters are keys until the user types a path
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "type_paths", "folder", tooltip="Type the folder to index", id="type_paths"),
        Binding(
            "e",
            "sync",
            "only these",
            tooltip="Index only these files; other articles are removed",
            id="sync_index",
        ),
        Binding("s", "build_sample", "sample", tooltip="Index the sample articles", id="build_sample"),
        Binding("o,y", "replace", "replace", tooltip="Replace the index", id="replace_index"),
        Binding("n", "keep", "keep it", tooltip="Keep the index as it is", id="keep_index"),
        Binding("x", "cancel_build", "stop", tooltip="Stop the build", id="cancel_build"),
        Binding("r", "retry", "open again", tooltip="Open the index again", id="open_again"),
        Binding("m", "repair", "repair", tooltip="Repair the index from its intact parts", id="repair_index"),
        Binding("escape,f9", "back", "back", tooltip="Go back", id="leave_index"),
    ]

    @dataclass
    class Build(Message):
        """The user wants these files and folders in the index."""

        paths: tuple[str, ...]

    @dataclass
    class Sync(Message):
        """The user wants these files and folders alone in the index."""

        paths: tuple[str, ...]

    @dataclass
    class Retry(Message):
        """The user wants to open the index again."""

    @dataclass
    class Repair(Message):
        """The user wants to repair the index."""

    def __init__(self, texts: Texts, description: VisualType, manager: IndexManager) -> None:
        super().__init__(texts)
        self._description = description
        self._manager = manager
        self._job = manager.build_job
        self._unconfirmed: tuple[str, ...] = ()
        paths = " ".join(_quoted(path) for path in manager.corpus if path != _STDIN)
        placeholder = texts.translate("folder of articles")
        self._paths = Input(paths, placeholder=placeholder, compact=True)
        self._progress = Static(markup=False, id="progress")

    def compose(self) -> ComposeResult:
        """The description, the paths, the progress of a build, and the footer with the keys."""
        with VerticalScroll(classes="box", can_focus=False) as box:
            box.border_title = self.texts.translate("Index")
            yield Static(self._description)
            yield Static(self._paths_label(), markup=False)
            yield self._paths
            yield self._progress
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Update the progress regularly."""
        self.set_interval(_REFRESH, self._show_progress)

    def follow(self, job: BuildJob) -> None:
        """Show the progress of this build."""
        self._job = job
        self.refresh_bindings()

    def show_message(self, message: str) -> None:
        """Show how a build or an attempt to open the index has ended."""
        self._job = None
        self._progress.update(clean(message))
        self.refresh_bindings()

    def action_type_paths(self) -> None:
        """Focus the box for paths."""
        self._paths.focus()

    def action_build_sample(self) -> None:
        """Index the sample."""
        self.post_message(self.Build((SAMPLE,)))

    def action_sync(self) -> None:
        """Ask whether the index is to hold only the files and folders in the box: other articles go."""
        if paths := self._typed_paths():
            self._ask_to_confirm(paths, self._question())

    def action_replace(self) -> None:
        """Confirm that the build may replace the index."""
        self.post_message(self.Sync(self._unconfirmed))
        self._ask_to_confirm((), "")

    def action_keep(self) -> None:
        """Keep the index and build nothing."""
        self._ask_to_confirm((), "")

    def action_cancel_build(self) -> None:
        """Stop the build."""
        if self._job is not None:
            self._job.cancel()

    def action_retry(self) -> None:
        """Open the index again."""
        self.post_message(self.Retry())

    def action_repair(self) -> None:
        """Repair the index."""
        self.post_message(self.Repair())

    def action_back(self) -> None:
        """Leave the question or the box for paths; otherwise close the dialog."""
        if self._unconfirmed:
            self.action_keep()
        elif self.focused is not None:
            self.set_focus(None)
        else:
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow one build at a time, and the sample only where no index exists."""
        idle = self._job is None and not self._unconfirmed
        match action:
            case "replace" | "keep":
                return bool(self._unconfirmed)
            case "type_paths" | "retry":
                return idle
            case "sync":
                return idle and not self._manager.index_missing
            case "repair":
                return idle and self._manager.repairable
            case "build_sample":
                return self._job is None and self._manager.index_missing
            case "cancel_build":
                return self._job is not None
            case _:
                return super().check_action(action, parameters)

    @on(Input.Submitted)
    def _build_typed(self, event: Input.Submitted) -> None:
        event.stop()
        if self._job is None and (paths := self._typed_paths()):
            self.set_focus(None)
            self._ask_to_confirm((), "")
            self.post_message(self.Build(paths))

    def _paths_label(self) -> str:
        """What to type into the box for paths, and the keys."""
        if self._manager.index_missing:
            return self.texts.with_keys("Files or folders to index ({}, then Enter):", "type_paths")
        return self.texts.with_keys(
            "Files or folders to add ({}, then Enter; Esc, then {}: only these):", "type_paths", "sync_index"
        )

    def _typed_paths(self) -> tuple[str, ...]:
        """The paths in the box; ``()`` for none, or where they cannot be told apart, which is shown."""
        try:
            return tuple(str(Path(path).expanduser()) for path in shlex.split(self._paths.value))
        except ValueError:
            self._progress.update(self.texts.translate("A quotation mark is not closed."))
            return ()

    def _question(self) -> str:
        """The question to ask before a build replaces the index."""
        if not self._manager.corpus:
            return self.texts.with_keys(
                "There is an index, but it cannot be opened. Replace it? {} / {}",
                "replace_index",
                "keep_index",
            )
        question = self.texts.translate("The index was built from: {}. Replace it? {} / {}")
        keys = map(self.texts.key_name, ("replace_index", "keep_index"))
        return question.format(", ".join(self._manager.corpus), *keys)

    def _ask_to_confirm(self, paths: tuple[str, ...], question: str) -> None:
        """Ask whether to build from these paths; ``()`` removes the question."""
        self._unconfirmed = paths
        self._progress.update(flat(question))
        self.call_after_refresh(self._progress.scroll_visible)
        self.refresh_bindings()

    def _show_progress(self) -> None:
        if self._job is not None:
            lines = [self._progress_line(stage) for stage in self._job.stages]
            if (estimate := self._job.estimate) is not None:
                lines.append(sentence(self.texts, estimate))
            if self._job.cancelled:
                lines.append(self.texts.translate("stopping…"))
            self._progress.update("\n".join(lines))

    def _progress_line(self, progress: StageProgress) -> str:
        name = self.texts.translate(STAGE_LABELS[progress.stage])
        done, total = map(self.texts.number, (progress.done, progress.total))
        if not progress.total:
            return f"{name:<28} {done if progress.done else ''}"
        return f"{name:<28} {meter(progress.done, progress.total, _BAR_WIDTH):<{_BAR_WIDTH}} {done}/{total}"


def _quoted(path: str) -> str:
    """A path as the user would type it, in quotation marks only where they are needed."""
    return shlex.quote(path) if re.search(r"[\s'\"\\]", path) else path
