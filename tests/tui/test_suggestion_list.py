from pathlib import Path

import pytest

from search.config import Settings
from search.errors import EncoderUnavailable
from search.query.plain import plain_query
from search.retrieval.request import Request
from search.tui.app import DepecheApp
from search.tui.i18n import FRENCH
from search.tui.screens.search import SearchScreen
from search.tui.widgets.suggestion_list import SuggestionList
from search.types import Article, Mode
from search.user.index_folder import index_folder
from tests.tui.counting import box
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, settle
from tests.tui.fakes import OBUS, TRAIN, FakeEngine, FakeIndexClient


def strict(request: Request) -> list[Article]:
    """No article of a source called Zzz, except in semantic mode."""
    return [] if "Zzz" in request.query.raw and request.mode is not Mode.SEMANTIC else [TRAIN, OBUS]


async def test_an_empty_answer_offers_alternatives_with_their_counts() -> None:
    async with app_over(FakeEngine(strict)).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions source:Zzz date:2023")
        assert [line.strip() for line in lines(pilot)[5:10]] == [
            "Aucun article trouvé.",
            "^g  sans source:Zzz  2 articles",
            "^l  les mots seuls, aucun n’est exigé  2 articles",
            "^o  par le sens seul  2 articles",
            "",
        ]
        await pilot.press("enter")
        await settle(pilot)
        assert box(pilot) == "munitions date:2023"
        assert listed(pilot) == ["train", "obus"]
        assert "Aucun article" not in seen(pilot)


async def test_a_key_asks_an_alternative_from_the_box() -> None:
    engine = FakeEngine(strict)
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions source:Zzz")
        await pilot.press("ctrl+y")
        assert box(pilot) == "munitions source:Zzz"
        await pilot.press("tab")
        assert isinstance(pilot.app.focused, SuggestionList)
        await pilot.press("shift+tab", "ctrl+l")
        await settle(pilot)
        assert (box(pilot), engine.queries[-1]) == (
            "munitions source:Zzz",
            ("munitions source:Zzz", Mode.SEMANTIC),
        )
        assert listed(pilot) == ["train", "obus"]
        assert "F2 sens · F3 pertinence" in lines(pilot)[2]
        await pilot.press("ctrl+g")
        assert engine.queries[-1] == ("munitions source:Zzz", Mode.SEMANTIC)


async def test_an_alternative_that_cannot_be_asked_is_not_offered() -> None:
    def find(request: Request) -> list[Article]:
        if request.mode is Mode.SEMANTIC:
            raise EncoderUnavailable("no model")
        return []

    async with app_over(FakeEngine(find)).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions source:Zzz")
        assert [line.strip() for line in lines(pilot)[5:7]] == ["Aucun article trouvé.", ""]


async def test_a_key_asks_the_correction() -> None:
    engine = FakeEngine()
    engine.correction = "munitions"
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitoins")
        assert "Vouliez-vous dire : munitions  (F5)" in lines(pilot)[4]
        assert "F5 corriger" in lines(pilot)[-1]
        await pilot.press("f5")
        await settle(pilot)
        assert (box(pilot), engine.queries[-1]) == ("munitions", ("munitions", Mode.HYBRID))
        assert "Vouliez-vous dire" not in seen(pilot)
        assert "F5" not in lines(pilot)[-1]


async def test_the_correction_comes_before_the_alternatives() -> None:
    engine = FakeEngine(lambda request: [TRAIN] if request.query.raw == "munitions" else [])
    engine.correction = "munitions"
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitoins")
        assert lines(pilot)[6].strip() == "F5  munitions"
        await pilot.press("enter")
        await settle(pilot)
        assert listed(pilot) == ["train"]


@pytest.mark.parametrize("keys", [["escape"], ["tab", "escape"]])
async def test_similar_articles_replace_the_results_until_escape(keys: list[str]) -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        await ask(pilot, "munitions")
        screen.show_similar(engine.search(Request(plain_query("obus"), Mode.SEMANTIC)))
        await settle(pilot)
        assert "articles proches de « Des obus livrés »" in lines(pilot)[4]
        assert screen.current is not None
        assert screen.current.request.query.words == ()
        await pilot.press(*keys)
        await settle(pilot)
        assert "❯ munitions" in seen(pilot)
        assert lines(pilot)[4] == ""
        assert engine.queries[-1] == ("munitions", Mode.HYBRID)


async def test_similar_articles_stay_when_their_order_changes() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        await ask(pilot, "munitions")
        screen.show_similar(engine.search(Request(plain_query("obus"), Mode.SEMANTIC)))
        await settle(pilot)
        assert listed(pilot) == ["train", "obus", "allies"]
        asked = len(engine.requests)
        orders = []
        for _ in range(3):
            await pilot.press("f3")
            await settle(pilot)
            orders.append(listed(pilot))
        assert orders == [
            ["train", "allies", "obus"],
            ["allies", "train", "obus"],
            ["train", "obus", "allies"],
        ]
        assert len(engine.requests) == asked
        assert "articles proches de « Des obus livrés »" in lines(pilot)[4]


async def test_a_folder_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (index_folder(tmp_path, Settings()) / "history.jsonl").mkdir(parents=True)
    engine = FakeEngine()
    app = DepecheApp(FakeIndexClient(engine), Settings(), tmp_path, FRENCH)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert str(tmp_path) in "".join(line.strip("│ ") for line in lines(pilot)[3:6])
        await ask(pilot, "obus")
        assert listed(pilot) == ["train", "obus", "allies"]
