"""Reading an article: in a pane beside the results, or on a screen of its own."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from search.model import Article, Result
from search.query.matching import matches
from search.query.tree import RankingWord
from search.tui.local_screen import LocalScreen
from search.tui.marking import clean, flat, marked
from search.tui.texts import Texts


class ArticlePane(VerticalScroll):
    """A whole article with the words of the query marked, scrolled to its best passage."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._text = Static(markup=False)
        self._shown: tuple[Article, Sequence[RankingWord]] | None = None
        self._above = Content()

    def compose(self) -> ComposeResult:
        """What is known of the article, then its body, as one text."""
        yield self._text

    def show(self, result: Result, words: Sequence[RankingWord]) -> None:
        """Show an article; while it has the focus, one shown for the same words stays where it is."""
        article, start = result.article, result.passage.start
        if self.has_focus and self._shown == (article, words):
            return
        self._shown = (article, words)
        facts = self._facts(article, words) + "\n\n"
        self._above = facts + clean(article.body[:start]) if start else Content()
        self._text.update(facts + marked(article.body, matches(words, article.body)))
        self.call_after_refresh(self._scroll_to_passage)

    def clear(self) -> None:
        """Show nothing."""
        self._shown = None
        self._text.update()

    def on_resize(self) -> None:
        """Find the passage again where the new width puts it."""
        self.call_after_refresh(self._scroll_to_passage)

    def _scroll_to_passage(self) -> None:
        if width := self._text.size.width:  # none while hidden: the resize that shows it comes back here
            self.scroll_to(y=len(self._above.wrap(width)) - 1, animate=False)

    def _facts(self, article: Article, words: Sequence[RankingWord]) -> Content:
        title = marked(article.title, matches(words, article.title), flat).stylize("bold")
        facts = (article.published or self._texts.undated, article.source, article.section, article.place)
        known = " · ".join(flat(fact) for fact in facts if fact)
        url = [Content.styled(flat(article.url), "dim")] if article.url else []
        return Content("\n").join([title, Content.styled(known, "dim"), *url])


class ReaderScreen(LocalScreen):
    """One article over the whole screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "back", tooltip="Back to the results"),
    ]

    def __init__(self, texts: Texts, result: Result, words: Sequence[RankingWord]) -> None:
        super().__init__(texts)
        self._result = result
        self._words = words
        self._pane = ArticlePane(texts)

    def compose(self) -> ComposeResult:
        """The article and the keys."""
        yield self._pane
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Begin at the best passage."""
        self._pane.show(self._result, self._words)
        self._pane.focus()
