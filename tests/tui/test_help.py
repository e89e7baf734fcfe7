"""The help, and the line of keys: what can be done here, with the user's own keys."""

import pytest
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Input

from search.config import Settings
from search.tui.format.key_names import key_name
from search.tui.i18n import ENGLISH, FRENCH
from search.tui.recipes import recipes
from search.tui.screens.help import HelpScreen, Section
from search.tui.screens.search import SearchScreen
from tests.tui.counting import counting
from tests.tui.driving import LARGE, SMALL, app_on, app_over, ask, lines, seen, settle
from tests.tui.fakes import FakeEngine, FakeIndexClient


async def hints(pilot: Pilot[None], *keys: str) -> str:
    """The last line after these keys."""
    await pilot.press(*keys)
    await settle(pilot)
    await pilot.pause()
    return lines(pilot)[-1]


async def test_the_line_of_keys_says_what_can_be_done_here() -> None:
    async with app_over(counting()).run_test(size=SMALL) as pilot:
        await settle(pilot)
        empty = await hints(pilot)
        assert empty.startswith("⏎ lire ? aide ^f formulaire ^r historique ^s enregistrées ^q quitter ")
        await ask(pilot, "munitions")
        typing = await hints(pilot)
        assert typing.startswith("⏎ lire tab vers la liste F4 filtres ")
        assert typing.endswith(" F1 aide ^p actions")
        assert (await hints(pilot, "escape")).startswith("⏎ lire ? aide ")
        await ask(pilot, "munitions")
        assert await hints(pilot) == typing
        results = await hints(pilot, "tab")
        assert results.startswith("⏎ lire / chercher x choisir f filtres w pourquoi ")
        assert results.endswith(" ? aide ^p actions")
        assert (await hints(pilot, "enter")).startswith("n suivant ")
        await pilot.press("escape")
        assert (await hints(pilot, "f4")).startswith("␣ garder - exclure ")


@pytest.mark.parametrize("columns", [80, 100, 132])
async def test_every_hint_is_whole(columns: int) -> None:
    async with app_over(counting()).run_test(size=(columns, 24)) as pilot:
        await settle(pilot)
        shown = [await hints(pilot)]
        await ask(pilot, "munitions")
        shown += [await hints(pilot, *keys) for keys in ([], ["tab"], ["enter"], ["escape", "f4"])]
        assert [line for line in shown if len(line) > columns or not line.endswith(" ^p actions")] == []


async def test_hints_name_the_keys_that_the_user_chose() -> None:
    settings = Settings(keys={"why": "ctrl+w", "filters": "e", "help": "f12"})
    async with app_on(FakeIndexClient(FakeEngine()), settings).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        shown = await hints(pilot, "tab")
        assert all(hint in shown for hint in ("e filtres", "^w pourquoi", "F12 aide"))
        assert "?" not in shown


async def test_a_question_mark_helps_in_the_empty_box_and_is_text_after_a_blank() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SearchScreen)
        await pilot.press("space", "question_mark", "a", "question_mark")
        await settle(pilot)
        assert pilot.app.screen.query_one(Input).value == " ?a?"


async def test_the_help_has_tasks_queries_and_every_place() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("f1")
        await pilot.pause()
        headings = [section.heading for section in pilot.app.screen.query(Section)]
        assert headings == [
            *("Dans la recherche", "Dix tâches", "Requêtes"),
            *("Dans les résultats", "Dans l’article", "Dans les filtres"),
            *("Dans la comparaison dans le temps", "Dans les comptages", "Partout"),
        ]
        await pilot.press("end")
        await pilot.pause()
        assert "Quitter" in seen(pilot)
        assert max(map(len, lines(pilot))) <= SMALL[0]


def test_every_task_is_explained_with_keys_that_exist() -> None:
    app = app_over(FakeEngine())
    for texts in (FRENCH, ENGLISH):
        tasks = recipes(app_on(FakeIndexClient(FakeEngine()), texts=texts)._texts)
        assert len(tasks) == 10
        assert not [title for title, recipe in tasks if "–" in recipe or "{" in recipe]
    assert [title for title, _ in recipes(app._texts)][:2] == ["Suivre une affaire", "Qui l’a dit, et quand"]


def test_the_recipes_write_keys_as_on_the_keyboard() -> None:
    french, english = (
        dict(recipes(app_on(FakeIndexClient(FakeEngine()), texts=texts)._texts))
        for texts in (FRENCH, ENGLISH)
    )
    assert "Ctrl-N propose des paires" in french["Comparer deux sources"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Entrée ne garde qu’une période" in french["Compter par mois"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Ctrl-S saves" in english["Be alerted"]


@pytest.mark.parametrize(
    ("key", "french", "english"),
    [
        ("ctrl+n", "Ctrl-N", "Ctrl-N"),
        ("shift+tab", "Maj-Tab", "Shift-Tab"),
        ("escape", "Échap", "Esc"),
        ("pagedown", "PgSuiv", "PgDn"),
        ("f10", "F10", "F10"),
        ("question_mark", "?", "?"),
        ("n", "n", "n"),
        ("N", "N", "N"),
        ("backspace", "⌫", "⌫"),
    ],
)
def test_a_key_has_the_name_that_is_on_the_keyboard(key: str, french: str, english: str) -> None:
    binding = Binding(key, "action", key_display="another")
    assert (key_name(binding, FRENCH), key_name(binding, ENGLISH)) == (french, english)
