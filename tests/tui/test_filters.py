from typing import Any

import pytest
from textual.widgets import Input

from search.tui.widgets.facet_list import FacetList
from search.tui.widgets.filter_chips import ChipRow
from search.types import Facet
from tests.tui.counting import COUNTS, NAMED, box, counting, headings, panel, pressed, values
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, settle


async def test_authors_and_keywords_are_filtered_by() -> None:
    engine = counting()
    engine.values = NAMED
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions lieu:Armeil")
        await pressed(pilot, "f4")
        assert headings(pilot) == ["Sources", "Rubriques", "Auteurs", "Lieux", "Mots-clés", "Dates"]
        assert values(pilot, 3)[0] == "✓ Armeil"
        await pressed(pilot, "tab", "tab", "space", "tab", "tab", "minus")
        text = 'munitions lieu:Armeil auteur:"Jeanne Modèle" -mot-clé:"grève"'
        assert (box(pilot), engine.queries[-1][0]) == (text, text)
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        chips = "lieu Armeil ✕  auteur Jeanne Modèle ✕  − mot-clé grève ✕"
        assert str(pilot.app.screen.query_one(ChipRow).content) == chips


@pytest.mark.parametrize(
    ("keys", "text", "chips"),
    [
        (("space",), 'munitions source:"AFP"', "source AFP ✕"),
        (("down", "minus"), 'munitions -source:"Reuters"', "− source Reuters ✕"),
        (("space", "space"), "munitions", ""),
        (("minus", "space"), 'munitions source:"AFP"', "source AFP ✕"),
        (("tab", "down", "enter"), 'munitions rubrique:"Économie"', "rubrique Économie ✕"),
        (("tab", "tab", "space"), "munitions date:2023-09", "date 2023-09 ✕"),
        (("tab", "tab", "minus", "space", "minus"), "munitions date:2023", "date 2023 ✕"),
        (("end", "space"), 'munitions source:"L\'Équipe"', "source L'Équipe ✕"),
    ],
)
async def test_keys_write_filters_into_the_query(keys: tuple[str, ...], text: str, chips: str) -> None:
    engine = counting()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        for key in keys:
            await pressed(pilot, key)
        assert (box(pilot), engine.queries[-1][0]) == (text, text)
        assert str(pilot.app.screen.query_one(ChipRow).content) == chips


async def test_typed_filters_have_signs_in_the_lists() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, 'munitions source:"afp" -rubrique:"Monde" rubrique:sport depuis:2023-01-01')
        await pressed(pilot, "f4")
        assert values(pilot, 0)[0].startswith("✓ AFP")
        assert values(pilot, 1) == ["✓ sport", "− Monde ▇▇▇▇▇ 90", "Économie ▇▇ 30"]
        await pressed(pilot, "tab", "space")
        assert box(pilot) == 'munitions source:"afp" -rubrique:"Monde" depuis:2023-01-01'


@pytest.mark.parametrize(
    "typed", ["source:afp", 'source:"l’Áfp"', "source:AFP OU source:zzz", 'source:(zzz OU "AFP")']
)
async def test_a_chosen_value_is_listed_once_however_it_is_spelt(typed: str) -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, f"munitions {typed}")
        await pressed(pilot, "f4")
        names = [value.partition(" ▇")[0] for value in values(pilot, 0)]
        assert [name for name in names if "zzz" not in name] == ["✓ AFP", "Reuters", "L'Équipe", "(inconnu)"]


async def test_an_excluded_value_is_listed_once_with_its_number() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions -source:REUTERS")
        await pressed(pilot, "f4")
        assert values(pilot, 0)[:2] == ["− Reuters ▇ 300", "AFP ▇▇▇▇▇ 1 200"]


@pytest.mark.parametrize(
    ("query", "keys", "after"),
    [
        ("x", ("space", "down", "space"), 'x source:("AFP" OU "Reuters")'),
        ("x source:afp", ("down", "space"), 'x source:(afp OU "Reuters")'),
        ("x source:afp OU source:reuters", ("down", "space"), "x source:afp"),
        ("x source:afp", ("minus",), 'x -source:"AFP"'),
        ("x -source:afp", ("space",), 'x source:"AFP"'),
        ("x -source:afp", ("minus",), "x"),
        ("x source:re*", ("minus",), 'x -source:"Reuters"'),
        ("x source:(afp reuters)", ("backspace",), "x source:reuters"),
        ("x -source:afp source:(reuters OU bfm)", ("0",), "x"),
        ("x -source:afp source:(reuters OU bfm)", ("delete",), "x"),
        ("x", ("backspace",), "x"),
        ("x", ("delete",), "x"),
        ("x", ("minus", "minus"), "x"),
        ("x", ("minus", "down", "minus"), 'x -source:"AFP" -source:"Reuters"'),
    ],
)
async def test_several_values_are_kept_and_excluded(query: str, keys: tuple[str, ...], after: str) -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, query)
        await pressed(pilot, "f4")
        for key in keys:
            await pressed(pilot, key)
        assert box(pilot) == after


async def test_a_word_in_several_values_chooses_all_and_one_of_them_can_be_excluded() -> None:
    engine = counting()
    engine.values = COUNTS | {Facet.SOURCE: (("AFP", 90), ("AFP Services", 4), ("Reuters", 3))}
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "x source:afp")
        await pressed(pilot, "f4")
        assert [value[:2] for value in values(pilot, 0)] == ["✓ ", "✓ ", "Re"]
        await pressed(pilot, "down", "minus")
        assert box(pilot) == 'x source:afp -source:"AFP Services"'
        await pressed(pilot, "backspace")
        assert box(pilot) == "x source:afp"


@pytest.mark.parametrize("how", [{"control": True}, {"button": 3}])
async def test_a_value_is_excluded_by_the_mouse(how: dict[str, Any]) -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        assert await pilot.click(pilot.app.screen.query(FacetList)[0], offset=(5, 2), **how)
        await settle(pilot)
        assert box(pilot) == 'munitions -source:"Reuters"'


async def test_a_click_includes_a_value() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        assert await pilot.click(pilot.app.screen.query(FacetList)[0], offset=(5, 2))
        await settle(pilot)
        assert box(pilot) == 'munitions source:"Reuters"'


async def test_chips_are_removed_by_key_and_by_click() -> None:
    engine = counting()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions source:AFP -rubrique:sport date:2023-09")
        assert lines(pilot)[4] == "  source AFP ✕  − rubrique sport ✕  date 2023-09 ✕"
        pilot.app.screen.query_one(ChipRow).focus()
        await pressed(pilot, "right", "delete")
        assert box(pilot) == "munitions source:AFP date:2023-09"
        assert await pilot.click(ChipRow, offset=(4, 0))
        await settle(pilot)
        assert box(pilot) == "munitions date:2023-09"
        await pilot.press("escape", "tab")
        await pressed(pilot, "backspace")
        assert (box(pilot), engine.queries[-1][0]) == ("munitions", "munitions")
        assert "✕" not in seen(pilot)


async def test_chips_that_do_not_fit_are_counted() -> None:
    text = "munitions " + " ".join(f"source:nom{number}" for number in range(8))
    async with app_over(counting()).run_test(size=SMALL) as pilot:
        await ask(pilot, text)
        assert "  8 filtres" in lines(pilot)
        pilot.app.screen.query_one(ChipRow).focus()
        await pilot.press("right")
        assert "  8 filtres  source nom1 ✕" in lines(pilot)
        await pressed(pilot, "backspace")
        assert box(pilot) == text.replace(" source:nom1", "")
        assert await pilot.click(ChipRow, offset=(4, 0))
        await pilot.pause()
        assert panel(pilot)


async def test_a_filter_is_not_added_to_a_query_with_a_mistake() -> None:
    async with app_over(counting()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pressed(pilot, "f4")
        pilot.app.screen.query_one(Input).value = "munitions ET"
        await pressed(pilot, "space")
        assert box(pilot) == "munitions ET"
        assert "ET n’a rien après." in seen(pilot)
        assert listed(pilot) == ["train", "obus", "allies"]
