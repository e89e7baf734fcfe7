from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.cells import cell_len
from textual.content import Content

from search.retrieval.request import Request
from search.tui.format.palette import DOUBTFUL
from search.tui.screens.search import SearchScreen
from search.tui.services.search_session import PAGE_SIZE
from search.tui.widgets.result_list import ResultList
from search.types import Article, Contribution, Hits, Leg, Mode
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, selected, settle
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine


class ScoredEngine(FakeEngine):
    """Gives every article the same contributions of the legs of the mode."""

    def search(self, request: Request) -> Hits:
        points = {Leg.KEYWORD: 1.0, Leg.PASSAGE: 0.5, Leg.SEMANTIC: 3.0}
        if request.mode is Mode.KEYWORD:
            del points[Leg.SEMANTIC]
        parts = tuple(Contribution(leg, 1, 0.0, 0.0, 1.0, value) for leg, value in points.items())
        score = sum(points.values())
        answer = super().search(request)
        hits = tuple(replace(hit, contributions=parts, score=score) for hit in answer.hits)
        return replace(answer, hits=hits)


class LongEngine(FakeEngine):
    """Finds numbered articles by page; the last article of a page is also the first of the next."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._numbers = [max(0, number - (number % PAGE_SIZE == 0)) for number in range(total)]

    def search(self, request: Request) -> Hits:
        page = self._numbers[request.offset : request.offset + request.limit]
        self._find = lambda _: [replace(ALLIES, id=f"n{number}", title=f"N {number}") for number in page]
        return replace(super().search(request), total=len(self._numbers))

    @property
    def pages(self) -> Sequence[tuple[int, int]]:
        """Offset and limit of each request."""
        return [(request.offset, request.limit) for request in self.requests]


async def test_a_row_has_title_date_source_score_bars_and_snippet() -> None:
    async with app_over(ScoredEngine(lambda _: [TRAIN, ALLIES])).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        assert lines(pilot)[5:11] == [
            " Un train nord-coréen en Russie                                  11 sept. 2023",
            "   AFP · Monde   +3 passages                                     M━╸    S━━━╸",
            "   La Russie cherche des Munitions pour ses réserves.",
            " La Russie rassemble ses alliés                                     sept. 2023",
            "   Reuters · Monde                                               M━╸    S━━━╸",
            "   Moscou parle de munitions.",
        ]
        await pilot.press("f2")
        await settle(pilot)
        assert lines(pilot)[6] == "   AFP · Monde   +3 passages                                     M━━━━━ S"


async def test_a_row_names_the_authors_where_there_is_room() -> None:
    author = "Jeanne Modèle; Paul Exemple"
    signed = [replace(TRAIN, author=author), replace(OBUS, author=author, source="Une longue source" * 3)]
    async with app_over(ScoredEngine(lambda _: signed)).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        assert (
            lines(pilot)[6] == "   AFP · Monde · Jeanne Modèle, Paul Exemple                     M━╸    S━━━╸"
        )
        assert lines(pilot)[9] == f"   {'Une longue source' * 3:59}   M━╸    S━━━╸"


async def test_rows_are_truncated_to_the_width() -> None:
    long = replace(
        TRAIN, title="Un titre " + "long " * 10 + "fini", source="Une très très longue source d'articles"
    )
    async with app_over(ScoredEngine(lambda _: [OBUS, long])).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("down")
        assert lines(pilot)[8].endswith("long long fi…  11 sept. 2023")
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        rows = [line.partition("▏")[0].rstrip() for line in lines(pilot)[8:10]]
        assert rows == [
            " Un titre long long long long long l…  11 sept. 2023",
            "   Une très très longue source d'ar…   M━╸    S━━━╸",
        ]
        assert selected(pilot) == TRAIN.id


async def test_wide_characters_keep_the_columns() -> None:
    wide = replace(TRAIN, title="東京" * 30 + "e\u0301" * 5, source="\u202e\u200bAFP[b]")
    async with app_over(FakeEngine(lambda _: [wide])).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        assert lines(pilot)[5].endswith(("京…  11 sept. 2023", "京 …  11 sept. 2023"))
        assert lines(pilot)[6] == "   AFP[b] · Monde"


async def test_results_are_chosen_and_the_choice_is_undone() -> None:
    async with app_over(FakeEngine(lambda _: [TRAIN, OBUS, ALLIES])).run_test(size=SMALL) as pilot:

        def chosen() -> list[str]:
            screen = pilot.app.screen
            assert isinstance(screen, SearchScreen)
            return [result.article.id for result in screen.panes.chosen]

        assert chosen() == []
        await ask(pilot, "munitions")
        assert chosen() == []
        await pilot.press("tab", "x", "down", "space")
        assert chosen() == ["train", "allies"]
        assert (selected(pilot), "· 2 choisis ·" in seen(pilot)) == ("allies", True)
        signs = [line[:3] for line in lines(pilot)[5:14:3]]
        assert signs == [" ✓ ", " De", " ✓ "]
        await pilot.press("f3")
        await settle(pilot)
        assert chosen() == ["train", "allies"]
        await pilot.press("x")
        assert chosen() == ["allies"]
        await ask(pilot, "autre")
        assert chosen() == []
        assert "choisis" not in seen(pilot)


async def test_more_results_come_as_the_selection_nears_the_end() -> None:
    engine = LongEngine(2 * PAGE_SIZE + 5)
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "date:2023")
        assert (engine.pages, len(listed(pilot))) == ([(0, PAGE_SIZE)], PAGE_SIZE)
        await pilot.press("tab", *["down"] * (PAGE_SIZE - 11))
        await settle(pilot)
        assert engine.pages == [(0, PAGE_SIZE)]
        await pilot.press("down")
        await settle(pilot)
        assert engine.pages == [(0, PAGE_SIZE), (PAGE_SIZE, PAGE_SIZE)]
        # The article that came again is listed once.
        assert listed(pilot) == [f"n{number}" for number in range(2 * PAGE_SIZE) if number != PAGE_SIZE]
        assert selected(pilot) == f"n{PAGE_SIZE - 10}"
        await pilot.press("end")
        await settle(pilot)
        await pilot.press("end")
        await settle(pilot)
        assert (selected(pilot), engine.pages[2:]) == (f"n{2 * PAGE_SIZE + 4}", [(2 * PAGE_SIZE, PAGE_SIZE)])


async def test_letters_command_the_list() -> None:
    async with app_over(FakeEngine(lambda _: [TRAIN, OBUS, ALLIES])).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("tab")
        reached = []
        for key in ("j", "G", "k", "g"):
            await pilot.press(key)
            reached.append(selected(pilot))
        assert reached == ["obus", "allies", "obus", "train"]
        await pilot.press("m", "s")
        await settle(pilot)
        assert "F2 mots · F3 plus récents d’abord" in lines(pilot)[2]


HOSTILE = [
    "x" * 100_000,
    "mot " * 25_000,
    "\u200b" * 50_000 + "visible",
    "e" + "\u0301" * 1_000,
    "\u202e\u2066[red]\x1b[2J\x9b31m[link=http://x]",
    "\ud800 \t\r\n\v 👩‍👩‍👧‍👦",
    "東京" * 500,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_articles_stay_in_their_rows(text: str) -> None:
    hostile = Article("1", text, f"Un obus. {text}", text, text, text)
    async with app_over(ScoredEngine(lambda _: [hostile, TRAIN])).run_test(size=SMALL) as pilot:
        await ask(pilot, "obus")
        await pilot.press("f4")
        await settle(pilot)
        assert max(map(cell_len, lines(pilot))) <= SMALL[0]
        assert not set("\x1b\x9b\u202e\u200b") & set(seen(pilot))
        assert "Un train" in seen(pilot)


async def test_hostile_dates_do_no_harm() -> None:
    article = Article("1", "Titre", "Un obus.", "2023-\x1b[2J", "AFP")
    async with app_over(FakeEngine(lambda _: [article])).run_test(size=SMALL) as pilot:
        await ask(pilot, "obus")
        assert lines(pilot)[5].endswith(" 2023-[2J")


_HEADS = ("Un train", "Des obus", "La Russie r")


class DoubtfulEngine(FakeEngine):
    """Finds two articles with these confidences, and a third article below the results."""

    def __init__(self, *confidences: float) -> None:
        super().__init__(lambda _: [TRAIN, OBUS, ALLIES])
        self._confidences = confidences

    def search(self, request: Request) -> Hits:
        answer = super().search(request)
        pairs = zip(answer.hits, (*self._confidences, 0.0), strict=True)
        hits = tuple(replace(hit, confidence=confidence) for hit, confidence in pairs)
        best = max(self._confidences)
        return replace(answer, hits=hits[:2], below=hits[2:], total=2, confidence=best)


async def test_each_hit_that_is_less_likely_to_answer_is_dimmed_and_says_so() -> None:
    async with app_over(DoubtfulEngine(0.9, 0.1)).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        rows = lines(pilot)
        heads = [next(place for place, row in enumerate(rows) if head in row) for head in _HEADS]
        assert ["peut-être hors sujet" in rows[place + 1] for place in heads] == [False, True, True]
        assert "rien de pertinent" not in seen(pilot)
        results = pilot.app.screen.query_one(ResultList)
        dimmed = [
            any(span.style == DOUBTFUL and span.end == len(prompt) for span in prompt.spans)
            for option in results.options
            if isinstance(prompt := option.prompt, Content)
        ]
        assert dimmed == [False, True, True]
        await pilot.press("down")
        assert selected(pilot) == "obus"


class DoubtfulScores(DoubtfulEngine, ScoredEngine):
    """Gives doubtful articles contributions of the legs."""


async def test_a_narrow_row_names_its_source_rather_than_show_its_bars() -> None:
    async with app_over(DoubtfulScores(0.9, 0.1)).run_test(size=(100, 30)) as pilot:
        await ask(pilot, "munitions")
        rows = [line.partition("▏")[0].rstrip() for line in lines(pilot)]
        assert "   AFP · Monde                M━╸    S━━━╸" in rows
        assert "   AFP   peut-être hors sujet" in rows
        assert "   Reuters · Monde   peut-être hors sujet" in rows
        assert not [row for row in rows if row.strip().startswith("…")]


async def test_an_answer_without_relevant_results_is_marked() -> None:
    async with app_over(DoubtfulEngine(0.2, 0.1)).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        assert "rien de pertinent" in seen(pilot)
        assert seen(pilot).count("peut-être hors sujet") == 3
        assert listed(pilot) == ["train", "obus", "allies"]


async def test_a_hit_is_marked_for_itself_whatever_comes_after_it() -> None:
    async with app_over(DoubtfulEngine(0.1, 0.9)).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        rows = lines(pilot)
        heads = [next(place for place, row in enumerate(rows) if head in row) for head in _HEADS]
        assert ["peut-être hors sujet" in rows[place + 1] for place in heads] == [True, False, True]
        assert "rien de pertinent" not in seen(pilot)


async def test_the_nearest_sentence_is_quoted_where_no_word_matches() -> None:
    far = replace(
        OBUS, id="far", title="Loin", body="Un train passe.\n\nIl roule. Moscou attend dans la nuit."
    )

    def pinned(request: Request) -> list[Article]:
        return [ALLIES] if request.mode is Mode.KEYWORD else [ALLIES, far]

    async with app_over(FakeEngine(pinned)).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        assert listed(pilot) == ["allies", "far"]
        assert "≈ Un train passe." in seen(pilot)
        assert "Moscou parle de munitions." in seen(pilot)
        await pilot.press("down")
        assert selected(pilot) == "far"
