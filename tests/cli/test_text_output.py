import re
import sys
from dataclasses import fields, replace
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.cli.text_output import caret_under, write_article_page, write_page
from search.retrieval.relevance import LINE
from search.types import Article, Mode

from .answers import ARTICLE, answer, hit_of
from .running import Terminal

ATTACK = "\x1b]0;pwned\x07\x1b[2J\x9b31m\r\x08\u202e\u200b"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def in_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard output from here on; pytest would take it back from a fixture."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    return terminal


def test_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    write_page(answer([hit_of(ARTICLE, "obus", "munitions", more=1), hit_of(more=2)], 40), 8, explain=False)

    ran = capsys.readouterr()
    assert ran.out == (
        "9. Des obus passent\n"
        "   2023-09-12 14:30 · Agence Nord · monde · n1\n"
        "   Un train chargé d'obus a franchi la frontière dimanche. Ces munitions, selon\n"
        "   des sources militaires, sont destinées à la Russie.\n"
        "   + 1 more passage\n"
        "\n"
        "10. Des obus passent\n"
        "   2023-09-12 14:30 · Agence Nord · monde · n1\n"
        "   Un train chargé d'obus a franchi la frontière dimanche. Ces munitions, selon\n"
        "   des sources militaires, sont destinées à la Russie.\n"
        "   + 2 more passages\n"
        "\n"
    )
    assert ran.err == "9–10 of 40 · 12 ms · hybrid\n"


def test_copies_stand_below_their_result_or_name_it(capsys: pytest.CaptureFixture[str]) -> None:
    copy = replace(ARTICLE, id="n2", source="Gazette\x1b du Soir", published="2023-09-13", title="Des obus")
    folded, listed = replace(hit_of(), copies=(copy,)), replace(hit_of(copy), copy_of="n1")
    write_page(answer([folded, listed]), 0, explain=False)

    first, second = capsys.readouterr().out.split("\n\n")[:2]
    assert first.endswith("Russie.\n   = Des obus · 2023-09-13 · Gazette du Soir · monde · n2")
    assert second.endswith("Russie.\n   = copy of n1")


def test_a_page_explained(capsys: pytest.CaptureFixture[str]) -> None:
    write_page(answer([hit_of()]), 0, explain=True)

    ran = capsys.readouterr()
    assert ran.out.split("Russie.\n")[1] == (
        "   leg        rank     score  standardised  weight   points\n"
        "   keyword       1    18.672         6.900   0.225    1.552\n"
        "   passage       –     0.000        -0.100   0.075   -0.007\n"
        "   semantic     12     0.881         5.000   0.700    3.500\n"
        "   score                                               5.045\n"
        "   confidence                                          1.000\n"
        "\n"
    )
    assert ran.err == "Understood: munitions obus\n1–1 of 1 · 12 ms · hybrid\n"


def test_each_hit_that_is_less_likely_to_answer_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    page = answer([replace(hit_of(), confidence=each) for each in (0.9, 0.1, LINE)], total=3)
    write_page(replace(page, below=(replace(hit_of(), confidence=0.0),)), 0, explain=False)

    lines = capsys.readouterr().out.splitlines()
    title, mark = "Des obus passent", "   less likely to answer · 2023-09-12 14:30"
    heads = [
        (line, following.startswith(mark)) for line, following in pairwise(lines) if line.endswith(title)
    ]
    assert heads == [
        (f"1. {title}", False),
        (f"2. {title}", True),
        (f"3. {title}", False),
        (f"– {title}", True),
    ]
    assert not [line for line in lines if line.startswith("──")]


def test_an_answer_without_a_likely_hit_says_so_on_top(capsys: pytest.CaptureFixture[str]) -> None:
    page = replace(answer([replace(hit_of(), confidence=0.1)], total=9), confidence=0.1)
    write_page(page, 8, explain=False)

    ran = capsys.readouterr()
    assert ran.out.splitlines()[:4:2] == [
        "── nothing relevant; the nearest articles ──",
        "9. Des obus passent",
    ]
    assert ran.err.startswith("nothing relevant · 9–9 of 9")


@pytest.mark.parametrize(
    ("total", "offset", "understood", "summary"),
    [
        (0, 0, "zzz", "nothing found for: zzz · 12 ms · hybrid\n"),
        (0, 0, "", "no word to search for · 12 ms · hybrid\n"),
        (7, 20, "zzz", "no result after the first 20: there are 7 in all · 12 ms · hybrid\n"),
    ],
)
def test_an_empty_page_says_why(
    capsys: pytest.CaptureFixture[str], total: int, offset: int, understood: str, summary: str
) -> None:
    write_page(answer([], total, understood), offset, explain=False)

    assert capsys.readouterr() == ("", summary)


@pytest.mark.parametrize(
    ("mode", "lacking"), [(Mode.HYBRID, "holds a word of"), (Mode.SEMANTIC, "is near enough to")]
)
def test_articles_below_the_results_are_said_to_be_the_nearest(
    capsys: pytest.CaptureFixture[str], mode: Mode, lacking: str
) -> None:
    below = (replace(hit_of(), confidence=0.1),)
    page = replace(answer([], 0, "zzz"), mode=mode, below=below, confidence=0.1)
    write_page(page, 0, explain=False)

    summary = f"nothing relevant · no article {lacking}: zzz; these are the nearest · 12 ms · {mode}\n"
    assert capsys.readouterr().err == summary


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_page_keeps_to_its_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    article = replace(ARTICLE, title="Un titre " * 20, body="Des mots qui se suivent. " * 40)
    write_page(answer([hit_of(article)] * 10), 95, explain=False)

    lines = capsys.readouterr().out.splitlines()
    assert width - 12 < max(map(len, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []
    assert {line[:5].rstrip() for line in lines} >= {"96. U", "105."}
    assert {re.split(r"\S", line)[0] for line in lines if line and line[0] == " "} == {
        " " * 3,
        " " * 4,
        " " * 5,
    }


def test_a_long_passage_is_cut_around_its_marks(capsys: pytest.CaptureFixture[str]) -> None:
    body = f"{'Rien à voir ici. ' * 40}Des munitions et des obus.{' Ni là, du reste.' * 40}"
    write_page(answer([hit_of(replace(ARTICLE, body=body), "munitions", "obus")]), 0, explain=False)

    snippet = " ".join(line.strip() for line in capsys.readouterr().out.splitlines()[2:]).strip()
    assert snippet[0] == snippet[-1] == "…"
    assert "Des munitions et des obus." in snippet
    assert 200 < len(snippet) < 300


def test_a_terminal_shows_titles_and_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = in_terminal(monkeypatch)
    write_page(answer([hit_of(ARTICLE, "munitions")]), 0, explain=False)

    assert "1. \x1b[1mDes obus passent\x1b[0m\n" in terminal.shown
    assert "Ces \x1b[1;4mmunitions\x1b[0m, selon" in terminal.shown


def test_without_colour_a_terminal_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = in_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    write_page(answer([hit_of(ARTICLE, "munitions")]), 0, explain=True)

    assert set(re.findall("\x1b\\[([0-9;]*)m", terminal.shown)) == {"0", "1", "2", "1;4"}


def test_an_article_page_wraps_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = in_terminal(monkeypatch)
    write_article_page(replace(ARTICLE, body=f"{'mot ' * 30}\n\nfin"))

    assert terminal.shown.splitlines()[3:] == [("mot " * 20).rstrip(), ("mot " * 10).rstrip(), "", "fin"]


def test_an_article_page_outside_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    article = replace(ARTICLE, body=f"{'mot ' * 30}.\n\nfin", url="https://exemple.test/1")
    write_article_page(article)

    head = "Des obus passent\n2023-09-12 14:30 · Agence Nord · monde · n1\nhttps://exemple.test/1\n\n"
    assert capsys.readouterr().out == f"{head}{'mot ' * 30}.\n\nfin\n"


def test_an_article_page_says_what_the_source_says(capsys: pytest.CaptureFixture[str]) -> None:
    article = replace(
        ARTICLE,
        place="Armeil",
        author="Jeanne Modèle; Paul Exemple",
        page="A6",
        kicker="PORTS",
        keywords="ports; grève",
        edition="Valmont",
        word_count=1,
        file="/archive/ports.zip/1.html",
    )
    write_article_page(article)

    assert capsys.readouterr().out.split("\n\n")[0].splitlines() == [
        "PORTS",
        "Des obus passent",
        "2023-09-12 14:30 · Armeil · Agence Nord · monde · p. A6 · Jeanne Modèle, Paul Exemple · n1",
        "éd. Valmont · 1 word · ports, grève",
        "/archive/ports.zip/1.html",
    ]


def attacking() -> Article:
    """An article that would command a terminal by every one of its texts."""
    names = (each.name for each in fields(Article) if each.name != "word_count")
    return msgspec.convert(dict.fromkeys(names, f"a{ATTACK}b"), Article)


def test_no_text_can_command_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = in_terminal(monkeypatch)
    article = attacking()
    write_page(answer([hit_of(article, "b")], understood=ATTACK), 0, explain=True)
    write_article_page(article)

    shown = re.sub("\x1b\\[(0|1|2|1;4)m", "", terminal.shown)
    assert shown.count("a]0;pwned[2J31mb") == 23
    assert CONTROL.findall(shown) == []


@given(st.text())
def test_a_caret_stands_below_the_place(text: str) -> None:
    line, caret = caret_under(f"{text}(x", len(text), "here").split("\n")

    assert CONTROL.findall(line + caret) == []
    assert caret.endswith("^ here")


def test_no_line_ends_at_a_no_break_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    body = "Le ministre répond\u00a0: «\u00a0Il en faut 10\u202f000\u00a0!\u00a0»"
    article = replace(ARTICLE, title="On en veut bien 10\u202f000", body=body)
    terminal = in_terminal(monkeypatch)
    write_article_page(article)
    write_page(answer([hit_of(article)]), 0, explain=False)

    shown = re.sub("\x1b\\[[0-9;]*m", "", terminal.shown).replace("\r\n", "\n")
    assert "\nLe ministre répond\u00a0:\n«\u00a0Il en faut\n10\u202f000\u00a0!\u00a0»\n" in shown
    assert "1. On en veut bien\n   10\u202f000\n" in shown
