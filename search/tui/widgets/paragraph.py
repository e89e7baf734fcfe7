"""A text that is wrapped again when its width changes, and never at a no-break space."""

from textual.content import Content
from textual.widgets import Static

from search.tui.format.wrapping import wrap


class Paragraph(Static):
    """Shows one text; ``Static`` alone would end its lines at no-break spaces too."""

    _text = Content()
    _wrapped_width = 0

    def show(self, text: Content) -> None:
        """Show this text instead."""
        self._text, self._wrapped_width = text, 0
        self._wrap()

    def on_resize(self) -> None:
        """Wrap the text again."""
        self._wrap()

    def _wrap(self) -> None:
        width = self.content_size.width
        if width and width != self._wrapped_width:
            self._wrapped_width = width
            lines = (line for part in self._text.split("\n") for line in wrap(part, width) or [Content()])
            self.update(Content("\n").join(lines))
