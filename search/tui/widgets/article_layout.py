"""An article set out in lines: its words marked, its sentences warm or cold in the margin."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from textual.content import Content
from textual.content import Span as Styled
from textual.style import Style

from search.text.sanitize import clean
from search.text.sentences import Span
from search.tui.format.highlight import MARK

MARGIN = ("  ", "░ ", "▒ ", "▓ ")
"""What stands before a line, by the step of its warmest sentence; told apart by form, not by colour."""
_CURRENT = "bold reverse"
_NEAREST = "italic"
_PASSAGE = Style.from_meta({"passage": True})
_TELLING = 200  # characters that show where the passage begins, even if the first are not visible


@dataclass(frozen=True, slots=True)
class Laid:
    """An article laid out: the line that the best passage starts on, and the line of each match.

    An article that answers best at its beginning starts with its head.
    """

    content: Content
    passage: int
    matches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A head and a body; ``matches``, ``passage`` and ``nearest`` are offsets into the body.

    ``nearest`` is the sentence that was found by its meaning, if one was.
    """

    head: Content
    body: str
    matches: Sequence[Span]
    passage: int
    nearest: Span | None = None

    @property
    def first_match(self) -> int:
        """The first match in the best passage, or the next after it; their number when there is none."""
        return bisect_left([start for start, _ in self.matches], self.passage)

    def laid(self, width: int, heat: Mapping[Span, int], current: int | None) -> Laid:
        """Lay it out, ``width`` cells wide; ``heat`` is a step for each sentence, 0 for none."""
        body = self._body(heat, current)
        head = [MARGIN[0] + line for line in self.head.wrap(width - len(MARGIN[0]))]
        lines = body.wrap(width - len(MARGIN[0]))
        told = [list(_told(line)) for line in lines]
        first = {name: at for at in range(len(lines) - 1, -1, -1) for name in told[at]}
        blank = len(head) + 1
        shown = [MARGIN[_step(names)] + line for names, line in zip(told, lines, strict=True)]
        places = tuple(first.get(("match", place), 0) + blank for place in range(len(self.matches)))
        content = Content("\n").join([*head, Content(), *shown])
        passage = first.get(("passage", True), 0) + blank if self.passage else 0
        return Laid(content, passage, places)

    def _body(self, heat: Mapping[Span, int], current: int | None) -> Content:
        """The text, clean, with every part styled by what it is."""
        telling = min(self.passage + _TELLING, len(self.body))
        cuts = sorted(
            {0, self.passage, telling, len(self.body)}.union(*self.matches, *heat, self.nearest or ())
        )
        pieces = [clean(self.body[a:b]) for a, b in pairwise(cuts)]
        at = dict(zip(cuts, accumulate(map(len, pieces), initial=0), strict=True))
        spans = [Styled(at[self.passage], at[telling], _PASSAGE)]
        if self.nearest is not None:
            spans.append(Styled(at[self.nearest[0]], at[self.nearest[1]], _NEAREST))
        spans += [
            Styled(at[start], at[end], Style.from_meta({"step": step})) for (start, end), step in heat.items()
        ]
        for place, (start, end) in enumerate(self.matches):
            look = _CURRENT if place == current else MARK
            spans.append(Styled(at[start], at[end], look))
            spans.append(Styled(at[start], at[end], Style.from_meta({"match": place})))
        return Content("".join(pieces), spans)


def _told(line: Content) -> Iterator[tuple[str, int]]:
    styles = (span.style for span in line.spans)
    return (item for style in styles if isinstance(style, Style) for item in style.meta.items())


def _step(told: Iterable[tuple[str, int]]) -> int:
    return max((step for name, step in told if name == "step"), default=0)
