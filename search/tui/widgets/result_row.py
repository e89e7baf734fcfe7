"""The rows of the result list, as text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from rich.cells import cell_len
from textual.content import Content

from search.export import listed
from search.query.ast import RankingWord
from search.query.matcher import matches
from search.retrieval.relevance import is_sure
from search.text.sanitize import flat
from search.text.versions import own_sentences
from search.tui.format.charts import score_bars
from search.tui.format.dates import relative_date
from search.tui.format.highlight import first_lines, highlighted, snippet_lines
from search.tui.format.palette import DOUBTFUL, MUTED, READ, SOURCE, TITLE
from search.tui.i18n import Texts
from search.types import Article, Hit
from search.user.article_marks import NO_MARKS, ArticleMarks

_INDENT = "  "
_CHOSEN_SIGN = "✓ "
_COPY_SIGN = "= "
_UNREAD_SIGN = "• "
_OWN_SIGN = "≠ "
_QUOTED = 3  # sentences of a copy that its leader lacks; no more fill two lines
_GAP = "   "
_LEAST_OF_SOURCE = 8  # cells of a source below which the score bars are left out
_SHORTEST_SOURCE = 16  # cells of a source that are shown before figures beside it
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

    ``best_score`` is the score of the best hit. ``chosen`` has the article ids of the chosen hits, ``marks``
    what the user has noted of articles.
    """

    texts: Texts
    width: int
    words: Sequence[RankingWord]
    best_score: float
    chosen: Collection[str]
    marks: ArticleMarks = NO_MARKS

    def render(self, row: ResultRow) -> Content:
        """The lines of a row; that of a hit that is less likely to answer is dimmed, and says so."""
        content = self._copy(row) if row.is_copy else self._hit(row.hit)
        return content if is_sure(row.hit) else content.stylize(DOUBTFUL)

    def _hit(self, hit: Hit) -> Content:
        width = self.width - len(_INDENT)
        below_title = [self._origin(hit, width), *snippet_lines(hit, width)]
        return self._lines(hit.article, below_title, self.width)

    def _copy(self, row: ResultRow) -> Content:
        """A copy, indented; where its text differs, it quotes what it has that its leader lacks."""
        body, shown = row.hit.article.body, row.leader.article.body
        kind = self.texts.same_text if body == shown else self.texts.other_version
        facts = Content("".join(_GAP + fact for fact in (kind, self._doubt(row.hit)) if fact)).stylize(MUTED)
        width = self.width - len(_COPY_SIGN)
        origin = self._named(row.hit.article, width - len(_INDENT) - facts.cell_length) + facts
        own = "" if body == shown else flat(" ".join(own_sentences(body, shown)[:_QUOTED]))
        snippet = first_lines(Content(_OWN_SIGN + own), width - len(_INDENT)) if own else []
        lines = self._lines(row.hit.article, [origin, *snippet], width).split("\n")
        signs = [_COPY_SIGN, *[" " * len(_COPY_SIGN)] * (len(lines) - 1)]
        return Content("\n").join(sign + line for sign, line in zip(signs, lines, strict=True))

    def _lines(self, article: Article, below_title: Sequence[Content], width: int) -> Content:
        """Title and date in one line; below them the other lines, indented and truncated."""
        day = flat(relative_date(article.published, date.today(), self.texts))
        unread = _UNREAD_SIGN if self.marks.is_new(article.id) else ""
        sign = _CHOSEN_SIGN if article.id in self.chosen else unread
        beginning = article.title[:_TITLE_LENGTH]
        title = sign + highlighted(beginning, matches(self.words, beginning), flat)
        style = READ if self.marks.is_read(article.id) else TITLE
        head = title.stylize_before(style).truncate(width - len(day) - len(_INDENT), ellipsis=True, pad=True)
        others = (_INDENT + line.truncate(width - len(_INDENT)) for line in below_title)
        return Content("\n").join([Content.assemble(head, _INDENT, (day, MUTED)), *others])

    def _origin(self, hit: Hit, width: int) -> Content:
        """The source and what is said of the hit; at the right end the score bars where a source fits."""
        source = cell_len(source_label(hit.article))
        bars = score_bars(hit.contributions, self.best_score, self.texts.score_signs)
        room = width - len(bars) - len(_GAP)
        facts = self._facts(hit, room - min(_SHORTEST_SOURCE, source))
        if not bars or room - facts.cell_length < min(_LEAST_OF_SOURCE, source):
            facts = self._facts(hit, width - min(_SHORTEST_SOURCE, source))
            return self._named(hit.article, width - facts.cell_length) + facts
        origin = self._named(hit.article, room - facts.cell_length) + facts
        return Content.assemble(origin.truncate(room, pad=True), _GAP, (bars, MUTED))

    def _facts(self, hit: Hit, room: int) -> Content:
        """News, a doubt, the number of copies; if there is room the dossiers and how many more passages."""
        news = self.texts.news if hit.article.id in self.marks.news else ""
        copies = self.texts.copy_count(len(hit.copies)) if hit.copies else ""
        more = self.texts.more_passages(hit.passages_more) if hit.passages_more else ""
        facts = Content("".join(_GAP + fact for fact in (news, self._doubt(hit), copies) if fact))
        dossiers = " ".join(f"#{flat(name)}" for name, _ in self.marks.of(hit.article.id))
        for fact in (dossiers, more):
            further = facts + (_GAP + fact if fact else "")
            facts = further if further.cell_length <= room else facts
        return facts.stylize(MUTED)

    def _named(self, article: Article, room: int) -> Content:
        """The source, truncated, and the authors if there is room."""
        source, author = source_label(article), flat(listed(article.author))
        with_author = Content.assemble(
            (source, SOURCE), (" · " if source and author else "", MUTED), (author, MUTED)
        )
        shown = with_author if with_author.cell_length <= room else Content.styled(source, SOURCE)
        return shown.truncate(max(0, room), ellipsis=True)

    def _doubt(self, hit: Hit) -> str:
        """What is said of a hit that is less likely to answer; ``""`` for others."""
        return "" if is_sure(hit) else self.texts.less_likely


def source_label(article: Article) -> str:
    """The source and the section of an article."""
    return " · ".join(filter(None, map(flat, (article.source, article.section))))
