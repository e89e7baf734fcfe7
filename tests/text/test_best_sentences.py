import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.analyzer import fold
from search.text.sentences import sentence_spans
from search.text.snippets import Mark, best_sentences, shown_span
from search.text.stemmer import stem

from .strategies import LONG_TEXT

FILLER = "Rien de tout cela n'a été confirmé par les autorités, qui se taisent depuis dimanche soir encore"
TEXT = (
    f"Un train est parti. {FILLER}. Des obus et encore des obus passent de nuit, tous à bord du train. "
    f"{FILLER}, et cela durera. Le train a livré ses munitions et ses obus, dit-on au port. "
    f"{FILLER} dehors.\n\n"
    "Les munitions sont restées à quai. Les obus aussi. Fin."
)
WORDS = ("train", "obus", "munitions", "port")
EVEN = (1.0, 1.0, 1.0, 1.0)


def marks_of(text: str, *words: str) -> list[Mark]:
    return [
        Mark(*found.span(), (words.index(found[0]), stem(fold(found[0]))))
        for found in re.finditer("|".join(words), text)
    ]


def best(text: str, *words: str, weights: tuple[float, ...] = EVEN) -> str:
    start, end = best_sentences(text, marks_of(text, *words), weights)
    return text[start:end]


@pytest.mark.parametrize(
    ("words", "beginning"),
    [
        (WORDS, "Le train a livré ses munitions et ses obus, dit-on au port."),
        (("train",), "Un train est parti."),  # the first of equal ones
        (("obus", "train"), "Le train a livré"),  # as many words as before, standing closer
        (("port", "quai"), "Le train a livré"),
        (("quai", "aussi"), "Les munitions sont restées à quai. Les obus aussi."),  # two hold more than one
        (("jamais",), "Un train est parti."),
    ],
)
def test_the_sentence_with_the_most_different_words_is_best(words: tuple[str, ...], beginning: str) -> None:
    assert best(TEXT, *words).startswith(beginning)


def test_a_rare_word_outweighs_several_common_ones() -> None:
    assert best(TEXT, "quai", *WORDS[:3], weights=(9.0, 1.0, 1.0, 1.0)).startswith(
        "Les munitions sont restées"
    )


def test_of_single_words_the_shortest_stands_closest_together() -> None:
    text = f"Des munitions : {FILLER * 2}. {FILLER * 2}. Des obus : {FILLER * 2}."
    assert best(text, "munitions", "obus").startswith("Des obus")


def test_one_word_again_and_again_is_one_word() -> None:
    text = f"Des obus, des obus, des obus : {FILLER * 3}. {FILLER * 3}. Un train et des obus : {FILLER * 3}."
    assert best(text, "obus", "train").startswith("Un train et des obus")


def test_a_sentence_takes_the_next_along_where_there_is_room() -> None:
    long = FILLER * 3
    assert (
        best(f"Des obus : {FILLER}. {FILLER} encore. {long}.", "obus")
        == f"Des obus : {FILLER}. {FILLER} encore."
    )
    assert best(f"Des obus : {FILLER}. {long}.", "obus") == f"Des obus : {FILLER}."
    assert best(f"{FILLER}. Des obus, dit-il. {long}.", "obus") == f"{FILLER}. Des obus, dit-il."
    assert best(f"{FILLER}. Des obus : {FILLER}. {long}.", "obus") == f"Des obus : {FILLER}."


def test_a_text_without_sentences_is_its_own() -> None:
    assert best_sentences("", [], ()) == (0, 0)
    assert best_sentences(" obus ", [], ()) == (1, 5)


@given(LONG_TEXT, st.sets(st.integers(0, 3)))
def test_the_best_are_whole_sentences_of_the_text(text: str, chosen: set[int]) -> None:
    found = [span for place, span in enumerate(sentence_spans(text)) if place in chosen]
    start, end = best_sentences(text, [Mark(*span, (0, "x")) for span in found], EVEN)
    sentences = sentence_spans(text) or [(0, len(text))]
    assert start in {first for first, _ in sentences}
    assert end in {last for _, last in sentences}
    assert sum(start <= first and last <= end for first, last in sentences) <= 2
    assert not found or any(start <= first and last <= end for first, last in found)


def test_what_follows_a_quote_is_shown_where_there_is_room() -> None:
    text = "Un train. Des obus passent. La nuit tombe sur la gare."
    assert shown_span(text, (10, 27), [(14, 18)], 100) == (10, len(text))
    assert shown_span(text, (10, 27), [(14, 18)], 30) == (10, 35)  # ends on a word
    assert shown_span(text, (10, 27), [(14, 18)], 17) == (10, 27)
    assert shown_span(text, (10, 27), [(19, 26)], 12) == (19, 27)  # the quote is longer: its mark is shown
    assert shown_span(text[:27], (10, 27), [], 100) == (10, 27)
