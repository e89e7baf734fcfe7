"""The few words to show of a passage."""

from collections.abc import Sequence

from search.text.sentences import Span


def snippet_span(text: str, marks: Sequence[Span], width: int) -> Span:
    """The part of ``text``, at most ``width`` characters, that holds the most marks.

    Earlier parts win ties. Cut on word bounds where there are any, beginning a little before the
    first mark, or at the start of the text when that is near.
    """
    if len(text) <= width:
        return 0, len(text)
    start = _start(marks, width)
    if start < width // 3:
        start = 0
    elif (space := text.rfind(" ", 0, start)) > start - width // 4:
        start = space + 1
    start = min(start, max(0, len(text) - width))
    end = min(len(text), start + width)
    if end < len(text) and (space := text.rfind(" ", start, end)) > start + width // 2:
        end = space
    return start, end


def _start(marks: Sequence[Span], width: int) -> int:
    """Where a window with the most marks begins, with some words before its first mark."""
    lead = width // 6
    best, start = 0, 0
    for first, _ in marks:
        begin = max(0, first - lead)
        held = sum(begin <= mark_start and mark_end <= begin + width for mark_start, mark_end in marks)
        if held > best:
            best, start = held, begin
    return start
