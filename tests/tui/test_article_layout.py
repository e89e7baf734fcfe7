from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from search.text.sentences import sentence_spans
from search.tui.widgets.article_layout import MARGIN, ArticleLayout

BODY = "Un deux trois quatre.\n\nCinq\x1b[31m six sept huit neuf dix onze. Douze treize."
CINQ, SIX, DOUZE = BODY.index("Cinq"), BODY.index("six"), BODY.index("Douze")
LAYOUT = ArticleLayout(Content("Titre"), BODY, [(3, 7), (SIX, SIX + 3)], CINQ)


def test_lines_passage_matches_and_levels() -> None:
    levels = {(0, CINQ - 2): 0, (CINQ, DOUZE - 1): 3, (DOUZE, len(BODY)): 1}
    rendered = LAYOUT.render(16, levels, None)
    assert rendered.content.plain.split("\n") == [
        "  Titre",
        "",
        "  Un deux trois",
        "  quatre.",
        "  ",
        "▓ Cinq[31m six",
        "▓ sept huit neuf",
        "▓ dix onze.",
        "░ Douze treize.",
    ]
    assert rendered.passage_line == 5
    assert rendered.match_lines == (2, 5)


def test_no_line_ends_at_a_no_break_space() -> None:
    layout = ArticleLayout(Content("Il faut 10\u202f000"), "Il dit\u00a0: «\u00a0Non\u00a0!\u00a0»", [], 0)
    assert layout.render(13, {}, None).content.plain.split("\n") == [
        "  Il faut",
        "  10\u202f000",
        "",
        "  Il dit\u00a0:",
        "  «\u00a0Non\u00a0!\u00a0»",
    ]


def test_the_nearest_sentence_is_in_italics() -> None:
    layout = ArticleLayout(Content("Titre"), BODY, [], DOUZE, (DOUZE, len(BODY)))
    content = layout.render(40, {}, None).content
    slanted = [content.plain[span.start : span.end] for span in content.spans if span.style == "italic"]
    assert slanted == ["Douze treize."]


def test_a_line_of_two_sentences_has_the_higher_level() -> None:
    layout = ArticleLayout(Content(), "Un. Deux.", [], 0)
    assert layout.render(40, {(0, 3): 1, (4, 9): 2}, None).content.plain.endswith("▒ Un. Deux.")


def test_the_first_match_is_that_of_the_passage() -> None:
    assert LAYOUT.first_match == 1
    assert ArticleLayout(Content(), BODY, [(3, 7)], CINQ).first_match == 1


@given(st.text(max_size=300), st.integers(10, 40))
def test_no_line_is_wider_than_the_layout(body: str, width: int) -> None:
    levels = dict.fromkeys(sentence_spans(body), 3)
    rendered = ArticleLayout(Content("Titre"), body or "x", [], 0).render(width, levels if body else {}, None)
    for line in rendered.content.plain.split("\n"):
        assert cell_len(line) <= width
        assert not line or line.startswith(MARGIN)
