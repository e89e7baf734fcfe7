"""Labels of Nexis as fields of ours."""

import pytest

from search.corpus.databases.nexis_labels import is_label, names_field, record, without_date
from search.corpus.record import Omission, RawRecord


def fields(date: str = "", **labelled: str) -> dict[str, object]:
    made = record("document 1: ", "Un titre", "Gazette", date, labelled, "Un.")
    assert isinstance(made, RawRecord)
    return dict(made.fields)


@pytest.mark.parametrize(
    ("line", "date", "time", "edition"),
    [
        ("1 mars 2024 vendredi", "1 mars 2024", "", ""),
        ("March 14, 2013 Thursday 11:21 AM GMT", "March 14, 2013", "11:21 AM", ""),
        ("27. Februar 2012 Montag 9:50 PM GMT+1", "27. Februar 2012", "9:50 PM", ""),
        ("June 17, 1995, CITY EDITION", "June 17, 1995", "", "CITY EDITION"),
        ("January 11, 2018 Thursday, Late Edition - Final", "January 11, 2018", "", "Late Edition - Final"),
        ("January 11, 2010 Monday Edition 1; Scotland", "January 11, 2010", "", "Edition 1; Scotland"),
    ],
)
def test_the_line_with_the_date_is_taken_apart(line: str, date: str, time: str, edition: str) -> None:
    made = fields(line)
    assert (made["date"], made["time"], made["edition"]) == (date, time, edition)


@pytest.mark.parametrize(
    ("written", "section", "page"),
    [
        ("INTERNATIONAL; Pg. 35", "INTERNATIONAL", "35"),
        ("Section B; Column 0; Business Desk; Pg. 1", "Section B; Column 0; Business Desk", "1"),
        ("Guardian Pages, Pg. 15", "Guardian Pages", "15"),
        ("MONEY; Pg. 1B; COVER", "MONEY; COVER", "1B"),
        ("LOKALES; S. 12", "LOKALES", "12"),
        ("Pg. A01", "", "A01"),
        ("Sports", "Sports", ""),
        ("Spages 4", "Spages 4", ""),
    ],
)
def test_the_page_stands_in_the_section(written: str, section: str, page: str) -> None:
    made = fields(RUBRIQUE=written)
    assert (made["section"], made["page"]) == (section, page)


def test_subjects_lose_their_shares_and_languages_their_second_name() -> None:
    made = fields(
        SUJET="GRÈVES (90%); PORTS\n (88%);",
        LANGUE="FRENCH; FRANÇAIS",
        DATELINE="BEIRUT, Lebanon, March 14 2013",
    )
    assert made["keywords"] == ["GRÈVES", "PORTS"]
    assert made["lang"] == "FRENCH"
    assert made["place"] == "BEIRUT, Lebanon"


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("LÄNGE", "word_count"),
        ("Length", "word_count"),
        ("ENCART", "chapo"),
        ("Highlight", "chapo"),
        ("URL", "url"),
    ],
)
def test_labels_of_several_languages_name_one_field(label: str, field: str) -> None:
    assert is_label(label)
    assert fields(**{label: "Une valeur"})[field] == "Une valeur"


def test_a_label_without_a_field_and_a_second_one_of_the_same_keep_their_names() -> None:
    made = fields(**{"DATE-CHARGEMENT": "2 mars 2024", "ENCART": "Un", "HIGHLIGHT": "Deux"})
    assert made["DATE-CHARGEMENT"] == "2 mars 2024"
    assert (made["chapo"], made["HIGHLIGHT"]) == ("Un", "Deux")


def test_some_labels_name_no_field() -> None:
    assert is_label("LOAD-DATE")
    assert not names_field("LOAD-DATE")
    assert names_field("SUJET")


@pytest.mark.parametrize("word", ["NOTE", "Bruxelles", "Le maire", ""])
def test_words_that_begin_sentences_are_no_labels(word: str) -> None:
    assert not is_label(word)


@pytest.mark.parametrize(
    ("head", "date", "others"),
    [
        (["Gazette", "1 mars 2024", "Titre"], "1 mars 2024", ["Gazette", "Titre"]),
        (["Titre de 2024", "Gazette", "1 mars 2024"], "1 mars 2024", ["Titre de 2024", "Gazette"]),
        (["Copyright 2024 Gazette", "Gazette", "Titre"], "", ["Gazette", "Titre"]),
        (["Gazette", "x" * 200 + " 2024"], "", ["Gazette", "x" * 200 + " 2024"]),
        ([], "", []),
    ],
)
def test_the_date_is_found_among_the_first_lines(head: list[str], date: str, others: list[str]) -> None:
    assert without_date(head) == (date, others)


def test_a_document_without_text_is_told() -> None:
    made = record("document 2: ", "Titre", "Gazette", "", {"LONGUEUR": "0 mots"}, "")
    assert made == Omission("document without text", "document 2: document without text (Gazette)")
