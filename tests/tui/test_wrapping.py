import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from search.tui.format.wrapping import wrap
from tests.tui.driving import SMALL, app_over, lines, settle
from tests.tui.fakes import FakeEngine

QUOTE = "Il répond\u00a0: «\u00a0Il en faut 10\u202f000\u00a0!\u00a0»"


@pytest.mark.parametrize("width", range(10, 30))
def test_no_line_ends_at_a_no_break_space(width: int) -> None:
    lines = [line.plain for line in wrap(Content(QUOTE), width)]
    assert "|".join(lines).replace("|", " ") == QUOTE


def test_styles_stay_at_their_words() -> None:
    content = Content.assemble("Il en faut ", ("10\u202f000", "bold"), "\u00a0!")
    lines = wrap(content, 12)
    assert [line.plain for line in lines] == ["Il en faut", "10\u202f000\u00a0!"]
    assert [(span.start, span.end) for span in lines[1].spans] == [(0, 6)]


class Message(App[None]):
    """Shows a text that Textual wraps."""

    def compose(self) -> ComposeResult:
        yield Static(QUOTE, markup=False)


@pytest.mark.parametrize("width", range(12, 30, 3))
async def test_textual_ends_no_line_at_a_no_break_space_either(width: int) -> None:
    app_over(FakeEngine())
    async with Message().run_test(size=(width, 8)) as pilot:
        await pilot.pause()
        shown = [line for line in lines(pilot) if line]
        ends = [at for at, sign in enumerate("|".join(shown)) if sign == "|"]
        assert [QUOTE[at] for at in ends] == [" "] * (len(shown) - 1)


async def test_a_notification_ends_no_line_at_a_no_break_space() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL, notifications=True) as pilot:
        await settle(pilot)
        for length in range(20, 50):
            pilot.app.clear_notifications()
            pilot.app.notify("x" * length + " 10\u202f000\u00a0» dit-il", markup=False)
            await pilot.pause()
            assert any("10\u202f000 »" in line.replace("\u00a0", " ") for line in lines(pilot)), length
