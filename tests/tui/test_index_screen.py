import re
from threading import Event

import pytest

from search.build_types import STAGE_LABELS, Progress, Stage
from search.encoding_rate import EncodingRate
from search.errors import IndexCorrupt, IndexMissing, Translatable, UsageError
from search.tui.app import DepecheApp
from search.tui.i18n import FRENCH
from search.tui.screens.index import IndexScreen
from search.tui.services import build_job
from search.tui.services.index_client import SAMPLE
from tests.tui.driving import LARGE, SMALL, app_on, app_over, ask, lines, listed, seen, settle, until
from tests.tui.fakes import FakeEngine, FakeIndexClient


async def test_the_facts_of_the_index_are_shown() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert lines(pilot)[0].endswith("66 articles · index du 22 nov. 2026")
        await pilot.press("f9")
        await pilot.pause()
        shown = [line.strip(" │") for line in lines(pilot)]
        for name, value in (
            ("articles", "66"),
            ("passages", "310"),
            ("rejetés", "2"),
            ("modèle", "multilingual-e5-small-q4@3f2a · 384 dimensions"),
            ("taille", "52 Mo"),
            ("corpus", "/corpus/été, -"),
        ):
            assert [line for line in shown if line.startswith(name) and line.endswith(f"  {value}")], name
        assert "/corpus/été" in shown
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, IndexScreen)


async def test_without_an_index_a_key_builds_the_sample_and_searches_in_it() -> None:
    client = FakeIndexClient(FakeEngine(), IndexMissing("There is no index in [index]"))
    async with app_on(client).run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "Il n’y a pas encore d’index" in seen(pilot)
        assert "There is no index in [index]" in seen(pilot)
        await pilot.press("s")
        await settle(pilot)
        await settle(pilot)
        assert client.paths == (SAMPLE,)
        assert not isinstance(pilot.app.screen, IndexScreen)
        await ask(pilot, "obus")
        assert listed(pilot) == ["train", "obus", "allies"]


async def test_the_reason_why_no_index_is_open_is_shown_below_the_box() -> None:
    missing = IndexMissing(
        Translatable("There is no index in {}; run: depeche build PATH --index {}", "x", "x")
    )
    async with app_on(FakeIndexClient(FakeEngine(), missing)).run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert [line.strip() for line in lines(pilot)[4:6]] == [
            "Aucun index n’est ouvert ; F9 dit pourquoi et en construit un.",
            "Il n’y a pas d’index dans x ; lancez : depeche build CHEMIN --index x",
        ]


async def test_a_damaged_index_can_be_opened_again() -> None:
    errors = IndexCorrupt("The index is damaged: x"), IndexCorrupt("The index is damaged: y")
    async with app_on(FakeIndexClient(FakeEngine(), *errors)).run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "La recherche dans l’index est impossible" in seen(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "The index is damaged: y" in seen(pilot)
        await pilot.press("escape", "f9")
        await pilot.pause()
        assert "The index is damaged: y" in seen(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, IndexScreen)


async def test_a_damaged_index_can_be_repaired() -> None:
    client = FakeIndexClient(FakeEngine(), IndexCorrupt("The index is damaged: x"))
    async with app_on(client).run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "m  le réparer à partir de ses parties intactes" in seen(pilot)
        await pilot.press("m")
        await settle(pilot)
        await settle(pilot)
        assert client.now == "repaired"
        assert not isinstance(pilot.app.screen, IndexScreen)


async def test_an_open_index_is_not_repaired() -> None:
    client = FakeIndexClient(FakeEngine())
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("f9", "m")
        await settle(pilot)
        assert client.now == "generation"


async def test_the_sample_never_replaces_an_index() -> None:
    client = FakeIndexClient(FakeEngine())
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("f9", "s")
        await settle(pilot)
        assert (client.paths, client.now) == ((), "generation")


async def test_an_index_that_cannot_be_opened_is_replaced_only_after_a_question() -> None:
    client = FakeIndexClient(FakeEngine(), IndexCorrupt("The index is damaged: x"))
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert "indexer l’échantillon" not in seen(pilot)
        await pilot.press("s", "p", *"/a", "escape", "e")
        await settle(pilot)
        assert "Il y a un index, mais il ne peut pas être ouvert. Le remplacer ? o / n" in seen(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert ("Le remplacer" in seen(pilot), client.paths) == (False, ())
        await pilot.press("e", "o")
        await settle(pilot)
        assert (client.paths, client.alone) == (("/a",), True)


async def test_a_build_of_other_paths_adds_them_and_asks_nothing() -> None:
    client = FakeIndexClient(FakeEngine())
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("f9", "p", "ctrl+u", *"/a", "enter")
        await settle(pilot)
        assert (client.paths, client.alone) == (("/a",), False)


async def test_only_these_paths_need_an_answer_whatever_they_are() -> None:
    client = FakeIndexClient(FakeEngine())
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("f9", "p", "ctrl+u", *"/a", "escape", "e")
        await settle(pilot)
        assert "L’index provient de : /corpus/été, -. Le remplacer ? o / n" in seen(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert (isinstance(pilot.app.screen, IndexScreen), client.paths) == (True, ())
        await pilot.press("p", "end", *" /corpus/été/ -", "escape", "e")
        await settle(pilot)
        assert (client.paths, "Le remplacer ?" in seen(pilot)) == ((), True)
        await pilot.press("o")
        await settle(pilot)
        assert (client.paths, client.alone) == (("/a", "/corpus/été", "-"), True)


async def test_a_build_shows_its_stages_and_offers_the_new_index() -> None:
    engine, halfway, released = FakeEngine(), Event(), Event()
    client = FakeIndexClient(engine)

    def work(progress: Progress) -> None:
        progress(Stage.READ, 1234, 0)
        progress(Stage.ENCODE, 50, 100)
        halfway.set()
        assert released.wait(5)

    client.work = work
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("f9", "p", "end")
        await pilot.press(*" '/un dossier'", "enter")
        await until(pilot, halfway.is_set)
        await until(pilot, lambda: "encodage du sens" in seen(pilot))
        shown = [line.strip(" │") for line in lines(pilot)]
        assert "lecture                      1\u202f234" in shown
        assert "encodage du sens             ▇▇▇▇▇▇▇▇▇▇           50/100" in shown
        await pilot.press("escape")
        released.set()
        await settle(pilot)
        assert client.paths == ("/corpus/été", "/un dossier")
        assert "F10 pour l’utiliser" in lines(pilot)[0]
        await pilot.press("f10")
        await settle(pilot)
        assert "66 articles" in lines(pilot)[0]


async def test_a_build_shows_every_stage_in_the_language_of_the_interface() -> None:
    client, every, released = FakeIndexClient(FakeEngine()), Event(), Event()

    def work(progress: Progress) -> None:
        for stage in Stage:
            progress(stage, 1, 2)
        every.set()
        assert released.wait(5)

    client.work = work
    labels = [FRENCH.translate(label) for label in STAGE_LABELS.values()]
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("f9", "p", "enter")
        await until(pilot, every.is_set)
        await until(pilot, lambda: labels[-1] in seen(pilot))
        shown = [line.strip(" │") for line in lines(pilot)]
        released.set()
        await settle(pilot)
    bars = [line.removesuffix("1/2").rstrip(" ▇") for line in shown if line.endswith("1/2")]
    assert bars == labels
    assert not {*labels} & {*STAGE_LABELS.values()}


async def test_a_build_can_be_stopped() -> None:
    client, begun = FakeIndexClient(FakeEngine()), Event()

    def work(progress: Progress) -> None:
        while True:
            progress(Stage.READ, 1, 0)
            begun.set()

    client.work = work
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("f9", "p", "enter")
        await until(pilot, begun.is_set)
        await pilot.press("x")
        await settle(pilot)
        assert "Indexation arrêtée ; l’index n’a pas changé." in seen(pilot)
        assert client.now == "generation"


async def test_a_long_build_tells_its_rate_and_the_remaining_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now, halfway, released = [0.0], Event(), Event()
    monkeypatch.setattr(build_job, "EncodingRate", lambda: EncodingRate(lambda: now[0]))
    client = FakeIndexClient(FakeEngine())

    def work(progress: Progress) -> None:
        for now[0], done in ((0.0, 256), (2.5, 512)):
            progress(Stage.ENCODE, done, 737_280)
        halfway.set()
        assert released.wait(5)

    client.work = work
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("f9", "p", "enter")
        await until(pilot, halfway.is_set)
        await until(pilot, lambda: "102 passages/s, encore 2 h environ" in seen(pilot).replace("\u00a0", " "))
        released.set()
        await settle(pilot)


async def test_the_words_of_a_first_build_are_searched_while_it_encodes() -> None:
    client, searchable, released = FakeIndexClient(FakeEngine(), IndexMissing("none")), Event(), Event()

    def work(progress: Progress) -> None:
        progress(Stage.SEARCHABLE, 0, 0)
        progress(Stage.ENCODE, 50, 100)
        searchable.set()
        assert released.wait(5)
        progress(Stage.ENCODE, 100, 100)

    client.work = work
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("s")
        await until(pilot, searchable.is_set)
        app = pilot.app
        assert isinstance(app, DepecheApp)
        app._watch()
        await until(pilot, lambda: app._index_manager.index is not None)
        await until(pilot, lambda: "66 articles" in lines(pilot)[0])
        await pilot.press("f9", "x")
        released.set()
        await settle(pilot)
        assert "Indexation arrêtée ; la recherche par mots est possible" in seen(pilot)


async def test_an_index_that_is_not_all_encoded_says_so() -> None:
    client = FakeIndexClient(FakeEngine())
    client.encoded = 123
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert "66 articles · sens : 123 passages sur 310 · index du" in lines(pilot)[0]
        await pilot.press("f9")
        await settle(pilot)
        assert re.search(r"sens +123 passages sur 310", seen(pilot))


async def test_a_failed_build_shows_its_error() -> None:
    client = FakeIndexClient(FakeEngine())

    def work(progress: Progress) -> None:
        raise UsageError("no [room]")

    client.work = work
    async with app_on(client).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("f9", "p", "home", "'", "enter")
        await pilot.pause()
        assert "Un guillemet n’est pas fermé." in seen(pilot)
        await pilot.press("home", "delete", "enter")
        await settle(pilot)
        assert "no [room]" in seen(pilot)


async def test_an_index_published_by_another_program_is_noticed() -> None:
    client = FakeIndexClient(FakeEngine())
    app = app_on(client)
    async with app.run_test(size=LARGE) as pilot:
        await settle(pilot)
        app._watch()
        await settle(pilot)
        assert "66 articles" in lines(pilot)[0]
        client.now = "newer"
        app._watch()
        await settle(pilot)
        assert "Un index plus récent est disponible : F10 pour l’utiliser" in lines(pilot)[0]
