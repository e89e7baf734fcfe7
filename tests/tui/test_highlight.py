import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from search.text.sanitize import clean, flat
from search.text.sentences import Span
from search.tui.format.highlight import highlighted, snippet_lines
from search.tui.format.palette import MATCH
from search.types import Article, Hit, Leg, Passage, Snippet

ANY_TEXT = st.text(st.characters() | st.sampled_from("\x1b\n\t \u202e[]"))


def marks(text: str, spans: list[tuple[int, int]]) -> list[str]:
    content = highlighted(text, spans)
    assert {span.style for span in content.spans} <= {MATCH}
    return [content.plain[span.start : span.end] for span in content.spans]


def test_control_characters_are_removed() -> None:
    assert clean("\x1b[31mrouge\x07\r\n\x9b2Jfin\u202e\ud800") == "[31mrouge\n2Jfin"
    assert flat(" un\n\n deux\ttrois\u00a0") == " un deux trois "


@given(ANY_TEXT)
def test_no_control_character_is_left_in_any_text(text: str) -> None:
    left = clean(text).replace("\n", "")
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in left)


@given(ANY_TEXT)
def test_plain_text_does_not_change(text: str) -> None:
    plain = "".join(character for character in text if character.isalnum() or character in "[] \n")
    assert clean(plain) == plain


def test_highlights_keep_spelling_and_place() -> None:
    assert marks("Des Munitions, l'Élysée.", [(4, 13), (17, 23)]) == ["Munitions", "Élysée"]
    assert marks("\x1b[1mDes \x1bobus", [(8, 13)]) == ["obus"]


@given(ANY_TEXT, st.data())
def test_highlighting_changes_no_text(text: str, data: st.DataObject) -> None:
    bounds = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(bounds[::2], bounds[1::2], strict=False))
    assert highlighted(text, spans).plain == clean(text)


def test_markup_is_text() -> None:
    content = highlighted("[red]x[/] [@click=app.quit]y", [])
    assert (content.plain, list(content.spans)) == ("[red]x[/] [@click=app.quit]y", [])


def test_a_snippet_is_two_lines_around_the_highlights() -> None:
    text = "mot " * 100 + "des munitions " + "fin " * 100
    start = text.index("munitions")
    shown = snippet_lines(make_hit(text, (start, start + 9)), 40)
    assert len(shown) == 2
    assert shown[0].plain.startswith("…mot")
    assert "des munitions fin" in " ".join(line.plain for line in shown)
    assert [line.plain[span.start : span.end] for line in shown for span in line.spans] == ["munitions"]
    assert max(line.cell_length for line in shown) <= 40


def test_a_short_text_is_its_own_snippet() -> None:
    assert [line.plain for line in snippet_lines(make_hit("Un\nobus.", (3, 7)), 40)] == ["Un obus."]


def test_the_text_after_the_snippet_is_shown_too() -> None:
    result = make_hit("Rien. Un obus. Un train. Une gare et rien d'autre.", (9, 13))
    after = replace(result, snippet=Snippet("Un obus.", 6, 14, Leg.KEYWORD))
    assert [line.plain for line in snippet_lines(after, 30)] == [
        "Un obus. Un train. Une gare et",
        "rien d'autre.",
    ]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Un train est parti. Une gare attend. Ici, plus rien du tout.", "Une gare attend."),
        ("Un train part, puis une gare, puis une autre, et la fin.", "une gare, puis une…"),
        ("Un train part vers la gare et le port, puis rien du tout.", "la gare et le port…"),
        ("Un train.", "Un train."),
    ],
)
def test_a_snippet_ends_with_its_sentence_or_with_an_ellipsis_after_a_word(text: str, last: str) -> None:
    assert snippet_lines(make_hit(text), 20)[-1].plain == last


@given(st.text("ab ,.\u00a0…", min_size=1, max_size=300), st.integers(20, 60))
def test_no_line_of_a_snippet_is_an_ellipsis_alone(text: str, width: int) -> None:
    shown = [line.plain for line in snippet_lines(make_hit(f"a{text}"), width)]
    assert len(shown) <= 2
    assert max(map(cell_len, shown)) <= width
    assert "…" in text or not any(line.strip() in ("…", "") for line in shown)


def test_a_sentence_found_by_its_meaning_has_a_sign_and_no_text_after_it() -> None:
    nearest = replace(
        make_hit("Rien. Un train passe. Fin."), snippet=Snippet("Un train passe.", 6, 21, Leg.SEMANTIC)
    )
    assert [line.plain for line in snippet_lines(nearest, 40)] == ["≈ Un train passe."]


def make_hit(text: str, *spans: Span) -> Hit:
    """A hit whose snippet is the whole text."""
    whole = Snippet(text, 0, len(text), Leg.KEYWORD)
    return Hit(Article("n1", "", text), 1.0, Passage(text, 0, len(text)), whole, spans, ())
