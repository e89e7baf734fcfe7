"""The dialog that exports an answer, or the chosen hits, to a file."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Footer, Input, Static

from search.errors import SearchError
from search.export import Content, Export, Format, export_file, format_of_file, formats
from search.text.sanitize import flat
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.services.search_session import Current
from search.types import Hit, Hits

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_FORMATS = formats()
_CONTENTS = list(Content)
_NAME = "depeche"
_EXTENSIONS = " ".join(f".{each.extension}" for each in _FORMATS)
_COUNTED = 100  # articles between two messages of how many are written


Streamed = tuple[Hits, Iterable[Hit]]
"""An answer, and its hits, which may be read once only."""


@dataclass(frozen=True, slots=True)
class Exportable:
    """Hits that can be exported: a label, and a function that gives their answer and them. A thread calls it.

    ``notes`` are those of the user, by the id of an article, where the hits are of a dossier.
    """

    label: str
    hits: Callable[[], Streamed]
    notes: Mapping[str, str] | None = None


def exportables(
    texts: Texts,
    engine: "Engine",
    current: Current,
    chosen: tuple[Hit, ...],
    at_hand: Hit,
    notes: Mapping[str, str] | None = None,
) -> list[Exportable]:
    """The chosen results where there are some, then all results, then the article at hand."""
    some = Exportable(
        texts.translate("the chosen results: {}").format(texts.article_count(len(chosen))),
        partial(_these, current.hits, chosen),
        notes,
    )
    every = Exportable(
        texts.translate("all results: {}").format(texts.article_count(current.hits.total)),
        partial(_all_hits, engine, current),
        notes,
    )
    one = Exportable(
        texts.translate("this article alone: {}").format(at_hand.article.title),
        partial(_these, current.hits, (at_hand,)),
        notes,
    )
    return [*([some] if chosen else []), every, one]


def _all_hits(engine: "Engine", current: Current) -> Streamed:
    if current.complete:
        return current.hits, current.hits.hits
    stream = engine.all_hits(current.request)
    return stream.answer, stream


def _these(answer: Hits, hits: tuple[Hit, ...]) -> Streamed:
    return answer, hits


def _mark(chosen: bool) -> str:  # noqa: FBT001 - a sign for a state
    return "●" if chosen else "○"


class _Counted(Iterator[Hit]):
    """The hits, with a message every hundred."""

    def __init__(self, hits: Iterable[Hit], tell: Callable[[int], object]) -> None:
        self._hits = iter(hits)
        self._tell = tell
        self.count = 0

    def __next__(self) -> Hit:
        hit = next(self._hits)
        self.count += 1
        if self.count % _COUNTED == 0:
            self._tell(self.count)
        return hit


class ExportScreen(LocalizedModal[None]):
    """Writes a file; the suffix of its path is its format. It asks before it overwrites a file."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "next_format", "format", tooltip="Another file format", id="next_format"),
        Binding(
            "f3", "next_content", "content", tooltip="Export all results or the chosen", id="next_content"
        ),
        Binding("f4", "next_texts", "texts", tooltip="Export excerpts or whole texts", id="next_texts"),
        Binding("o,y", "overwrite", "overwrite", tooltip="Overwrite the file", id="overwrite"),
        Binding("n", "keep", "keep it", tooltip="Keep the existing file", id="keep_file"),
        Binding("escape,f8", "dismiss", "back", tooltip="Go back", id="leave_export"),
    ]

    @dataclass
    class Written(Message):
        """The file is written."""

        path: Path
        count: int

    @dataclass
    class Progress(Message):
        """So many articles are written."""

        count: int

    @dataclass
    class Failed(Message):
        """The file could not be written."""

        error: SearchError

    def __init__(self, texts: Texts, exportables: list[Exportable], folder: Path) -> None:
        super().__init__(texts)
        self._exportables = exportables
        self._place = 0
        self._content = Content.EXCERPTS
        self._choices = Static(id="export-choices", markup=False)
        self._path = Input(str(folder / f"{_NAME}.{_FORMATS[0].extension}"), compact=True)
        self._message = Static(markup=False)
        self._asking = False

    def compose(self) -> ComposeResult:
        """The content, the format, the path, a message, and the footer with the keys."""
        with Vertical(classes="box") as box:
            box.border_title = self.texts.translate("Export")
            box.border_subtitle = self.texts.translate("Enter writes the file")
            yield self._choices
            yield self._path
            yield self._message
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Focus the path, which is changed most often."""
        self._path.focus()

    def action_next_format(self) -> None:
        """Give the path the suffix of the next format."""
        format_ = self._format()
        following = _FORMATS[(_FORMATS.index(format_) + 1) % len(_FORMATS)] if format_ else _FORMATS[0]
        path = Path(self._path.value)
        stem = format_.stem(path.name) if format_ else path.stem
        self._path.value = (
            str(path.parent / f"{stem}.{following.extension}")
            if path.name
            else str(path / f"{_NAME}.{following.extension}")
        )

    def action_next_content(self) -> None:
        """Export the hits of the next choice."""
        self._place = (self._place + 1) % len(self._exportables)
        self._show_choices()

    def action_next_texts(self) -> None:
        """Export the excerpts that answer, or the whole texts."""
        self._content = _CONTENTS[(_CONTENTS.index(self._content) + 1) % len(_CONTENTS)]
        self._show_choices()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow an answer only while a question is shown."""
        if action in ("overwrite", "keep"):
            return self._asking
        return super().check_action(action, parameters)

    def action_overwrite(self) -> None:
        """Overwrite the file."""
        self._ask_to_overwrite("")
        if format_ := self._format():
            self._write(self._target(), self._exportables[self._place], format_, self._content)

    def action_keep(self) -> None:
        """Keep the file and let the user type another path."""
        self._ask_to_overwrite("")
        self._path.focus()

    @on(Input.Changed)
    def _show_choices(self) -> None:
        """Show what can be exported and the formats; signs mark the choices, not only colour."""
        format_ = self._format()
        names = (f"[{each.name}]" if each is format_ else f" {each.name} " for each in _FORMATS)
        results_key, texts_key, format_key = map(
            self.texts.key_name, ("next_content", "next_texts", "next_format")
        )
        results = [
            f"{_mark(place == self._place)} {flat(one.label)}" for place, one in enumerate(self._exportables)
        ]
        indented = f"\n{' ' * len(results_key)}  ".join(results)
        texts = "  ".join(f"{_mark(each is self._content)} {self._content_name(each)}" for each in _CONTENTS)
        self._choices.update(
            f"{results_key}  {indented}\n{texts_key}  {texts}\n{format_key} {' '.join(names)}"
        )

    def _content_name(self, content: Content) -> str:
        match content:
            case Content.EXCERPTS:
                return self.texts.translate("excerpts")
            case Content.WHOLE_TEXTS:
                return self.texts.translate("whole texts")

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        if self._format() is None:
            self._message.update(self.texts.translate("The path must end in: {}").format(_EXTENSIONS))
        elif os.path.lexists(self._target()):  # pathlib's fails on a name that is too long
            question = self.texts.translate("{} exists already. Overwrite it? {} / {}")
            keys = map(self.texts.key_name, ("overwrite", "keep_file"))
            self._ask_to_overwrite(question.format(self._target(), *keys))
        else:
            self.action_overwrite()

    def _ask_to_overwrite(self, question: str) -> None:
        """Show a question, whose answer is a letter; ``""`` removes the question."""
        self._asking = bool(question)
        self._path.disabled = self._asking
        self._message.update(flat(question))
        self.refresh_bindings()

    @work(thread=True, exclusive=True)
    def _write(self, path: Path, exportable: Exportable, format_: Format, content: Content) -> None:
        try:
            answer, hits = exportable.hits()
            counted = _Counted(hits, lambda count: self.post_message(self.Progress(count)))
            export = Export(counted, answer, exportable.notes, content, language=self.texts)
            export_file(path, format_, export)
        except SearchError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Written(path, counted.count))

    @on(Progress)
    def _show_progress(self, message: Progress) -> None:
        written = self.texts.plural("{} article written", "{} articles written", message.count)
        self._message.update(written)

    @on(Failed)
    def _show_error(self, message: Failed) -> None:
        self._message.update(flat(self.texts.translate(message.error.message)))
        self._path.focus()

    @on(Written)
    def _close(self, message: Written) -> None:
        title = self.texts.plural("{} article written", "{} articles written", message.count)
        self.notify(flat(str(message.path)), title=title, markup=False)
        self.dismiss()

    def _target(self) -> Path:
        typed = self._path.value.replace("\0", "").strip()
        return Path(os.path.expanduser(typed))  # noqa: PTH111 - pathlib's fails on the home of nobody

    def _format(self) -> Format | None:
        return format_of_file(self._target().name)
