import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.agencies.conventions import authors, is_signature, place_of, split_dateline, story


@pytest.mark.parametrize(
    "line",
    [
        "asl/tib/pid/cac",
        "ab-cd/ef",
        "abc",
        "AEX",
        "aex jm pe",
        "(AEX)",
        "(aex afe)",
        "(AEX/jm)",
        "(AEX\\/sj)",
    ],
)
def test_codes_and_initials_are_signatures(line: str) -> None:
    assert is_signature(line)
    assert story(f"Un texte.\n\n{line}") == "Un texte."


@pytest.mark.parametrize(
    "line",
    ["Fin.", "La suite demain", "(à suivre demain)", "12/03/2024", "le port, la ville", "Oui", "et/ou cela."],
)
def test_prose_is_no_signature(line: str) -> None:
    assert not is_signature(line)
    assert story(f"Un texte.\n\n{line}") == f"Un texte.\n\n{line}"


def test_several_signatures_go_and_a_text_of_one_line_stays() -> None:
    assert story("Un texte.\n\njm/pe\n(AEX)\n") == "Un texte."
    assert story("jm/pe") == "jm/pe"


def test_a_title_above_its_text_goes() -> None:
    assert story("La Sorgue\ndéborde\n\nDix familles.", "La Sorgue déborde") == "Dix familles."
    assert story("La Sorgue déborde", "La Sorgue déborde") == "La Sorgue déborde"
    assert story("Autre titre\n\nDix familles.", "La Sorgue déborde") == "Autre titre\n\nDix familles."


def test_markup_in_one_paragraph_leaves_the_others_apart() -> None:
    assert story("Un.\n\nVoir <a href='x'>ici</a>.\n\nSi a < b.") == "Un.\n\nVoir ici.\n\nSi a < b."


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Jeanne Modèle", ["Jeanne Modèle"]),
        ("Par Jeanne Modèle, envoyée spéciale à Armeil", ["Jeanne Modèle"]),
        ("De notre correspondante Jeanne Modèle", ["Jeanne Modèle"]),
        ("De notre envoyé spécial à Armeil, Paul Exemple", ["Paul Exemple"]),
        ("Jeanne Modèle et Paul Exemple", ["Jeanne Modèle", "Paul Exemple"]),
        ("By Jeanne Modèle, Paul Exemple and Léa Test", ["Jeanne Modèle", "Paul Exemple", "Léa Test"]),
        ("JEANNE MODÈLE à Armeil", ["JEANNE MODÈLE"]),
        ("Jeanne Modèle (avec AEX)", ["Jeanne Modèle"]),
        ("Jeanne Modèle / La Gazette Exemple", ["Jeanne Modèle"]),
        ("Jeanne Modèle, journaliste", ["Jeanne Modèle"]),
        ("La rédaction", ["La rédaction"]),
        ("AEX", []),
        ("gr/bp", []),
        ("", []),
    ],
)
def test_names_of_a_byline(byline: str, names: list[str]) -> None:
    assert authors(byline) == names


@pytest.mark.parametrize(
    ("dateline", "place"),
    [
        ("Armeil, 1 mars 2024 (AEX) -", "Armeil"),
        ("SAINT-ARMEIL (Haute-Sorgue), 1er mars (AEX) -", "SAINT-ARMEIL"),
        ("Le Valmont -", "Le Valmont"),
        ("Valmont – suite", "Valmont"),
        ("1 mars 2024", ""),
        ("", ""),
    ],
)
def test_place_of_a_dateline(dateline: str, place: str) -> None:
    assert place_of(dateline) == place


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Armeil, 1er mars 2024 (AEX) - Les dockers.", ("Armeil", "AEX", "Les dockers.")),
        ("ARMEIL (AEX) — Les dockers.", ("ARMEIL", "AEX", "Les dockers.")),
        ("Armeil (aex afe) Les dockers.", ("Armeil", "aex afe", "Les dockers.")),
        ("Le syndicat (CDX) a voté.", ("", "", "Le syndicat (CDX) a voté.")),
        ("Les dockers.", ("", "", "Les dockers.")),
    ],
)
def test_a_dateline_is_parted_from_its_text(text: str, parts: tuple[str, str, str]) -> None:
    assert split_dateline(text) == parts


@given(st.text(max_size=300))
def test_parting_a_dateline_loses_no_text(text: str) -> None:
    place, agency, rest = split_dateline(text)
    assert text.endswith(rest)
    assert place in text
    assert agency in text
