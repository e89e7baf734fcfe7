"""The colour themes: dark, light, and high contrast."""

from textual.app import App
from textual.theme import Theme

_DISABLED = "auto 60%"  # less than this cannot be read

DARK = Theme(
    name="dark",
    primary="#5ea1d8",
    secondary="#7fb685",
    accent="#e0b050",
    warning="#e0b050",
    error="#e06c75",
    success="#7fb685",
    foreground="#dcdcdc",
    background="#14171c",
    surface="#1c2027",
    panel="#252a33",
    variables={
        "text-disabled": _DISABLED,
        "block-cursor-background": "#6dacdf",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#263849",
    },
)
LIGHT = Theme(
    name="light",
    primary="#1f5f99",
    secondary="#35693b",
    accent="#8a5a00",
    warning="#8a5a00",
    error="#a3222c",
    success="#35693b",
    foreground="#1b1b1b",
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#e5e2da",
    dark=False,
    variables={
        "text-disabled": _DISABLED,
        "block-cursor-background": "#164a7b",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#c4d3e0",
    },
)
CONTRAST = Theme(
    name="contrast",
    primary="#ffff00",
    secondary="#00ffff",
    accent="#ffff00",
    warning="#ffff00",
    error="#ff8080",
    success="#00ff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    text_alpha=1.0,
    variables={
        "border": "#ffffff",
        "border-blurred": "#ffffff",
        "text-muted": "#ffffff",
        "text-disabled": "#c0c0c0",
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#ffffff",
        "block-cursor-blurred-foreground": "#000000",
    },
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT, CONTRAST)}
"""The themes by name, in the order of the command palette."""


def register(app: App[None]) -> None:
    """Register the themes with the app."""
    for theme in THEMES.values():
        app.register_theme(theme)
