import json
from pathlib import Path

import pytest

from search import corpus
from search.build_types import LostField, PassedOver, Rejected
from search.corpus import ReadOptions
from search.corpus.inspection import FileReport, inspect
from search.errors import CorpusError

from .conftest import Write

PLAIN = ReadOptions()
LONG = "Les dockers du port d'Armeil ont voté jeudi la reprise du travail, après onze jours d'arrêt. " * 3


def report(path: str, options: ReadOptions = PLAIN) -> FileReport:
    (only,) = inspect([path], options)
    assert isinstance(only, FileReport)
    return only


def test_each_field_has_its_column_and_an_example(write: Write) -> None:
    path = write("a.csv", "Titre;Texte;vu;Date\nUn;Le corps.;oui;2024-03-01\nDeux;La suite.;;2024-03-02\n")
    read = report(path)
    assert (read.path, read.format, len(read.ids)) == (path, "table", 2)
    assert read.origins == {
        "title": ("Titre", "Un"),
        "text": ("Texte", "Le corps."),
        "date": ("Date", "2024-03-01"),
    }
    assert read.left_over == {"vu": "oui"}
    assert read.suggested == {}


def test_a_column_used_by_any_record_is_not_left_over(write: Write) -> None:
    read = report(write("a.jsonl", '{"text": "", "texte": "Un."}\n{"text": "Deux.", "texte": "Trois."}'))
    assert read.left_over == {}
    assert read.origins["text"][0] == "texte"


def test_a_long_column_is_suggested_as_the_text(write: Write) -> None:
    read = report(write("a.csv", f"titre;récit;jour;adresse\nUn;{LONG};1er mars 2024;https://exemple.fr/1\n"))
    assert read.suggested == {"text": "récit", "date": "jour", "url": "adresse"}
    assert read.ids == []
    assert [type(each) for each in read.unread] == [Rejected]
    mapped = report(read.path, ReadOptions(columns=read.suggested))
    assert (len(mapped.ids), mapped.suggested, mapped.unread) == (1, {}, [])


def test_a_rejected_record_has_the_reason_that_a_build_gives(write: Write) -> None:
    path = write("a.json", json.dumps([{"titre": "Un", "récit": LONG}, {"titre": ""}]))
    assert report(path).unread == list(corpus.read([path]))


def test_what_was_not_read_is_counted_by_kind(write: Write) -> None:
    read = report(write("a.csv", "titre;texte;date\nUn;Le corps.;demain\nDeux;;\n;;\n"))
    rejected, passed_over, lost = read.counts
    assert (rejected, dict(passed_over), dict(lost)) == (1, {}, {"date": 1})
    assert [type(each) for each in read.unread] == [LostField, Rejected]


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", "titre;texte\n"), ("a.json", "[]"), ("a.jsonl", "\n")]
)
def test_a_file_without_a_record_is_told(write: Write, name: str, content: str) -> None:
    (empty,) = report(write(name, content)).unread
    assert isinstance(empty, PassedOver)
    assert (empty.kind, empty.reason.partition(" (")[0]) == ("empty", "there is no record in it")


def test_files_that_are_not_read_come_alone(write: Write, tmp_path: Path) -> None:
    write("a.txt", "Un.")
    photo = write("photo.jpg", b"\xff\xd8\xff")
    first, second = inspect([str(tmp_path)], PLAIN)
    assert isinstance(first, FileReport)
    assert second == PassedOver(photo, 0, ".jpg", "no known format")


def test_a_path_that_is_not_there_is_told() -> None:
    with pytest.raises(CorpusError, match="no such file or folder: absent"):
        list(inspect(["absent"], PLAIN))
