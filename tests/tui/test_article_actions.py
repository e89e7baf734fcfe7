import stat
import sys
import webbrowser
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from search.errors import UsageError
from search.retrieval.request import Request
from search.tui.screens.search import SearchScreen
from search.tui.services.external_apps import as_text, edit, web_address
from search.tui.widgets.result_list import ResultList
from search.types import (
    Article,
    ConfidenceBreakdown,
    Contribution,
    Explanation,
    Hit,
    Hits,
    Leg,
    MatchedWord,
    Mode,
    Sort,
)
from tests.tui.driving import LARGE, SMALL, app_over, ask, lines, listed, seen, settle, until
from tests.tui.fakes import ALLIES, OBUS, TRAIN, FakeEngine, hit_of

PARTS = (
    Contribution(Leg.KEYWORD, 2, 18.8456, 16.1, 0.225, 3.62),
    Contribution(Leg.PASSAGE, 0, 0.0, 0.0, 0.075, 0.0),
    Contribution(Leg.SEMANTIC, 1, 0.852, 4.5, 0.7, 3.15),
)


class ExplainingEngine(FakeEngine):
    def explain(self, request: Request, hit: Hit) -> Explanation:
        matched = (
            MatchedWord("munitions[red]", 1432, 6.0912, True),
            MatchedWord("Russie", 348, 3.718, False),
        )
        sentence = f"{hit.article.id} : {request.query.raw}, [bold]dit-il[/bold]."
        return Explanation(
            PARTS,
            matched,
            0.621,
            sentence,
            ConfidenceBreakdown(0.64, 0.71, 0.52, 0.29, 0.0, 2.6, -3.6, 3.4, 1.0, -0.6, 0.0, 1.0),
        )

    def similar(self, article_id: str, limit: int, sort: Sort = Sort.RELEVANCE) -> Hits:
        hits = tuple(hit_of(article, self.requests[-1]) for article in (OBUS, ALLIES))
        found = tuple(replace(hit, contributions=(replace(PARTS[2], rank=3),)) for hit in hits)
        return Hits(article_id, "", Mode.SEMANTIC, found, 2, "generation", 1.0)

    def article(self, article_id: str) -> Article:
        return TRAIN


async def test_the_explanation_shows_every_figure() -> None:
    async with app_over(ExplainingEngine()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f6")
        await until(pilot, lambda: "Répond" in seen(pilot))
        assert "poids" not in seen(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "poids" in seen(pilot))
        rows = [line.strip(" │").split() for line in lines(pilot)]
        assert ["M", "mots,", "article", "entier", "2", "18,846", "16,100", "0,225", "3,620"] in rows
        assert ["M", "mots,", "meilleur", "passage", "–", "0,000", "0,000", "0,075", "0,000"] in rows
        assert ["S", "sens", "1", "0,852", "4,500", "0,700", "3,150"] in rows
        assert ["score", "6,770"] in rows
        assert ["munitions[red]", "oui", "1", "432", "6,091"] in rows
        assert ["Russie", "non", "348", "3,718"] in rows
        assert "train : munitions, [bold]dit-il[/bold]." in seen(pilot)
        assert "Meilleure phrase" in seen(pilot)
        assert "confiance 0,64  log-cote : +3,4 pour les mots, présents à 71\u202f%" in seen(pilot)
        assert "une année" not in seen(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "poids" not in seen(pilot))
        await pilot.press("escape")
        assert pilot.app.screen is pilot.app.screen_stack[0]


@pytest.mark.parametrize("length", range(30, 40))
async def test_no_line_of_the_reasons_ends_within_quotation_marks(length: int) -> None:
    class Quoting(ExplainingEngine):
        def explain(self, request: Request, hit: Hit) -> Explanation:
            lacked = (MatchedWord("x" * length, 3, 4.0, False), MatchedWord("Russie", 3, 4.0, False))
            return replace(super().explain(request, hit), matched=lacked)

    async with app_over(Quoting()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f6")
        await until(pilot, lambda: "Meilleure phrase" in seen(pilot))
        shown = [line.strip(" │") for line in lines(pilot)]
        assert not [line for line in shown if line.endswith("«") or line.startswith(("»", ";"))]


async def test_figures_below_a_long_sentence_are_scrolled_to() -> None:
    class Lengthy(ExplainingEngine):
        def explain(self, request: Request, hit: Hit) -> Explanation:
            return replace(super().explain(request, hit), best_sentence="Longue phrase sans fin. " * 50)

    async with app_over(Lengthy()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f6")
        await until(pilot, lambda: "Meilleure phrase" in seen(pilot))
        await pilot.press("f")
        await until(pilot, lambda: "poids" in seen(pilot))


async def test_a_year_after_the_archive_is_explained() -> None:
    class Later(ExplainingEngine):
        def explain(self, request: Request, hit: Hit) -> Explanation:
            grounds = ConfidenceBreakdown(0.1, 0.7, 0.5, 0.3, 0.4, 2.6, -3.6, 3.4, 1.0, -0.6, -2.0, 1.0)
            return replace(super().explain(request, hit), confidence=grounds)

    async with app_over(Later()).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f6")
        await until(pilot, lambda: "Répond" in seen(pilot) or "hors sujet" in seen(pilot))
        await pilot.press("f")
        await until(pilot, lambda: "poids" in seen(pilot))
        assert "−2,0 pour une année après la fin" in " ".join(seen(pilot).split())


async def test_the_article_in_the_reader_is_explained() -> None:
    async with app_over(ExplainingEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("down", "enter", "w")
        await until(pilot, lambda: "obus : munitions" in seen(pilot))


async def test_similar_articles_are_listed() -> None:
    async with app_over(ExplainingEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("enter", "f7")
        await settle(pilot)
        await settle(pilot)
        assert pilot.app.screen is pilot.app.screen_stack[0]
        assert listed(pilot) == ["obus", "allies"]


async def test_similar_articles_that_come_late_do_not_replace_another_answer() -> None:
    released = Event()

    class SlowEngine(ExplainingEngine):
        def similar(self, article_id: str, limit: int, sort: Sort = Sort.RELEVANCE) -> Hits:
            released.wait()
            return super().similar(article_id, limit, sort)

    async with app_over(SlowEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f7")
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        screen.ask("Russie")
        await until(
            pilot, lambda: screen.current is not None and screen.current.request.query.raw == "Russie"
        )
        released.set()
        await settle(pilot)
        assert listed(pilot) == ["train", "obus", "allies"]


async def test_the_explanation_of_a_similar_article_shows_its_passage() -> None:
    async with app_over(ExplainingEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("f7")
        await settle(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: OBUS.body in seen(pilot))
        assert "Meilleur passage" in seen(pilot)
        assert "Meilleure phrase" not in seen(pilot)
        reason = "N° 3 des articles les plus proches par le sens de"
        assert reason in seen(pilot)


async def test_the_text_and_the_reference_are_copied() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("enter", "y")
        assert pilot.app.clipboard == as_text(TRAIN)
        await pilot.press("Y")
        reference = (
            "« Un train nord-coréen en Russie », AFP, Séoul, 11 septembre 2023. https://exemple.fr/train"
        )
        assert pilot.app.clipboard == reference


async def test_the_address_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    app = app_over(FakeEngine())
    monkeypatch.setattr(app, "open_url", opened.append)
    monkeypatch.setattr("webbrowser.get", lambda: None)
    async with app.run_test(size=SMALL) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("enter", "o")
        assert opened == ["https://exemple.fr/train"]


async def test_without_a_browser_the_address_is_shown_and_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_browser() -> None:
        raise webbrowser.Error

    monkeypatch.setattr("webbrowser.get", no_browser)
    async with app_over(FakeEngine()).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("enter", "o")
        await until(pilot, lambda: "Pas de navigateur ici" in seen(pilot))
        assert "https://exemple.fr/train" in seen(pilot)
        assert pilot.app.clipboard == "https://exemple.fr/train"


@pytest.mark.parametrize(
    ("editor", "told"), [("", "EDITOR=nano depeche"), ("no-such-editor", "no-such-editor")]
)
async def test_without_an_editor_the_terminal_goes_on(
    monkeypatch: pytest.MonkeyPatch, editor: str, told: str
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    for call in ("suspend_application_mode", "resume_application_mode"):
        monkeypatch.setattr(HeadlessDriver, call, lambda _, call=call: calls.append(call))
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", editor)
    async with app_over(FakeEngine()).run_test(size=LARGE, notifications=True) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("enter", "O")
        await until(pilot, lambda: told in seen(pilot))
        assert calls == ["suspend_application_mode", "resume_application_mode"]


PURPOSES = {
    "f6": "F6 explique pourquoi un article a été trouvé.",
    "f7": "F7 cherche les articles proches de celui qui est sélectionné.",
    "f8": "F8 écrit des résultats dans un fichier.",
    "o": "o ouvre un article dans le navigateur.",
    "O": "O ouvre un article dans l’éditeur.",
    "y": "y copie le texte d’un article.",
    "Y": "Y copie la référence d’un article.",
    "w": "F6 explique pourquoi un article a été trouvé.",
    "x": "x choisit des résultats, pour l’export.",
    "c": "c montre les reprises d’un article.",
}


MOVING = {
    *("quit", "read", "down", "up", "page_down", "page_up", "next_result", "previous_result"),
    *("first_result", "last_result", "remove_last_filter", "copy_selection", "rerank"),
}


def notices(pilot: Pilot[None]) -> str:
    """The notices on the screen, in one line, with plain spaces."""
    return " ".join(" ".join(notice.message for notice in pilot.app._notifications).split())


@pytest.mark.parametrize("key", PURPOSES)
async def test_a_key_that_needs_an_article_says_what_to_do_first(key: str) -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("tab", key)
        await settle(pilot)
        first = "Saisissez d’abord une recherche ; / mène à la zone de recherche."
        assert notices(pilot) == f"{PURPOSES[key]} {first}"


@pytest.mark.parametrize("key", ["f6", "f7", "f8", "o", "O", "y", "Y"])
async def test_where_nothing_was_found_another_search_comes_first(key: str) -> None:
    async with app_over(FakeEngine(lambda _: [])).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("tab", key)
        await settle(pilot)
        first = "Cette recherche n’a trouvé aucun article : modifiez-la d’abord."
        assert notices(pilot) == f"{PURPOSES[key]} {first}"


async def test_no_key_is_mute_where_there_is_no_article() -> None:
    """Every key that is offered tells something, or changes the screen."""
    app = app_over(FakeEngine())
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("tab")
        mute: list[str] = []
        offered = {
            active.binding.id: key for key, active in app.screen.active_bindings.items() if active.enabled
        }
        for action, key in offered.items():
            if action in MOVING or not action:
                continue
            app.clear_notifications()
            before = seen(pilot)
            await pilot.press(key)
            await settle(pilot)
            if seen(pilot) == before and not notices(pilot):
                mute.append(action)
            while len(app.screen_stack) > 1:
                app.pop_screen()
            app.screen.query_one(ResultList).focus()
            await settle(pilot)
        assert mute == []


async def test_an_article_without_copies_says_so() -> None:
    async with app_over(FakeEngine()).run_test(size=SMALL, notifications=True) as pilot:
        await ask(pilot, "munitions")
        await pilot.press("tab", "c")
        await settle(pilot)
        assert notices(pilot) == "Cet article n’a pas de reprises."


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://exemple.fr/é", "https://exemple.fr/é"),
        ("HTTP://exemple.fr", "HTTP://exemple.fr"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("http://[", ""),
        ("--help", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_opened(url: str, address: str) -> None:
    assert web_address(Article("a", "t", "b", url=url)) == address


def test_text_for_other_programs_has_no_control_characters() -> None:
    article = Article(
        "a", "Un\x1b[31m titre\n", "Corps\u202e.\n\nFin\x07.", "2023-09-11T08:30", "AFP", place="Paris"
    )
    assert as_text(article) == "Un[31m titre \n2023-09-11 08:30 · Paris · AFP · a\n\nCorps.\n\nFin.\n"


def test_the_editor_gets_a_private_copy(tmp_path: Path) -> None:
    script = tmp_path / "editor.py"
    script.write_text(
        "import os, shutil, sys\n"
        f"shutil.copy2(sys.argv[2], {str(tmp_path / 'seen.txt')!r})\n"
        f"open({str(tmp_path / 'args.txt')!r}, 'w').write(sys.argv[1] + ' ' + sys.argv[2])\n"
    )
    edit(ALLIES, {"VISUAL": f"{sys.executable} {script} -w", "EDITOR": "no-such-editor"})
    assert (tmp_path / "seen.txt").read_text(encoding="utf-8") == as_text(ALLIES)
    assert stat.S_IMODE((tmp_path / "seen.txt").stat().st_mode) == 0o600
    option, _, path = (tmp_path / "args.txt").read_text().partition(" ")
    assert option == "-w"
    assert not Path(path).exists()


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "No editor is set"),
        ({"EDITOR": "no-such-editor"}, "cannot be started"),
        ({"EDITOR": "'"}, "started"),
    ],
)
def test_a_missing_editor_is_an_error(environment: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        edit(ALLIES, environment)
