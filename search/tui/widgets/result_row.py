"""The rows of the result list, as text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from textual.content import Content

from search.export import listed
from search.query.ast import RankingWord
from search.query.matcher import matches
from search.retrieval.confidence import is_sure
from search.text.sanitize import flat
from search.tui.format.charts import score_bars
from search.tui.format.dates import relative_date
from search.tui.format.highlight import highlighted, snippet_lines
from search.tui.i18n import Texts
from search.types import Article, Hit

_INDENT = "  "
_CHOSEN_SIGN = "✓ "
_COPY_SIGN = "= "
_GAP = "   "
_TITLE_LENGTH = 400  # characters of a title that are highlighted; no screen shows more


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A listed hit. ``leader`` is the hit that it is a copy of, or the hit itself."""

    hit: Hit
    leader: Hit

    @property
    def is_copy(self) -> bool:
        """Whether the hit is a copy of its leader."""
        return self.hit is not self.leader


@dataclass(frozen=True, slots=True)
class RowRenderer:
    """Renders rows ``width`` cells wide, with ``words`` highlighted in the titles.

    ``best_score`` is the score of the best hit. ``chosen`` has the article ids of the chosen hits.
    """

    texts: Texts
    width: int
    words: Sequence[RankingWord]
    best_score: float
    chosen: Collection[str]

    def render(self, row: ResultRow) -> Content:
        """The lines of a row; that of a hit that is less likely to answer is dimmed, and says so."""
        content = self._copy(row) if row.is_copy else self._hit(row.hit)
        return content if is_sure(row.hit) else content.stylize("dim")

    def _hit(self, hit: Hit) -> Content:
        width = self.width - len(_INDENT)
        below_title = [self._origin(hit, width), *snippet_lines(hit, width)]
        return self._lines(hit.article, below_title, self.width)

    def _copy(self, row: ResultRow) -> Content:
        """A copy, indented; it has a snippet only where its text differs."""
        same = row.hit.article.body == row.leader.article.body
        kind = self.texts.same_text if same else self.texts.other_version
        origin = _GAP.join(filter(None, [_source(row.hit.article), kind, self._doubt(row.hit)]))
        width = self.width - len(_COPY_SIGN)
        snippet = [] if same else snippet_lines(row.hit, width - len(_INDENT))
        lines = self._lines(row.hit.article, [Content.styled(origin, "dim"), *snippet], width).split("\n")
        signs = [_COPY_SIGN, *[" " * len(_COPY_SIGN)] * (len(lines) - 1)]
        return Content("\n").join(sign + line for sign, line in zip(signs, lines, strict=True))

    def _lines(self, article: Article, below_title: Sequence[Content], width: int) -> Content:
        """Title and date in one line; below them the other lines, indented and truncated."""
        day = flat(relative_date(article.published, date.today(), self.texts))
        sign = _CHOSEN_SIGN if article.id in self.chosen else ""
        beginning = article.title[:_TITLE_LENGTH]
        title = sign + highlighted(beginning, matches(self.words, beginning), flat).stylize("bold")
        head = title.truncate(width - len(day) - len(_INDENT), ellipsis=True, pad=True)
        others = (_INDENT + line.truncate(width - len(_INDENT)) for line in below_title)
        return Content("\n").join([head + _INDENT + day, *others])

    def _origin(self, hit: Hit, width: int) -> Content:
        """The source, truncated, and the authors if there is room; then the score bars, a doubt, and numbers.

        These are the numbers of further passages and copies.
        """
        more = self.texts.more_passages(hit.passages_more) if hit.passages_more else ""
        copies = self.texts.copy_count(len(hit.copies)) if hit.copies else ""
        facts = (Content.styled(fact, "dim") for fact in (self._doubt(hit), more, copies))
        figures = [Content(score_bars(hit.contributions, self.best_score)), *facts]
        after = Content(_GAP).join([figure for figure in figures if figure.plain])
        room = max(0, width - after.cell_length - len(_GAP))
        source, author = _source(hit.article), flat(listed(hit.article.author))
        with_author = Content(" · ".join(filter(None, (source, author))))
        shown = with_author if with_author.cell_length <= room else Content(source)
        origin = shown.stylize("dim").truncate(room, ellipsis=True)
        return Content(_GAP).join([part for part in (origin, after) if part.plain])

    def _doubt(self, hit: Hit) -> str:
        """What is said of a hit that is less likely to answer; ``""`` for others."""
        return "" if is_sure(hit) else self.texts.less_likely


def _source(article: Article) -> str:
    """The source and the section of an article."""
    return " · ".join(filter(None, map(flat, (article.source, article.section))))
