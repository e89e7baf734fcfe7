"""The index from inside: what it is, or what is wrong with it, and how to make it anew."""

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

from search.text.legible import clean
from search.tui.about import index_facts, trouble
from search.tui.archive import SAMPLE
from search.tui.bars import meter
from search.tui.building import STAGES, Building, Stage
from search.tui.keeper import Keeper
from search.tui.local_screen import LocalModal
from search.tui.texts import Texts

_LOOK = 0.2  # seconds between two looks at how far a build is
_BAR = 20
_STDIN = "-"


def index_screen(texts: Texts, keeper: Keeper) -> "IndexScreen | None":
    """The screen of the index that is open, or of why there is none; None while that is not known."""
    library, error = keeper.library, keeper.trouble
    if library is not None:
        facts = index_facts(texts, library.manifest, library.size)
        paths = tuple(path for path in library.manifest.corpus if path != _STDIN)
        return IndexScreen(texts, facts, paths, keeper.building)
    return IndexScreen(texts, trouble(texts, error), (), keeper.building) if error is not None else None


class IndexScreen(LocalModal[None]):
    """``about`` says what the index is or why there is none; asks for ``Build`` and ``Retry``.

    A build goes on when the screen is left; ``building`` is one under way.
    """

    AUTO_FOCUS = ""  # letters are keys until the folder is typed
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "type_paths", "folder", tooltip="Type the folder to index", id="type_paths"),
        Binding("s", "build_sample", "sample", tooltip="Index the sample articles", id="build_sample"),
        Binding("x", "cancel_build", "stop", tooltip="Stop the build", id="cancel_build"),
        Binding("r", "retry", "open again", tooltip="Open the index again", id="open_again"),
        Binding("escape,f9", "back", "back", tooltip="Step back", id="leave_index"),
    ]

    @dataclass
    class Build(Message):
        """These files and folders should be indexed."""

        paths: tuple[str, ...]

    @dataclass
    class Retry(Message):
        """The index should be opened again."""

    def __init__(
        self, texts: Texts, about: VisualType, paths: tuple[str, ...], building: Building | None
    ) -> None:
        super().__init__(texts)
        self._about = about
        self._building = building
        self._paths = Input(
            " ".join(map(_typed, paths)), placeholder=texts.key("folder of articles"), compact=True
        )
        self._progress = Static(markup=False, id="progress")

    def compose(self) -> ComposeResult:
        """Facts, the folder, how far a build is, the keys."""
        with VerticalScroll(classes="box", can_focus=False) as box:
            box.border_title = self.texts.key("Index")
            yield Static(self._about)
            asked = self.texts.naming("Files or folders to index ({}, then Enter):", "type_paths")
            yield Static(asked, markup=False)
            yield self._paths
            yield self._progress
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show how far the build is."""
        self.set_interval(_LOOK, self._show_progress)

    def follow(self, building: Building) -> None:
        """Show how far this build is."""
        self._building = building
        self.refresh_bindings()

    def tell(self, message: str) -> None:
        """The build has ended so."""
        self._building = None
        self._progress.update(clean(message))
        self.refresh_bindings()

    def action_type_paths(self) -> None:
        """Let the user type the folder."""
        self._paths.focus()

    def action_build_sample(self) -> None:
        """Index the sample."""
        self.post_message(self.Build((SAMPLE,)))

    def action_cancel_build(self) -> None:
        """Stop the build."""
        if self._building is not None:
            self._building.cancel()

    def action_retry(self) -> None:
        """Ask for the index to be opened again."""
        self.post_message(self.Retry())

    def action_back(self) -> None:
        """Leave the folder, then the screen."""
        if self.focused is not None:
            self.set_focus(None)
        else:
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Build one index at a time."""
        if action in ("type_paths", "build_sample", "retry"):
            return self._building is None
        if action == "cancel_build":
            return self._building is not None
        return super().check_action(action, parameters)

    @on(Input.Submitted)
    def _build_typed(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            typed = shlex.split(event.value)
        except ValueError:
            self._progress.update(self.texts.key("A quotation mark is not closed."))
            return
        if typed and self._building is None:
            self.set_focus(None)
            self.post_message(self.Build(tuple(str(Path(path).expanduser()) for path in typed)))

    def _show_progress(self) -> None:
        if self._building is not None:
            lines = [self._line(stage) for stage in self._building.stages]
            if self._building.stopping:
                lines.append(self.texts.key("stopping…"))
            self._progress.update("\n".join(lines))

    def _line(self, stage: Stage) -> str:
        name = self.texts.key(STAGES[stage.name])
        done, total = map(self.texts.number, (stage.done, stage.total))
        if not stage.total:
            return f"{name:<28} {done if stage.done else ''}"
        return f"{name:<28} {meter(stage.done, stage.total, _BAR):<{_BAR}} {done}/{total}"


def _typed(path: str) -> str:
    """A path as a user would type it, between quotation marks only where it must be."""
    return shlex.quote(path) if re.search(r"[\s'\"\\]", path) else path
