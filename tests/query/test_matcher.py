from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.query.ast import Fuzzy, Leaf, Near, Phrase, Prefix, RankingWord, Wildcard, Word
from search.query.matcher import matches, within_edits
from search.text.analyzer import tokenise

from .strategies import ANY_TEXT, words_patterns_and_phrases

OBUS = (
    "Obus d’artillerie nord-coréens, aujourd’hui à l’Élysée : la hausse de 3,5 % des munitions de l'U.R.S.S."
)


def marked(text: str, *leaves: Leaf) -> list[str]:
    return [text[start:end] for start, end in matches([RankingWord(leaf) for leaf in leaves], text)]


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (Word("OBUS"), ["Obus"]),
        (Word("l'elysee"), ["Élysée"]),
        (Word("munition"), ["munitions"]),
        (Word("urss"), ["U.R.S.S."]),
        (Word("3.5"), ["3,5"]),
        (Word("3"), []),
        (Word("hui"), []),
        (Word("aujourd'hui"), ["aujourd’hui"]),
        (Word("coréenne"), ["coréens"]),
        (Word("coréen"), ["coréens"]),
        (Word("nord-coréen"), ["nord-coréens"]),
        (Word("Nord"), ["nord"]),
        (Word("sud-coréen"), ["coréens"]),
        (Word("la"), ["la"]),
        (Phrase("artillerie nord coréens"), ["artillerie", "nord", "coréens"]),
        (Phrase("la hausse de"), ["hausse"]),
        (Phrase("des munition"), []),
        (Near("munitions des obus", 8), ["Obus", "munitions"]),
        (Prefix("munit"), ["munitions"]),
        (Prefix("MUNITIONS"), ["munitions"]),
        (Prefix("l’Él"), ["Élysée"]),
        (Prefix("aujourd’h"), ["aujourd’hui"]),
        (Prefix("nord-c"), ["nord-coréens"]),
        (Prefix("unit"), []),
        (Wildcard("?bus"), ["Obus"]),
        (Wildcard("?us"), []),
        (Wildcard("d’artill*e"), ["artillerie"]),
        (Wildcard("m**ons"), ["munitions"]),
        (Wildcard("é*é?"), ["Élysée"]),
        (Wildcard("o.us"), []),
        (Fuzzy("munitiosn", 1), ["munitions"]),
        (Fuzzy("mnitiosn", 1), []),
        (Fuzzy("mnitiosn", 2), ["munitions"]),
        (Fuzzy("nord-corées", 1), ["nord-coréens"]),
        (Fuzzy("l’Elisée", 1), ["Élysée"]),
    ],
)
def test_what_a_word_stands_for(leaf: Leaf, expected: list[str]) -> None:
    assert marked(OBUS, leaf) == expected


def test_marks_stand_in_the_order_of_the_text() -> None:
    assert marked(OBUS, Word("munitions"), Prefix("art"), Word("obus")) == ["Obus", "artillerie", "munitions"]


def test_a_compound_is_marked_once() -> None:
    assert marked("Les États-Unis unis", Word("unis"), Word("États-Unis")) == ["États-Unis", "unis"]


def test_stop_words_are_marked_only_when_they_are_the_whole_query() -> None:
    text = "La peste : être ou ne pas être, sur la place."
    assert marked(text, Word("La"), Word("Peste")) == ["peste"]
    assert marked(text, Word("la"), Phrase("ne pas")) == ["La", "ne", "pas", "la"]
    assert marked(text, Phrase("être ou ne pas être")) == ["être", "ou", "ne", "pas", "être"]
    assert marked(text, Phrase("ne pas"), Prefix("pla")) == ["place"]


def test_a_stop_word_is_no_form_of_another_word() -> None:
    assert marked("un ver va vers les verres", Word("ver")) == ["ver"]


def test_no_words_mark_nothing() -> None:
    assert marked(OBUS) == []
    assert marked("", Word("obus")) == []


def test_marks_keep_decomposed_accents_and_soft_hyphens() -> None:
    assert marked("E\u0301ly\u00adse\u0301e", Word("Élysée")) == ["E\u0301ly\u00adse\u0301e"]


def test_both_halves_of_a_cut_word_are_marked() -> None:
    text = "La recons-\ntruction pour les mi- neurs, chef-\nd'œuvre"
    assert marked(text, Word("reconstructions")) == ["recons-\ntruction"]
    assert marked(text, Phrase("les mineurs")) == ["mi- neurs"]
    assert marked(text, Prefix("recon")) == ["recons-\ntruction"]
    assert marked(text, Word("chef-d'œuvre")) == ["chef-\nd'œuvre"]
    assert marked(text, Word("truction")) == []


LEAVES = words_patterns_and_phrases(ANY_TEXT)


@given(st.lists(LEAVES, max_size=4), ANY_TEXT)
@example([Word("1")], "½ ¼")
@example([Word("¼")], "¼")
def test_marks_ascend_inside_any_text_without_overlap(leaves: list[Leaf], text: str) -> None:
    spans = matches([RankingWord(leaf) for leaf in leaves], text)
    bounds = [bound for span in spans for bound in span]
    assert bounds == sorted(bounds)
    assert all(0 <= start < end <= len(text) for start, end in spans)


@given(ANY_TEXT)
def test_a_text_is_marked_by_its_own_words(text: str) -> None:
    assert bool(matches([RankingWord(Word(text))], text)) == any(tokenise(text))


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("obus", "obus", 0),
        ("obus", "bus", 1),
        ("obus", "obuss", 1),
        ("obus", "abus", 1),
        ("obus", "obsu", 1),
        ("munitiosn", "munitions", 1),
        ("obus", "bosu", 2),
        ("ca", "abc", 3),
        ("", "ab", 2),
    ],
)
def test_edits(one: str, other: str, edits: int) -> None:
    assert within_edits(one, other, edits)
    assert not within_edits(one, other, edits - 1)


@cache
def edits_between(one: str, other: str) -> int:
    """Optimal string alignment, by its recursive definition."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        edits_between(one[:-1], other) + 1,
        edits_between(one, other[:-1]) + 1,
        edits_between(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if len(one) > 1 and len(other) > 1 and one[-2:] == other[-1] + other[-2]:
        ways.append(edits_between(one[:-2], other[:-2]) + 1)
    return min(ways)


SHORT = st.text("abc", max_size=7)


@given(SHORT, SHORT, st.integers(0, 3))
def test_edits_are_counted_as_defined(one: str, other: str, distance: int) -> None:
    assert within_edits(one, other, distance) == (edits_between(one, other) <= distance)
    assert within_edits(one, other, distance) == within_edits(other, one, distance)
