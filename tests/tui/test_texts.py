import importlib
import pkgutil
import re
from dataclasses import fields
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import search.tui
from search.tui.building import STAGES
from search.tui.texts import ENGLISH, FRENCH, Texts, texts_for
from search.tui.themes import THEMES
from search.tui.why import LEGS


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
    assert FRENCH.found(2) == "2 articles"
    assert ENGLISH.found(1) == "1 article"
    assert FRENCH.found(14356) == "14\u202f356 articles"
    assert ENGLISH.found(14356) == "14,356 articles"
    assert [FRENCH.more(1), FRENCH.more(3)] == ["+1 passage", "+3 passages"]


def test_both_languages_say_everything() -> None:
    for field in fields(Texts):
        if field.name != "keys":
            assert getattr(FRENCH, field.name), field.name
            assert getattr(ENGLISH, field.name), field.name


def test_every_key_is_described_in_french() -> None:
    for module in pkgutil.iter_modules(search.tui.__path__, "search.tui."):
        for owner in vars(importlib.import_module(module.name)).values():
            if isinstance(owner, type) and issubclass(owner, DOMNode) and owner.__module__ == module.name:
                for binding in Binding.make_bindings(owner.__dict__.get("BINDINGS", [])):
                    assert binding.description in FRENCH.keys
                    assert not binding.tooltip or binding.tooltip in FRENCH.keys


def test_every_sentence_is_said_in_french() -> None:
    for path in Path(search.tui.__file__).parent.glob("*.py"):
        for sentence in re.findall(r'key\(\s*"([^"]+)"', path.read_text(encoding="utf-8")):
            assert sentence in FRENCH.keys, path.name
    for sentence in (*STAGES.values(), *LEGS.values(), *(f"Colours: {name}" for name in THEMES)):
        assert sentence in FRENCH.keys
