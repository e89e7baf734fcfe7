"""Dossiers in the interface: articles are put in and taken out, noted, asked for, exported."""

import csv
from pathlib import Path
from tempfile import mkdtemp

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from search.config import Settings
from search.retrieval.engine import Engine
from search.tui.app import DepecheApp
from search.tui.format.dates import period_name
from search.tui.i18n import FRENCH
from search.tui.screens.dossier_choice import DossierChoiceScreen
from search.tui.screens.dossiers import DossiersScreen
from search.tui.screens.reader import ReaderScreen
from search.tui.widgets.result_list import ResultList
from search.user.dossiers import DossierArticle, Dossiers
from search.user.index_folder import index_folder
from tests.fakes import engine_over
from tests.press import PRESS
from tests.tui.driving import LARGE, SMALL, ask, lines, listed, seen, settle
from tests.tui.fakes import FakeEngine, FakeIndexClient


@pytest.fixture
def place() -> Path:
    return Path(mkdtemp(prefix="depeche-test-"))


def app_in(place: Path, engine: Engine | None = None) -> DepecheApp:
    app = DepecheApp(FakeIndexClient(engine or FakeEngine()), Settings(), place, FRENCH)
    app.animation_level = "none"
    return app


def dossiers(place: Path) -> Dossiers:
    return Dossiers(index_folder(place, Settings()))


def contents(place: Path) -> dict[str, list[str]]:
    return {dossier.name: list(dossier.ids) for dossier in dossiers(place).all()}


async def open_choice(pilot: Pilot[None], *before: str) -> None:
    """Ask, and open the dialog on the first result."""
    await ask(pilot, "munitions")
    pilot.app.screen_stack[0].query_one(ResultList).focus()
    await pilot.press(*before, "d")
    await settle(pilot)
    assert isinstance(pilot.app.screen, DossierChoiceScreen)


async def test_a_new_dossier_is_named_and_holds_the_article(place: Path) -> None:
    async with app_in(place).run_test(size=LARGE) as pilot:
        await open_choice(pilot)
        assert "Aucun dossier" in seen(pilot)
        await pilot.press(*"Armes")
        await settle(pilot)
        assert "+ nouveau dossier « Armes »" in seen(pilot).replace("\u00a0", " ")
        assert "note" not in lines(pilot)[-1]
        await pilot.press("enter")
        await settle(pilot)
        assert "✓ Armes  1 article" in seen(pilot)
        assert "tab note" in lines(pilot)[-1]
        await pilot.press("escape")
        await settle(pilot)
        assert contents(place) == {"Armes": ["train"]}
        assert "#Armes" in seen(pilot)


async def test_enter_puts_in_and_takes_out_and_a_note_comes_back(place: Path) -> None:
    dossiers(place).add("Armes", [DossierArticle("train", "Un train", note="à vérifier")])
    dossiers(place).create("Été 2023")
    async with app_in(place).run_test(size=SMALL, notifications=True) as pilot:
        await open_choice(pilot)
        await pilot.press(*"arm", "enter")
        await settle(pilot)
        assert "La note part aussi" in seen(pilot)
        assert contents(place) == {"Armes": [], "Été 2023": []}
        await pilot.press(*"ARM", "enter")
        await settle(pilot)
        (armes, _) = dossiers(place).all()
        assert [(article.id, article.note) for article in armes.articles] == [("train", "à vérifier")]
        await pilot.press(*"ete", "enter")
        await settle(pilot)
        assert contents(place) == {"Armes": ["train"], "Été 2023": ["train"]}


async def test_chosen_articles_are_put_in_together(place: Path) -> None:
    dossiers(place).add("Armes", [DossierArticle("train", "Un train")])
    async with app_in(place).run_test(size=LARGE) as pilot:
        await open_choice(pilot, "x", "x")
        assert "– Armes  1 article" in seen(pilot)
        assert "2 articles" in seen(pilot)
        assert "note" not in lines(pilot)[-1]
        await pilot.press("enter")
        await settle(pilot)
        assert contents(place) == {"Armes": ["train", "obus"]}


async def test_a_note_is_written_and_shown_with_the_article(place: Path) -> None:
    dossiers(place).add("Armes", [DossierArticle("train", "Un train")])
    async with app_in(place).run_test(size=LARGE) as pilot:
        await open_choice(pilot)
        assert "Entrée met dans le dossier" in seen(pilot)
        await pilot.press("tab", *"lire")
        await settle(pilot)
        assert "Entrée enregistre la note" in seen(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        entry = dossiers(place).get("Armes").article("train")
        assert entry is not None
        assert entry.note == "lire"
        await pilot.press("enter", "home")
        await settle(pilot)
        assert "#Armes — lire" in seen(pilot)


async def test_a_dossier_is_asked_for(place: Path) -> None:
    dossiers(place).add("Été 2023", [DossierArticle("train", "Un train")])
    async with app_in(place).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+d")
        await settle(pilot)
        assert isinstance(pilot.app.screen, DossiersScreen)
        today = period_name(dossiers(place).get("Été 2023").changed[:10], FRENCH)
        assert f"1 article · modifié le {today}" in seen(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert '❯ dossier:"Été 2023"' in seen(pilot)


async def test_a_dossier_is_renamed_and_deleted_once_that_is_confirmed(place: Path) -> None:
    for name in ("Armes", "Blé"):
        dossiers(place).create(name)
    async with app_in(place).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+d")
        await settle(pilot)
        await pilot.press("f2", *"Munitions", "enter")
        await settle(pilot)
        assert contents(place) == {"Munitions": [], "Blé": []}
        await pilot.press("delete")
        await settle(pilot)
        assert "Supprimer le dossier" in seen(pilot)
        await pilot.press("n", "delete", "escape", "down", "delete", "o")
        await settle(pilot)
        assert contents(place) == {"Munitions": []}
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, DossiersScreen)


async def test_the_query_on_the_screen_has_the_new_name_of_its_dossier(place: Path) -> None:
    dossiers(place).add("Armes", [DossierArticle("train", "Un train")])
    async with app_in(place).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions dossier:armes")
        await pilot.press("ctrl+d", "f2", *"Guerre", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, DossiersScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert "❯ munitions dossier:Guerre" in seen(pilot)
        assert "dossier Guerre ✕" in seen(pilot)


async def test_a_name_that_is_taken_is_told_and_can_be_typed_again(place: Path) -> None:
    for name in ("Armes", "Blé"):
        dossiers(place).create(name)
    async with app_in(place).run_test(size=LARGE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+d", "f2")
        await settle(pilot)
        pilot.app.screen.query_one(Input).value = "blé"
        await pilot.press("enter")
        await settle(pilot)
        assert "Il y a déjà un dossier Blé" in seen(pilot)
        assert pilot.app.screen.query_one(Input).display
        assert contents(place) == {"Armes": [], "Blé": []}


async def test_articles_that_left_the_index_are_told_and_the_others_exported_with_notes(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    entries = [DossierArticle("obus", "Obus", note="-2 wagons"), DossierArticle("gone", "Parti", "2020-01")]
    dossiers(place).add("Armes", [*entries, DossierArticle("ukraine", "L'Ukraine")])
    with engine_over(tmp_path / "index", PRESS) as engine:
        async with app_in(place, engine).run_test(size=LARGE) as pilot:
            await settle(pilot)
            await pilot.press("ctrl+d")
            await settle(pilot)
            assert "3 articles · 1 note · plus dans l’index : 1" in seen(pilot).replace("\u00a0", " ")
            assert "– Parti (janv. 2020)" in seen(pilot)
            await pilot.press("f8", "enter")
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
            assert set(listed(pilot)) == {"obus", "ukraine"}
    with (tmp_path / "depeche.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["note"]) for row in rows] == [("ukraine", ""), ("obus", "'-2 wagons")]


async def test_the_keys_say_what_they_are_for_where_there_is_no_article(place: Path) -> None:
    async with app_in(place).run_test(size=LARGE, notifications=True) as pilot:
        await settle(pilot)
        pilot.app.action_dialog("dossier")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "d met un article dans un dossier." in seen(pilot)
        await pilot.press("ctrl+d")
        await settle(pilot)
        assert "d met un article" in seen(pilot)
        assert isinstance(pilot.app.screen, DossiersScreen)


async def test_a_dossier_is_asked_for_from_the_reader(place: Path) -> None:
    dossiers(place).add("Armes", [DossierArticle("train", "Un train")])
    async with app_in(place).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReaderScreen)
        await pilot.press("d", *"Blé", "enter", "escape", "ctrl+d", "enter")
        await settle(pilot)
        assert contents(place) == {"Armes": ["train"], "Blé": ["train"]}
        assert "❯ dossier:Armes" in seen(pilot)


async def test_in_the_box_the_key_lists_dossiers_and_deletes_no_letter(place: Path) -> None:
    async with app_in(place).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("home", "ctrl+d")
        await settle(pilot)
        assert isinstance(pilot.app.screen, DossiersScreen)
        await pilot.press("ctrl+d")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, DossiersScreen)
        assert "❯ munitions" in seen(pilot)
