"""The last filter before the terminal: no widget can send it a command."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from search.text.sanitize import clean


class SanitizingFilter(LineFilter):
    """Removes control and invisible characters from each line; the line keeps its width.

    Widgets sanitize their own texts because they measure them. This filter also covers what the user types
    or pastes into a box.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """See ``LineFilter.apply``."""
        return list(map(_sanitized, segments))


SANITIZING_FILTER = SanitizingFilter()


def _sanitized(segment: Segment) -> Segment:
    text, style, control = segment
    sanitized = clean(text).replace("\n", "")
    if sanitized == text:
        return segment
    return Segment(set_cell_size(sanitized, cell_len(text)), style, control)
