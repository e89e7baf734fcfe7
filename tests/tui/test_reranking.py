"""The reranker and recency in the interface: the merged list first, then the reranked one."""

from threading import Event

import pytest

from search.config import Settings
from search.errors import EncoderUnavailable
from search.retrieval.request import Request
from search.tui.app import DepecheApp
from search.types import RERANK_DEPTH, Article, Mode, Rescoring
from tests.tui.driving import (
    LARGE,
    answered,
    app_on,
    app_over,
    ask,
    listed,
    seen,
    selected,
    settle,
    until,
    write,
)
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine, FakeIndexClient, by_mode

RERANKED = ["allies", "obus", "train"]
MERGED = ["train", "obus", "allies"]
READING, READ = "reclassement des premiers…", "premiers résultats reclassés"


def rereading(request: Request) -> list[Article]:
    return [ALLIES, OBUS, TRAIN] if request.rescoring.depth else by_mode(request)


def app_with(engine: FakeEngine, settings: Settings) -> DepecheApp:
    return app_on(FakeIndexClient(engine), settings)


async def test_the_merged_list_comes_first_and_the_selected_article_stays_selected() -> None:
    released = Event()

    def find(request: Request) -> list[Article]:
        assert not request.rescoring.depth or released.wait(5)
        return rereading(request)

    async with app_with(FakeEngine(find), Settings(rerank="m")).run_test(size=LARGE) as pilot:
        await write(pilot, "munitions")
        await until(pilot, lambda: listed(pilot) == MERGED)
        await until(pilot, lambda: READING in seen(pilot))
        await pilot.press("down")
        assert selected(pilot) == "obus"
        released.set()
        await settle(pilot)
        assert (listed(pilot), selected(pilot)) == (RERANKED, "obus")
        assert READ in seen(pilot)
        assert READING not in seen(pilot)
        await ask(pilot, "munition")
        assert (listed(pilot), selected(pilot)) == (RERANKED, "allies")


async def test_the_correction_stays_after_reranking() -> None:
    engine = FakeEngine(rereading)
    engine.correction = "munitions"
    async with app_with(engine, Settings(rerank="m")).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitiosn")
        assert listed(pilot) == RERANKED
        assert "munitions" in seen(pilot)


async def test_a_stale_reranked_answer_is_not_shown() -> None:
    released = Event()

    def find(request: Request) -> list[Article]:
        if request.query.raw == "premier" and request.rescoring.depth:
            assert released.wait(5)
        return [OBUS] if request.query.raw == "premier" else rereading(request)

    engine = FakeEngine(find)
    async with app_with(engine, Settings(rerank="m")).run_test(size=LARGE) as pilot:
        await write(pilot, "premier")
        await until(pilot, lambda: engine.requests[-1].rescoring.depth == RERANK_DEPTH)
        await write(pilot, "second")
        await until(pilot, lambda: listed(pilot) == MERGED)
        released.set()
        await settle(pilot)
        assert listed(pilot) == RERANKED
        assert answered(pilot) == "second"


async def test_a_key_switches_the_reranker_off_and_on() -> None:
    async with app_with(FakeEngine(rereading), Settings(rerank="m")).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert listed(pilot) == MERGED
        assert READ not in seen(pilot)
        assert READING not in seen(pilot)
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert (listed(pilot), READ in seen(pilot)) == (RERANKED, True)


async def test_the_key_does_nothing_without_a_reranker() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        before = len(engine.requests)
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert len(engine.requests) == before
        assert "ctrl+t" not in {active.binding.key for active in pilot.app.screen.active_bindings.values()}


async def test_a_missing_reranker_is_reported_once() -> None:
    def find(request: Request) -> list[Article]:
        if request.rescoring.depth:
            raise EncoderUnavailable("Il n’est pas là.")
        return by_mode(request)

    engine = FakeEngine(find)
    async with app_with(engine, Settings(rerank="m")).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        assert "Il n’est pas là." in seen(pilot)
        assert listed(pilot) == MERGED
        await ask(pilot, "munition")
        assert "Il n’est pas là." not in seen(pilot)
        assert READING not in seen(pilot)
        assert [request.rescoring.depth for request in engine.requests].count(RERANK_DEPTH) == 1


@pytest.mark.parametrize("recency", ["", "30j"])
async def test_recency_comes_from_the_settings_or_the_palette(recency: str) -> None:
    engine = FakeEngine()
    async with app_with(engine, Settings(recency=recency)).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        assert ("récents favorisés" in seen(pilot)) == bool(recency)
        await pilot.press("ctrl+p", *"favor", "enter")
        await settle(pilot)
        assert ("récents favorisés" in seen(pilot)) == (not recency)
        rescorings = [request.rescoring for request in engine.requests if request.mode is Mode.HYBRID]
        assert rescorings == [Rescoring(30), Rescoring()] if recency else [Rescoring(), Rescoring(182.625)]
