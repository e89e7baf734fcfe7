"""The list of results."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from search.model import Result
from search.query.matching import matches
from search.query.tree import RankingWord
from search.tui.marking import flat, marked, snippet
from search.tui.texts import Texts

_NARROWEST = 20
_INDENT = "  "


class ResultList(OptionList):
    """One row an article: title, where it is from, two lines of its best passage."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(markup=False)
        self._texts = texts
        self._results: tuple[Result, ...] = ()
        self._words: Sequence[RankingWord] = ()

    @property
    def selected(self) -> Result | None:
        """The result that the cursor is on."""
        return self._results[self.highlighted] if self._results and self.highlighted is not None else None

    def show(self, results: tuple[Result, ...], words: Sequence[RankingWord], keep: str | None) -> None:
        """List these results; select the article with the id ``keep``, else the first."""
        self._results, self._words = results, words
        self._fill(keep)

    def show_note(self, note: str) -> None:
        """Show a sentence instead of results."""
        self._results = ()
        self.set_options([Option(Content(note), disabled=True)])

    def on_resize(self) -> None:
        """Cut the rows to the new width."""
        if selected := self.selected:
            self._fill(selected.article.id)

    def _fill(self, keep: str | None) -> None:
        width = self._row_width()
        self.set_options(Option(self._row(result, width), id=result.article.id) for result in self._results)
        ids = [result.article.id for result in self._results]
        self.highlighted = ids.index(keep) if keep in ids else 0

    def _row_width(self) -> int:
        padding = self.get_component_styles("option-list--option").padding
        return max(_NARROWEST, self.scrollable_content_region.width - padding.width)

    def _row(self, result: Result, width: int) -> Content:
        article = result.article
        title = marked(article.title, matches(self._words, article.title), flat).stylize("bold")
        facts = [flat(article.source), article.published[:10] or self._texts.undated]
        if result.passages_more:
            facts.append(self._texts.more(result.passages_more))
        origin = Content.styled(" · ".join(filter(None, facts)), "dim")
        room = width - len(_INDENT)
        under = [
            origin.truncate(room, ellipsis=True),
            *snippet(result.passage.text, result.highlights, room),
        ]
        return Content("\n").join([title.truncate(width, ellipsis=True), *(_INDENT + line for line in under)])
