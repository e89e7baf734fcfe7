"""The dialog with the dossiers: ask for one, rename it, delete it, export it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from search.query.filters import filter_of_dossier
from search.text.sanitize import flat
from search.tui.format.dates import period_name
from search.tui.format.palette import MUTED
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.services.notices import report_errors
from search.tui.services.user_data import UserData
from search.user.dossiers import Dossier, DossierArticle

if TYPE_CHECKING:
    from search.retrieval.engine import Engine

_DAY = len("2023-09-11")
_LISTED = 5  # articles that are gone from the index and are named


class DossiersScreen(LocalizedModal[str | None]):
    """Returns the query for the chosen dossier, or None. It asks before it deletes a dossier.

    ``export`` opens the export of a dossier; ``follow_rename`` gets its old and its new name when it has one.
    Raises UsageError when the dossiers cannot be read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "rename", "rename", tooltip="Give the dossier another name", id="rename_dossier"),
        Binding("f8", "export", "export", tooltip="Export the dossier, with its notes", id="export_dossier"),
        Binding("delete", "ask", "delete", tooltip="Delete the dossier", id="delete_dossier"),
        Binding("o,y", "delete", "yes", tooltip="Delete the dossier and its notes", id="confirm_delete"),
        Binding("n", "keep", "no", tooltip="Keep the dossier", id="keep_dossier"),
        Binding("escape,ctrl+d", "leave", "back", tooltip="Go back", id="leave_dossiers"),
    ]

    @dataclass
    class Checked(Message):
        """By the name of each dossier, its articles that the index no longer has."""

        missing: Mapping[str, Sequence[DossierArticle]]

    def __init__(
        self,
        texts: Texts,
        user_data: UserData,
        engine: "Engine",
        export: Callable[[Dossier], None],
        follow_rename: Callable[[str, str], None],
    ) -> None:
        super().__init__(texts)
        self._dossiers = user_data.dossiers
        self._listed = self._dossiers.all()
        self._engine = engine
        self._export = export
        self._follow_rename = follow_rename
        self._missing: Mapping[str, Sequence[DossierArticle]] = {}
        self._asking = False
        self._list = OptionList(markup=False, compact=True)
        self._new_name = Input(placeholder=texts.translate("new name; Enter renames"), compact=True)
        self._message = Static(markup=False)

    def compose(self) -> ComposeResult:
        """The dossiers, a box for a new name, a message, and the footer with the keys."""
        with Vertical(classes="box") as box:
            box.border_title = self.texts.translate("Dossiers")
            box.border_subtitle = self.texts.translate("Enter lists its articles")
            yield self._list
            yield self._new_name
            yield self._message
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """List the dossiers, and look which of their articles the index still has."""
        self._new_name.display = False
        self._fill()
        self._check(self._listed)

    @property
    def _selected(self) -> Dossier | None:
        place = self._list.highlighted
        return None if place is None or not self._listed else self._listed[place]

    def action_rename(self) -> None:
        """Let the user type another name."""
        if self._selected is not None:
            self._new_name.value = self._selected.name
            self._new_name.display = True
            self._new_name.focus()

    def action_export(self) -> None:
        """Export the dossier under the cursor."""
        if self._selected is not None:
            self._export(self._selected)

    def action_ask(self) -> None:
        """Ask whether to delete the dossier under the cursor."""
        if self._selected is not None:
            question = self.texts.translate("Delete the dossier “{}” and its notes? {} / {}")
            keys = map(self.texts.key_name, ("confirm_delete", "keep_dossier"))
            self._show_question(question.format(flat(self._selected.name), *keys))

    def action_delete(self) -> None:
        """Delete the dossier under the cursor."""
        with report_errors(self.app):
            if self._selected is not None:
                self._dossiers.delete(self._selected.name)
            self._refresh()

    def action_keep(self) -> None:
        """Keep the dossier."""
        self._show_question("")

    def action_leave(self) -> None:
        """Leave the question, the new name, or the dialog."""
        if self._asking:
            self._show_question("")
        elif self._new_name.display:
            with report_errors(self.app):
                self._refresh()
        else:
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow an answer only while a question is shown, and nothing else then."""
        if action in ("delete", "keep"):
            return self._asking
        if action in ("rename", "export", "ask"):
            return bool(self._listed) and not self._asking and not self._new_name.display
        return super().check_action(action, parameters)

    @on(Input.Submitted)
    def _rename(self, event: Input.Submitted) -> None:
        event.stop()
        with report_errors(self.app):
            if (dossier := self._selected) is not None:
                self._dossiers.rename(dossier.name, event.value)
                self._refresh()
                self._follow_rename(dossier.name, event.value.strip())

    @on(OptionList.OptionSelected)
    def _choose(self) -> None:
        if self._selected is not None and not self._asking:
            self.dismiss(filter_of_dossier(self._selected.name).text)

    @on(OptionList.OptionHighlighted)
    def _show_missing(self) -> None:
        """Name the articles of the dossier under the cursor that the index no longer has."""
        if not self._asking:
            missing = self._missing.get(self._selected.name, ()) if self._selected else ()
            lines = [f"– {flat(each.title)} ({_day(each, self.texts)})" for each in missing]
            more = [f"… +{self.texts.number(len(lines) - _LISTED)}"] if len(lines) > _LISTED else []
            heading = [self.texts.translate("No longer in the index:")] if lines else []
            self._message.update("\n".join([*heading, *lines[:_LISTED], *more]))

    @work(thread=True)
    def _check(self, dossiers: Sequence[Dossier]) -> None:
        with report_errors(self.app):
            known = self._engine.known(frozenset(key for dossier in dossiers for key in dossier.ids))
            missing = {
                dossier.name: [article for article in dossier.articles if article.id not in known]
                for dossier in dossiers
            }
            self.post_message(self.Checked(missing))

    @on(Checked)
    def _show_checked(self, message: Checked) -> None:
        self._missing = message.missing
        self._fill()

    def _show_question(self, question: str) -> None:
        self._asking = bool(question)
        self._message.update(question)
        self.refresh_bindings()
        if not question:
            self._show_missing()

    def _refresh(self) -> None:
        """List the dossiers again, without a question or a new name; raises UsageError."""
        self._new_name.display = False
        self._listed = self._dossiers.all()
        self._fill()
        self._show_question("")
        self._list.focus()
        self._check(self._listed)

    def _fill(self) -> None:
        place = self._list.highlighted or 0
        rows = [self._row(dossier) for dossier in self._listed]
        empty_note = self.texts.with_keys("No dossier yet: {} puts an article into one.", "dossier")
        self._list.set_options(rows or [Option(empty_note, disabled=True)])
        self._list.highlighted = min(place, len(rows) - 1) if rows else None
        self.refresh_bindings()

    def _row(self, dossier: Dossier) -> Option:
        notes = sum(1 for article in dossier.articles if article.note)
        missing = len(self._missing.get(dossier.name, ()))
        facts = (
            self.texts.article_count(len(dossier.articles)),
            self.texts.plural("{} note", "{} notes", notes) if notes else "",
            self.texts.translate("no longer in the index: {}").format(missing) if missing else "",
            f"{self.texts.translate('changed on')} {period_name(dossier.changed[:_DAY], self.texts)}",
        )
        line = " · ".join(filter(None, facts))
        return Option(Content.assemble((flat(dossier.name), "bold"), (f"\n  {line}", MUTED)))


def _day(article: DossierArticle, texts: Texts) -> str:
    """The day of an article for reading."""
    return period_name(article.date[:_DAY], texts) if article.date else texts.undated
