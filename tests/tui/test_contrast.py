"""The contrast of every text on the main screens, in every theme."""

from collections.abc import Iterator

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.pilot import Pilot

from search.tui.services import sentence_score_worker
from search.tui.themes import THEMES
from tests.tui.driving import LARGE, ask, seen, settle
from tests.tui.test_snapshots import (
    State,
    degraded,
    doubtful,
    filters,
    help_on_keys,
    mistake,
    nothing_found,
    reader,
    results,
    themed,
    why,
)

_REQUIRED = 4.5  # by WCAG 2.1, 1.4.3
_FRAMES = range(0x2500, 0x25A0)  # box drawing and blocks: lines, bars and scroll bars are no text


async def home(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press("down", "down")
    await settle(pilot)


async def home_on_an_article(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press(*["down"] * 20)
    await settle(pilot)


async def home_focused(pilot: Pilot[None]) -> None:
    await home(pilot)
    await pilot.press("tab")
    await settle(pilot)


async def results_focused(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions Russie")
    await pilot.press("tab", "x")
    await settle(pilot)


async def palette(pilot: Pilot[None]) -> None:
    await results(pilot)
    await pilot.press("ctrl+p")
    await settle(pilot)
    await pilot.pause(0.3)


async def panes(pilot: Pilot[None]) -> None:
    await pilot.resize_terminal(160, 45)
    await results_focused(pilot)


async def doubtful_selected(pilot: Pilot[None]) -> None:
    await doubtful(pilot)
    await pilot.press("tab", "down")
    await settle(pilot)


async def facets_left(pilot: Pilot[None]) -> None:
    await filters(pilot)
    await pilot.press("/")
    await settle(pilot)


async def compared(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions")
    await pilot.press("ctrl+n")
    await settle(pilot)
    await pilot.press("down", "enter", "down")
    await settle(pilot)


async def advanced_form(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions date:2023-99 page:3")
    await pilot.press("ctrl+f")
    await settle(pilot)
    assert "Du" in seen(pilot)


async def in_a_dossier(pilot: Pilot[None]) -> None:
    await ask(pilot, "munitions Russie")
    await pilot.press("tab", "d", *"Armes", "enter")
    await settle(pilot)
    assert "✓ Armes" in seen(pilot)


async def read_and_unread(pilot: Pilot[None]) -> None:
    await in_a_dossier(pilot)
    await pilot.press("escape", "r")
    await settle(pilot)
    assert "#Armes" in seen(pilot)
    assert "• " in seen(pilot)


async def dossiers_listed(pilot: Pilot[None]) -> None:
    await in_a_dossier(pilot)
    await pilot.press("escape", "ctrl+d", "delete")
    await settle(pilot)
    assert "Supprimer le dossier" in seen(pilot)


STATES = [
    *(home, home_focused, results, results_focused, filters, facets_left, reader, why, help_on_keys),
    *(in_a_dossier, read_and_unread, dossiers_listed),
    *(compared, mistake, nothing_found, doubtful, doubtful_selected, degraded, advanced_form),
    *(palette, panes),
]


@pytest.fixture(autouse=True)
def _in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sentence_score_worker, "_DELAY", 3600.0)


def luminance(colour: Color) -> float:
    """The relative luminance of WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def ratio(first: Color, second: Color) -> float:
    """The contrast ratio of WCAG 2.1: 1 for equal colours, 21 for black and white."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def contrast(style: Style) -> float:
    """The contrast of text of a style."""
    assert style.color
    assert style.bgcolor
    return ratio(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


def is_text(segment: Segment) -> bool:
    """Whether a segment has more than blanks and frames."""
    return any(not char.isspace() and ord(char) not in _FRAMES for char in segment.text)


def pale_texts(pilot: Pilot[None]) -> Iterator[str]:
    """The texts on the screen with too little contrast, each with its colours."""
    for strip in pilot.app.screen._compositor.render_strips():
        for segment in strip:
            if is_text(segment):
                assert segment.style
                measured = contrast(segment.style)
                if measured < _REQUIRED:
                    yield f"{segment.text!r}: {measured:.1f} ({segment.style})"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("state", STATES)
async def test_every_text_has_enough_contrast(state: State, theme: str) -> None:
    async with themed(theme).run_test(size=LARGE) as pilot:
        await state(pilot)
        assert list(pale_texts(pilot)) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("state", [results, results_focused, doubtful_selected, filters])
async def test_every_text_has_enough_contrast_without_colour_too(
    state: State, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with themed(theme).run_test(size=LARGE) as pilot:
        await state(pilot)
        assert list(pale_texts(pilot)) == []
