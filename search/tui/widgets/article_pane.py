"""The pane that shows an article: beside the results, or over the whole screen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from search.export import edition_label, listed, page_label
from search.query.ast import RankingWord
from search.query.matcher import matches
from search.text.sanitize import flat
from search.text.sentences import Span
from search.tui.format.dates import full_date
from search.tui.format.highlight import highlighted
from search.tui.format.palette import MUTED, SOURCE, TITLE
from search.tui.i18n import Texts
from search.tui.widgets.article_layout import MARGIN, ArticleLayout, RenderedArticle
from search.types import Article, Hit, Leg
from search.user.article_marks import NO_MARKS, ArticleMarks

_LINES_ABOVE = 3  # lines that stay visible above the current match
_OPEN = Style.from_meta({"@click": "app.article('open')"})


class ArticlePane(VerticalScroll):
    """A whole article with its matches highlighted, scrolled to the best passage.

    Posts ``Shown`` when it shows another article, or the same article for other words.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "go_to_match(1)", "next match", tooltip="Next word found", id="next_match"),
        Binding("N", "go_to_match(-1)", "previous match", tooltip="Previous word found", id="previous_match"),
        Binding(
            "h",
            "toggle_levels",
            "sentences",
            tooltip="Mark the sentences near the query, or not",
            id="sentences",
        ),
    ]

    @dataclass
    class Shown(Message):
        """An article is shown. Its sentences can be scored, first those after ``passage``, an offset."""

        pane: "ArticlePane"
        article: Article
        passage: int

    @dataclass
    class Opened(Message):
        """The user has opened an article."""

        article: Article

    @dataclass
    class SentencesScored(Message):
        """The levels of an article's sentences scored so far: 0 (far from the query) to 3 (near)."""

        article: Article
        levels: Mapping[Span, int]

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._text = Static(markup=False)
        self._status = Static(classes="place", markup=False)
        self._shown: tuple[Article, Sequence[RankingWord]] | None = None
        self._article_layout: ArticleLayout | None = None
        self._levels: Mapping[Span, int] = {}
        self._levels_hidden = False
        self._current_match: int | None = None
        self._hit: Hit | None = None
        self._marks = NO_MARKS

    def compose(self) -> ComposeResult:
        """The article's head and body as one text; below it the current match."""
        yield self._text
        yield self._status

    def show(self, hit: Hit, words: Sequence[RankingWord]) -> None:
        """Show an article. It does not scroll when it has the focus and shows it for these words already."""
        article, self._hit = hit.article, hit
        same = self._shown == (article, words)
        if not (same and self.has_focus):
            self._shown = (article, words)
            self._current_match = None
            self._levels = self._levels if same else {}
            self._lay_out(hit, words)
            self.call_after_refresh(self._scroll_to_passage)
        if self.display and not self._levels:
            # Later, so that the pane is the sender: a message that a screen sends stops at that screen.
            self.call_later(self._post_shown, article, hit.snippet.start)

    def _lay_out(self, hit: Hit, words: Sequence[RankingWord]) -> None:
        quote, article = hit.snippet, hit.article
        nearest = (quote.start, quote.end) if quote.leg is Leg.SEMANTIC else None
        body_matches = matches(words, article.body)
        self._article_layout = ArticleLayout(
            self._head(article, words), article.body, body_matches, quote.start, nearest
        )

    def show_marks(self, marks: ArticleMarks) -> None:
        """Show the dossiers of the article, with its notes; the text stays where it is."""
        before, self._marks = self._marks, marks
        if self._hit is not None and self._shown is not None:
            article_id = self._hit.article.id
            if before.of(article_id) != marks.of(article_id):
                self._lay_out(self._hit, self._shown[1])
                self._redraw()

    @property
    def article(self) -> Article | None:
        """The article that is shown."""
        return None if self._shown is None else self._shown[0]

    def on_focus(self) -> None:
        """The user reads the article."""
        if self._shown is not None:
            self.post_message(self.Opened(self._shown[0]))

    def _post_shown(self, article: Article, passage: int) -> None:
        self.post_message(self.Shown(self, article, passage))

    def clear(self) -> None:
        """Show no article."""
        self._shown = self._article_layout = None
        self._text.update()
        self._status.update()

    def action_go_to_match(self, step: int) -> None:
        """Go to the next match (1) or to the previous one (-1); after the last match comes the first."""
        layout = self._article_layout
        if layout is None or not layout.matches:
            return
        here = layout.first_match - (step > 0) if self._current_match is None else self._current_match
        self._current_match = (here + step) % len(layout.matches)
        line = self._draw(layout).match_lines[self._current_match]
        self.scroll_to(y=line - _LINES_ABOVE, animate=False)

    def action_toggle_levels(self) -> None:
        """Show the levels of the sentences in the margin, or hide them."""
        self._levels_hidden = not self._levels_hidden
        self._redraw()

    @on(SentencesScored)
    def _show_levels(self, message: SentencesScored) -> None:
        if self._shown is not None and self._shown[0] == message.article:
            self._levels = message.levels
            self._redraw()

    def on_resize(self) -> None:
        """Scroll to the passage, which has moved with the new width."""
        self.call_after_refresh(self._scroll_to_passage)

    def _scroll_to_passage(self) -> None:
        """Draw the article and scroll to the best passage, unless it is near the top.

        A hidden pane has no width; ``on_resize`` calls this again when it is shown.
        """
        if self._article_layout is not None and self._text.size.width:
            line = self._draw(self._article_layout).passage_line
            near_top = line < self.size.height // 2
            self.call_after_refresh(self.scroll_to, y=0 if near_top else line, animate=False)

    def _redraw(self) -> None:
        if self._article_layout is not None and self._text.size.width:
            self._draw(self._article_layout)

    def _draw(self, layout: ArticleLayout) -> RenderedArticle:
        levels = {} if self._levels_hidden else self._levels
        rendered = layout.render(self._text.size.width, levels, self._current_match)
        self._text.update(rendered.content)
        self._status.update(self._status_text(layout))
        return rendered

    def _status_text(self, layout: ArticleLayout) -> str:
        """The number of the current match, and the meaning of the signs in the margin if there are any."""
        count = self._texts.number(len(layout.matches))
        here = "–" if self._current_match is None else self._texts.number(self._current_match + 1)
        facts = [self._texts.translate("match {}/{}").format(here, count) if layout.matches else ""]
        if any(self._levels.values()) and not self._levels_hidden:
            signs = " ".join(reversed([sign.strip() for sign in MARGIN if sign.strip()]))
            facts.append(f"{signs} {self._texts.translate('near the query')}")
        return " · ".join(filter(None, facts))

    def _head(self, article: Article, words: Sequence[RankingWord]) -> Content:
        title = highlighted(article.title, matches(words, article.title), flat).stylize_before(TITLE)
        kicker = [Content.styled(flat(article.kicker), MUTED)] if article.kicker else []
        url = [Content.styled(flat(article.url), MUTED).stylize(_OPEN)] if article.url else []
        lines = [*kicker, title, *self._facts(article), *url, *self._dossiers(article)]
        return Content("\n").join(lines)

    def _dossiers(self, article: Article) -> Iterator[Content]:
        """A line for each dossier of the article, with its note."""
        for name, note in self._marks.of(article.id):
            yield Content.styled(f"#{flat(name)}" + (f" — {flat(note)}" if note else ""), MUTED)

    def _facts(self, article: Article) -> Iterator[Content]:
        """What the article says of itself: when, where and by whom it appeared; then the rest."""
        words = self._texts.word_count(article.word_count) if article.word_count else ""
        day = full_date(article.published, date.today(), self._texts)
        lines = (
            (
                *((day, MUTED), (article.source, SOURCE), (article.section, MUTED), (article.place, MUTED)),
                *((page_label(article.page), MUTED), (listed(article.author), MUTED)),
            ),
            ((edition_label(article.edition), MUTED), (words, MUTED), (listed(article.keywords), MUTED)),
        )
        for facts in lines:
            if known := [Content.styled(flat(fact), style) for fact, style in facts if fact]:
                yield Content.styled(" · ", MUTED).join(known)
