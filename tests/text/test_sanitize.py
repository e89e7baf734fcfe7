import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.sanitize import clean, flat, printable


@pytest.mark.parametrize(
    ("text", "legible"),
    [
        ("un\ttitre\r\nlong", "un titre\nlong"),
        ("\x1b[31mrouge\x1b[0m", "[31mrouge[0m"),
        ("\x1b]0;titre\x07fin", "]0;titrefin"),
        ("\x9b2J", "2J"),
        ("a\u202eb\u2066c\u200bd\xade\ufefff\udcff", "abcdef"),
        ("un ❤\ufe0f pour 👍🏽\u3164", "un ❤ pour 👍"),
        ("L’Élysée, 3\u202f000\xa0€ — 東京 🚂", "L’Élysée, 3\u202f000\xa0€ — 東京 🚂"),
    ],
)
def test_what_a_terminal_would_obey_is_left_out(text: str, legible: str) -> None:
    assert clean(text) == legible


def test_flat_text_is_one_line() -> None:
    assert flat("Un\n\n  \ttitre\x1b ") == "Un titre "
    assert flat("«\u00a0Il en faut 10\u202f000 \u00a0") == "«\u00a0Il en faut 10\u202f000 "


@given(st.text())
def test_legible_text_stays_as_it_is(text: str) -> None:
    legible = clean(text)

    assert clean(legible) == legible
    assert {unicodedata.category(character) for character in legible.replace("\n", "")} & {
        "Cc",
        "Cs",
    } == set()
    assert "\n" not in flat(text)


def test_an_argument_that_is_no_text_can_be_written() -> None:
    assert printable("caf\udce9 été") == "caf\ufffd été"
