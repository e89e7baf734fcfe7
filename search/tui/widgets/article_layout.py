"""An article as lines: matches highlighted, and in the margin how near the sentences are to the query."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from textual.content import Content
from textual.content import Span as StyledSpan
from textual.style import Style

from search.text.sanitize import clean
from search.text.sentences import Span
from search.tui.format.palette import MATCH, SOURCE
from search.tui.format.wrapping import wrap

MARGIN = ("  ", "░ ", "▒ ", "▓ ")
"""The margin of a line, by the highest level of its sentences. The signs differ in form, not in colour."""
_CURRENT = "bold reverse $match"
_NEAREST = "italic"
_PASSAGE = Style.from_meta({"passage": True})
_PASSAGE_MARK = 200  # characters that mark where the passage begins, because the first may be invisible


@dataclass(frozen=True, slots=True)
class RenderedArticle:
    """The lines of an article, the line where the best passage begins, and the line of each match.

    The passage line is 0 when the best passage is the beginning of the body.
    """

    content: Content
    passage_line: int
    match_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ArticleLayout:
    """A head and a body. ``matches``, ``passage`` and ``nearest`` are offsets into the body.

    ``passage`` is where the best passage begins. ``nearest`` is the sentence that was found by its meaning,
    None where there is none.
    """

    head: Content
    body: str
    matches: Sequence[Span]
    passage: int
    nearest: Span | None = None

    @property
    def first_match(self) -> int:
        """The number of the first match at or after the best passage; the count of matches without one."""
        return bisect_left([start for start, _ in self.matches], self.passage)

    def render(self, width: int, levels: Mapping[Span, int], current: int | None) -> RenderedArticle:
        """The lines of the article, ``width`` cells wide.

        ``levels`` gives the level of each sentence, 0 (far from the query) to 3. ``current`` is the number
        of the match to emphasise.
        """
        body = self._styled_body(levels, current)
        head = [MARGIN[0] + line for line in wrap(self.head, width - len(MARGIN[0]))]
        lines = wrap(body, width - len(MARGIN[0]))
        metas = [list(_meta(line)) for line in lines]
        first = {item: at for at in range(len(lines) - 1, -1, -1) for item in metas[at]}
        body_line = len(head) + 1
        with_margin = [
            Content.styled(MARGIN[_level(meta)], SOURCE) + line
            for meta, line in zip(metas, lines, strict=True)
        ]
        matches = tuple(first.get(("match", place), 0) + body_line for place in range(len(self.matches)))
        passage = first.get(("passage", True), 0) + body_line if self.passage else 0
        content = Content("\n").join([*head, Content(), *with_margin])
        return RenderedArticle(content, passage, matches)

    def _styled_body(self, levels: Mapping[Span, int], current: int | None) -> Content:
        """The body without control characters; each span has a style or carries what it is as meta data."""
        mark_end = min(self.passage + _PASSAGE_MARK, len(self.body))
        cuts = sorted(
            {0, self.passage, mark_end, len(self.body)}.union(*self.matches, *levels, self.nearest or ())
        )
        pieces = [clean(self.body[a:b]) for a, b in pairwise(cuts)]
        at = dict(zip(cuts, accumulate(map(len, pieces), initial=0), strict=True))
        spans = [StyledSpan(at[self.passage], at[mark_end], _PASSAGE)]
        if self.nearest is not None:
            spans.append(StyledSpan(at[self.nearest[0]], at[self.nearest[1]], _NEAREST))
        spans += [
            StyledSpan(at[start], at[end], Style.from_meta({"level": level}))
            for (start, end), level in levels.items()
        ]
        for place, (start, end) in enumerate(self.matches):
            style = _CURRENT if place == current else MATCH
            spans.append(StyledSpan(at[start], at[end], style))
            spans.append(StyledSpan(at[start], at[end], Style.from_meta({"match": place})))
        return Content("".join(pieces), spans)


def _meta(line: Content) -> Iterator[tuple[str, int]]:
    styles = (span.style for span in line.spans)
    return (item for style in styles if isinstance(style, Style) for item in style.meta.items())


def _level(meta: Iterable[tuple[str, int]]) -> int:
    return max((level for name, level in meta if name == "level"), default=0)
