"""The last guard before the terminal: whatever a widget shows, nothing of it is a command."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from search.text.sanitize import clean


class LegibleOnly(LineFilter):
    """Leaves out what a terminal would obey or a reader could not see; lines stay as wide as they are.

    Widgets clean what they show themselves, as the width of a text is known only then; what is typed,
    pasted or recalled into a box is not theirs to change.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """See ``LineFilter.apply``."""
        return list(map(_legible, segments))


LEGIBLE = LegibleOnly()


def _legible(segment: Segment) -> Segment:
    text, style, control = segment
    legible = clean(text).replace("\n", "")
    return segment if legible == text else Segment(set_cell_size(legible, cell_len(text)), style, control)
