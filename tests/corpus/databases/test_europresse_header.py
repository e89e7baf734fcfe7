"""The lines over a document of Europresse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.databases.europresse_header import Header, parse_header, parse_publication

HEADERS = {
    "Économie, vendredi 1 mars 2024 412 mots, p. ECO5": Header(
        "Économie", "vendredi 1 mars 2024", "", "412", "ECO5", "fr"
    ),
    "Sports, Football, dimanche 1er août 2021 - 18:05 UTC +0200 1 398 mots": Header(
        "Sports, Football", "dimanche 1er août 2021", "18:05", "1 398", "", "fr"
    ),
    "lundi 16 octobre 2023 - 16:55:20 -0000 412 mots": Header(
        "", "lundi 16 octobre 2023", "16:55", "412", "", "fr"
    ),
    "Thursday, December 22, 2022 13887 mots, p. 819(40)": Header(
        "", "Thursday, December 22, 2022", "", "13887", "819(40)", "en"
    ),
    "World, November 13, 2015 85 words": Header("World", "November 13, 2015", "", "85"),
    "mars 2024 2310 mots": Header("", "mars 2024", "", "2310", "", "fr"),
    "Rétro mai 1968, lundi\n  4 mai 2020, p. 12, 13": Header(
        "Rétro mai 1968", "lundi 4 mai 2020", "", "", "12, 13", "fr"
    ),
    "mars-avril 2012 2310 mots": Header("", "mars-avril 2012", "", "2310", "", "fr"),
    "March / April 2012 2310 words": Header("", "March / April 2012", "", "2310"),
    "Dossier, décembre 2023 - janvier 2024, p. 4": Header("Dossier", "décembre 2023", "", "", "4", "fr"),
    "Rétro mai 1968 - lundi 4 mai 2020": Header("Rétro mai 1968", "lundi 4 mai 2020", "", "", "", "fr"),
    "Dossier, 2019": Header("Dossier", "2019"),
    "sans date": Header(date="sans date"),
    "": Header(),
}


@pytest.mark.parametrize("text", HEADERS)
def test_a_header_is_taken_apart(text: str) -> None:
    assert parse_header(text) == HEADERS[text]


@pytest.mark.parametrize(
    ("text", "source", "issue", "edition"),
    [
        ("Gazette Exemple, no. 24518\n                ", "Gazette Exemple", "no. 24518", ""),
        ("Revue Exemple, vol. 14, no. 4", "Revue Exemple", "vol. 14, no. 4", ""),
        ("Revue Exemple, Vol. 14, no 4", "Revue Exemple", "Vol. 14, no 4", ""),
        ("Gazette Exemple (site web)", "Gazette Exemple (site web)", "", ""),
        ("Valmont, nord et sud", "Valmont, nord et sud", "", ""),
        ("Gazette Exemple                Nord", "Gazette Exemple", "", "Nord"),
        ("Gazette Exemple \nArmeil ; Valmont", "Gazette Exemple", "", "Armeil ; Valmont"),
    ],
)
def test_a_publication_has_a_source_an_issue_and_an_edition(
    text: str, source: str, issue: str, edition: str
) -> None:
    assert parse_publication(text) == {"source": source, "issue": issue, "edition": edition}


@given(st.text(), st.text())
def test_any_text_has_a_header(before: str, after: str) -> None:
    header = parse_header(f"{before}, vendredi 1 mars 2024{after}")
    assert header.date
    parse_publication(before)
