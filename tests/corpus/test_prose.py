import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.prose import TITLE_LIMIT, clean_line, clean_text, first_sentence, has_words

HOSTILE = st.text(
    alphabet=st.sampled_from("ae\u0301 \t\n\r\x00\x0b\x0c\x1f\x7f\x85\u2028\u00a0\ufeff\ud83d’.!«»M")
)
ANY_TEXT = st.text(alphabet=st.characters()) | HOSTILE


def letters(text: str) -> list[str]:
    return [c for c in unicodedata.normalize("NFD", text) if c.isalpha()]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("E\u0301lyse\u0301e", "Élysée"),
        ("une\r\ndeux\rtrois", "une\ndeux\ntrois"),
        ("un\x00e \x07de\x1bux\x7f", "une deux"),
        ("un\tdeux", "un\tdeux"),
        ("fin  \t \u00a0\ndébut", "fin\ndébut"),
        ("a\n \n\t\n\n\nb", "a\n\nb"),
        ("a\n\nb\nc", "a\n\nb\nc"),
        ("\ufeff  début et fin \n\n", "début et fin"),
        ("page\x0csuivante\u2028ligne", "page\nsuivante\nligne"),
        ("moitié \ud83d d’émoji", "moitié \ufffd d’émoji"),
        (
            "« l’été\u00a0» — 3\u202f000\u00a0€ &amp; &eacute;",
            "« l’été\u00a0» — 3\u202f000\u00a0€ &amp; &eacute;",
        ),
    ],
)
def test_text_is_cleaned_and_its_typography_kept(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_a_line_has_single_spaces_and_keeps_no_break_ones() -> None:
    assert clean_line("  Un   titre\n\tsur « deux\u00a0» lignes ") == "Un titre sur « deux\u00a0» lignes"


@given(ANY_TEXT)
def test_cleaning_is_idempotent_and_leaves_nothing_that_cannot_be_shown(raw: str) -> None:
    clean = clean_text(raw)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not [c for c in clean if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cs")]
    assert [line.rstrip() for line in clean.split("\n")] == clean.split("\n")
    assert "\n\n\n" not in clean
    assert clean == clean.strip()


@given(ANY_TEXT)
def test_cleaning_keeps_every_letter_in_order(raw: str) -> None:
    assert letters(clean_text(raw)) == letters(raw)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Un train est parti. Il roule.", "Un train est parti."),
        ("M. Dupont a vu Mme J. Durand. Elle part.", "M. Dupont a vu Mme J. Durand."),
        ("La hausse est de 3.5 points, 1.200 euros. Fin.", "La hausse est de 3.5 points, 1.200 euros."),
        ("« Non ! » Il est parti. Il roule.", "« Non ! »"),
        ("Une ligne\ncoupée en deux. Suite.", "Une ligne coupée en deux."),
        ("Sans point final\n\nSuite.", "Sans point final"),
        ("***\n\nLe vrai début. Suite.", "Le vrai début."),
    ],
)
def test_the_first_sentence_is_the_title(body: str, title: str) -> None:
    assert first_sentence(body) == title


def test_a_long_first_sentence_is_cut_between_words() -> None:
    body = "Le ministre, " * 20 + "parle."
    assert first_sentence(body) == "Le ministre, " * 9 + "Le…"


def test_a_word_longer_than_a_title_is_cut() -> None:
    assert first_sentence("a" * 300) == "a" * TITLE_LIMIT + "…"


def test_a_sentence_of_just_the_limit_is_not_cut() -> None:
    sentence = "a" * (TITLE_LIMIT - 4) + " fin"
    assert first_sentence(sentence) == sentence


@given(ANY_TEXT.filter(has_words))
def test_a_title_is_one_short_line_and_never_blank(raw: str) -> None:
    title = first_sentence(clean_text(raw))
    assert title.strip()
    assert "\n" not in title
    assert len(title) <= TITLE_LIMIT + 1
