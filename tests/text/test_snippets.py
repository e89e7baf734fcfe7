import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.analyzer import fold, normalise
from search.text.sentences import Span
from search.text.snippets import snippet_span
from search.text.stemmer import stem

from .strategies import ANY_TEXT, LONG_TEXT

WIDTH = 40
TEXT = (
    "La visite du dirigeant a surpris. Des obus et des munitions passent la frontière, "
    "puis d'autres obus, des munitions encore, et la nuit tombe sur la gare déserte."
)


def marks_of(text: str, *words: str) -> list[Span]:
    return [found.span() for found in re.finditer("|".join(words), text)]


def shown(text: str, marks: list[Span], width: int = WIDTH) -> str:
    start, end = snippet_span(text, marks, width)
    return text[start:end]


def marks_within(text: str, marks: list[Span], start: int, end: int) -> tuple[int, int]:
    words = [text[first:last] for first, last in marks if start <= first and last <= end]
    return len({stem(fold(normalise(word).text)) for word in words}), len(words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "La visite du dirigeant a surpris. Des"),
        (("visite",), "La visite du dirigeant a surpris. Des"),
        (("Des", "obus"), "surpris. Des obus et des munitions"),
        (("frontière",), "la frontière, puis d'autres obus, des"),
        (("obus", "munitions"), "Des obus et des munitions passent la"),
        (("puis", "autres", "obus"), "puis d'autres obus, des munitions"),
        (("déserte",), "et la nuit tombe sur la gare déserte."),
    ],
)
def test_what_is_shown(words: tuple[str, ...], expected: str) -> None:
    assert shown(TEXT, marks_of(TEXT, *words) if words else []) == expected


def test_a_text_that_fits_is_shown_whole() -> None:
    assert snippet_span(" un obus ", [(4, 8)], 9) == (0, 9)
    assert snippet_span(" un obus ", [(4, 8)], 8) == (0, 8)


def test_the_last_word_is_whole_unless_the_one_before_is_far() -> None:
    assert snippet_span("deux un trois", [], 7) == (0, 7)
    assert snippet_span("deux un trois", [], 6) == (0, 4)
    assert snippet_span("un deuxième", [], 6) == (0, 6)


def test_a_cut_word_and_the_whole_one_are_the_same_word() -> None:
    text = "Un obus et un o-\nbus ; puis la nuit tombe sur la gare déserte. Un obus, une munition"
    marks = marks_of(text, "obus", "o-\nbus", "munition")
    assert shown(text, marks).endswith("munition")


def test_a_mark_inside_one_long_word_is_shown() -> None:
    text = "x" * 300
    assert snippet_span(text, [(200, 204)], WIDTH) == (190, 230)
    assert snippet_span(text, [(298, 300)], WIDTH) == (260, 300)


def test_paragraphs_separate_words_too() -> None:
    text = "a" * 50 + "\n\nobus\n" + "b" * 30
    assert shown(text, [(52, 56)]) == "obus\n" + "b" * 30


WORDS = st.text("abcé'’-", min_size=1, max_size=10)
SPACES = st.sampled_from([" ", "\n\n", "\u00a0"])


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Span], int]:
    """Words of at most ten characters, some of them marked, and a width of at least four words."""
    text, marks = "", []
    for word, space, marked in draw(
        st.lists(st.tuples(WORDS, SPACES, st.booleans()), min_size=5, max_size=60)
    ):
        if marked:
            marks.append((len(text), len(text) + len(word)))
        text += word + space
    return text.rstrip(), marks, draw(st.integers(40, 120))


@given(marked_texts())
def test_a_snippet_is_whole_words_within_the_width(case: tuple[str, list[Span], int]) -> None:
    text, marks, width = case
    start, end = snippet_span(text, marks, width)
    assert 0 <= start <= end <= len(text)
    assert end - start <= width
    assert start == 0 or text[start - 1].isspace()
    assert end == len(text) or text[end].isspace()


@given(marked_texts())
def test_a_snippet_holds_the_most_different_marked_words(case: tuple[str, list[Span], int]) -> None:
    text, marks, width = case
    start, end = snippet_span(text, marks, width)
    longest_word = 10
    certain = width - width // 4 - longest_word
    assert marks_within(text, marks, start, end) >= max(
        (marks_within(text, marks, at, at + certain) for at, _ in marks), default=(0, 0)
    )
    assert marks_within(text, marks, start, end)[1] >= bool(marks)


@given(marked_texts())
def test_the_earliest_of_equal_parts_is_shown(case: tuple[str, list[Span], int]) -> None:
    text, marks, width = case
    start, end = snippet_span(text, marks, width)
    from_the_beginning = snippet_span(text, [], width)
    if marks_within(text, marks, *from_the_beginning) == marks_within(text, marks, start, end):
        assert (start, end) == from_the_beginning


def plainly(text: str, marks: list[Span], width: int) -> Span:
    """The rule, tried on every part."""
    if len(text) <= width:
        return 0, len(text)
    parts = [part_at(text, mark, width) for mark in (0, *(first for first, _ in marks))]
    return max(parts, key=lambda part: marks_within(text, marks, *part))


def part_at(text: str, mark: int, width: int) -> Span:
    earliest = min(max(0, mark - width // 4), len(text) - width)
    begin = [
        at
        for at in range(earliest, min(mark + 1, len(text)))
        if f" {text}"[at].isspace() and not text[at].isspace()
    ]
    start = min(begin, default=earliest)
    if start + width >= len(text):
        return start, len(text)
    places = range(start + width // 2 + 1, start + width + 1)
    ends = [at for at in places if text[at].isspace() and not text[at - 1].isspace()]
    return start, max(ends, default=start + width)


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[str, list[Span], int]:
    """Any text, marks of any length in order in it, and a width."""
    text = draw(ANY_TEXT.map(lambda some: some * 3) | LONG_TEXT)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=40)))
    return text, list(zip(cuts[::2], cuts[1::2], strict=False)), draw(st.integers(1, 60))


@given(marked_texts() | cut_texts())
def test_the_part_taken_is_the_one_that_the_rule_names(case: tuple[str, list[Span], int]) -> None:
    assert snippet_span(*case) == plainly(*case)


def test_time_grows_no_faster_than_marks() -> None:
    text = "munitions russes et obus, " * 5000
    marks = [found.span() for found in re.finditer(r"munitions|russes|obus", text)]
    before = process_time()
    assert snippet_span(text, marks, 280) == (0, 279)
    assert process_time() - before < 1  # trying each part on every mark takes five seconds


@given(ANY_TEXT, st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50))), st.integers(1, 60))
def test_any_marks_give_a_part_of_the_text(text: str, marks: list[Span], width: int) -> None:
    start, end = snippet_span(text, marks, width)
    assert 0 <= start <= end <= len(text)
    assert end - start <= width


def test_a_rare_word_is_shown_rather_than_one_word_again_and_again() -> None:
    text = (
        "Les mercenaires russes, des responsables russes et l'armée russe. "
        + "x " * 60
        + "Des munitions en Russie."
    )
    marks = [match.span() for match in re.finditer("russes?|munitions|Russie", text)]
    start, end = snippet_span(text, marks, 80)
    assert "munitions en Russie" in text[start:end]
