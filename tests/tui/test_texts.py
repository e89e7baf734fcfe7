from dataclasses import fields

import pytest
from textual.binding import Binding

from search.tui.app import DepecheApp
from search.tui.help import HelpScreen
from search.tui.reader import ReaderScreen
from search.tui.search_screen import SearchScreen
from search.tui.texts import ENGLISH, FRENCH, Texts, texts_for
from search.tui.trouble import TroubleScreen


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, FRENCH),
        ({"LANG": ""}, FRENCH),
        ({"LANG": "C"}, FRENCH),
        ({"LANG": "C.UTF-8"}, FRENCH),
        ({"LANG": "POSIX"}, FRENCH),
        ({"LANG": "fr_CA.UTF-8"}, FRENCH),
        ({"LANG": "en_US.UTF-8"}, ENGLISH),
        ({"LANG": "de_DE"}, ENGLISH),
        ({"LC_MESSAGES": "en_GB", "LANG": "fr_FR"}, ENGLISH),
        ({"LC_ALL": "fr_FR", "LC_MESSAGES": "en_GB", "LANG": "en_GB"}, FRENCH),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], expected: Texts) -> None:
    assert texts_for(environment) is expected


def test_numbers_and_plurals() -> None:
    assert FRENCH.found(2, 2) == "2 articles"
    assert ENGLISH.found(1, 1) == "1 article"
    assert FRENCH.found(50, 14356) == "50 premiers articles sur 14\u202f356"
    assert ENGLISH.found(50, 14356) == "first 50 of 14,356 articles"
    assert [FRENCH.more(1), FRENCH.more(3)] == ["+1 passage", "+3 passages"]


def test_both_languages_say_everything() -> None:
    for field in fields(Texts):
        if field.name != "keys":
            assert getattr(FRENCH, field.name), field.name
            assert getattr(ENGLISH, field.name), field.name


def test_every_key_is_described_in_french() -> None:
    owners = (DepecheApp, SearchScreen, ReaderScreen, TroubleScreen, HelpScreen)
    for binding in Binding.make_bindings(binding for owner in owners for binding in owner.BINDINGS):
        assert binding.description in FRENCH.keys
        assert not binding.tooltip or binding.tooltip in FRENCH.keys
