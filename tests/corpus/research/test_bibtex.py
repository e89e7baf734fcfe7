"""References in BibTeX."""

from collections.abc import Mapping

import pytest

from search.corpus.record import Fault, RawRecord
from search.corpus.research.bibtex import is_bibtex, read_bibtex
from search.corpus.source import Source


def _source(text: str) -> Source:
    return Source("a.txt", iter([text.encode()]))


def _fields(fields: str) -> Mapping[str, object]:
    (record,) = read_bibtex(_source(f"@article{{k,\n {fields},\n abstract = {{Le bac flotte.}}\n}}"))
    assert isinstance(record, RawRecord)
    return record.fields


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("year = {2024}, month = mar, day = {1}", "2024-03-01"),
        ("year = 2024, month = {3}", "2024-03"),
        ("year = {2024}, month = {mars}", "2024-03"),
        ("year = {2024}, month = {avril}, day = 5", "2024-04-05"),
        ("year = {2024}, month = {March/April}", "2024-03"),
        ("year = {2024}, day = {1}", "2024"),
        ("date = {2024-03-01}, year = {2023}, urldate = {2024-05-02}", "2024-03-01"),
        ("urldate = {2024-05-02}", ""),
    ],
)
def test_the_date_is_that_of_the_article(written: str, date: str) -> None:
    assert _fields(written)["date"] == date


def test_names_and_addresses() -> None:
    fields = _fields(
        r"author = {Mod{\`e}le, Jeanne and {Exemple, agence}}, url = {https://exemple.fr/a_b--c?d&e}"
    )

    assert fields["author"] == ["Jeanne Modèle", "Exemple, agence"]
    assert fields["url"] == "https://exemple.fr/a_b--c?d&e"


def test_pages_and_signs_of_latex_in_an_address() -> None:
    fields = _fields(r"pages = {3--4}, url = {https://exemple.fr/a\_b?c=1\&d=2}")

    assert (fields["page"], fields["url"]) == ("3-4", "https://exemple.fr/a_b?c=1&d=2")


def test_entries_of_one_key_are_both_read_and_a_broken_one_is_told() -> None:
    one = "@misc{k,\n abstract = {Un.}\n}\n"
    two = "@misc{k,\n abstract = {Deux.}, note = {a}, note = {b}\n}\n"

    first, second, fault = read_bibtex(_source(f"% Export\n{one}{two}@misc{{x,\n title = {{Perdu\n"))

    assert isinstance(first, RawRecord)
    assert isinstance(second, RawRecord)
    assert [(record.fields["id"], record.fields["text"], record.line) for record in (first, second)] == [
        ("k", "Un.", 2),
        ("", "Deux.", 5),
    ]
    assert isinstance(fault, Fault)
    assert fault.line == 8


def test_a_broken_entry_is_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert len(list(read_bibtex(_source("@misc{k,\n title = {Perdu")))) == 1
    assert capfd.readouterr() == ("", "")


def test_a_text_with_an_address_is_no_bibliography() -> None:
    for text in ("@jeanne a dit { rien }", "Le bac. @article{a, title = {b}}", "@media print {\n a: b }", ""):
        assert not is_bibtex(_source(text)), text
    assert is_bibtex(_source("\ufeff\n@Article {k,\n\tAuthor = {a}}"))
