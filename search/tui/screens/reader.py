"""The screen for reading one article."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from search.query.ast import RankingWord
from search.tui.i18n import Texts
from search.tui.screens.localized import LocalizedScreen
from search.tui.widgets.article_pane import ArticlePane
from search.tui.widgets.key_hints import ARTICLE, KeyHints
from search.types import Hit


class ReaderScreen(LocalizedScreen[None]):
    """One article over the whole screen, for terminals too narrow to show it beside the results."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "back", tooltip="Back to the results", id="back_to_results"),
    ]

    def __init__(self, texts: Texts, hit: Hit, words: Sequence[RankingWord]) -> None:
        super().__init__(texts)
        self.hit = hit
        self._words = words
        self._pane = ArticlePane(texts)

    def compose(self) -> ComposeResult:
        """The article and the footer with the keys."""
        yield self._pane
        yield KeyHints(lambda: ARTICLE)

    def on_mount(self) -> None:
        """Scroll to the best passage."""
        self._pane.show(self.hit, self._words)
        self._pane.focus()
