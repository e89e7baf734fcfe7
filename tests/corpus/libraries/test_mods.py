"""Descriptions of issues and articles."""

from typing import Any

import pytest
from lxml import etree

from search.corpus.libraries.mods import Description, describe

MODS = "http://www.loc.gov/mods/v3"


def _section(inside: str) -> Any:  # noqa: ANN401 - an element of lxml, which is untyped
    return etree.fromstring(f'<dmdSec xmlns:m="{MODS}"><m:mods>{inside}</m:mods></dmdSec>')


def test_an_issue_is_described_without_what_it_belongs_to() -> None:
    related = (
        '<m:relatedItem type="host"><m:titleInfo><m:title>Collection</m:title></m:titleInfo></m:relatedItem>'
    )
    issue = (
        "<m:titleInfo><m:nonSort>La</m:nonSort><m:title>Gazette</m:title></m:titleInfo>"
        "<m:originInfo><m:placeTerm type='code'>fr</m:placeTerm><m:placeTerm>Armeil</m:placeTerm>"
        "<m:dateCreated/><m:dateIssued> 21.11.1901 </m:dateIssued></m:originInfo>"
        "<m:language><m:languageTerm>fre</m:languageTerm></m:language>"
        "<m:identifier>x</m:identifier><m:identifier>https://exemple.fr/ark:/12148/bpt6k1</m:identifier>"
    )

    assert describe(_section(related + issue)) == Description(
        title="La Gazette", date="21.11.1901", language="fre", place="Armeil", key="ark:/12148/bpt6k1"
    )


@pytest.mark.parametrize(
    ("titles", "title"),
    [
        ("<m:title>Le bac</m:title><m:subTitle>Onze jours</m:subTitle>", "Le bac : Onze jours"),
        ("<m:title>Untitled</m:title>", ""),
        ("<m:title>[Sans titre]</m:title>", ""),
        ("<m:title>Faits</m:title></m:titleInfo><m:titleInfo><m:title>Le bac</m:title>", "Faits – Le bac"),
    ],
)
def test_titles(titles: str, title: str) -> None:
    assert describe(_section(f"<m:titleInfo>{titles}</m:titleInfo>")).title == title


def test_other_forms_of_a_title_are_none() -> None:
    other = '<m:titleInfo type="alternative"><m:title>Bac</m:title></m:titleInfo>'

    assert describe(_section(f"{other}<m:titleInfo><m:title>A</m:title></m:titleInfo>")).title == "A"


def test_authors_are_those_who_wrote() -> None:
    names = (
        "<m:name><m:namePart type='family'>Modèle</m:namePart>"
        "<m:namePart type='given'>Jeanne</m:namePart></m:name>"
        "<m:name><m:namePart>Essai, Jean</m:namePart><m:role><m:roleTerm>AUT</m:roleTerm></m:role></m:name>"
        "<m:name><m:namePart>Exemple, Paul</m:namePart><m:role><m:roleTerm>edt</m:roleTerm></m:role></m:name>"
    )

    assert describe(_section(names)).authors == ("Jeanne Modèle", "Jean Essai")


def test_dublin_core() -> None:
    inside = "<title>1915-12-01 (Année 12)</title><creator>Modèle, Jeanne</creator><date>1915-12-01</date>"

    assert describe(etree.fromstring(f"<dmdSec>{inside}</dmdSec>")) == Description(
        title="1915-12-01 (Année 12)", date="1915-12-01", authors=("Jeanne Modèle",)
    )
