"""Text cut into lines of a width."""

from textual.content import Content

from search.text.no_break import hold, release


def wrap(content: Content, width: int) -> list[Content]:
    """The lines of a text, at most ``width`` cells wide; none ends at a no-break space."""
    unbroken = Content(hold(content.plain), list(content.spans))
    return [Content(release(line.plain), list(line.spans)) for line in unbroken.wrap(width)]
