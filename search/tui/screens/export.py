"""Writing an answer, or what was chosen of it, to a file."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Footer, Input, Static

from search.errors import SearchError, Translatable, UsageError
from search.export import Form, export
from search.retrieval.engine import Engine
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.screens.base import LocalModal
from search.tui.services.search_session import Current
from search.types import Hit, Hits

_FORMS = list(Form)
_NAME = "depeche"


@dataclass(frozen=True, slots=True)
class Exportable:
    """An answer that can be written: what it is called, and what gives it whole, in a thread."""

    label: str
    answer: Callable[[], Hits]


def exportables(texts: Texts, engine: Engine, current: Current, chosen: tuple[Hit, ...]) -> list[Exportable]:
    """What can be written: first the results chosen, if they are several, and the whole answer."""
    some = Exportable(
        texts.key("the results chosen: {}").format(texts.number(len(chosen))),
        partial(replace, current.result, hits=chosen),
    )
    whole = Exportable(
        texts.key("the whole answer: {}").format(texts.found(current.result.total)),
        partial(_whole, engine, current),
    )
    return [some, whole] if len(chosen) > 1 else [whole, some]


def _whole(engine: Engine, current: Current) -> Hits:
    if current.whole:
        return current.result
    return engine.search(replace(current.request, limit=current.result.total, offset=0))


def write_file(path: Path, text: str) -> None:
    """Put a text in a file, the user's alone, whole or not at all; raises UsageError."""
    try:
        descriptor, pending = tempfile.mkstemp(dir=path.parent, prefix=".depeche-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(pending).replace(path)
        finally:
            Path(pending).unlink(missing_ok=True)
    except OSError as exc:
        raise UsageError(
            Translatable("{} cannot be written: {}; give another path.", path, exc.strerror or exc)
        ) from exc


class ExportScreen(LocalModal[None]):
    """Writes a file, whose form the ending of its path chooses; one that is there is not lost unasked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "next_form", "form", tooltip="Another form of file", id="next_form"),
        Binding("f3", "next_what", "what", tooltip="Write the whole answer or the chosen", id="next_what"),
        Binding("o,y", "overwrite", "overwrite", tooltip="Overwrite the file", id="overwrite"),
        Binding("n", "keep", "keep it", tooltip="Keep the file that is there", id="keep_file"),
        Binding("escape,f8", "dismiss", "back", tooltip="Step back", id="leave_export"),
    ]

    @dataclass
    class Written(Message):
        """The file is there."""

        path: Path

    @dataclass
    class Failed(Message):
        """The file could not be written."""

        error: SearchError

    def __init__(self, texts: Texts, exportables: list[Exportable], folder: Path) -> None:
        super().__init__(texts)
        self._exportables = exportables
        self._choices = Static(markup=False)
        self._path = Input(str(folder / f"{_NAME}.{Form.CSV}"), compact=True)
        self._said = Static(markup=False)
        self._asking = False

    def compose(self) -> ComposeResult:
        """What, how, where; what came of it; the keys."""
        with Vertical(classes="box") as box:
            box.border_title = self.texts.key("Export")
            yield self._choices
            yield self._path
            yield self._said
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """The path is what is most often changed."""
        self._path.focus()

    def action_next_form(self) -> None:
        """Give the path the ending of the next form."""
        form = self._form()
        following = _FORMS[(_FORMS.index(form) + 1) % len(_FORMS)] if form else Form.CSV
        path = Path(self._path.value)
        named = path if path.name else path / _NAME
        self._path.value = str(named.with_suffix(f".{following}"))

    def action_next_what(self) -> None:
        """Write something else."""
        self._exportables = [*self._exportables[1:], self._exportables[0]]
        self._show_choices()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Answer only what was asked."""
        if action in ("overwrite", "keep"):
            return self._asking
        return super().check_action(action, parameters)

    def action_overwrite(self) -> None:
        """Write over the file."""
        self._ask_to_overwrite("")
        if form := self._form():
            self._write(self._target(), self._exportables[0], form)

    def action_keep(self) -> None:
        """Let the user give another path."""
        self._ask_to_overwrite("")
        self._path.focus()

    @on(Input.Changed)
    def _show_choices(self) -> None:
        """Show what would be written, and in what form, told apart by more than colour."""
        form = self._form()
        forms = (f"[{name}]" if name is form else f" {name} " for name in _FORMS)
        what, how = map(self.texts.key_of, ("next_what", "next_form"))
        self._choices.update(f"{what}  {self._exportables[0].label}\n{how} {' '.join(forms)}")

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        if self._form() is None:
            self._said.update(self.texts.key("The path ends in none of .json .jsonl .csv .md"))
        elif os.path.lexists(self._target()):  # pathlib's fails on a name that is too long
            question = self.texts.key("{} is there already. Overwrite it? {} / {}")
            keys = map(self.texts.key_of, ("overwrite", "keep_file"))
            self._ask_to_overwrite(question.format(self._target(), *keys))
        else:
            self.action_overwrite()

    def _ask_to_overwrite(self, question: str) -> None:
        """Ask, or with ``""`` no longer ask; letters are answers meanwhile."""
        self._asking = bool(question)
        self._path.disabled = self._asking
        self._said.update(flat(question))
        self.refresh_bindings()

    @work(thread=True, exclusive=True)
    def _write(self, path: Path, what: Exportable, form: Form) -> None:
        try:
            write_file(path, export(what.answer(), form))
        except SearchError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Written(path))

    @on(Failed)
    def _say_why(self, message: Failed) -> None:
        self._said.update(flat(self.texts.said(message.error.message)))
        self._path.focus()

    @on(Written)
    def _leave(self, message: Written) -> None:
        self.notify(flat(str(message.path)), title=self.texts.key("Written"), markup=False)
        self.dismiss()

    def _target(self) -> Path:
        typed = self._path.value.replace("\0", "").strip()
        return Path(os.path.expanduser(typed))  # noqa: PTH111 - pathlib's fails on the home of nobody

    def _form(self) -> Form | None:
        ending = self._target().suffix.removeprefix(".").lower()
        return Form(ending) if ending in _FORMS else None
