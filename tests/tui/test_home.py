from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from search.config import Settings
from search.query.plain import plain_query
from search.retrieval.overview import ArchiveCounts, Overview
from search.retrieval.request import Request
from search.retrieval.timeline import Timeline
from search.tui.app import DepecheApp
from search.tui.format.archive_summary import archive_summary
from search.tui.i18n import FRENCH
from search.tui.messages import ModelLoaded
from search.tui.screens.reader import ReaderScreen
from search.tui.screens.search import SearchScreen
from search.tui.widgets.article_pane import ArticlePane
from search.tui.widgets.home import Home
from search.tui.widgets.home_rows import QueryRow, source_rows, with_keys
from search.tui.widgets.home_section import HomeSection
from search.tui.widgets.suggestion_list import Suggestion
from search.tui.widgets.timeline import TimelineChart
from search.types import Mode
from search.user.history import History, HistoryEntry
from search.user.index_folder import index_folder
from search.user.saved_searches import SavedSearch, SavedSearches
from tests.tui.counting import box
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, settle, until
from tests.tui.fakes import ARCHIVE, FakeEngine, FakeIndexClient, manifest


def kept(place: Path) -> Path:
    """Where the interface keeps what belongs to its index, below the user's folder."""
    return index_folder(place, Settings())


def app_in(place: Path, engine: FakeEngine) -> DepecheApp:
    return DepecheApp(FakeIndexClient(engine), Settings(), place, FRENCH)


def home(pilot: Pilot[None]) -> Home:
    return pilot.app.screen.query_one(Home)


def shown(pilot: Pilot[None]) -> list[list[str]]:
    """The texts of each line of the home, as they stand beside each other; empty lines are left out."""
    parts = ([part.strip(" ▎▊▏") for part in line.split("    ")] for line in lines(pilot)[6:-1])
    return [texts for line in parts if (texts := [text for text in line if text])]


def remember(place: Path) -> None:
    """A saved search, with one of its articles seen, and two recent queries."""
    SavedSearches(kept(place)).save(SavedSearch("Kim", "Kim Jong Un", Mode.KEYWORD, seen=("allies",)))
    for query in ("grève", "obus [b]livrés\x1b"):
        History(kept(place)).add(HistoryEntry(query, Mode.KEYWORD, 3))


async def test_the_home_shows_the_archive_over_the_whole_width() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert not pilot.app.screen.query_one(ArticlePane).size
        assert shown(pilot)[0] == ["66 articles, sept. 2023 – 11 sept. 2023 · 2 sources · 1 sans date"]
        first_columns = [line[0] for line in shown(pilot)[-7:]]
        assert first_columns == [
            *("Pour commencer", "1  munitions", '2  "obus livrés" source:"AFP"'),
            *("La Russie rassemble ses alliés", "Sources principales", "AFP", "Reuters"),
        ]
        await ask(pilot, "obus")
        assert not home(pilot).display
        assert pilot.app.screen.query_one(ArticlePane).size


async def test_one_column_has_the_searches_before_the_sources_and_the_articles() -> None:
    async with app_over(FakeEngine()).run_test(size=(80, 40)) as pilot:
        await settle(pilot)
        headings = ("Pour commencer", "Sources principales", "Derniers articles")
        texts = [text for line in shown(pilot) for text in line]
        assert [text for text in texts if text in headings] == list(headings)
        assert texts[texts.index("Derniers articles") + 1] == "Un train nord-coréen en Russie"


@pytest.mark.parametrize(
    ("keys", "query"),
    [(["down", "enter"], "munitions"), (["tab", "2"], '"obus livrés" source:"AFP"'), (["down"] * 4, "")],
)
async def test_an_example_is_asked_by_its_digit_or_by_enter(keys: list[str], query: str) -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)
        assert box(pilot) == query
        assert bool(listed(pilot)) is bool(query)


async def test_enter_in_an_empty_box_asks_nothing_that_the_user_has_not_chosen() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert (box(pilot), engine.queries) == ("", [])


async def test_a_click_on_a_source_filters_by_it() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        row = next(number for number, line in enumerate(lines(pilot)) if line.strip().startswith("Reuters  "))
        await pilot.click(offset=(5, row))
        await settle(pilot)
        assert box(pilot) == 'source:"Reuters"'


async def test_the_newest_articles_are_read_and_left_again() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press(*["down"] * 5, "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReaderScreen)
        assert "Le train a quitté Pyongyang" in seen(pilot)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("up", "up", "enter")
        await settle(pilot)
        assert box(pilot) == 'source:"AFP"'


@pytest.mark.parametrize(("key", "advice"), [("f6", "pourquoi"), ("f8", "écrit des résultats")])
async def test_an_article_of_the_home_has_no_answer_to_explain_or_export(key: str, advice: str) -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        await pilot.press(*["down"] * 5, key)
        await settle(pilot)
        assert pilot.app.screen is pilot.app.screen_stack[0]
        assert any(advice in notice.message for notice in pilot.app._notifications)


async def test_articles_like_one_of_the_home_are_listed_until_escape() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await settle(pilot)
        similar = engine.search(Request(plain_query("train"), Mode.SEMANTIC))
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        screen.show_similar(replace(similar, query="train"))
        await settle(pilot)
        assert listed(pilot) == ["train", "obus", "allies"]
        assert "articles proches de « Un train nord-coréen en Russie »" in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Pour commencer" in seen(pilot))


async def test_a_column_of_the_histogram_puts_its_period_into_the_box() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        home(pilot).query_one(TimelineChart).focus()
        await pilot.pause()
        await pilot.press("home", "enter")
        await settle(pilot)
        assert box(pilot).startswith("date:2023-09")


async def test_saved_searches_come_before_recent_ones_and_examples(tmp_path: Path) -> None:
    remember(tmp_path)
    engine = FakeEngine()
    async with app_in(tmp_path, engine).run_test(size=(80, 60)) as pilot:
        await settle(pilot)
        texts = [text for line in shown(pilot) for text in line]
        start = texts.index("Recherches enregistrées")
        assert texts[start : start + 7] == [
            *("Recherches enregistrées", "1  Kim"),
            *("Recherches récentes", "2  obus [b]livrés  3 articles", "3  grève  3 articles"),
            *("Pour commencer", "4  munitions"),
        ]
        await pilot.press("down", "enter")
        await settle(pilot)
        assert engine.queries == [("obus [b]livrés\x1b", Mode.KEYWORD)]
        assert listed(pilot) == ["allies", "train"]
        await pilot.press("escape")
        await until(pilot, lambda: "1  Kim" in seen(pilot))
        await pilot.press("o")
        await until(pilot, lambda: listed(pilot) == ["allies", "train"])


async def test_new_articles_of_saved_searches_are_counted_until_they_are_seen(tmp_path: Path) -> None:
    remember(tmp_path)
    async with app_in(tmp_path, FakeEngine()).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert "nouveau" not in seen(pilot)  # the model is not loaded yet
        pilot.app.screen.post_message(ModelLoaded(None))
        await until(pilot, lambda: "1  Kim  1 nouveau" in seen(pilot))
        await pilot.press("enter")
        await settle(pilot)
        assert box(pilot) == "Kim Jong Un"
        await until(pilot, lambda: "nouveau" in seen(pilot))
        news = [line.split("   ")[1:3] for line in lines(pilot) if "nouveau" in line]
        assert news == [["AFP · Monde", "nouveau"]]  # train, not allies, which was seen
        await pilot.press("escape")
        await until(pilot, lambda: "1  Kim" in seen(pilot))
        await settle(pilot)
        assert "nouveau" not in seen(pilot)
    assert SavedSearches(kept(tmp_path)).all()[0].seen == ("allies", "train")


@pytest.mark.parametrize("keys", [["escape"], ["backspace"] * 4])
async def test_the_home_comes_back_at_once_when_the_box_is_emptied(keys: list[str]) -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "obus")
        assert "Pour commencer" not in seen(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: "Pour commencer" in seen(pilot))
        assert engine.overviews == 1


async def test_a_newer_index_has_an_overview_of_its_own() -> None:
    engine, newer = FakeEngine(), FakeEngine()
    newer.archive = replace(ARCHIVE, examples=("grève",))
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert "1  munitions" in seen(pilot)
        home(pilot).use(newer, manifest("newer"))
        home(pilot).show()
        await settle(pilot)
        assert "1  grève" in seen(pilot)
        assert "1  munitions" not in seen(pilot)


async def test_what_of_the_archive_is_missing_is_said_and_looked_for_again() -> None:
    engine = FakeEngine()
    engine.archive = replace(ARCHIVE, missing=("Shard 2 does not answer.",))
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert "Shard 2 does not answer." in seen(pilot)
        engine.archive = ARCHIVE
        await ask(pilot, "obus")
        await ask(pilot, "")
        assert "Shard 2" not in seen(pilot)
        assert engine.overviews == 2


async def test_an_archive_without_dates_has_no_histogram() -> None:
    engine = FakeEngine()
    counts = ArchiveCounts(Timeline((("", 3),)), (("AFP", 3),))
    engine.archive = Overview(counts, ARCHIVE.newest[2:], ())
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert shown(pilot)[0] == ["66 articles · 1 source · 3 sans date"]
        assert home(pilot).query_one(TimelineChart).size.height == 1
        assert "Derniers articles" not in seen(pilot)
        assert "Articles" in shown(pilot)[1]


@pytest.mark.parametrize("size", [SMALL, LARGE, (160, 45), (200, 50)])
async def test_no_row_is_wider_than_its_column(size: tuple[int, int]) -> None:
    engine = FakeEngine()
    wide = "Un titre et une source qui n’ont pas de fin " * 9
    article = replace(ARCHIVE.newest[0].article, title=wide, source=wide)
    hit = replace(ARCHIVE.newest[0], article=article)
    engine.archive = Overview(
        ArchiveCounts(ARCHIVE.counts.timeline, ((wide, 20_000),)), (hit,), (f'"{wide.strip()}"',)
    )
    async with app_over(engine).run_test(size=size) as pilot:
        await settle(pilot)
        starts = [text for line in shown(pilot) for text in line if "Un titre" in text]
        assert all("…" in text for text in starts)
        assert home(pilot).max_scroll_x == 0
        sections = pilot.app.screen.query(HomeSection)
        heights = [section.size.height for section in sections if section.display]
        assert heights == [2, 2, 3]  # a heading, and one row; that of an article has two lines


def test_the_summary_says_how_much_can_be_found_by_meaning() -> None:
    partial = replace(manifest(encoded=124), articles=1)
    assert archive_summary(FRENCH, partial, None) == "1 article · sens\u00a0: 40\u00a0%"


@pytest.mark.parametrize(
    ("dates", "period"),
    [
        (("2020-02-29", "2021-03-01"), ", du 29 févr. 2020 au 1er mars 2021"),
        (("2020-02-29",), ", 29 févr. 2020"),
        (("2001", "2020"), ", 2001–2020"),
        (("2001", "2020-02-29"), ", 2001 – 29 févr. 2020"),
        (("", "2020-02"), ", févr. 2020"),
        (("",), ""),
    ],
)
def test_the_summary_names_the_period_as_precisely_as_it_is_known(
    dates: tuple[str, ...], period: str
) -> None:
    counts = ArchiveCounts(Timeline(tuple((day, 1) for day in dates)), ())
    summary = archive_summary(FRENCH, manifest(), counts)
    assert summary.removesuffix(" · 1 sans date") == f"66 articles{period}"


def test_a_note_gives_way_to_its_query_but_news_stay() -> None:
    row = QueryRow(Suggestion("q", "q"), "munitions Russie", "3 nouveaux", "12 articles", "4")
    assert row.render(60).plain == "4  munitions Russie  12 articles  3 nouveaux"
    assert row.render(31).plain == "4  munitions Russie  3 nouveaux"
    assert row.render(25).plain == "4  munitions…  3 nouveaux"


def test_digits_count_through_the_sections() -> None:
    rows = [
        [QueryRow(Suggestion(text, text), text) for text in section] for section in ("abcd", "", "efghij")
    ]
    keys = [[row.key for row in section] for section in with_keys(*rows)]
    assert keys == [["1", "2", "3", "4"], [], ["5", "6", "7", "8", "9", ""]]


def test_bars_are_to_the_scale_of_the_main_source() -> None:
    counts = ArchiveCounts(Timeline(), (("Nord", 40), ("…", 30), ("Sud", 10), ("Est", 1)))
    rows = source_rows(FRENCH, Overview(counts, (), ()), 2)
    assert [(row.label, row.count, row.share) for row in rows] == [("Nord", "40", 1.0), ("Sud", "10", 0.25)]
    assert [row.choice for row in rows] == [
        Suggestion('source:"Nord"', "Nord"),
        Suggestion('source:"Sud"', "Sud"),
    ]
    assert [row.render(60).plain.count("▇") for row in rows] == [18, 4]
    assert {len(row.render(60).plain) for row in rows} == {60}
