import pytest

from search.build_types import LostField, Rejected
from search.corpus import ReadOptions
from search.types import Article

from .conftest import Write
from .placeless import read


def article(write: Write, content: str) -> Article:
    (record,) = read([write("a.md", content)])
    assert isinstance(record, Article), record
    return record


def rejected(write: Write, content: str) -> Rejected:
    (record,) = read([write("a.md", content)])
    assert isinstance(record, Rejected), record
    return record


def test_front_matter_and_text(write: Write) -> None:
    front = """---
id: cargo-1
titre: "Cargo : le départ"
date: 2024-03-05 18:30
source: Agence
rubrique: Économie
url: https://exemple.fr/cargo
langue: fr
lieu: Brest
chapo: Un cargo est parti.
auteur: [A, B]
sample: true
---

Le **port** est vide.

## Suite
Une liste.
"""
    assert article(write, front) == Article(
        id="cargo-1",
        title="Cargo : le départ",
        body="Un cargo est parti.\n\nLe **port** est vide.\n\n## Suite\nUne liste.",
        published="2024-03-05T18:30",
        source="Agence",
        section="Économie",
        url="https://exemple.fr/cargo",
        lang="fr",
        place="Brest",
        author="A; B",
        standfirst="Un cargo est parti.",
    )


@pytest.mark.parametrize("date", ["2024", "2024-03", "2024-03-05"])
def test_a_date_keeps_its_precision(write: Write, date: str) -> None:
    assert article(write, f"---\ndate: {date}\n---\nUn texte.").published == date


def test_words_that_yaml_would_convert_stay_words(write: Write) -> None:
    record = article(write, "---\ntitle: no\nid: 007\nsection: 1_000\nsource: ~\n---\nUn texte.")
    assert (record.title, record.id, record.section, record.source) == ("no", "007", "1_000", "~")


@pytest.mark.parametrize("heading", ["# Le titre", "\n\n#  Le titre ##  ", "# Le titre\r"])
def test_the_opening_heading_is_the_title(write: Write, heading: str) -> None:
    record = article(write, f"{heading}\n\nUn texte.\n\n# Autre")
    assert (record.title, record.body) == ("Le titre", "Un texte.\n\n# Autre")


def test_a_heading_stays_in_the_text_when_the_title_is_given(write: Write) -> None:
    record = article(write, "---\nTitre: Donné\n---\n# Le titre\n\nUn texte.")
    assert (record.title, record.body) == ("Donné", "# Le titre\n\nUn texte.")


def test_a_blank_title_gives_way_to_the_heading(write: Write) -> None:
    assert article(write, "---\ntitle: ''\n---\n# Le titre\n\nUn texte.").title == "Le titre"


@pytest.mark.parametrize(
    "text", ["## Petit\n\nUn texte.", "#sansespace\n\nUn texte.", "Un texte.\n\n# Plus loin"]
)
def test_other_headings_are_text(write: Write, text: str) -> None:
    assert article(write, text).body == text


def test_an_empty_front_matter_is_left_out(write: Write) -> None:
    assert article(write, "---\n---\nUn texte.").body == "Un texte."


@pytest.mark.parametrize("text", ["---\nUn texte entre filets.\n---\nSuite.", "---\nJamais: fermé"])
def test_rules_are_not_front_matter(write: Write, text: str) -> None:
    assert article(write, text).body == text


def test_an_unquoted_colon_is_told_with_its_place(write: Write) -> None:
    record = rejected(write, "---\ntitle: Cargo : le départ\n---\nUn texte.")
    assert record.reason.startswith("the front matter is not YAML; put values that hold ': ' in quotes")
    assert "line 1, column 14" in record.reason


@pytest.mark.parametrize("front", ['a: "\\UFFFFFFFF"', "a: " + "[" * 2000, "a: \x01", "? [a]\n: b"])
def test_hostile_front_matter_is_rejected(write: Write, front: str) -> None:
    assert rejected(write, f"---\n{front}\n---\nUn texte.").reason.startswith("the front matter is not YAML")


def test_an_object_where_text_is_expected_costs_the_field(write: Write) -> None:
    lost, kept = read([write("a.md", "---\nsource: {a: B}\n---\nUn texte.")])
    assert isinstance(lost, LostField)
    assert lost.reason == "source: source is an object, not text"
    assert isinstance(kept, Article)
    assert (kept.source, kept.body) == ("", "Un texte.")


def test_a_front_matter_alone_is_a_flash(write: Write) -> None:
    record = article(write, "---\ntitle: Séisme\n---\n")
    assert (record.title, record.body) == ("Séisme", "Séisme")


def test_columns_rename_front_matter_too(write: Write) -> None:
    path = write("a.md", "---\nagence: AFP\n---\nUn texte.")
    (record,) = read([path], ReadOptions(columns={"source": "agence"}))
    assert isinstance(record, Article)
    assert record.source == "AFP"
