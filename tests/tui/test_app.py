import subprocess
import sys
from threading import Event

import pytest
from textual.binding import Binding

from search.engine import Engine
from search.errors import IndexCorrupt, IndexMissing
from search.tui.app import DepecheApp
from search.tui.search_screen import SearchScreen
from search.tui.texts import ENGLISH, FRENCH
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, settle, write
from tests.tui.fakes import FakeEngine


def test_heavy_libraries_are_not_loaded() -> None:
    heavy = ["torch", "faiss", "whoosh", "sentence_transformers", "transformers"]
    script = f"import sys, search.tui.app; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)  # noqa: S603
    assert found.stdout.strip() == "[]"


async def test_what_is_typed_before_the_index_is_open_is_answered_then() -> None:
    opening = Event()
    engine = FakeEngine()

    def open_engine() -> Engine:
        assert opening.wait(5)
        return engine

    async with DepecheApp(open_engine, "", FRENCH).run_test(size=SMALL) as pilot:
        await write(pilot, "munitions")
        await pilot.pause()
        assert FRENCH.opening in seen(pilot)
        assert engine.requests == []
        opening.set()
        await settle(pilot)
        await settle(pilot)
        assert listed(pilot) == ["train", "obus", "allies"]


async def test_a_missing_index_is_explained_and_tried_again() -> None:
    errors = [IndexMissing("There is no index in [index]"), IndexCorrupt("The index is damaged: x")]
    engine = FakeEngine()

    def open_engine() -> Engine:
        if errors:
            raise errors.pop(0)
        return engine

    async with DepecheApp(open_engine, "", FRENCH).run_test(size=SMALL) as pilot:
        await settle(pilot)
        shown = [line.strip() for line in lines(pilot)]
        assert "There is no index in [index]" in shown
        assert shown.index("depeche build DOSSIER") + 1 == shown.index("depeche")
        await pilot.press("r")
        await settle(pilot)
        assert "The index is damaged: x" in seen(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert FRENCH.hint in seen(pilot)
        await ask(pilot, "obus")
        assert listed(pilot) == ["train", "obus", "allies"]


async def test_help_explains_every_key() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        shown = [line.partition("│")[2].split("  ") for line in lines(pilot)]
        said = {
            (cells[1].strip(), next(filter(None, cells[2:]), "").strip()) for cells in shown if len(cells) > 2
        }
        for binding in Binding.make_bindings([*SearchScreen.BINDINGS, *DepecheApp.BINDINGS]):
            key = pilot.app.get_key_display(binding)
            assert (key, FRENCH.key(binding.tooltip or binding.description)) in said
        assert "esc fermer" in seen(pilot)
        await pilot.press("escape")
        assert pilot.app.screen is pilot.app.screen_stack[0]


async def test_the_interface_speaks_english() -> None:
    async with DepecheApp(FakeEngine, "", ENGLISH).run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "hybrid · relevance" in seen(pilot)
        assert lines(pilot)[-1].startswith("⏎ read f2 mode f3 sort esc back ^q quit f1 help")


async def test_without_colour_the_selected_row_is_told_by_contrast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        strips = pilot.app.screen._compositor.render_strips()
        backgrounds = [
            segment.style.bgcolor.triplet
            for strip in strips
            for segment in strip
            if "Moscou parle" in segment.text or "Des millions" in segment.text
            if segment.style and segment.style.bgcolor
        ]
        other, chosen = (max(triplet) for triplet in backgrounds if triplet)
        assert chosen - other > 150


async def test_control_q_quits() -> None:
    app = app_over(FakeEngine())
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("f1", "ctrl+q")
        await pilot.pause()
    assert app.return_code == 0
