"""Text cut into lines of a width."""

import re

from rich import _wrap  # private: the pattern of a word can be set nowhere else
from textual.content import Content

from search.text.no_break import hold, release

_SPACE, _NO_SPACE = r"[^\S\u00a0\u202f]", r"[\S\u00a0\u202f]"


def keep_no_break_spaces() -> None:
    """Let no text that Textual wraps end a line at a no-break space: notifications, dialogs, hints.

    Textual and Rich both find the words of a line by one pattern, which takes every space for a blank.
    """
    _wrap.re_word = re.compile(f"{_SPACE}*{_NO_SPACE}+{_SPACE}*")


def wrap(content: Content, width: int) -> list[Content]:
    """The lines of a text, at most ``width`` cells wide; none ends at a no-break space."""
    unbroken = Content(hold(content.plain), list(content.spans))
    return [Content(release(line.plain), list(line.spans)) for line in unbroken.wrap(width)]
