import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from string import ascii_lowercase
from tempfile import mkdtemp
from threading import Event
from typing import get_args

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.widgets import Input

import search.tui
from search.config import Settings, Theme, config_path
from search.errors import ConfigError, IndexMissing
from search.tui.app import DepecheApp
from search.tui.binding_owners import BINDING_OWNERS
from search.tui.i18n import ENGLISH, FRENCH
from search.tui.keymap import configurable_bindings, keymap
from search.tui.screens.help import HelpScreen, Section
from search.tui.themes import THEMES
from search.tui.widgets.filter_chips import ChipRow
from search.tui.widgets.filter_panel import FilterPanel
from tests.tui.driving import SMALL, app_on, app_over, ask, lines, listed, seen, settle, until, write
from tests.tui.fakes import TRAIN, FakeEngine, FakeIndexClient


def test_the_first_screen_waits_for_no_heavy_library_and_no_dialog() -> None:
    late = [
        "numpy",
        "torch",
        "faiss",
        "whoosh",
        "sentence_transformers",
        "transformers",
        "search.tui.dialogs",
    ]
    app = "from search.tui.app import *; DepecheApp(IndexClient(Settings()), Settings(), Path())"
    script = f"import sys; {app}; print([name for name in {late} if name in sys.modules])"
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)  # noqa: S603
    assert process.stdout.strip() == "[]"


@pytest.mark.parametrize(("chosen", "rate"), [({}, "120"), ({"TEXTUAL_FPS": "30"}, "30")])
def test_the_screen_is_drawn_twice_as_often_as_textual_does_unless_the_user_chose_a_rate(
    chosen: dict[str, str], rate: str
) -> None:
    script = "import search.tui.app; from textual.constants import MAX_FPS; print(MAX_FPS)"
    others = {name: value for name, value in os.environ.items() if name != "TEXTUAL_FPS"}
    command = [sys.executable, "-c", script]
    process = subprocess.run(command, env=others | chosen, capture_output=True, check=True, text=True)  # noqa: S603
    assert process.stdout.strip() == rate


async def test_a_query_typed_before_the_index_is_open_is_answered_later() -> None:
    opening = Event()
    engine = FakeEngine()

    client = FakeIndexClient(engine)
    client.before_opening = opening.wait
    async with app_on(client).run_test(size=SMALL) as pilot:
        await write(pilot, "munitions")
        await pilot.pause()
        assert FRENCH.opening in seen(pilot)
        assert engine.requests == []
        opening.set()
        await settle(pilot)
        await settle(pilot)
        assert listed(pilot) == ["train", "obus", "allies"]


async def test_every_key_is_explained_once_with_its_action() -> None:
    async with app_over(FakeEngine()).run_test(size=(120, 200)) as pilot:
        await settle(pilot)
        await pilot.press("f1")
        await pilot.pause()
        shown = [line.partition("│")[2].strip() for line in lines(pilot)]
        for key, meaning in (
            ("F6 w", "Pourquoi cet article a été trouvé"),
            ("Ctrl-R", "Recherches précédentes"),
            ("Ctrl-Q", "Quitter"),
        ):
            assert [line for line in shown if re.match(rf"{re.escape(key)} +{meaning}", line)], key
        assert "Échap fermer" in seen(pilot)
        await pilot.press("escape")
        assert pilot.app.screen is pilot.app.screen_stack[0]


def headings(pilot: Pilot[None]) -> list[str]:
    """The headings of the help, from the first on."""
    return [section.heading for section in pilot.app.screen.query(Section)]


async def test_help_explains_what_has_the_focus() -> None:
    async with app_over(FakeEngine()).run_test(size=(120, 70)) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f1")
        await pilot.pause()
        assert headings(pilot)[0] == "Dans la recherche"
        await pilot.press("escape", "tab", "question_mark")
        await pilot.pause()
        assert headings(pilot)[0] == "Dans les résultats"
        await pilot.press("question_mark", "enter", "question_mark")
        await pilot.pause()
        assert headings(pilot)[0] == "Dans l’article"
        assert "Mot trouvé suivant" in seen(pilot)


async def test_the_palette_lists_every_action_in_french_and_does_it() -> None:
    async with app_over(FakeEngine()).run_test(size=(120, 70)) as pilot:
        await ask(pilot, "munitions")
        screen = pilot.app.screen
        offered = {command.title for command in pilot.app.get_system_commands(screen)}
        for binding in Binding.make_bindings(DepecheApp.BINDINGS):
            possible = binding.id not in ("switch", "palette", "help_quit")
            assert (FRENCH.translate(binding.tooltip) in offered) is possible, binding.id
        assert {f"Couleurs\xa0: {name}" for name in ("sombres", "claires", "contraste fort")} <= offered
        await pilot.press("ctrl+p")
        await pilot.press(*"claires")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.theme == "light")


async def test_keys_can_be_chosen() -> None:
    app = app_on(FakeIndexClient(FakeEngine()), Settings(keys={"help": "f12", "why": "f5"}))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("f1")
        assert not isinstance(app.screen, HelpScreen)
        await pilot.press("f12")
        assert isinstance(app.screen, HelpScreen)


async def test_hints_name_the_keys_that_were_chosen() -> None:
    keys = {"help": "ctrl+h", "mode": "f11 , f2", "sort": "ctrl+t", "correct": "f12", "build_sample": "e"}
    engine = FakeEngine(lambda request: [TRAIN] if request.query.raw == "munitions" else [])
    engine.correction = "munitions"
    async with app_on(FakeIndexClient(engine), Settings(keys=keys)).run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "Ctrl-H pour l’aide." in seen(pilot)
        assert "F11 hybride · Ctrl-T pertinence" in seen(pilot)
        await ask(pilot, "munitoins")
        assert "Vouliez-vous dire : munitions  (F12)" in seen(pilot)
        assert lines(pilot)[6].strip() == "F12  munitions"
        await pilot.press("f12")
        await settle(pilot)
        await pilot.press("ctrl+h")
        await pilot.pause()
        assert "Échap fermer" in seen(pilot)
    lost = FakeIndexClient(FakeEngine(), IndexMissing("lost"))
    async with app_on(lost, Settings(keys=keys | {"type_paths": "d"})).run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "e  indexer l’échantillon" in seen(pilot)
        assert "d  indiquer le dossier" in seen(pilot)
        assert "(d, puis Entrée)" in seen(pilot)


async def test_an_action_whose_key_was_given_away_shows_a_dash() -> None:
    async with app_on(FakeIndexClient(FakeEngine()), Settings(keys={"why": "f1, ?"})).run_test() as pilot:
        await settle(pilot)
        assert "– pour l’aide." in seen(pilot)
        (notice,) = pilot.app._notifications
        assert 'touche de help a été donnée à une autre action. Écrivez\xa0: help = "f11"' in notice.message
    agreed = Settings(keys={"why": "f1, ?", "help": ""})
    async with app_on(FakeIndexClient(FakeEngine()), agreed).run_test() as pilot:
        await settle(pilot)
        assert [*pilot.app._notifications] == []


async def explain_hit(pilot: Pilot[None]) -> dict[str, str]:
    """The actions that F1 explains here: their tooltips by id. Every one has an id."""
    bindings = [active.binding for active in pilot.app.screen.active_bindings.values() if active.tooltip]
    assert [binding for binding in bindings if not binding.id] == []
    return {str(binding.id): binding.tooltip for binding in bindings}


async def test_every_key_that_is_explained_can_be_chosen() -> None:
    named: dict[str, str] = {}
    stops = (
        ["tab"],
        ["tab"],
        ["tab"],
        ["f4"],
        ["escape", "f8"],
        ["escape", "f9"],
        ["escape", "ctrl+r"],
    )
    async with app_over(FakeEngine()).run_test(size=(120, 70)) as pilot:
        await ask(pilot, "munitions date:2023")
        named |= await explain_hit(pilot)
        for keys in stops:
            await pilot.press(*keys)
            await settle(pilot)
            named |= await explain_hit(pilot)
        await pilot.press("escape")
        pilot.app.screen.query_one(ChipRow).focus()
        named |= await explain_hit(pilot)
    assert {"choose", "include", "remove_filter", "next_match", "leave_export", "leave_index"} <= named.keys()

    keys = [f"{held}+{letter}" for held in ("ctrl+alt+shift", "alt+shift") for letter in ascii_lowercase]
    chosen = dict(zip(named, keys, strict=False))
    app = app_on(FakeIndexClient(FakeEngine()), Settings(keys=chosen))
    async with app.run_test(size=(120, 70)) as pilot:
        await ask(pilot, "munitions date:2023")
        given = {
            (active.binding.id, key) for key, active in app.screen.active_bindings.items() if active.tooltip
        }
        assert given <= set(chosen.items())
        assert ("help", chosen["help"]) in given


async def test_control_c_says_how_to_quit_in_the_users_language() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "Ctrl-Q : quitter" in seen(pilot))
        await pilot.press("shift+home", "ctrl+c")
        assert pilot.app.clipboard == "munitions"


def test_every_named_key_can_be_chosen() -> None:
    chosen = configurable_bindings((DepecheApp, *BINDING_OWNERS))
    modules = [import_module(each.name) for each in walk_packages(search.tui.__path__, "search.tui.")]
    kinds = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    bindings = [
        binding
        for kind in kinds
        if issubclass(kind, DOMNode) and kind.__module__.startswith("search.tui.")
        for binding in Binding.make_bindings(vars(kind).get("BINDINGS", ()))
    ]
    assert {binding.id for binding in bindings if binding.id} == {*chosen}


def test_actions_may_have_the_names_of_before() -> None:
    settings = Settings(keys={"heat": "f5", "way_2": "f11"})
    assert keymap(settings.keys, (DepecheApp, *BINDING_OWNERS)) == {
        "sentences": "f5",
        "alternative_2": "f11",
    }


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"fly": "f5"}, "there is no action fly; the actions are: "),
        ({"expert": "f5"}, "there is no action expert; did you mean export?"),
        ({"export": "ctrl+§"}, "ctrl+§ of export is no key; keys are written a, A, é, f5, enter, "),
        ({"export": "f8,F33"}, "F33 of export is no key; did you mean f3"),
        ({"export": "controle+a"}, "controle+a of export is no key; did you mean ctrl+a"),
        ({"export": "shift+a"}, "shift+a of export is no key; did you mean A?"),
        ({"why": "f2", "export": "f2"}, "f2 cannot be the key of both why and export. Write, for example: "),
        (
            {"cite": "f11", "next_result": "f11"},
            "f11 cannot be the key of both cite and next_result. ",
        ),
    ],
)
def test_keys_that_cannot_be_used_are_told(keys: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        app_on(FakeIndexClient(FakeEngine()), Settings(keys=keys))
    assert f"{config_path()}, [keys]: {message}" in str(refused.value)


@pytest.mark.parametrize(
    "keys",
    [
        {"export": "f1", "help": "f11"},
        {"export": "f1"},  # a notice says so
        {"next_result": "f", "sentences": "f"},  # in the list and in the article
        {"why": ""},
        {"help": "f1,?"},
    ],
)
def test_keys_that_leave_every_action_one_are_taken(keys: dict[str, str]) -> None:
    app_on(FakeIndexClient(FakeEngine()), Settings(keys=keys))


@pytest.mark.parametrize(
    ("written", "key"),
    [("?", "question_mark"), ("Ctrl-E", "ctrl+e"), ("É", "É"), ("F12", "f12"), ("-", "minus")],
)
def test_keys_may_be_written_as_in_the_documents(written: str, key: str) -> None:
    assert keymap({"export": f"f8, {written}"}, (DepecheApp, *BINDING_OWNERS)) == {"export": f"f8,{key}"}


def test_every_theme_can_be_set() -> None:
    assert {"", *THEMES} == set(get_args(Theme))


async def test_the_state_of_the_interface_is_restored() -> None:
    folder = Path(mkdtemp(prefix="depeche-test-"))
    first = DepecheApp(FakeIndexClient(FakeEngine()), Settings(), folder, FRENCH)
    async with first.run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f2", "f3", "f4")
        first.theme = "contrast"
        await pilot.press("ctrl+q")
    again = DepecheApp(FakeIndexClient(FakeEngine()), Settings(), folder, FRENCH)
    async with again.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert again.theme == "contrast"
        assert not again.screen.query_one(FilterPanel).display  # at home there is nothing to filter
        await ask(pilot, "munitions")
        assert again.screen.query_one(FilterPanel).display
        await ask(pilot, "")
        assert isinstance(again.focused, Input)
        assert "F2 mots · F3 plus récents d’abord" in seen(pilot)
    fixed = DepecheApp(FakeIndexClient(FakeEngine()), Settings(theme="light"), folder, FRENCH)
    async with fixed.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert fixed.theme == "light"


async def test_the_interface_is_available_in_english() -> None:
    async with app_on(FakeIndexClient(FakeEngine()), texts=ENGLISH).run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "F2 hybrid · F3 relevance" in seen(pilot)
        assert lines(pilot)[-1].startswith("⏎ read ? help ^f form ^r history ^s saved ^q quit ")


async def test_without_colour_the_selected_row_has_another_background(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        strips = pilot.app.screen._compositor.render_strips()
        backgrounds = [
            segment.style.bgcolor.triplet
            for strip in strips
            for segment in strip
            if "La Russie cherche" in segment.text or "Des millions" in segment.text
            if segment.style and segment.style.bgcolor
        ]
        chosen, other = (max(triplet) for triplet in backgrounds if triplet)
        assert chosen - other > 150


async def test_control_q_quits() -> None:
    app = app_over(FakeEngine())
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("f1", "ctrl+q")
        await pilot.pause()
    assert app.return_code == 0


def test_quitting_does_not_wait_for_a_search() -> None:
    script = """
import time
from tests.tui.driving import app_over
from tests.tui.fakes import FakeEngine

app = app_over(FakeEngine(lambda request: time.sleep(60) or []))

async def drive(pilot):
    await pilot.pause()
    await pilot.press(*"munitions", "enter", "ctrl+q")

app.run(headless=True, auto_pilot=drive)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=20)  # noqa: S603


async def test_closing_the_terminal_saves_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls the handler; a real signal needs more stack than pytest's faulthandler has."""
    handlers: dict[int, Callable[[], None]] = {}
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "add_signal_handler", handlers.__setitem__)
    folder = Path(mkdtemp(prefix="depeche-test-"))
    first = DepecheApp(FakeIndexClient(FakeEngine()), Settings(), folder, FRENCH)
    async with first.run_test(size=SMALL) as pilot:
        await settle(pilot)
        first.theme = "contrast"
        handlers[signal.SIGHUP]()
        await until(pilot, lambda: any(folder.rglob("interface.json")))
    again = DepecheApp(FakeIndexClient(FakeEngine()), Settings(), folder, FRENCH)
    async with again.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert again.theme == "contrast"
