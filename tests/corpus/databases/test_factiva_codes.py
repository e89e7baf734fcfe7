"""The codes of Factiva as fields of ours."""

import pytest

from search.corpus.databases.factiva_codes import record
from search.corpus.record import Omission, RawRecord


def fields(**codes: str) -> dict[str, object]:
    made = record({"LP": "Un début.", **codes}, "article 1: ")
    assert isinstance(made, RawRecord)
    return dict(made.fields)


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Par Jeanne Modèle", ["Jeanne Modèle"]),
        ("By Jeanne Modèle;Paul Témoin ", ["Jeanne Modèle", "Paul Témoin"]),
        ("Von der Redaktion", ["Von der Redaktion"]),
        ("PAR L. VALMONT", ["L. VALMONT"]),
        ("", []),
    ],
)
def test_a_byline_becomes_names(byline: str, authors: list[str]) -> None:
    assert fields(BY=byline)["author"] == authors


def test_the_beginning_comes_before_the_rest_of_the_text() -> None:
    assert fields(LP="Un.", TD="Deux.\n\nTrois.")["text"] == "Un.\n\nDeux.\n\nTrois."
    assert fields(LP="", TD="Deux.")["text"] == "Deux."


def test_subjects_and_descriptors_are_keywords_without_their_codes() -> None:
    made = fields(NS="gvote1 : Élections | gpol : Vie : politique", IPD="Scrutin | Mairie")
    assert made["keywords"] == ["Élections", "Vie : politique", "Scrutin", "Mairie"]


def test_the_number_is_kept_whole_and_the_rights_are_not_handed_on() -> None:
    made = fields(AN="Document GZEX000020240301ek3100001", CY="(c) 2024", RE="fra : France", SC="GZEX")
    assert made["id"] == "GZEX000020240301ek3100001"
    assert "CY" not in made
    assert "AN" not in made
    assert "IPD" not in fields(IPD="Scrutin")
    assert made["RE"] == "fra : France"
    assert made["SC"] == "GZEX"


def test_a_column_is_the_section_where_there_is_none() -> None:
    assert fields(CLM="Billet")["section"] == "Billet"
    assert fields(CLM="Billet", SE="Région")["section"] == "Région"


def test_the_language_of_the_wrapper_goes_before_the_name_of_it() -> None:
    made = record({"LP": "Un.", "LA": "Englisch"}, "", "fr")
    assert isinstance(made, RawRecord)
    assert made.fields["lang"] == "fr"
    assert fields(LA="Englisch")["lang"] == "Englisch"


def test_an_article_without_text_is_told() -> None:
    made = record({"HD": "Une image", "SN": "Gazette"}, "article 3: ")
    assert made == Omission("document without text", "article 3: document without text (Gazette)")
