"""The colour themes: dark, light, and high contrast.

Beside the colours of Textual, each has one for titles (``$title``), for sources (``$source``), for matched
words (``$match``, used for nothing else in a text), and for lines between panes (``$rule``).
"""

from textual.app import App
from textual.theme import Theme

DARK = Theme(
    name="dark",
    primary="#6db3e8",
    secondary="#8cc69a",
    accent="#f5bf5b",
    warning="#f5bf5b",
    error="#f0858d",
    success="#8cc69a",
    foreground="#cdd3da",
    background="#12161c",
    surface="#1a2029",
    panel="#232b36",
    variables={
        "title": "#f1f4f7",
        "source": "#8fc1d4",
        "match": "#f5bf5b",
        "rule": "#3a4553",
        "scrollbar": "#3a4553",
        "scrollbar-hover": "#a1abb6",
        "scrollbar-active": "#a1abb6",
        "scrollbar-background": "#12161c",
        "scrollbar-background-hover": "#12161c",
        "scrollbar-background-active": "#12161c",
        "text-muted": "#a1abb6",
        "text-disabled": "#a1abb6",
        "border": "#6db3e8",
        "border-blurred": "#3a4553",
        "block-cursor-background": "#223c54",
        "block-cursor-foreground": "#f1f4f7",
        "block-cursor-blurred-background": "#1d2a38",
        "block-cursor-blurred-foreground": "#f1f4f7",
        "input-cursor-background": "#cdd3da",
        "footer-key-foreground": "#8fc1d4",
        "footer-background": "#1a2029",
    },
)
LIGHT = Theme(
    name="light",
    primary="#1f5f99",
    secondary="#2c6434",
    accent="#9a3a00",
    warning="#9a3a00",
    error="#a3222c",
    success="#2c6434",
    foreground="#1b1f24",
    background="#fbfaf7",
    surface="#f2f0ea",
    panel="#e8e5dd",
    dark=False,
    variables={
        "title": "#0d1116",
        "source": "#14566f",
        "match": "#9a3a00",
        "rule": "#c9c4b8",
        "scrollbar": "#c9c4b8",
        "scrollbar-hover": "#555c64",
        "scrollbar-active": "#555c64",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "text-muted": "#555c64",
        "text-disabled": "#555c64",
        "border": "#1f5f99",
        "border-blurred": "#c9c4b8",
        "block-cursor-background": "#cfe0ef",
        "block-cursor-foreground": "#0d1116",
        "block-cursor-blurred-background": "#e2e9ee",
        "block-cursor-blurred-foreground": "#0d1116",
        "input-cursor-background": "#2b3138",
        "footer-key-foreground": "#14566f",
        "footer-background": "#f2f0ea",
    },
)
CONTRAST = Theme(
    name="contrast",
    primary="#ffff00",
    secondary="#66ffff",
    accent="#ffff00",
    warning="#ffff00",
    error="#ffb0b0",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    text_alpha=1.0,
    variables={
        "title": "#ffffff",
        "source": "#66ffff",
        "match": "#ffff00",
        "rule": "#ffffff",
        "scrollbar": "#ffffff",
        "scrollbar-hover": "#ffffff",
        "scrollbar-active": "#ffffff",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "text-muted": "#ffffff",
        "text-disabled": "#c0c0c0",
        "border": "#ffffff",
        "border-blurred": "#ffffff",
        "block-cursor-background": "#0048e0",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#404040",
        "block-cursor-blurred-foreground": "#ffffff",
        "input-cursor-background": "#ffffff",
        "footer-key-foreground": "#ffff00",
        "footer-background": "#000000",
    },
)
WITHOUT_COLOUR = {
    **dict.fromkeys(("title", "source", "match"), "auto 90%"),
    **dict.fromkeys(("text-muted", "text-disabled"), "auto 75%"),
}
"""The colours of texts where only greys are shown (``NO_COLOR``): the selected row, reversed, is read too."""
THEMES = {theme.name: theme for theme in (DARK, LIGHT, CONTRAST)}
"""The themes by name, in the order of the command palette."""


def register(app: App[None]) -> None:
    """Register the themes with the app."""
    for theme in THEMES.values():
        app.register_theme(theme)
