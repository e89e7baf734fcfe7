"""Keywords answer after each key; the whole question is asked after a pause or on Enter."""

import asyncio
import time
from threading import Event

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input

from search.retrieval.request import Request
from search.tui.screens.search import SearchScreen
from search.tui.widgets import query_bar
from search.types import Article, Mode
from tests.tui.driving import LARGE, SMALL, answered, app_over, lines, listed, seen, selected, settle, until
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine, by_mode


@pytest.fixture
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only Enter ends the typing."""
    monkeypatch.setattr(query_bar, "DEBOUNCE", 60)


def screen(pilot: Pilot[None]) -> SearchScreen:
    current = pilot.app.screen
    assert isinstance(current, SearchScreen)
    return current


async def test_results_appear_while_typing() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await pilot.press(*"obus")
        await until(pilot, lambda: engine.queries[-2:] == [("obus", Mode.KEYWORD), ("obus", Mode.HYBRID)])
        await until(pilot, lambda: listed(pilot) == ["train", "obus", "allies"])


@pytest.mark.usefixtures("_no_pause")
async def test_keywords_answer_after_every_key_and_meaning_waits() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        for key in "obus":
            await pilot.press(key)
            await settle(pilot)
        assert engine.queries == [(text, Mode.KEYWORD) for text in ("o", "ob", "obu", "obus")]
        assert listed(pilot) == ["allies", "train"]
        assert answered(pilot) == "obus"
        await pilot.press("enter")
        await settle(pilot)
        assert engine.queries[4:] == [("obus", Mode.KEYWORD), ("obus", Mode.HYBRID)]
        assert listed(pilot) == ["train", "obus", "allies"]
        await pilot.press("s")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        # The previewed query gets no second keyword answer once the model is loaded.
        assert engine.queries[6:] == [("obuss", Mode.KEYWORD), ("obuss", Mode.HYBRID)]


@pytest.mark.usefixtures("_no_pause")
async def test_only_the_last_query_typed_during_a_preview_is_asked() -> None:
    released = Event()

    def find(request: Request) -> list[Article]:
        assert released.wait(5)
        return [OBUS] if request.query.raw == "obus" else [TRAIN]

    engine = FakeEngine(find)
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await pilot.press(*"obus")
        await until(pilot, lambda: bool(engine.requests))
        assert pilot.app.screen.query_one(Input).value == "obus"
        assert engine.queries == [("o", Mode.KEYWORD)]
        released.set()
        await until(pilot, lambda: listed(pilot) == ["obus"])
        assert engine.queries == [("o", Mode.KEYWORD), ("obus", Mode.KEYWORD)]


@pytest.mark.usefixtures("_no_pause")
async def test_a_late_preview_is_not_shown() -> None:
    released = Event()

    def find(request: Request) -> list[Article]:
        if request.query.raw == "o":
            assert released.wait(5)
            return [OBUS]
        return [TRAIN]

    async with app_over(FakeEngine(find)).run_test(size=SMALL) as pilot:
        await pilot.press("o")
        screen(pilot).ask("train")
        await until(pilot, lambda: listed(pilot) == ["train"])
        released.set()
        await settle(pilot)
        assert listed(pilot) == ["train"]
        assert answered(pilot) == "train"


@pytest.mark.usefixtures("_no_pause")
async def test_a_merged_answer_to_an_earlier_text_is_not_shown() -> None:
    released = Event()

    def find(request: Request) -> list[Article]:
        assert request.mode is Mode.KEYWORD or released.wait(5)
        return [ALLIES] if request.query.raw == "obus" else [TRAIN]

    engine = FakeEngine(find)
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await pilot.press(*"obu", "enter")
        await until(pilot, lambda: ("obu", Mode.HYBRID) in engine.queries)
        await pilot.press("s")
        await until(pilot, lambda: listed(pilot) == ["allies"])
        released.set()
        await settle(pilot)
        assert listed(pilot) == ["allies"]
        assert answered(pilot) == "obus"


@pytest.mark.usefixtures("_no_pause")
async def test_an_unfinished_word_without_results_leaves_the_results() -> None:
    engine = FakeEngine(lambda request: [TRAIN] if request.query.raw == "train" else [])
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await pilot.press(*"train")
        await until(pilot, lambda: listed(pilot) == ["train"])
        await pilot.press("s")
        await settle(pilot)
        assert ("trains", Mode.KEYWORD) in engine.queries
        assert listed(pilot) == ["train"]
        await pilot.press("enter")
        await settle(pilot)
        assert listed(pilot) == []
        assert "Aucun article trouvé." in seen(pilot)


@pytest.mark.usefixtures("_no_pause")
async def test_a_mistake_is_shown_only_after_a_pause() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await pilot.press(*"obus", "space", *"ET")
        await settle(pilot)
        assert "^" not in "".join(lines(pilot)[:5])
        assert listed(pilot) == ["allies", "train"]
        await pilot.press("enter")
        await settle(pilot)
        assert "^" in lines(pilot)[3]
        assert listed(pilot) == ["allies", "train"]


@pytest.mark.usefixtures("_no_pause")
async def test_semantic_mode_is_not_asked_between_two_keys() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await pilot.press("f2", "f2", *"obus")
        await settle(pilot)
        assert engine.requests == []
        await pilot.press("enter")
        await settle(pilot)
        assert engine.queries == [("obus", Mode.SEMANTIC)]


@pytest.mark.usefixtures("_no_pause")
async def test_the_result_selected_before_the_pause_stays_selected() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await pilot.press(*"obus")
        await until(pilot, lambda: listed(pilot) == ["allies", "train"])
        await settle(pilot)
        await pilot.press("up", "up", "down")
        assert selected(pilot) == "train"
        await pilot.press("enter")
        await settle(pilot)
        assert (listed(pilot), selected(pilot)) == (["train", "obus", "allies"], "train")


@pytest.mark.usefixtures("_no_pause")
async def test_the_article_is_shown_after_a_pause() -> None:
    async with app_over(FakeEngine(lambda _: [TRAIN])).run_test(size=LARGE) as pilot:
        await pilot.press(*"train")
        await settle(pilot)
        assert listed(pilot) == ["train"]
        assert "https://exemple.fr/train" not in seen(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "https://exemple.fr/train" in seen(pilot)


@pytest.mark.usefixtures("_no_pause")
async def test_no_key_is_lost_at_thirty_a_second() -> None:
    text = "des munitions pour la russie"

    def find(request: Request) -> list[Article]:
        time.sleep(0.05)  # longer than between two keys
        return by_mode(request)

    engine = FakeEngine(find)
    async with app_over(engine).run_test(size=LARGE) as pilot:
        for letter in text:
            pilot.app.post_message(Key("space" if letter == " " else letter, letter))
            await asyncio.sleep(1 / 30)
        await until(pilot, lambda: (text, Mode.KEYWORD) in engine.queries)
        await settle(pilot)
        assert pilot.app.screen.query_one(Input).value == text
        assert answered(pilot) == text
        # Some letters were answered while others were typed, none twice.
        texts = [asked_text for asked_text, mode in engine.queries if mode is Mode.KEYWORD]
        assert texts == sorted(set(texts), key=len)
        assert 3 < len(texts) < len(text)
        assert listed(pilot) == ["allies", "train"]


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("a" * 1_000_000, "La requête dépasse 10000 caractères."),
        ("(" * 1_000_000, "La requête dépasse 10000 caractères."),
        ("mot " * 2000, "La requête a plus de 256 mots."),
        ("*ab* " * 11, "gardez les mots qui comptent ; munit* vaut 4 mots"),
        ("mo" * 40 + "~", "Un motif ou un mot mal orthographié a au plus 64 lettres."),
    ],
)
async def test_too_long_a_query_is_refused(pasted: str, message: str) -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await pilot.pause()
        pilot.app.post_message(Paste(pasted))
        await until(pilot, lambda: message in seen(pilot))
        assert screen(pilot).query_one(Input).value == pasted


async def test_a_pasted_headline_of_two_lines_is_one_query() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await pilot.pause()
        pilot.app.post_message(Paste("Un train nord-coréen\r\n\r\nchargé d’obus\n"))
        query = "Un train nord-coréen chargé d’obus"
        await until(pilot, lambda: (query, Mode.HYBRID) in engine.queries)
        assert screen(pilot).query_one(Input).value == query


async def test_pasted_control_characters_are_removed() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await pilot.pause()
        pilot.app.post_message(Paste("\x1b[31mobus\x07\0 \ud800\u202e\x9b2J" + "e\u0301\u0301" * 50))
        query = "[31mobus 2J" + "e\u0301\u0301" * 50
        await until(pilot, lambda: (query, Mode.HYBRID) in engine.queries)
        assert not set("\x1b\x07\0\x9b\u202e\ud800").intersection(seen(pilot))
