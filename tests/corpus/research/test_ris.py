"""References in RIS."""

from collections.abc import Mapping

import pytest

from search.corpus.record import Omission, RawRecord
from search.corpus.research.ris import is_ris, read_ris
from search.corpus.source import Source


def _source(*lines: str) -> Source:
    return Source("a.txt", iter(["\r\n".join(lines).encode()]))


def _fields(*lines: str) -> Mapping[str, object]:
    (record,) = read_ris(_source("TY  - NEWS", *lines, "AB  - Le bac flotte.", "ER  - "))
    assert isinstance(record, RawRecord)
    return record.fields


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        (["DA  - 1939/10/30/", "PY  - 1938", "Y2  - 2024/05/02/"], "1939-10-30"),
        (["DA  - 2024/03//"], "2024-03"),
        (["PY  - 2024///"], "2024"),
        (["PY  - 2024", "DA  - "], "2024"),
        (["Y1  - 2024/03/01/18:05"], "2024-03-01"),
        (["DA  - 1er mars 2024"], "1er mars 2024"),
        (["DA  - //"], "//"),
        (["Y2  - 2024/05/02/"], ""),
    ],
)
def test_the_date_is_that_of_the_article(lines: list[str], date: str) -> None:
    assert _fields(*lines)["date"] == date


def test_values_of_several_lines_and_of_several_tags() -> None:
    fields = _fields(
        "AU  - Modèle, Jeanne", "AU  - Essai, Jean", "N1  - Une note plus longue,", "", "à suivre."
    )

    assert fields["author"] == ["Jeanne Modèle", "Jean Essai"]
    assert fields["text"] == "Une note plus longue,\n\nà suivre."


@pytest.mark.parametrize(
    ("lines", "page"),
    [
        (["SP  - 3", "EP  - 4"], "3-4"),
        (["SP  - 3", "EP  - 3"], "3"),
        (["SP  - A6"], "A6"),
        (["EP  - "], ""),
    ],
)
def test_an_article_may_go_on_for_pages(lines: list[str], page: str) -> None:
    assert _fields(*lines)["page"] == page


def test_what_no_field_takes_is_left_over() -> None:
    fields = _fields("ID  - 7", "DO  - 10.1/x", "DO  - 10.1/y", "T2  - Gazette Exemple", "JO  - GE")

    assert (fields["RIS ID"], fields["RIS DO"], fields["source"]) == (
        ["7"],
        ["10.1/x", "10.1/y"],
        "Gazette Exemple",
    )
    assert "id" not in fields


def test_each_reference_has_its_line_and_none_is_lost_without_its_end() -> None:
    source = _source(
        "", "TY  - NEWS", "AB  - Un.", "TY  - NEWS", "TI  - Deux", "ER  -", "TY  - NEWS", "AB  - Trois."
    )

    records = list(read_ris(source))

    assert [record.line for record in records] == [2, 4, 7]
    assert [type(record) for record in records] == [RawRecord, Omission, RawRecord]


def test_a_text_about_tags_is_no_reference() -> None:
    assert is_ris(_source("\ufeffTY  - JOUR", "TI  - Le bac"))
    assert is_ris(_source("Provider: Exemple", "Content: text/plain", "", "TY  - NEWS", "T1  - Le bac"))
    assert not is_ris(_source("TY  - NEWS", "est une balise."))
    assert not is_ris(_source("La balise TY  - NEWS ouvre une notice."))
    assert not is_ris(_source("TY - NEWS"))
