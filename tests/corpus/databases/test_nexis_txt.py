"""Nexis as text: which blocks are the head, labels and text."""

import pytest

from search.corpus.databases.nexis_txt import NEXIS_TXT, read_nexis_txt
from search.corpus.format import Records
from search.corpus.record import BadRecord, Omission, RawRecord
from search.corpus.source import Source

HEAD = (
    "                   1 of 2 DOCUMENTS\n\n\n      Gazette\n\n   1 mars 2024\n     vendredi\n\nUn\ntitre\n\n"
)


def documents(text: str) -> Records:
    return read_nexis_txt(Source("export.txt", iter([text.encode()])))


def only(text: str) -> dict[str, object]:
    (record,) = documents(text)
    assert isinstance(record, RawRecord)
    return dict(record.fields)


def test_lines_of_a_block_are_joined() -> None:
    fields = only(HEAD + "LONGUEUR: 62 mots\n\nUn début,\nune fin.\n\n\nDeux.\n")
    assert (fields["source"], fields["date"], fields["title"]) == ("Gazette", "1 mars 2024", "Un titre")
    assert fields["text"] == "Un début, une fin.\n\nDeux."


def test_unknown_labels_count_only_below_the_text() -> None:
    fields = only(
        HEAD
        + "LONGUEUR: 62 mots\n\nNOTE: un mot.\n\nLANGUE: FRENCH\n\nNOTE: un autre.\n\n"
        + "Copyright 2024 Gazette\n"
    )
    assert fields["text"] == "NOTE: un mot."
    assert fields["NOTE"] == "un autre."


def test_lines_of_the_head_beside_date_paper_and_title_are_left_over() -> None:
    fields = only(HEAD + "Correction Appended\n\nLONGUEUR: 2 mots\n\nUn texte.\n")
    assert (fields["title"], fields["text"], fields["HEAD"]) == (
        "Un titre",
        "Un texte.",
        "Correction Appended",
    )


def test_the_text_of_a_document_without_labels_is_kept() -> None:
    assert only(HEAD + "Un texte.\n\nDeux.\n\nCopyright 2024 Gazette\n")["text"] == "Un texte.\n\nDeux."


def test_rights_go_only_at_the_end_and_in_the_head() -> None:
    head = HEAD.replace("Un\ntitre", "Copyright 2024 Gazette\n\nUn\ntitre")
    fields = only(head + "LONGUEUR: 2\n\nCopyright ou pas, il copie.\n\nDeux.\n\n\nCopyright 2024 Gazette\n")
    assert fields["title"] == "Un titre"
    assert fields["text"] == "Copyright ou pas, il copie.\n\nDeux."


def test_words_of_a_title_and_a_first_paragraph_are_no_labels() -> None:
    head = HEAD.replace("Un\ntitre", "UPDATE: un\ntitre")
    fields = only(head + "LONGUEUR: 62 mots\n\nGRAPHIC: un mot.\n\nUPDATE: 2. März 2024\n\nX-Y: z\n")
    assert fields["title"] == "UPDATE: un titre"
    assert fields["text"] == "GRAPHIC: un mot."
    assert (fields["UPDATE"], fields["X-Y"]) == ("2. März 2024", "z")


def test_a_document_of_labels_alone_has_no_text() -> None:
    (omission,) = documents(HEAD + "LONGUEUR: 0 mots\n\nDATE-CHARGEMENT: 2 mars 2024\n\nLANGUE: FRENCH\n")
    assert isinstance(omission, Omission)


def test_the_page_about_the_search_is_no_part_of_a_document() -> None:
    text = (
        "Download Request: 1-2\nTerms: port\n\n"
        + HEAD
        + "LONGUEUR: 1\n\nUn.\n\n---- End of Request ----\nX\n"
    )
    assert only(text)["text"] == "Un."


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("   1 of 10 DOCUMENTS", True),
        ("   FOCUS - 1 of 1 DOCUMENT", True),
        ("Dokument 3 von 12", True),
        ("Document 1 de 4", True),
        ("Voici 1 of 10 DOCUMENTS", False),
        ("<html>\n1 of 10 DOCUMENTS", False),
    ],
)
def test_it_is_recognised_by_its_counters(line: str, known: bool) -> None:
    assert NEXIS_TXT.recognises(Source("x", iter([f"\n{line}\n\nGazette\n".encode()]))) == known


def test_a_file_without_counters_is_refused() -> None:
    with pytest.raises(BadRecord, match="no document"):
        list(documents("Gazette\n"))
