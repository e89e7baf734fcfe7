from collections.abc import Iterable

import pytest

from search.indexing.distinct_ids import distinct_id
from search.types import Article


def _row(article_id: str, file: str, body: str = "") -> Article:
    return Article(article_id, f"Titre de {file}", body or f"Texte de {file}.", file=file)


def _stored(rows: Iterable[Article]) -> dict[str, str]:
    """By id, the file of each of these articles, stored one after the other."""
    stored: dict[str, Article] = {}
    for row in rows:
        article_id = distinct_id(row, stored.get)
        stored[article_id] = row
    return {article_id: article.file for article_id, article in stored.items()}


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("/a/fevrier.csv", "fevrier"),
        ("/a/fevrier.csv.gz", "fevrier"),
        ("/a/export.zip/2024/fevrier.jsonl", "fevrier"),
        ("/a/sans_extension", "sans_extension"),
        ("-", "-"),
    ],
)
def test_a_row_number_that_another_file_has_gets_the_name_of_its_file(file: str, name: str) -> None:
    assert _stored([_row("1", "/a/janvier.csv"), _row("1", file)]) == {
        "1": "/a/janvier.csv",
        f"1@{name}": file,
    }


def test_files_of_the_same_name_get_the_names_of_their_folders() -> None:
    files = [f"/presse/{year}/articles.csv" for year in (2021, 2022, 2023)] + ["/autre/2023/articles.csv"]
    expected = dict(zip(("1", "1@articles", "1@2023/articles", "1@autre/2023/articles"), files, strict=True))
    assert _stored(_row("1", file) for file in files) == expected
    assert _stored(_row("1", file) for file in files * 2) == expected


def test_an_article_keeps_its_id_when_the_number_is_free_again() -> None:
    held = {"1@fevrier": _row("1", "/a/fevrier.csv")}
    assert distinct_id(_row("1", "/a/fevrier.csv", "Un texte corrigé."), held.get) == "1@fevrier"
    assert distinct_id(_row("1", "/a/mars.csv"), held.get) == "1"


@pytest.mark.parametrize("article_id", ["a1", "2024-01", "sha-12", "1.0", "²", "١", ""])
def test_an_id_that_is_no_whole_number_stays(article_id: str) -> None:
    assert _stored([_row(article_id, "/a.csv"), _row(article_id, "/b.csv")]) == {article_id: "/b.csv"}


@pytest.mark.parametrize(
    ("held_file", "file"),
    [("", "/a/x.csv"), ("", "-"), ("/a", "/a/x.csv"), ("/a/x.csv", "/a/x.csv"), ("-", "-")],
)
def test_an_article_of_the_same_place_is_replaced(held_file: str, file: str) -> None:
    assert distinct_id(_row("7", file), {"7": _row("7", held_file)}.get) == "7"


def test_the_same_article_in_two_files_is_one() -> None:
    first, again = (Article("7", "Titre", "Texte", file=file) for file in ("/a.csv", "/b.csv"))
    assert _stored([first, again]) == {"7": "/b.csv"}
