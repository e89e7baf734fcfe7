"""The copies of a result, listed below it."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event

from textual.pilot import Pilot

from search.query.plain import plain_query
from search.retrieval.request import Request
from search.tui.i18n import FRENCH
from search.tui.widgets.result_row import ResultRow, RowRenderer
from search.types import Hit, Hits
from tests.tui.driving import SMALL, app_over, ask, lines, listed, seen, selected, settle, until
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine, hit_of

SAME = replace(ALLIES, id="same", source="Gazette", published="2023-09-12")
OTHER = replace(
    ALLIES, id="other", title="Des alliés", body="Une munition de plus à Moscou.", published="2023-09-13"
)


class CopiedEngine(FakeEngine):
    """Finds three articles; one of them has two copies."""

    def __init__(self) -> None:
        super().__init__(lambda _: self.articles)
        self.articles = [TRAIN, ALLIES, OBUS]
        self.before_copies: Callable[[], object] = lambda: None

    def search(self, request: Request) -> Hits:
        answer = super().search(request)
        copied = (replace(one, copies=(SAME, OTHER) if one.article is ALLIES else ()) for one in answer.hits)
        return replace(answer, hits=tuple(copied))

    def copies(self, request: Request, copied: Hit) -> tuple[Hit, ...]:
        self.before_copies()
        return tuple(hit_of(copy, request) for copy in copied.copies)


async def show_copies(pilot: Pilot[None]) -> None:
    """Show the copies of the second result."""
    await ask(pilot, "munitions")
    await pilot.press("tab", "down", "c")
    await until(pilot, lambda: "same" in listed(pilot))


async def test_copies_are_listed_under_their_result_and_hidden_again() -> None:
    async with app_over(CopiedEngine()).run_test(size=SMALL) as pilot:
        await show_copies(pilot)
        assert listed(pilot) == ["train", "allies", "same", "other", "obus"]
        assert selected(pilot) == "allies"
        assert lines(pilot)[8:16] == [
            " La Russie rassemble ses alliés                                     sept. 2023",
            "   Reuters · Monde   2 reprises",
            "   Moscou parle de munitions.",
            " = La Russie rassemble ses alliés                                12 sept. 2023",
            "     Gazette · Monde   même texte",
            " = Des alliés                                                    13 sept. 2023",
            "     Reuters · Monde   autre version",
            "     ≠ Une munition de plus à Moscou.",
        ]
        await pilot.press("down", "down", "c")
        assert listed(pilot) == ["train", "allies", "obus"]
        assert selected(pilot) == "allies"
        await pilot.press("up", "c")
        assert (listed(pilot), selected(pilot)) == (["train", "allies", "obus"], "train")


async def test_another_selection_stays_where_it_is_when_copies_are_hidden() -> None:
    async with app_over(CopiedEngine()).run_test(size=SMALL) as pilot:
        await show_copies(pilot)
        await pilot.press("c")
        assert (listed(pilot), selected(pilot)) == (["train", "allies", "obus"], "allies")
        await pilot.press("c")
        await until(pilot, lambda: "same" in listed(pilot))
        assert selected(pilot) == "allies"


async def test_a_copy_is_read_and_chosen_like_any_result() -> None:
    async with app_over(CopiedEngine()).run_test(size=SMALL) as pilot:
        await show_copies(pilot)
        await pilot.press("down", "down", "x")
        assert lines(pilot)[13].startswith(" = ✓ Des alliés")
        await pilot.press("up", "enter")
        await pilot.pause()
        assert "Une munition de plus à Moscou." in seen(pilot)
        await pilot.press("escape")
        assert selected(pilot) == "other"


async def test_another_question_hides_the_copies() -> None:
    async with app_over(CopiedEngine()).run_test(size=SMALL) as pilot:
        await show_copies(pilot)
        await pilot.press("f3")
        await settle(pilot)
        assert listed(pilot) == ["train", "allies", "obus"]


async def test_copies_that_come_after_another_question_are_not_listed() -> None:
    engine = CopiedEngine()
    started, allowed = Event(), Event()
    engine.before_copies = lambda: started.set() or allowed.wait(5)  # type: ignore[func-returns-value]
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("tab", "down", "c")
        await until(pilot, started.is_set)
        engine.articles = [TRAIN, OBUS]
        await ask(pilot, "autre")
        allowed.set()
        await settle(pilot)
        assert listed(pilot) == ["train", "obus"]


async def test_copies_below_the_last_line_come_into_view_with_their_result() -> None:
    engine = CopiedEngine()
    fillers = [replace(TRAIN, id=f"train {place}") for place in range(5)]
    engine.articles = [*fillers, ALLIES, OBUS]
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("tab", "down", "down", "down", "down", "down", "c")
        await until(pilot, lambda: "same" in listed(pilot))
        await pilot.pause()
        assert selected(pilot) == "allies"
        for seen_there in ("2 reprises", "même texte", "Une munition de plus à Moscou."):
            assert seen_there in seen(pilot)


def test_what_is_said_of_a_copy_is_whole_where_its_source_is_long() -> None:
    request = Request(plain_query("munitions"))
    long = replace(OTHER, source="Agence des dépêches du matin et du soir", section="Monde")
    doubtful = replace(hit_of(long, request), confidence=0.0)
    row = ResultRow(doubtful, hit_of(ALLIES, request))
    drawn = RowRenderer(FRENCH, 51, (), 1.0, ()).render(row).plain.splitlines()[1]
    assert drawn == "    Agence …   autre version   peut-être hors sujet"
