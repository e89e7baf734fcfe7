"""One line of notes on the answer, beside the filters of its query."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from search.errors import SearchError
from search.text.sanitize import flat
from search.tui.format.palette import MATCH, MUTED
from search.tui.i18n import Texts
from search.tui.widgets.filter_chips import ChipRow


class AnswerNotes(Horizontal):
    """The filters as chips, then what the user should know of the answer. It is there without notes too.

    So nothing moves when notes come and go. Only a long note makes it higher than one line.
    ``correction`` is the corrected query that it suggests, None when there is none.
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.chips = ChipRow(texts)
        self.correction: str | None = None
        self._texts = texts
        self._note = Static(texts.opening, id="note", markup=False)
        self._remarks = Content()
        self._high = False

    def compose(self) -> ComposeResult:
        """The chips and the notes in one line."""
        yield self.chips
        yield self._note

    def show_hint(self) -> None:
        """Show how to begin."""
        self.show("", ())
        self._update(Content(self._texts.hint.format(self._texts.key_name("help"))))

    def show_no_index(self, reason: SearchError) -> None:
        """Show the key that helps where there is no index to search in, and below it why there is none."""
        advice = self._texts.no_index.format(self._texts.key_name("index"))
        why = flat(self._texts.translate(reason.message))
        self._update(Content.assemble(advice, "\n", (why, MUTED)))

    def show(self, reading: str, degraded: Sequence[str]) -> None:
        """Show how the query was read, ``""`` where the query itself says it, and what the answer lacks."""
        self.correction = None
        missing = [(flat(self._texts.translate(reason)), "$warning") for reason in degraded]
        self._remarks = Content.styled(" · ", MUTED).join(
            Content.styled(text, style) for text, style in ((flat(reading), ""), *missing) if text
        )
        self._update(self._remarks)

    def show_correction(self, text: str | None) -> None:
        """Show a corrected query with its key; None hides it."""
        self.correction = text
        if text is None:
            self._update(self._remarks)
            return
        before, after = self._texts.did_you_mean.format("\0", self._texts.key_name("correct")).split("\0")
        suggestion = Content.assemble(before, (flat(text), MATCH), (after, MUTED))
        self._update(Content("   ").join(part for part in (suggestion, self._remarks) if part.plain))

    def _update(self, note: Content) -> None:
        high = note.cell_length > self._note.content_size.width
        self._note.update(note, layout=high or self._high)  # a new layout is slow
        self._high = high
