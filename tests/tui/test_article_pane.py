from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from search.query.ast import Query
from search.query.parser import parse
from search.retrieval.request import Request
from search.text.sentences import Span, sentence_spans
from search.tui.messages import Typed
from search.tui.services import sentence_score_worker
from search.tui.widgets.article_pane import ArticlePane
from search.types import Article, Mode
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, selected, settle, until, write
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine, by_mode, hit_of

PASSAGE = "La Russie cherche des Munitions pour ses réserves."


async def test_the_selected_article_is_beside_the_results() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("down", "down")
        await pilot.pause()
        assert "Moscou parle de munitions." in seen(pilot).partition("▏")[2]
        await pilot.press("up", "up")
        await pilot.pause()
        beside = [line.partition("▏")[2].strip() for line in lines(pilot)[5:]]
        assert PASSAGE in beside[0]


async def test_an_article_with_the_focus_does_not_scroll_when_meaning_answers() -> None:
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


async def test_an_article_without_the_focus_scrolls_to_its_best_passage() -> None:
    async with app_over(FakeEngine(lambda request: [TRAIN])).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        pane = pilot.app.screen.query_one(ArticlePane)
        query = parse("munitions", date.today())
        first = hit_of(TRAIN, Request(parse("Pyongyang", date.today())))
        pane.show(first, query.words)
        await pilot.pause()
        assert "https://exemple.fr/train" in seen(pilot)
        assert PASSAGE not in lines(pilot)[5].partition("▏")[2]


async def test_another_query_has_other_highlights_in_the_same_article() -> None:
    async with app_over(FakeEngine(lambda request: [ALLIES])).run_test(size=LARGE) as pilot:
        for query, marks in (("Moscou", ["Moscou"]), ("munitions", ["munitions"])):
            await ask(pilot, query)
            pane = pilot.app.screen.query_one(ArticlePane)
            segments = [segment for y in range(8) for segment in pane.query_one(Static).render_line(y)]
            underlined = [segment.text for segment in segments if segment.style and segment.style.underline]
            assert underlined == marks


async def test_the_pane_shows_source_place_and_address() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "train")
        beside = [line.partition("▏")[2].strip() for line in lines(pilot)[5:9]]
        assert beside[0].startswith("Un train nord-coréen en Russie")
        assert beside[1] == "11 sept. 2023, 08:30 · AFP · Monde · Séoul"
        assert beside[2] == "https://exemple.fr/train"


async def test_the_head_says_what_the_source_says() -> None:
    article = replace(
        ALLIES,
        author="Jeanne Modèle; Paul Exemple",
        page="A6",
        kicker="PORTS",
        edition="Valmont",
        word_count=1412,
        keywords="ports; grève",
    )
    async with app_over(FakeEngine(lambda _: [article])).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("enter", "home")
        await pilot.pause()
        assert [line.strip() for line in lines(pilot)[:4]] == [
            "PORTS",
            "La Russie rassemble ses alliés",
            "sept. 2023 · Reuters · Monde · p. A6 · Jeanne Modèle, Paul Exemple",
            "éd. Valmont · 1\u202f412 mots · ports, grève",
        ]


async def test_enter_opens_the_reader_and_escape_returns_to_the_row() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        assert "Pyongyang" not in seen(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert lines(pilot)[0].strip(" ▓") == PASSAGE
        assert "q retour" in lines(pilot)[-1]
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


async def test_a_wider_terminal_shows_the_article_beside_the_results() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        assert PASSAGE in lines(pilot)[5].partition("▏")[2]
        await pilot.press("enter")
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        assert "Pyongyang" not in seen(pilot)
        await pilot.press("escape", "escape")
        assert type(pilot.app.focused).__name__ == "SearchBox"


def marked_lines(pilot: Pilot[None]) -> list[str]:
    beside = (line.partition("▏")[2].strip() for line in lines(pilot))
    return [line for line in beside if line.startswith(("░", "▒", "▓"))]


async def test_sentences_near_the_query_are_marked_until_that_is_hidden() -> None:
    engine = FakeEngine(lambda request: [TRAIN])
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await until(pilot, lambda: marked_lines(pilot) != [])
        assert marked_lines(pilot) == [f"▓ {PASSAGE}"]
        assert "proche de la recherche" in seen(pilot)
        await pilot.press("enter", "h")
        await pilot.pause()
        assert marked_lines(pilot) == []
        await pilot.press("h")
        await pilot.pause()
        assert marked_lines(pilot) == [f"▓ {PASSAGE}"]
        assert engine.scored == [("munitions", "train")]


class SlowEngine(FakeEngine):
    """Waits at each sentence until the test sets ``go_on``."""

    def __init__(self) -> None:
        super().__init__(lambda _: [TRAIN, OBUS])
        self.go_on = Event()
        self.compared: list[str] = []

    def sentence_scores(self, query: Query, article: Article, first: int = 0) -> Iterator[tuple[Span, float]]:
        for scored in super().sentence_scores(query, article, first):
            self.compared.append(article.id)
            self.go_on.wait(10)
            yield scored


async def test_scoring_stops_when_another_article_is_selected() -> None:
    engine = SlowEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await write(pilot, "munitions")
        await until(pilot, lambda: engine.compared == ["train"])
        (comparing,) = (worker for worker in pilot.app.workers if worker.group == "sentence scores")
        await pilot.press("down")
        await until(pilot, lambda: comparing.is_cancelled)
        engine.go_on.set()
        await until(pilot, lambda: "obus" in engine.compared)
        await settle(pilot)
    assert engine.compared == ["train", *["obus"] * len(list(sentence_spans(OBUS.body)))]


async def test_scoring_pauses_while_the_user_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_score_worker, "_TYPING_PAUSE", 30)
    engine = SlowEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await write(pilot, "munitions")
        await until(pilot, lambda: engine.compared == ["train"])
        pilot.app.post_message(Typed("munitions"))
        await pilot.pause()
        engine.go_on.set()
        await pilot.pause(0.2)
        assert engine.compared == ["train"]
        monkeypatch.setattr(sentence_score_worker, "_TYPING_PAUSE", 0)
        pilot.app.post_message(Typed("munitions"))
        await until(pilot, lambda: len(engine.compared) > 1)


async def test_n_goes_to_the_next_match_from_the_best_passage_on() -> None:
    async with app_over(FakeEngine(lambda request: [TRAIN])).run_test(size=SMALL) as pilot:
        await ask(pilot, "Pyongyang munitions")
        await pilot.press("enter")
        await pilot.pause()
        assert "mot –/31" in seen(pilot)
        await pilot.press("n")
        await pilot.pause()
        assert "mot 1/31" in seen(pilot)
        await pilot.press("N")
        await pilot.pause()
        assert "mot 31/31" in seen(pilot)
        pane = pilot.app.screen.query_one(ArticlePane)
        strips = [pane.query_one(Static).render_line(y) for y in range(pane.virtual_size.height)]
        here = [s.text for strip in strips for s in strip if s.style and s.style.reverse]
        assert here == ["Munitions"]
        assert any("Munitions" in line for line in lines(pilot))
        await pilot.press("n")
        await pilot.pause()
        assert "mot 1/31" in seen(pilot)
        assert lines(pilot)[0].strip().startswith("11 sept. 2023")


async def test_hostile_text_stays_within_its_lines() -> None:
    body = "\x1b[31mrouge [red]x[/red] [link=a]b[/link]\u202e\x07" + "\u200b" * 5000 + "munition" * 12_000
    article = Article("bad", "[bold]\x1b[2Jtitre", body, "2023", url="javascript:alert(1)")
    async with app_over(FakeEngine(lambda request: [article])).run_test(
        size=SMALL, notifications=True
    ) as pilot:
        await ask(pilot, "rouge")
        await pilot.press("enter")
        await pilot.pause()
        assert lines(pilot)[0].strip() == "[bold][2Jtitre"
        assert lines(pilot)[4].strip() == "[31mrouge [red]x[/red]"
        assert lines(pilot)[5].strip().startswith("[link=a]b[/link]munition")
        await pilot.press("o")
        await until(pilot, lambda: "Cet article n’a pas d’adresse web" in seen(pilot))
