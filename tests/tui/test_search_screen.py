from dataclasses import replace
from threading import Event

import pytest
from textual.message import Message
from textual.widgets import Input

from search.errors import EncoderUnavailable
from search.retrieval.request import Request
from search.tui.i18n import FRENCH
from search.tui.messages import Answered, Failed
from search.tui.screens import search as search_screen
from search.tui.services.search_session import Question
from search.tui.widgets.panes import Panes
from search.types import Article, Mode, Sort
from tests.tui.driving import (
    LARGE,
    SMALL,
    answered,
    app_on,
    app_over,
    ask,
    lines,
    listed,
    seen,
    selected,
    settle,
    until,
    write,
)
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine, FakeIndexClient, by_mode
from tests.tui.test_result_list import DoubtfulEngine, ScoredEngine


async def test_meaning_replaces_words_and_keeps_the_selected_article() -> None:
    released = Event()

    def find(request: Request) -> list[Article]:
        assert request.mode is Mode.KEYWORD or released.wait(5)
        return by_mode(request)

    async with app_over(FakeEngine(find)).run_test(size=SMALL) as pilot:
        await write(pilot, "munitions")
        await until(pilot, lambda: listed(pilot) == ["allies", "train"])
        await pilot.press("down")
        assert "mots… (chargement du modèle)" in seen(pilot)
        assert selected(pilot) == "train"
        released.set()
        await settle(pilot)
        assert (listed(pilot), selected(pilot)) == (["train", "obus", "allies"], "train")
        assert "mots…" not in seen(pilot)
        released.clear()
        await write(pilot, "munition")
        await until(pilot, lambda: listed(pilot) == ["allies", "train"])
        assert "mots… (sens en cours)" in seen(pilot)
        released.set()
        await settle(pilot)
        # Nothing was selected: the best article is.
        assert selected(pilot) == "train"


async def test_the_encoder_prepares_after_the_first_answer_by_meaning() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert not engine.warmed
        await ask(pilot, "munitions")
        await until(pilot, lambda: engine.warmed)


async def test_the_selected_article_stays_on_its_line() -> None:
    released = Event()
    many = [replace(ALLIES, id=str(number), title=f"Titre {number}") for number in range(20)]

    def find(request: Request) -> list[Article]:
        assert request.mode is Mode.KEYWORD or released.wait(5)
        return many if request.mode is Mode.KEYWORD else [*reversed(many)]

    def line() -> int:
        return next(place for place, text in enumerate(lines(pilot)) if text.startswith(" Titre 9 "))

    async with app_over(FakeEngine(find)).run_test(size=SMALL) as pilot:
        await write(pilot, "munitions")
        await until(pilot, lambda: len(listed(pilot)) == 20)
        await pilot.press(*["down"] * 12, *["up"] * 3)
        before = line()
        assert before not in (5, 6)
        released.set()
        await settle(pilot)
        assert (listed(pilot)[0], selected(pilot), line()) == ("19", "9", before)


async def test_another_query_begins_at_its_first_result() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("down")
        await pilot.press("f2")
        await settle(pilot)
        assert (listed(pilot), selected(pilot)) == (["allies", "train"], "allies")


async def test_a_stale_answer_is_dropped() -> None:
    released, messages = Event(), list[Message]()

    def find(request: Request) -> list[Article]:
        if request.query.raw == "premier":
            assert released.wait(5)
            return [OBUS]
        return [TRAIN]

    def stale() -> list[Message]:
        return [one for one in messages if isinstance(one, Answered) and one.question.text == "premier"]

    async with app_over(FakeEngine(find)).run_test(size=SMALL, message_hook=messages.append) as pilot:
        await write(pilot, "premier")
        await write(pilot, "second")
        await until(pilot, lambda: listed(pilot) == ["train"])
        released.set()
        await until(pilot, lambda: bool(stale()))
        await settle(pilot)
        assert listed(pilot) == ["train"]
        assert answered(pilot) == "second"


async def test_a_stale_failure_is_dropped() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        before = seen(pilot)
        question = Question(0, "", Mode.HYBRID, Sort.RELEVANCE)
        pilot.app.screen.post_message(Failed(question, EncoderUnavailable("trop tard")))
        await pilot.pause()
        assert seen(pilot) == before


async def test_a_mistake_is_shown_below_its_place_and_the_results_stay() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await ask(pilot, "œuvre 東京 ET")
        box, caret, message = lines(pilot)[2:5]
        # 東 and 京 are two cells wide each: the caret stands two cells further than the characters say.
        assert caret.index("^") == box.index("ET") + 2
        assert "ET n’a rien après. → écrivez un mot après" in message
        assert listed(pilot) == ["train", "obus", "allies"]
        await ask(pilot, "munitions")
        assert "^" not in "".join(lines(pilot)[:5])


async def test_the_caret_follows_a_query_longer_than_the_box() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        pilot.app.screen.query_one(Input).value = "munitions " * 10 + "E"
        await pilot.press("T")
        await until(pilot, lambda: "^" in lines(pilot)[3])
        box, caret = lines(pilot)[2:4]
        assert caret.index("^") == box.index(" ET") + 1


async def test_keys_change_mode_and_sort() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "obus")
        assert "F2 hybride · F3 pertinence" in lines(pilot)[2]
        engine.requests.clear()
        for key, badge in (
            ("f2", "F2 mots · F3 pertinence"),
            ("f2", "F2 sens · F3 pertinence"),
            ("f3", "F2 sens · F3 plus récents d’abord"),
            ("f3", "F2 sens · F3 plus anciens d’abord"),
        ):
            await pilot.press(key)
            await settle(pilot)
            assert badge in lines(pilot)[2]
        assert [(request.mode, request.sort) for request in engine.requests] == [
            (Mode.KEYWORD, Sort.RELEVANCE),
            (Mode.SEMANTIC, Sort.RELEVANCE),
            (Mode.SEMANTIC, Sort.DATE),
            (Mode.SEMANTIC, Sort.OLDEST),
        ]


async def test_a_missing_model_is_reported_and_the_results_stay() -> None:
    def find(request: Request) -> list[Article]:
        if request.mode is Mode.SEMANTIC:
            raise EncoderUnavailable("No model; run: depeche build PATH")
        return [TRAIN]

    async with app_over(FakeEngine(find)).run_test(size=SMALL) as pilot:
        await ask(pilot, "obus")
        await pilot.press("f2", "f2")
        await settle(pilot)
        assert lines(pilot)[3].strip("│ ") == "No model; run: depeche build PATH"
        assert listed(pilot) == ["train"]


async def test_the_header_shows_the_state_of_the_model(
    monkeypatch: pytest.MonkeyPatch, gc_tunings: list[str]
) -> None:
    monkeypatch.setattr(search_screen, "LOAD_AFTER", 0.01)
    fails = Event()

    def find(request: Request) -> list[Article]:
        if request.mode is Mode.KEYWORD:
            return [TRAIN]
        assert fails.wait(5)
        raise EncoderUnavailable("No weights; run: depeche build PATH")

    async with app_over(FakeEngine(find)).run_test(size=LARGE, notifications=True) as pilot:
        await until(pilot, lambda: "Dépêche  chargement du modèle de sens…" in lines(pilot)[0])
        await pilot.press("f2")
        await write(pilot, "obus")
        await until(pilot, lambda: listed(pilot) == ["train"])
        fails.set()
        await until(pilot, lambda: f"Dépêche  {FRENCH.model_missing}  " in lines(pilot)[0])
        assert listed(pilot) == ["train"]
        assert gc_tunings == ["tuned"]
        await until(pilot, lambda: seen(pilot).count(FRENCH.model_missing) == 2)  # the notice too
        assert "No weights; run: depeche build" in seen(pilot)


async def test_the_header_says_no_more_of_a_model_that_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_screen, "LOAD_AFTER", 0.01)
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await until(
            pilot, lambda: lines(pilot)[0].split() == "Dépêche 66 articles · index du 22 nov. 2026".split()
        )


async def test_tab_goes_from_the_box_to_results_and_article_then_to_the_filters() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions date:2023")
        order = [type(pilot.app.focused).__name__]
        for _ in range(4):
            await pilot.press("tab")
            order.append(type(pilot.app.focused).__name__)
        assert order == ["SearchBox", "ResultList", "ArticlePane", "ChipRow", "SearchBox"]


async def test_the_answer_says_what_it_lacks() -> None:
    engine = FakeEngine(degraded=("Answered by keywords only: no model",))
    async with app_over(engine).run_test(size=SMALL) as pilot:
        await ask(pilot, "obus")
        assert lines(pilot)[4].strip() == "Answered by keywords only: no model"


async def test_an_empty_answer_says_so_and_hides_the_article() -> None:
    engine = FakeEngine(lambda request: [TRAIN] if request.query.raw == "train" else [])
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "train")
        assert "https://exemple.fr/train" in seen(pilot)
        await ask(pilot, "rien")
        assert "Aucun article trouvé." in seen(pilot)
        assert "0 article ·" in seen(pilot)
        assert "https://exemple.fr/train" not in seen(pilot)
        await pilot.press("down", "enter")
        assert (selected(pilot), len(pilot.app.screen_stack)) == (None, 1)


async def test_arrows_and_pages_move_the_selection_from_the_box() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "obus")
        assert selected(pilot) == "train"
        moves = []
        for key in ("down", "down", "up", "pagedown", "pageup"):
            await pilot.press(key)
            moves.append(selected(pilot))
        assert moves == ["obus", "allies", "obus", "allies", "train"]
        await pilot.press("slash", "x")
        await settle(pilot)
        assert "obus/x" in lines(pilot)[2]


async def test_escape_steps_back_to_the_box_and_empties_it() -> None:
    engine = FakeEngine()
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "obus")
        assert "https://exemple.fr/train" in seen(pilot)
        await pilot.press("enter")
        focused = [type(pilot.app.focused).__name__]
        for _ in range(2):
            await pilot.press("escape")
            focused.append(type(pilot.app.focused).__name__)
        assert focused == ["ArticlePane", "ResultList", "SearchBox"]
        await pilot.press("escape", "enter")
        await settle(pilot)
        assert (listed(pilot), selected(pilot)) == ([], None)
        assert FRENCH.hint.format("F1").replace("\xa0", " ") in lines(pilot)[4]
        assert "https://exemple.fr/train" not in seen(pilot)
        assert len(engine.requests) == 2


async def test_slash_goes_to_the_box() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "obus")
        await pilot.press("tab")
        assert type(pilot.app.focused).__name__ == "ResultList"
        assert "/ chercher" in lines(pilot)[-1]
        await pilot.press("slash")
        assert type(pilot.app.focused).__name__ == "SearchBox"
        assert "/ chercher" not in lines(pilot)[-1]
        assert " obus " in lines(pilot)[2]


async def test_articles_cannot_command_the_terminal() -> None:
    hostile = Article(
        "1", "[red]titre[/] \x1b[31m", "[bold]un obus[/] \x1b]0;x\x07 \x9b2J", "", "\x1b[2J[b]AFP"
    )
    async with app_over(FakeEngine(lambda request: [hostile])).run_test(size=LARGE) as pilot:
        await ask(pilot, "obus")
        shown = seen(pilot)
        assert "[red]titre[/] [31m" in shown
        assert "[2J[b]AFP" in shown
        assert "[bold]un obus[/] ]0;x 2J" in shown
        assert not set("\x1b\x07\x9b") & set(shown)


async def test_matches_are_marked_in_rows() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions train")
        strips = pilot.app.screen._compositor.render_strips()
        styled = [segment for strip in strips[5:14] for segment in strip if segment.style]
        underlined = [segment.text for segment in styled if segment.style and segment.style.underline]
        assert underlined == ["train", "train", "munition", "munitions"]


async def test_the_query_stands_once_and_its_reading_only_where_it_differs() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "Munitions  ET « obus »")
        assert (lines(pilot)[4], seen(pilot).count("Munitions  ET")) == ("", 1)
        await ask(pilot, "munitions -obus")
        assert lines(pilot)[4].strip() == "munitions · SAUF obus"


async def test_nothing_moves_when_notes_filters_and_errors_come_and_go() -> None:
    engine = FakeEngine()

    def top() -> int:
        return pilot.app.screen.query_one(Panes).region.y

    async with app_over(engine).run_test(size=SMALL) as pilot:
        await settle(pilot)
        tops = {top()}
        for query in ("munitions", "munitions -obus", "munitions source:AFP date:2023", "munitions ET (obus"):
            await ask(pilot, query)
            tops.add(top())
        assert "Cette parenthèse" in seen(pilot)
        engine.correction = "munitions"
        await ask(pilot, "munitoins")
        tops.add(top())
        assert "Vouliez-vous dire : munitions" in lines(pilot)[4]
        assert tops == {5}


async def test_the_border_says_where_the_selection_is_and_explains_the_bars() -> None:
    async with app_over(ScoredEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        assert lines(pilot)[3] == f"╰─ M mots · S sens {'─' * 37} 1/3 articles · 12 ms ─╯"
        await pilot.press("down", "down")
        await pilot.pause()
        assert " 3/3 articles · 12 ms ─╯" in lines(pilot)[3]
        await ask(pilot, "munitions ET")
        assert "articles" not in seen(pilot).partition("▕")[0].splitlines()[3]
        await ask(pilot, "")
        assert not any("12 ms" in line or "M mots" in line for line in lines(pilot))


async def test_the_place_of_an_article_below_the_results_is_none_of_theirs() -> None:
    async with app_over(DoubtfulEngine(0.9, 0.2)).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("down", "down")
        await pilot.pause()
        assert " 2 articles · 12 ms ─╯" in lines(pilot)[3]


@pytest.mark.parametrize("columns", [80, 90, 100])
async def test_the_header_cuts_no_fact(columns: int) -> None:
    client = FakeIndexClient(FakeEngine())
    client.encoded = 123
    async with app_on(client).run_test(size=(columns, 24)) as pilot:
        await settle(pilot)
        state, facts = lines(pilot)[0].split("…", 1)
        assert state == " Dépêche  chargement du modèle de sens"
        whole = ("66 articles", "sens : 123 passages sur 310", "index du 22 nov. 2026")
        assert facts.strip() in (" · ".join(whole[:count]) for count in (1, 2, 3))
