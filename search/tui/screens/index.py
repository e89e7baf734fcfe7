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

from search.build_types import STAGE_LABELS
from search.text.sanitize import clean, flat
from search.tui.format.about import index_facts, trouble
from search.tui.format.charts import meter
from search.tui.i18n import Texts
from search.tui.screens.base import LocalModal
from search.tui.services.build_job import Building, Reached
from search.tui.services.index_client import SAMPLE
from search.tui.services.index_manager import Keeper

_LOOK = 0.2  # seconds between two looks at how far a build is
_BAR = 20
_STDIN = "-"


def index_screen(texts: Texts, keeper: Keeper) -> "IndexScreen | None":
    """The screen of the index that is open, or of why there is none; None while that is not known."""
    library, error = keeper.library, keeper.trouble
    if library is not None:
        return IndexScreen(texts, index_facts(texts, library.manifest, library.size), keeper)
    return IndexScreen(texts, trouble(texts, error), keeper) if error is not None else None


class IndexScreen(LocalModal[None]):
    """``about`` says what the index is or why there is none; asks for ``Build``, ``Repair`` and ``Retry``.

    A build goes on when the screen is left. What an index holds is not replaced by something else unasked.
    """

    AUTO_FOCUS = ""  # letters are keys until the folder is typed
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "type_paths", "folder", tooltip="Type the folder to index", id="type_paths"),
        Binding("s", "build_sample", "sample", tooltip="Index the sample articles", id="build_sample"),
        Binding("o,y", "replace", "replace", tooltip="Replace the index", id="replace_index"),
        Binding("n", "keep", "keep it", tooltip="Keep the index as it is", id="keep_index"),
        Binding("x", "cancel_build", "stop", tooltip="Stop the build", id="cancel_build"),
        Binding("r", "retry", "open again", tooltip="Open the index again", id="open_again"),
        Binding(
            "m", "repair", "repair", tooltip="Repair the index from what is sound of it", id="repair_index"
        ),
        Binding("escape,f9", "back", "back", tooltip="Step back", id="leave_index"),
    ]

    @dataclass
    class Build(Message):
        """These files and folders should be indexed."""

        paths: tuple[str, ...]

    @dataclass
    class Retry(Message):
        """The index should be opened again."""

    @dataclass
    class Repair(Message):
        """The index should be made anew from what is sound of it."""

    def __init__(self, texts: Texts, about: VisualType, keeper: Keeper) -> None:
        super().__init__(texts)
        self._about = about
        self._keeper = keeper
        self._building = keeper.building
        self._doubtful: tuple[str, ...] = ()
        paths = " ".join(_typed(path) for path in keeper.corpus if path != _STDIN)
        self._paths = Input(paths, placeholder=texts.key("folder of articles"), compact=True)
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

    def action_replace(self) -> None:
        """Build what it was asked about."""
        self.post_message(self.Build(self._doubtful))
        self._ask_about((), "")

    def action_keep(self) -> None:
        """Build nothing."""
        self._ask_about((), "")

    def action_cancel_build(self) -> None:
        """Stop the build."""
        if self._building is not None:
            self._building.cancel()

    def action_retry(self) -> None:
        """Ask for the index to be opened again."""
        self.post_message(self.Retry())

    def action_repair(self) -> None:
        """Ask for the index to be repaired."""
        self.post_message(self.Repair())

    def action_back(self) -> None:
        """Leave the folder or what is asked, then the screen."""
        if self._doubtful:
            self.action_keep()
        elif self.focused is not None:
            self.set_focus(None)
        else:
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Build one index at a time; offer the sample only where there is nothing that it would replace."""
        if action in ("replace", "keep"):
            return bool(self._doubtful)
        if action in ("type_paths", "retry"):
            return self._building is None and not self._doubtful
        if action == "repair":
            return self._building is None and not self._doubtful and self._keeper.damaged
        if action == "build_sample":
            return self._building is None and self._keeper.missing
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
            paths = tuple(str(Path(path).expanduser()) for path in typed)
            if self._keeper.missing or self._keeper.covers(paths):
                self.post_message(self.Build(paths))
            else:
                self._ask_about(paths, self._question())

    def _question(self) -> str:
        """What to ask before the index is replaced."""
        if not self._keeper.corpus:
            return self.texts.naming(
                "There is an index that cannot be opened. Replace it? {} / {}", "replace_index", "keep_index"
            )
        question = self.texts.key("The index was made from: {}. Replace it? {} / {}")
        keys = map(self.texts.key_of, ("replace_index", "keep_index"))
        return question.format(", ".join(self._keeper.corpus), *keys)

    def _ask_about(self, paths: tuple[str, ...], question: str) -> None:
        """Ask whether to build from these paths, or with ``()`` no longer ask."""
        self._doubtful = paths
        self._progress.update(flat(question))
        self.call_after_refresh(self._progress.scroll_visible)
        self.refresh_bindings()

    def _show_progress(self) -> None:
        if self._building is not None:
            lines = [self._line(reached) for reached in self._building.stages]
            if self._building.stopping:
                lines.append(self.texts.key("stopping…"))
            self._progress.update("\n".join(lines))

    def _line(self, reached: Reached) -> str:
        name = self.texts.key(STAGE_LABELS[reached.stage])
        done, total = map(self.texts.number, (reached.done, reached.total))
        if not reached.total:
            return f"{name:<28} {done if reached.done else ''}"
        return f"{name:<28} {meter(reached.done, reached.total, _BAR):<{_BAR}} {done}/{total}"


def _typed(path: str) -> str:
    """A path as a user would type it, between quotation marks only where it must be."""
    return shlex.quote(path) if re.search(r"[\s'\"\\]", path) else path
