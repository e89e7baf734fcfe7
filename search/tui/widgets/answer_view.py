"""The answer on the screen: a line of notes, and the panes with its hits below."""

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import var

from search.query.filters import filters_of
from search.query.printer import reading
from search.retrieval.advice import Advice
from search.retrieval.date_order import in_order
from search.tui.i18n import Texts
from search.tui.services.search_session import Current, Question, similar_articles
from search.tui.widgets.answer_notes import AnswerNotes
from search.tui.widgets.panes import Panes
from search.tui.widgets.suggestion_list import advice_suggestions
from search.types import Hits, Sort


class AnswerView(Vertical):
    """Shows an answer to a question, or articles that are similar to one of its hits.

    ``similar`` are these articles, in the order of their similarity; None while an answer is shown. The
    bindings are looked at again when another action becomes possible.
    """

    # The footer, which is slow, is drawn again only when this value changes.
    _possible = var((False, False, False), bindings=True)  # a correction, an answer without hits, an answer

    def __init__(self, texts: Texts, panes: Panes) -> None:
        super().__init__()
        self.notes = AnswerNotes(texts)
        self.similar: Hits | None = None
        self._texts = texts
        self._panes = panes
        self._answered_number = 0

    def compose(self) -> ComposeResult:
        """The notes above the panes."""
        yield self.notes
        yield self._panes

    @property
    def nothing_found(self) -> bool:
        """Whether the answer has no hit."""
        return self._panes.current is not None and not self._panes.current.hits.shown

    def answers(self, question: Question) -> bool:
        """Whether what is shown is an answer to this question, or came from one."""
        return self._answered_number == question.number or self.similar is not None

    def preview(self, current: Current) -> None:
        """Show the hits of keywords while the user types."""
        self._panes.preview(current)
        self._describe(current, reading(current.request.query))

    def show(self, question: Question, current: Current, *, keep_place: bool) -> None:
        """Show an answer from its first hit on.

        A further answer to the same question keeps the selected article where the user has left the first
        one, or with ``keep_place``.
        """
        same_question = question.number == self._answered_number
        self._answered_number = question.number
        current = current.followed_by(self._panes.current if same_question else None)
        if same_question and (self._panes.moved or keep_place):
            self._panes.replace(current)
        else:
            self._panes.show(current)
        self._describe(current, reading(current.request.query))

    def show_similar(self, similar: Hits, sort: Sort) -> None:
        """Show articles that are similar to one, in this order."""
        self.similar = similar
        current = similar_articles(replace(similar, hits=in_order(similar.hits, sort)))
        self._panes.show(current)
        self._describe(current, similar.understood)

    async def show_home(self) -> None:
        """Show the home; raises UsageError when the user's searches cannot be read."""
        try:
            await self._panes.show_home()
        finally:
            self.show_correction(None)
            self.notes.show_hint()
            self.notes.chips.show(())

    def show_alternatives(self, advice: Advice, keys: Sequence[str]) -> None:
        """Show what to ask instead in the place of the hits, each with one of these keys."""
        suggestions = advice_suggestions(advice, self._texts)
        self._panes.show_suggestions(self._texts.nothing_found, suggestions, *keys)

    def accept_alternative(self, place: int) -> None:
        """Ask the alternative at this place; a correction is listed before the alternatives."""
        self._panes.accept_suggestion(place + (self.notes.correction is not None))

    def show_correction(self, text: str | None) -> None:
        """Show a corrected query; None hides it."""
        self.notes.show_correction(text)
        self._possible = (text is not None, self.nothing_found, self._panes.current is not None)

    def _describe(self, current: Current, subject: str) -> None:
        """Show what is answered where the box does not say it, what the answer lacks, and its filters."""
        self.notes.show(subject, current.hits.degraded)
        self.show_correction(None)
        self.notes.chips.show(filters_of(current.request.query))
