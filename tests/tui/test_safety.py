"""Articles are data: whatever they contain, the screen keeps its width and shows only text."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.pilot import Pilot

from search.build_types import Manifest
from search.config import Settings
from search.errors import IndexCorrupt, Translatable
from search.retrieval.request import Request
from search.tui.app import DepecheApp
from search.tui.i18n import ENGLISH
from search.tui.services import sentence_score_worker
from search.tui.services.notices import Notice
from search.types import Article, Explanation, Facet, Hit, MatchedWord, Mode
from search.user.history import History, HistoryEntry
from search.user.saved_searches import SavedSearch, SavedSearches
from tests.tui.driving import LARGE, SMALL, app_on, app_over, ask, seen, settle
from tests.tui.fakes import TRAIN, FakeEngine, FakeIndexClient, manifest
from tests.tui.test_result_list import ScoredEngine

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HOSTILE = {
    "controls": "\x00\x07\x08\x0b\x0c\r\x0e\x7f\x85\x9b2J munitions",
    "ansi": "\x1b[31;5mrouge\x1b[0m \x1b]0;titre\x07 \x1b]52;c;ZXZpbA==\x1b\\ \x1b[2J\x1b[H\x1bc munitions",
    "markup": "[red]a[/red] [link=http://x.fr]b[/link] [@click=app.quit]c[/] [/] [[ \\[ munitions",
    "bidi": f"{BIDI}munitions{BIDI}\u200e\u200f\u061c",
    "long": "munitions " + "a" * 100_000,
    "long words": "des mots " * 11_000 + "munitions",
    "zero width": "munitions" + "\u200b\u200c\u200d\u2060\ufeff" * 5_000,
    "combining": "e" + "\u0301\u0327\u20e3" * 3_000 + " munitions",
    "wide": "日本語の記事 한국어 👩\u200d👩\u200d👧 🇫🇷 ☎\ufe0f ｆｕｌｌ munitions " * 5,
    "surrogates": "\ud800\udfff munitions \ufffe\uffff\U000e0041\U000e0100",
    "separators": "a\u2028b\u2029c\u00a0\u3000\t munitions",
}
FORBIDDEN = {"Cc", "Cs", "Zl", "Zp"}


def article(text: str) -> Article:
    """An article with a hostile text in every field."""
    return replace(
        TRAIN,
        id="hostile",
        title=text,
        body=f"{text}\n\nDes munitions.\n\n{text}",
        source=text,
        section=text,
        place=text,
    )


def segments(pilot: Pilot[None]) -> list[list[Segment]]:
    return [list(strip) for strip in pilot.app.screen._compositor.render_strips()]


def check(pilot: Pilot[None], size: tuple[int, int]) -> None:
    """Every row is as wide as the screen, and has no control, invisible or direction character."""
    rows = segments(pilot)
    assert [sum(cell_len(segment.text) for segment in row) for row in rows] == [size[0]] * size[1]
    text = "".join(segment.text for row in rows for segment in row)
    assert not {character for character in text if unicodedata.category(character) in FORBIDDEN}
    assert not set(text) & set(BIDI + "\u200e\u200f\u061c\u200b\u2060\ufeff")


@pytest.fixture(autouse=True)
def _no_sentence_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_score_worker, "_DELAY", 3600.0)


CASES = [(kind, size) for kind in HOSTILE for size in (SMALL, LARGE) if size is SMALL or "long" not in kind]


@pytest.mark.parametrize(("kind", "size"), CASES)
async def test_hostile_articles_change_nothing_but_their_own_text(kind: str, size: tuple[int, int]) -> None:
    engine = ScoredEngine(lambda _: [article(HOSTILE[kind]), TRAIN])
    async with app_over(engine).run_test(size=size) as pilot:
        await ask(pilot, "munitions")
        check(pilot, size)
        assert "Un train nord-coréen en Russie" in seen(pilot)
        await pilot.press("tab", "enter", "n", "n")
        await settle(pilot)
        check(pilot, size)
        await pilot.press("escape")
        await settle(pilot)
        check(pilot, size)
        assert pilot.app.is_running


async def test_markup_is_shown_as_it_was_written() -> None:
    title = "[red]a[/red] [@click=app.quit]c[/]"
    async with app_over(ScoredEngine(lambda _: [article(title)])).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        assert title in seen(pilot)
        actions = {
            segment.style.meta.get("@click")
            for row in segments(pilot)
            for segment in row
            if segment.style is not None and segment.text.strip() in title
        }
        assert "app.quit" not in actions


async def test_escape_sequences_lose_their_escape_character() -> None:
    async with app_over(ScoredEngine(lambda _: [article("\x1b[31mrouge\x1b[0m")])).run_test(
        size=LARGE
    ) as pilot:
        await ask(pilot, "munitions")
        assert "[31mrouge[0m" in seen(pilot)


ATTACK = "".join(HOSTILE[kind] for kind in ("controls", "ansi", "markup", "bidi", "separators"))


class HostileExplanation(ScoredEngine):
    """Gives a hostile explanation."""

    def explain(self, _request: Request, _hit: Hit) -> Explanation:
        return Explanation((), (MatchedWord(ATTACK, 2, 1.5, in_article=True),), 0.5, f"munitions {ATTACK}")


async def shown(pilot: Pilot[None], *keys: str) -> str:
    """The text on the screen after these keys; the screen is checked after each."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
        check(pilot, LARGE)
    return seen(pilot)


@pytest.mark.parametrize("text", [ATTACK, f'"{ATTACK}', f"source:{ATTACK} munitions", f"date:{ATTACK}"])
async def test_a_question_commands_nothing(text: str) -> None:
    engine = HostileExplanation(degraded=(ATTACK,))
    engine.correction = ATTACK
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, text)
        check(pilot, LARGE)
        await shown(pilot, "f8", "escape", "f6", "escape")


async def test_history_and_saved_searches_command_nothing(tmp_path: Path) -> None:
    History(tmp_path).add(HistoryEntry(ATTACK, Mode.HYBRID, 1))
    for name in ("a", ATTACK):
        SavedSearches(tmp_path).save(SavedSearch(name, f"{name} munitions", Mode.KEYWORD))
    app = DepecheApp(FakeIndexClient(FakeEngine()), Settings(), tmp_path, ENGLISH)
    async with app.run_test(size=LARGE) as pilot:
        await settle(pilot)
        check(pilot, LARGE)
        assert "munitions" in await shown(pilot, "ctrl+r")
        assert "munitions" in await shown(pilot, "escape", "ctrl+s", "down", "enter")


async def test_filters_and_their_counts_command_nothing() -> None:
    engine = FakeEngine()
    engine.values = dict.fromkeys((Facet.SOURCE, Facet.SECTION), ((ATTACK, 3), (f"a{ATTACK}", 2)))
    engine.values |= {Facet.YEAR: (("2023", 4),), Facet.MONTH: (("2023-09", 4),)}
    async with app_over(engine).run_test(size=LARGE) as pilot:
        await ask(pilot, "munitions")
        assert "munitions" in await shown(pilot, "f4", "space", "down", "space")


async def test_an_index_and_its_errors_command_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def hostile(generation_id: str = "generation", encoded: int = 310) -> Manifest:
        real = manifest(generation_id, encoded)
        return replace(real, id=ATTACK, corpus=(ATTACK, "b"), encoder=ATTACK, model=ATTACK)

    monkeypatch.setattr("tests.tui.fakes.manifest", hostile)
    corrupt = IndexCorrupt(Translatable("{} is damaged; run: {}", ATTACK, Translatable("{}", ATTACK)))
    client = FakeIndexClient(FakeEngine(), corrupt)
    async with app_on(client, texts=ENGLISH).run_test(size=LARGE) as pilot:
        await settle(pilot)
        assert "is damaged; run" in await shown(pilot, "f1", "escape")
        await shown(pilot, "r", "f9", "p", *"b]{}", "enter")


async def test_a_notice_commands_nothing() -> None:
    async with app_over(FakeEngine()).run_test(size=LARGE, notifications=True) as pilot:
        await settle(pilot)
        pilot.app.post_message(Notice(Translatable("{} cannot be used", ATTACK)))
        await settle(pilot)
        assert "cannot" in await shown(pilot, "f1", "escape")
