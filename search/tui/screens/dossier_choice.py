"""The dialog that puts articles into dossiers or takes them out, with a note on an article."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from search.query.article_sets import dossier_key
from search.text.sanitize import flat
from search.tui.format.palette import MUTED
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedModal
from search.tui.services.notices import report_errors
from search.tui.services.user_data import UserData
from search.types import Article
from search.user.dossiers import Dossier, DossierArticle

_IN, _PARTLY_IN, _OUT, _NEW = "✓ ", "– ", "  ", "+ "


class DossierChoiceScreen(LocalizedModal[None]):
    """Lists the dossiers, the last changed first. Letters narrow the list or name a new dossier.

    Enter puts the articles into the dossier under the cursor; where all are in it, it takes them out.
    Raises UsageError when the dossiers cannot be read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move_cursor('cursor_down')", "Next dossier", show=False, priority=True),
        Binding("up", "move_cursor('cursor_up')", "Previous dossier", show=False, priority=True),
        Binding("tab", "change_box", "note", tooltip="Write a note on the article, or go back", id="note"),
        Binding("escape", "dismiss", "back", tooltip="Go back", id="leave_dossier"),
    ]

    def __init__(self, texts: Texts, user_data: UserData, articles: Sequence[Article]) -> None:
        super().__init__(texts)
        self._dossiers = user_data.dossiers
        self._dossiers.all()
        self._articles = articles
        self._names: list[str] = []
        self._taken_out: dict[tuple[str, str], DossierArticle] = {}
        placeholder = texts.translate("letters narrow the list, or name a new dossier")
        self._box = Input(placeholder=placeholder, compact=True)
        self._list = OptionList(markup=False, compact=True)
        self._note = Input(placeholder=texts.translate("note on this article; Enter saves it"), compact=True)

    def compose(self) -> ComposeResult:
        """A box for letters, the list, a box for the note, and the footer with the keys."""
        with Vertical(classes="box") as box:
            title = flat(self._articles[0].title)
            several = self.texts.article_count(len(self._articles))
            box.border_title = f"{self.texts.translate('Dossiers')} · {several if self._several else title}"
            yield self._box
            yield self._list
            yield self._note
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """List every dossier; several articles at once have no note."""
        self._note.display = not self._several
        self._explain_enter()
        self._fill("")

    @property
    def _several(self) -> bool:
        return len(self._articles) > 1

    @property
    def _selected(self) -> str:
        """The name under the cursor; ``""`` where there is none."""
        place = self._list.highlighted
        return "" if place is None or not self._names else self._names[place]

    def action_move_cursor(self, action: str) -> None:
        """Run a cursor action of the list, such as ``cursor_down``."""
        getattr(self._list, f"action_{action}")()

    def action_change_box(self) -> None:
        """Go from the letters to the note, where there can be one, or back."""
        (self._box if self._note.has_focus else self._note).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the note only where there can be one."""
        if action == "change_box":
            return not self._note.disabled
        return super().check_action(action, parameters)

    def on_descendant_focus(self) -> None:
        """Say what Enter does where the user is now."""
        self._explain_enter()

    def _explain_enter(self) -> None:
        translate = self.texts.translate
        noting, choosing = translate("Enter saves the note"), translate("Enter puts in or takes out")
        self.query_one(".box").border_subtitle = noting if self._note.has_focus else choosing

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        if event.input is self._box:
            self._fill("")

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _choose(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        event.stop()
        with report_errors(self.app):
            if isinstance(event, Input.Submitted) and event.input is self._note:
                self._save_note()
            elif self._selected:
                self._put_in_or_take_out(self._selected)

    def _save_note(self) -> None:
        self._dossiers.note(self._selected, self._articles[0].id, self._note.value)
        self.notify(self.texts.translate("The note is saved."))
        self._box.focus()

    def _put_in_or_take_out(self, name: str) -> None:
        dossier = self._named(name)
        ids = [article.id for article in self._articles]
        if dossier is not None and set(ids) <= set(dossier.ids):
            entries = {each.id: each for each in dossier.articles if each.id in ids}
            self._taken_out |= {(dossier_key(name), key): entry for key, entry in entries.items()}
            self._dossiers.remove(name, ids)
            if any(entry.note for entry in entries.values()):
                self.notify(self.texts.translate("The note goes too; Enter puts both back."))
        else:
            entered = (DossierArticle.of(article) for article in self._articles)
            kept = (self._taken_out.get((dossier_key(name), entry.id), entry) for entry in entered)
            self._dossiers.add(name, list(kept))
        self._box.value = ""
        self._fill(name)

    def _named(self, name: str) -> Dossier | None:
        dossiers = self._dossiers.all()
        return next((each for each in dossiers if dossier_key(each.name) == dossier_key(name)), None)

    def _fill(self, name: str) -> None:
        """List the dossiers that contain the letters, and a new one of this name; select ``name``."""
        letters = dossier_key(self._box.value)
        latest = sorted(self._dossiers.all(), key=lambda each: each.changed, reverse=True)
        dossiers = [dossier for dossier in latest if letters in dossier_key(dossier.name)]
        self._names = [dossier.name for dossier in dossiers]
        rows = [self._row(dossier) for dossier in dossiers]
        if letters and letters not in map(dossier_key, self._names):
            self._names.append(self._box.value.strip())
            create = self.texts.translate("new dossier “{}”").format(flat(self._names[-1]))
            rows.append(Option(_NEW + create))
        empty_note = self.texts.translate("No dossier yet: type a name, then Enter.")
        self._list.set_options(rows or [Option(empty_note, disabled=True)])
        keys = [dossier_key(each) for each in self._names]
        self._list.highlighted = (keys.index(dossier_key(name)) if name else 0) if rows else None
        self._show_note()

    @on(OptionList.OptionHighlighted)
    def _show_note(self) -> None:
        """Show the note on the article in the dossier under the cursor; several articles have none."""
        dossier = self._named(self._selected) if self._selected else None
        entry = None if dossier is None or self._several else dossier.article(self._articles[0].id)
        self._note.disabled = entry is None
        self._note.value = entry.note if entry else ""
        self.refresh_bindings()

    def _row(self, dossier: Dossier) -> Option:
        inside = len({article.id for article in self._articles} & set(dossier.ids))
        sign = _IN if inside == len(self._articles) else _PARTLY_IN if inside else _OUT
        count = self.texts.article_count(len(dossier.articles))
        return Option(Content.assemble(sign, flat(dossier.name), (f"  {count}", MUTED)))
