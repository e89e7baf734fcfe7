"""The screen of counts, over a real index of the press of the tests."""

from pathlib import Path

import pytest
from textual.widgets import DataTable, Static

from search.local.reader import Generation
from search.tui.screens.counts import CountsScreen
from search.tui.screens.reader import ReaderScreen
from tests.fakes import engine_of
from tests.tui.driving import LARGE, SMALL, app_over, ask, settle


def cells(screen: CountsScreen) -> list[list[str]]:
    table = screen.query_one(DataTable)
    return [[str(cell) for cell in table.get_row_at(row)] for row in range(table.row_count)]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_counts_of_an_answer(
    generation: Generation, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with app_over(engine_of(generation)).run_test(size=size) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("enter", "K")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, CountsScreen)
        rows = cells(screen)
        assert {row[1] for row in rows} <= {"munitions", "Munitions"}
        assert len(rows) > 3
        assert screen.query_one(DataTable).virtual_size.width <= size[0]
        before = [row[2] for row in rows]
        for _ in range(6):
            await pilot.press("f3")
            await settle(pilot)
        after = [row[2].strip(" .,").casefold() for row in cells(screen)]
        assert after == sorted(after)
        assert after != [row.strip(" .,").casefold() for row in before]
        await pilot.press("f8")
        await settle(pilot)
        written = (tmp_path / "depeche-concordance.csv").read_text(encoding="utf-8")
        assert written.startswith("id,date,source,title,part,start,end,left,keyword,right\n")
        assert written.count("\n") == len(rows) + 1
        await pilot.press("f2")
        await settle(pilot)
        assert "Mots caractéristiques" in str(screen.query_one("#counts-note", Static).content)


async def test_an_occurrence_is_read_in_its_article(generation: Generation) -> None:
    async with app_over(engine_of(generation)).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("enter", "K")
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        reader = pilot.app.screen
        assert isinstance(reader, ReaderScreen)
        assert "munitions" in reader.hit.article.body + reader.hit.article.title
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, CountsScreen)
