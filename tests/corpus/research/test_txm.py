"""Corpora of TXM: the table beside the texts gives their fields."""

import zipfile
from pathlib import Path

import pytest

from search.build_types import PassedOver, Rejected
from search.corpus import read
from search.types import Article
from tests.corpus.conftest import Write

TABLE = "id,titre,date\nga_1,Le bac,2024-03-01\nGA_2.txt,Le musée,2024-03-02\n"


def _corpus(folder: Path, table: str, name: str = "metadata.csv") -> str:
    for path, text in {name: table, "ga_1.txt": "Il flotte.", "GA_2.txt": "Il rouvre."}.items():
        (folder / path).write_text(text)
    return str(folder)


@pytest.mark.parametrize(
    ("name", "separator"),
    [
        ("METADATA.CSV", ","),
        ("metadata.csv", ","),
        ("metadata.tsv", ";"),
        ("metadata.tsv", "\t"),
        ("metadata.csv", "\t"),
    ],
)
def test_rows_give_the_fields_of_the_files_they_name(tmp_path: Path, name: str, separator: str) -> None:
    items = list(read([_corpus(tmp_path, TABLE.replace(",", separator), name)]))

    articles = {item.id: item for item in items if isinstance(item, Article)}
    assert {key: (article.title, article.published, article.body) for key, article in articles.items()} == {
        "ga_1": ("Le bac", "2024-03-01", "Il flotte."),
        "GA_2": ("Le musée", "2024-03-02", "Il rouvre."),
    }
    assert [(item.kind, Path(item.path).name) for item in items if isinstance(item, PassedOver)] == [
        ("metadata", name)
    ]


def test_the_number_of_a_row_may_stand_before_the_id(tmp_path: Path) -> None:
    folder = _corpus(tmp_path, ",id,titre\n0,ga_1,Le bac\n1,GA_2,Le musée\n")
    articles = [item for item in read([folder]) if isinstance(item, Article)]
    assert sorted((article.id, article.title) for article in articles) == [
        ("GA_2", "Le musée"),
        ("ga_1", "Le bac"),
    ]


def test_a_text_without_row_and_a_row_without_text_are_told(tmp_path: Path) -> None:
    folder = _corpus(tmp_path, "id,titre\nga_1,Le bac\nga_9,Perdu\n")

    items = list(read([folder]))

    told = [(Path(item.path).name, item.line) for item in items if isinstance(item, Rejected | PassedOver)]
    assert sorted(told) == [("GA_2.txt", 0), ("metadata.csv", 0), ("metadata.csv", 3)]
    assert sorted(item.body for item in items if isinstance(item, Article)) == ["Il flotte.", "Il rouvre."]
    assert any(isinstance(item, Rejected) and "ga_9.txt" in item.reason for item in items)


def test_a_table_that_describes_no_file_is_a_table_of_articles(tmp_path: Path) -> None:
    items = list(read([_corpus(tmp_path, "id,texte\n7,Un article dans la table.\n")]))

    assert sorted(item.body for item in items if isinstance(item, Article)) == [
        "Il flotte.",
        "Il rouvre.",
        "Un article dans la table.",
    ]


def test_a_corpus_in_an_archive_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "corpus.zip", "w") as archive:
        for name, text in {
            "c/ga_1.txt": "Il flotte.",
            "c/metadata.csv": TABLE,
            "metadata.csv": "id\nx\n",
        }.items():
            archive.writestr(name, text)

    articles = [item for item in read([str(tmp_path / "corpus.zip")]) if isinstance(item, Article)]

    assert [(article.id, article.title) for article in articles if article.body == "Il flotte."] == [
        ("ga_1", "Le bac")
    ]


def test_one_text_named_alone_has_its_fields(write: Write) -> None:
    write("metadata.csv", TABLE)

    (article,) = read([write("ga_1.txt", "Il flotte.")])

    assert isinstance(article, Article)
    assert (article.id, article.published) == ("ga_1", "2024-03-01")
