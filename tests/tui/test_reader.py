from datetime import date
from threading import Event

from textual.widgets import Static

from search.engine import Request
from search.model import Article, Mode
from search.query.parser import parse
from search.tui.reader import ArticlePane
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, selected, settle, until, write
from tests.tui.fakes import ALLIES, TRAIN, FakeEngine, by_mode, result

PASSAGE = "La Russie cherche des Munitions pour ses réserves."


async def test_the_selected_article_stands_beside_the_results() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        assert "Moscou parle de munitions." in seen(pilot).partition("▏")[2]
        await pilot.press("down")
        await pilot.pause()
        beside = [line.partition("▏")[2].strip() for line in lines(pilot)[5:]]
        assert PASSAGE in beside[0]


async def test_an_article_being_read_stays_put_when_meaning_answers() -> None:
    released = Event()

    def find(request: Request) -> list[Article]:
        assert request.mode is Mode.KEYWORD or released.wait(5)
        return by_mode(request)

    async with app_over(FakeEngine(find)).run_test(size=LARGE) as pilot:
        await write(pilot, "munitions")
        await until(pilot, lambda: listed(pilot) == ["allies", "train"])
        await pilot.press("down", "enter", "end")
        await pilot.pause()
        assert "Fin de la dépêche." in seen(pilot)
        released.set()
        await settle(pilot)
        assert listed(pilot) == ["train", "obus", "allies"]
        assert "Fin de la dépêche." in seen(pilot)


async def test_an_article_not_being_read_follows_its_best_passage() -> None:
    async with app_over(FakeEngine(lambda request: [TRAIN])).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        pane = pilot.app.screen.query_one(ArticlePane)
        query = parse("munitions", date.today())
        first = result(TRAIN, Request(parse("Pyongyang", date.today())))
        pane.show(first, query.words)
        await pilot.pause()
        assert "https://exemple.fr/train" in seen(pilot)
        assert PASSAGE not in lines(pilot)[5].partition("▏")[2]


async def test_another_query_marks_the_same_article_anew() -> None:
    async with app_over(FakeEngine(lambda request: [ALLIES])).run_test(size=LARGE) as pilot:
        for query, marks in (("Moscou", ["Moscou"]), ("munitions", ["munitions"])):
            await ask(pilot, query)
            pane = pilot.app.screen.query_one(ArticlePane)
            segments = [segment for y in range(8) for segment in pane.query_one(Static).render_line(y)]
            underlined = [segment.text for segment in segments if segment.style and segment.style.underline]
            assert underlined == marks


async def test_the_pane_says_where_the_article_is_from() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "train")
        await pilot.press("up", "up")
        await pilot.pause()
        beside = [line.partition("▏")[2].strip() for line in lines(pilot)[5:9]]
        assert beside[0].startswith("Un train nord-coréen en Russie")
        assert beside[1] == "2023-09-11T08:30 · AFP · Monde · Séoul"
        assert beside[2] == "https://exemple.fr/train"


async def test_enter_reads_over_the_list_and_escape_returns_to_the_row() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        assert "Pyongyang" not in seen(pilot)
        await pilot.press("up", "up", "enter")
        await pilot.pause()
        assert lines(pilot)[0].strip() == PASSAGE
        assert "esc retour" in lines(pilot)[-1]
        await pilot.press("pagedown", "end")
        await pilot.pause()
        assert "Fin de la dépêche." in seen(pilot)
        await pilot.press("home")
        await pilot.pause()
        assert lines(pilot)[0].strip() == "Un train nord-coréen en Russie"
        await pilot.press("escape")
        await pilot.pause()
        assert selected(pilot) == "train"
        assert type(pilot.app.focused).__name__ == "ResultList"
        await pilot.press("down")
        assert selected(pilot) == "obus"


async def test_a_wider_terminal_brings_the_article_beside() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("down")
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        assert PASSAGE in lines(pilot)[5].partition("▏")[2]
        await pilot.press("enter")
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        assert "Pyongyang" not in seen(pilot)
        await pilot.press("escape", "escape")
        assert type(pilot.app.focused).__name__ == "Input"
