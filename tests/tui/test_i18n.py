import ast
import importlib
import pkgutil
import re
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from textual.binding import Binding
from textual.dom import DOMNode

import search.tui
from search.config import Settings
from search.errors import QueryError, Translatable
from search.query.parser import parse
from search.tui.app import DepecheApp
from search.tui.i18n import ENGLISH, FRENCH, Texts, texts_for
from tests.tui import translations
from tests.tui.driving import seen
from tests.tui.fakes import FakeEngine, FakeIndexClient
from tests.tui.translations import (
    catalogue,
    error_calls,
    error_messages,
    error_sources,
    forms,
    interface_messages,
    messages,
    typographic,
    untranslated,
)

_SLOT = re.compile(r"{[^}]*}")


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
    assert texts_for("", environment) is expected


def test_the_language_of_the_settings_overrides_the_locale() -> None:
    assert texts_for("en", {"LC_ALL": "fr_FR"}) is ENGLISH
    assert texts_for("fr", {"LC_ALL": "en_GB"}) is FRENCH


@pytest.mark.parametrize(("language", "prompt"), [("fr", "Chercher : "), ("en", "Search: ")])
async def test_the_interface_uses_the_language_of_the_settings(
    language: Literal["fr", "en"], prompt: str, tmp_path: Path
) -> None:
    app = DepecheApp(FakeIndexClient(FakeEngine()), Settings(language=language), tmp_path)
    async with app.run_test() as pilot:
        assert prompt in seen(pilot)


def test_numbers_and_plurals() -> None:
    assert [FRENCH.article_count(0), FRENCH.article_count(2)] == ["0 article", "2 articles"]
    assert [ENGLISH.article_count(0), ENGLISH.article_count(1)] == ["0 articles", "1 article"]
    assert FRENCH.article_count(14356) == "14\u202f356 articles"
    assert ENGLISH.article_count(14356) == "14,356 articles"
    assert [FRENCH.more_passages(1), FRENCH.more_passages(3)] == ["+1 passage", "+3 passages"]
    assert [FRENCH.chosen_count(1), FRENCH.chosen_count(2), ENGLISH.chosen_count(1)] == [
        "1 choisi",
        "2 choisis",
        "1 chosen",
    ]
    assert [FRENCH.filter_count(1), FRENCH.filter_count(8), ENGLISH.filter_count(1)] == [
        "1 filtre",
        "8 filtres",
        "1 filter",
    ]


def test_an_unknown_message_is_not_translated() -> None:
    assert [FRENCH.translate(""), FRENCH.translate("no message at all")] == ["", "no message at all"]
    assert [FRENCH.translate("Quit"), ENGLISH.translate("Quit")] == ["Quitter", "Quit"]


def test_translatable_messages_get_their_values() -> None:
    side = Translatable("after")
    missing = Translatable("{} has nothing {} it.", "ET", side)
    assert (str(missing), ENGLISH.translate(missing)) == ("ET has nothing after it.",) * 2
    assert FRENCH.translate(missing) == "ET n’a rien après."
    assert FRENCH.translate("shorten it") == "raccourcissez-la"
    assert FRENCH.translate(Translatable("{} is not a field.", "{after}:")) == "{after}: n’est pas un champ."
    assert FRENCH.translate(Translatable("{} is not a field.", "after")) == "after n’est pas un champ."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("munitions ET", "ET n’a rien après. → écrivez un mot après, ou « et » si ce n’est pas un opérateur"),
        ('"obus', 'Ce guillemet n’est jamais fermé. → ajoutez un " fermant'),
        ("sorce:AFP", "sorce: n’est pas un champ. → vouliez-vous dire source: ? les champs sont titre:"),
        ("date:2023-13", "La date « 2023-13 » n’existe pas. → écrivez 2023, 2023-09"),
        ("source:", 'source: demande un mot ou une expression. → à écrire juste après : source:"deux mots"'),
    ],
)
def test_mistakes_in_queries_are_explained_in_french(query: str, expected: str) -> None:
    with pytest.raises(QueryError) as mistake:
        parse(query, date(2026, 11, 22))
    message = " → ".join(map(FRENCH.translate, (mistake.value.message, mistake.value.suggestion)))
    assert message.replace("\xa0", " ").startswith(expected)


def test_both_languages_have_all_names() -> None:
    assert FRENCH.months[7] == "août"
    assert ENGLISH.months[7] == "Aug"
    assert [len(FRENCH.months), len(ENGLISH.months)] == [12, 12]
    assert list(FRENCH.modes.values()) == ["hybride", "mots", "sens"]
    assert list(ENGLISH.modes.values()) == ["hybrid", "keywords", "meaning"]
    assert FRENCH.query_examples[1] == ("«\xa0obus d’artillerie\xa0»", "cette expression exacte")
    assert ENGLISH.query_examples[1] == ('"obus d\'artillerie"', "this phrase exactly")


def test_messages_are_extracted_from_code() -> None:
    code = """
Binding("q", "leave", "quit", tooltip="Leave it", id="leave")
hint = Translated("Type")
f"{self.texts.translate('a')} {translate('b' if found else 'c')} {texts.translate(name)}" + translate(
    "d "
    "e"
)
texts.plural("{} f", "{} g", count)
texts.with_keys("{} i", "quit")
other("h")
"""
    assert set(interface_messages(ast.parse(code))) == {
        "quit",
        "Leave it",
        "Type",
        "a",
        "b",
        "c",
        "d e",
        "{} i",
        ("{} f", "{} g"),
    }


def test_messages_of_errors_are_extracted_from_code() -> None:
    code = """
raise QueryError("a", start(token), "b") from QueryError(error.message, 0, error.suggestion)
return IndexCorrupt(Translatable("c {}", Translatable("d" if lost else "e"), path))
raise ConfigError("f")
"""
    assert set(error_messages(ast.parse(code))) == {"a", "b", "c {}", "d", "e", "f"}


@pytest.mark.parametrize("path", error_sources(), ids=lambda path: path.name)
def test_every_error_message_can_be_extracted(path: Path) -> None:
    for call in error_calls(ast.parse(path.read_text(encoding="utf-8"))):
        made = [argument for argument in call.args if isinstance(argument, ast.JoinedStr | ast.BinOp)]
        assert not made, f"line {call.lineno}: word it, so that it can be translated"


def test_the_catalogue_has_exactly_the_messages_of_the_code() -> None:
    in_code, written = ({message.id for message in known} for known in (messages(), catalogue()))
    assert written - in_code == set(), "run scripts/translations"
    assert in_code - written == set(), "run scripts/translations"
    assert {"Quit", "near the query", "Colours: light", ("{} article", "{} articles")} <= written
    assert not catalogue().obsolete


def test_every_binding_is_in_the_catalogue() -> None:
    known = {message.id for message in catalogue()}
    for module in pkgutil.walk_packages(search.tui.__path__, "search.tui."):
        for owner in vars(importlib.import_module(module.name)).values():
            if isinstance(owner, type) and issubclass(owner, DOMNode) and owner.__module__ == module.name:
                for binding in Binding.make_bindings(owner.__dict__.get("BINDINGS", [])):
                    assert {binding.description, binding.tooltip} <= known | {""}, owner


def test_every_message_is_translated() -> None:
    assert untranslated(catalogue()) == []


def test_missing_and_uncertain_translations_are_listed() -> None:
    doubtful = Catalog(locale="fr")
    doubtful.add("done", "fait")
    doubtful.add("empty")
    doubtful.add("fuzzy", "flou", flags=["fuzzy"])
    doubtful.add(("{} one", "{} many"), ("{} un", ""))
    assert untranslated(doubtful) == ["empty", "fuzzy", "{} one / {} many"]


def test_translations_have_the_placeholders_of_their_messages() -> None:
    for message in catalogue():
        for english, french in zip(forms(message.id), forms(message.string), strict=True):
            assert slots(french) == slots(english), message.id


def slots(text: str) -> list[str]:
    """The places of values: those without a name in their order, then those with one."""
    found = _SLOT.findall(text)
    return [
        *(slot for slot in found if slot[1] in ":}"),
        *sorted(slot for slot in found if slot[1] not in ":}"),
    ]


@pytest.mark.parametrize(
    "message", catalogue(), ids=lambda message: " / ".join(forms(message.id))[:40] if message.id else "header"
)
def test_french_has_its_spaces_and_apostrophes(message: Message) -> None:
    for french in forms(message.string) if message.id else ():
        assert french == typographic(french)
        assert not re.search(r"(?<![\xa0\u202f\d])[;?!»](?= |$)|«(?!\xa0)", french.replace("m?t", "")), french


@pytest.mark.parametrize(
    ("typed", "french"),
    [
        ("Chercher : {} ?", "Chercher\xa0: {}\xa0?"),
        ("« l'obus »", "«\xa0l’obus\xa0»"),
        ("titre:mot", "titre:mot"),
        ("12 % ; {} %", "12\u202f%\xa0; {}\u202f%"),
        ("find '\"obus\"'", "find '\"obus\"'"),
        ("dites : oui", "dites\xa0: oui"),
    ],
)
def test_french_is_set_as_it_is_printed(typed: str, french: str) -> None:
    assert typographic(typed) == typographic(typographic(typed)) == french


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert _compiled(translations.COMPILED) == _all(catalogue())


def test_an_update_keeps_translations_and_lists_missing_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(translations, "SOURCE", tmp_path / "depeche.po")
    monkeypatch.setattr(translations, "COMPILED", tmp_path / "depeche.mo")
    (tmp_path / "depeche.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Quit"\nmsgstr "Partir"\n\nmsgid "Gone"\nmsgstr "Parti"\n',
        encoding="utf-8",
    )
    missing = translations.update()
    renewed = (tmp_path / "depeche.po").read_text(encoding="utf-8")

    assert missing == len(messages()) - 1
    assert "not translated: Copy the text\n" in capsys.readouterr().out
    assert ('msgid "Quit"\nmsgstr "Partir"' in renewed, "Gone" in renewed) == (True, False)
    assert _compiled(tmp_path / "depeche.mo")["Quit",] == ("Partir",)
    assert ("Copy the text",) not in _compiled(tmp_path / "depeche.mo")


def _compiled(path: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    with path.open("rb") as file:
        return _all(read_mo(file))


def _all(known: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The translations by message; both in all their forms."""
    return {tuple(forms(message.id)): tuple(forms(message.string)) for message in known if message.id}
