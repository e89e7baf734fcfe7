"""Reading an article: in a pane beside the results, or on a screen of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Footer, Static

from search.query.ast import RankingWord
from search.query.matcher import matches
from search.text.sanitize import flat
from search.text.sentences import Span
from search.tui.format.highlight import marked
from search.tui.i18n import Texts
from search.tui.screens.base import LocalScreen
from search.tui.widgets.article_layout import MARGIN, Laid, Sheet
from search.types import Article, Hit, Leg

_ABOVE = 3  # lines kept in sight above a match that is walked to
_OPEN = Style.from_meta({"@click": "app.open_outside"})


class ArticlePane(VerticalScroll):
    """A whole article with the words of the query marked, scrolled to its best sentence.

    Tells ``Shown`` when another article, or the same for other words, comes into sight.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "walk(1)", "next match", tooltip="Next word found", id="next_match"),
        Binding("N", "walk(-1)", "previous match", tooltip="Previous word found", id="previous_match"),
        Binding("h", "heat", "heat", tooltip="Show or hide which sentences are near the query", id="heat"),
    ]

    @dataclass
    class Shown(Message):
        """An article is shown that could be warmed, from the offset ``passage`` of its body on."""

        pane: "ArticlePane"
        article: Article
        passage: int

    @dataclass
    class Warmed(Message):
        """How near the sentences of an article that were looked at are to the query, as steps from 0."""

        article: Article
        heat: Mapping[Span, int]

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._text = Static(markup=False)
        self._place = Static(classes="place", markup=False)
        self._shown: tuple[Article, Sequence[RankingWord]] | None = None
        self._sheet: Sheet | None = None
        self._heat: Mapping[Span, int] = {}
        self._cold = False
        self._current: int | None = None

    def compose(self) -> ComposeResult:
        """What is known of the article, then its body, as one text; where the reader is in it."""
        yield self._text
        yield self._place

    def show(self, result: Hit, words: Sequence[RankingWord]) -> None:
        """Show an article; while it has the focus, one shown for the same words stays where it is."""
        article = result.article
        same = self._shown == (article, words)
        if not (same and self.has_focus):
            self._shown = (article, words)
            self._current = None
            self._heat = self._heat if same else {}
            found = matches(words, article.body)
            quote = result.snippet
            nearest = (quote.start, quote.end) if quote.leg is Leg.SEMANTIC else None
            self._sheet = Sheet(self._head(article, words), article.body, found, quote.start, nearest)
            self.call_after_refresh(self._begin)
        if self.display and not self._heat:
            self.call_later(
                self._tell_shown, article, result.snippet.start
            )  # a screen would not let its own message pass

    def _tell_shown(self, article: Article, passage: int) -> None:
        self.post_message(self.Shown(self, article, passage))

    def clear(self) -> None:
        """Show nothing."""
        self._shown = self._sheet = None
        self._text.update()
        self._place.update()

    def action_walk(self, by: int) -> None:
        """Go to a match: the next for 1, the one before for -1, around the ends."""
        sheet = self._sheet
        if sheet is None or not sheet.matches:
            return
        here = sheet.first_match - (by > 0) if self._current is None else self._current
        self._current = (here + by) % len(sheet.matches)
        line = self._lay(sheet).matches[self._current]
        self.scroll_to(y=line - _ABOVE, animate=False)

    def action_heat(self) -> None:
        """Show the warmth of the sentences, or hide it."""
        self._cold = not self._cold
        self._lay_again()

    @on(Warmed)
    def _warm(self, message: Warmed) -> None:
        if self._shown is not None and self._shown[0] == message.article:
            self._heat = message.heat
            self._lay_again()

    def on_resize(self) -> None:
        """Find the passage again where the new width puts it."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Lay out and go to the best sentence, unless the beginning has it in sight.

        A hidden pane has no width, and comes back here when shown.
        """
        if self._sheet is not None and self._text.size.width:
            line = self._lay(self._sheet).passage
            in_sight = line < self.size.height // 2
            self.call_after_refresh(self.scroll_to, y=0 if in_sight else line, animate=False)

    def _lay_again(self) -> None:
        if self._sheet is not None and self._text.size.width:
            self._lay(self._sheet)

    def _lay(self, sheet: Sheet) -> Laid:
        laid = sheet.laid(self._text.size.width, {} if self._cold else self._heat, self._current)
        self._text.update(laid.content)
        self._place.update(self._where(sheet))
        return laid

    def _where(self, sheet: Sheet) -> str:
        """The place among the matches, and what the margin means when there is something in it."""
        count = self._texts.number(len(sheet.matches))
        here = "–" if self._current is None else self._texts.number(self._current + 1)
        facts = [self._texts.key("match {}/{}").format(here, count) if sheet.matches else ""]
        if any(self._heat.values()) and not self._cold:
            signs = " ".join(reversed([sign.strip() for sign in MARGIN if sign.strip()]))
            facts.append(f"{signs} {self._texts.key('near the query')}")
        return " · ".join(filter(None, facts))

    def _head(self, article: Article, words: Sequence[RankingWord]) -> Content:
        title = marked(article.title, matches(words, article.title), flat).stylize("bold")
        facts = (article.published or self._texts.undated, article.source, article.section, article.place)
        known = " · ".join(flat(fact) for fact in facts if fact)
        url = [Content.styled(flat(article.url), "dim").stylize(_OPEN)] if article.url else []
        return Content("\n").join([title, Content.styled(known, "dim"), *url])


class ReaderScreen(LocalScreen[None]):
    """One article over the whole screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "back", tooltip="Back to the results", id="back_to_results"),
    ]

    def __init__(self, texts: Texts, result: Hit, words: Sequence[RankingWord]) -> None:
        super().__init__(texts)
        self.result = result
        self._words = words
        self._pane = ArticlePane(texts)

    def compose(self) -> ComposeResult:
        """The article and the keys."""
        yield self._pane
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Begin at the best passage."""
        self._pane.show(self.result, self._words)
        self._pane.focus()
