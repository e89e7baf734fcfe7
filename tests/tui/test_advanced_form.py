"""The advanced form, from its keys to the query that is asked."""

from dataclasses import fields

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from search.query.form import QueryForm
from search.retrieval.request import Request
from search.tui.screens import advanced_form
from search.tui.screens.advanced_form import AdvancedFormScreen
from search.tui.widgets.name_suggester import NameSuggester
from search.types import Article, Facet, Mode
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, settle, until
from tests.tui.fakes import OBUS, TRAIN, FakeEngine


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advanced_form, "_PAUSE", 0.01)


def field(pilot: Pilot[None], name: str) -> Input:
    return pilot.app.screen.query_one(f"#form-{name}", Input)


async def opened(pilot: Pilot[None], query: str, key: str = "ctrl+f") -> None:
    """Ask a query, and open the form."""
    await ask(pilot, query)
    await pilot.press(*(["tab", "a"] if key == "a" else [key]))
    await settle(pilot)
    assert isinstance(pilot.app.screen, AdvancedFormScreen)


def total(request: Request) -> list[Article]:
    """Two articles, but one where Ukraine is excluded."""
    return [TRAIN] if "Ukraine" in request.query.raw else [TRAIN, OBUS]


@pytest.mark.parametrize("key", ["ctrl+f", "a"])
async def test_the_form_holds_the_present_query(key: str) -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await opened(
            pilot, 'munitions +Russie "obus d\'artillerie" -Ukraine source:AFP depuis:7j page:3', key
        )
        values = {box.id: box.value for box in pilot.app.screen.query(Input) if box.value}
        assert values == {
            "form-words": "munitions",
            "form-all_words": "Russie",
            "form-phrase": "obus d'artillerie",
            "form-none_words": "Ukraine",
            "form-distance": "8",
            "form-source": "AFP",
            "form-first": "7j",
            "form-rest": "page:3",
        }
        assert pilot.app.screen.focused is field(pilot, "words")


async def test_enter_asks_what_the_form_shows() -> None:
    engine = FakeEngine(total)
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await opened(pilot, "munitions")
        await until(pilot, lambda: "2 articles" in seen(pilot))
        await pilot.press("down", "down", "down", "down", *"Ukraine")
        await until(pilot, lambda: "Requête  munitions -Ukraine" in seen(pilot))
        await until(pilot, lambda: "1 article " in seen(pilot))
        assert engine.queries[-1] == ("munitions -Ukraine", Mode.HYBRID)
        await pilot.press("enter")
        await settle(pilot)
        assert pilot.app.screen is pilot.app.screen_stack[0]
        assert "❯ munitions -Ukraine" in seen(pilot)
        assert listed(pilot) == ["train"]


async def test_mode_and_order_stay() -> None:
    engine = FakeEngine(total)
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await opened(pilot, "munitions")
        await pilot.press("escape", "f2", "f3", "f3")
        await settle(pilot)
        await pilot.press("ctrl+f", *"x")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "F2 mots · F3 plus anciens d’abord" in seen(pilot)


async def test_escape_changes_nothing() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await opened(pilot, "munitions")
        await pilot.press(*"xyz")
        await settle(pilot)
        engine.requests.clear()
        await pilot.press("escape")
        await settle(pilot)
        assert engine.requests == []
        assert "❯ munitions" in seen(pilot)
        assert listed(pilot) == ["train", "obus", "allies"]


async def test_a_mistake_is_shown_under_its_field_and_not_asked() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await opened(pilot, "munitions")
        field(pilot, "first").value = "2023-99"
        await until(pilot, lambda: "n’existe pas" in seen(pilot))
        rows = lines(pilot)
        place = next(number for number, row in enumerate(rows) if "2023-99" in row)
        assert "La date « 2023-99 » n’existe pas" in rows[place + 1]
        engine.requests.clear()
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, AdvancedFormScreen)
        assert pilot.app.screen.focused is field(pilot, "first")
        assert engine.requests == []
        field(pilot, "first").value = "2023-09"
        await until(pilot, lambda: "n’existe pas" not in seen(pilot))
        await until(pilot, lambda: "3 articles" in seen(pilot))


async def test_a_query_with_a_mistake_is_the_rest() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await opened(pilot, "munitions ET")
        assert field(pilot, "rest").value == "munitions ET"
        await until(pilot, lambda: "n’a rien après" in seen(pilot))


async def test_every_field_is_seen_where_it_is_typed() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await opened(pilot, "munitions ET")
        boxes = list(pilot.app.screen.query(Input))
        assert len(boxes) == len(fields(QueryForm)) - 1  # the order is no field of the dialog
        for box in boxes:
            assert box.has_focus
            await pilot.pause()
            visible = pilot.app.screen.find_widget(box).visible_region
            assert visible.height == 1, box.id
            await pilot.press("tab")


async def test_the_form_works_with_the_mouse() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await opened(pilot, "munitions")
        await pilot.click("#form-title")
        assert field(pilot, "title").has_focus
        await pilot.press(*"Kim")
        await settle(pilot)
        await pilot.click("FooterKey")
        await settle(pilot)
        assert "❯ munitions titre:Kim" in seen(pilot)


async def test_every_field_is_emptied() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await opened(pilot, 'munitions "a b"~3 page:3')
        await pilot.press("ctrl+l")
        await settle(pilot)
        assert [box.value for box in pilot.app.screen.query(Input) if box.value] == ["8"]
        await pilot.press("enter")
        await settle(pilot)
        assert "page:3" not in seen(pilot)


async def test_names_of_the_archive_are_completed() -> None:
    engine = FakeEngine()
    engine.values[Facet.SOURCE] = (("Orange", 9), ("Écho", 5), ("", 3))
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await opened(pilot, "munitions")
        field(pilot, "source").focus()
        await pilot.press(*"or", "right", *"; -ech")
        await settle(pilot)
        await pilot.press("right")
        await settle(pilot)
        assert field(pilot, "source").value == "Orange; -Écho"
        assert "source:Orange -source:Écho" in seen(pilot)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [("o", "Orange"), ("OR", "Orange"), ("x", None), ("", None), ("AFP;", None), ("AFP; ec", "AFP; Écho")],
)
async def test_the_last_name_is_completed(typed: str, completed: str | None) -> None:
    suggester = NameSuggester()
    suggester.names = ("Orange", "Écho", "Oracle")
    assert await suggester.get_suggestion(typed) == completed
