import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from search.build_types import LostField, PassedOver, Rejected
from search.corpus import read
from search.corpus.reading import FileReading, readings
from search.types import Article

from ..conftest import Write

SAMPLES = Path(__file__).parents[1] / "samples"
NAMES = {
    "fundus.json": "fundus",
    "minet_extract.csv": "minet extract",
    "news_api.json": "NewsAPI",
    "news_please.jsonl": "news-please",
    "trafilatura.csv": "trafilatura CSV",
    "trafilatura.json": "trafilatura",
    "wordpress.json": "WordPress",
}


def format_of(path: str) -> str:
    (file,) = readings([path])
    assert isinstance(file, FileReading)
    return file.format.name


def records(name: str) -> list[dict[str, object]]:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    if name.endswith(".csv"):
        return list(csv.DictReader(io.StringIO(text)))
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    value = json.loads(text)
    value = value.get("articles", value) if isinstance(value, dict) else value
    return value if isinstance(value, list) else [value]


def as_table(rows: list[dict[str, object]], delimiter: str) -> str:
    """A table as pandas writes it: lists and objects are printed into their cells."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    output = io.StringIO()
    table = csv.DictWriter(output, names, delimiter=delimiter)
    table.writeheader()
    table.writerows(rows)
    return output.getvalue()


def articles(path: str) -> list[tuple[str, ...]]:
    return [
        (one.title, one.body, one.published, one.source, one.section, one.url, one.author, one.keywords)
        for one in read([path])
        if isinstance(one, Article)
    ]


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_a_shape_is_recognised_by_the_names_of_its_first_record(name: str, expected: str) -> None:
    assert format_of(str(SAMPLES / name)) == expected


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"trafilatura.csv"}))
@pytest.mark.parametrize(
    ("written", "dump"),
    [
        ("a.jsonl", lambda rows: "\n".join(map(json.dumps, rows))),
        ("a.json", lambda rows: json.dumps(rows, indent=1)),
        ("sans_extension", lambda rows: json.dumps({"total": 1, "articles": rows}, ensure_ascii=False)),
        ("a.txt", lambda rows: "\n".join(map(json.dumps, rows * 2))),
    ],
)
def test_a_shape_reads_the_same_in_every_container(
    write: Write, name: str, written: str, dump: Callable[[list[dict[str, object]]], str]
) -> None:
    rows = records(name)
    path = write(written, dump(rows))
    expected = articles(str(SAMPLES / name))
    assert format_of(path) == NAMES[name]
    assert articles(path) == expected * (2 if written == "a.txt" else 1)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["news_please.jsonl", "news_api.json", "trafilatura.json"])
def test_a_shape_in_a_table_with_printed_lists(write: Write, name: str, delimiter: str) -> None:
    path = write("a.csv", as_table(records(name), delimiter))
    assert format_of(path) == NAMES[name]
    assert articles(path) == articles(str(SAMPLES / name))


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("url,extract_error,canonical_url,title,raw_content", "minet extract"),
        ("canonical_url,title,content,sitename", "minet extract"),
        ("title,date_publish,source_domain,text", "news-please"),
        ("title;text;source-hostname;excerpt", "trafilatura"),
        ("title,hostname,sitename,description,text", "trafilatura"),
        ("source.name,title,content,publishedAt", "NewsAPI"),
        ("id,date,title.rendered,content.rendered", "WordPress"),
        ("title,description,content,sitename,date", "table"),
        ("title,text,publisher", "table"),
    ],
)
def test_fewer_columns_are_enough(write: Write, header: str, name: str) -> None:
    assert format_of(write("a.csv", f"{header}\n")) == name


def test_an_older_table_of_minet_has_its_text_elsewhere(write: Write) -> None:
    header = "url,extract_error,canonical_url,title,raw_content"
    rows = f'{header}\nhttps://ex.fr/a,,,Le bac,"Un.\nDeux."\nb,erreur,,,\n'
    article, rejected = read([write("a.csv", rows)])
    assert isinstance(article, Article)
    assert (article.body, article.url) == ("Un.\n\nDeux.", "https://ex.fr/a")
    assert isinstance(rejected, Rejected)


def test_a_page_that_minet_could_not_fetch_is_no_article() -> None:
    _, passed_over, rejected = read([str(SAMPLES / "minet_extract.csv")])
    path = str(SAMPLES / "minet_extract.csv")
    assert passed_over == PassedOver(path, 4, "page not fetched", "timeout")
    assert rejected == Rejected(path, 5, "minet could not extract the page: no-trafilatura-result")


def test_the_text_of_an_error_page_is_no_article(write: Write) -> None:
    row = records("minet_extract.csv")[0] | {"http_status": "404.0"}
    path = write("a.csv", as_table([row], ","))
    assert list(read([path])) == [PassedOver(path, 2, "page not fetched", "HTTP status 404")]


def test_a_table_without_header_may_be_in_utf_16(write: Write) -> None:
    sample = SAMPLES / "trafilatura.csv"
    path = write("a.csv", sample.read_text(encoding="utf-8").encode("utf-16"))
    assert articles(path) == articles(str(sample))


def test_the_name_of_the_paper_is_no_part_of_a_title_of_news_api(write: Write) -> None:
    item = {"publishedAt": "2024-03-01", "urlToImage": None, "content": "Le quai rouvre."}
    named = {
        "source": {"id": None, "name": "Gazette Exemple"},
        "title": "Le port - le quai - Gazette Exemple",
    }
    other = {"source": {"id": None, "name": None}, "title": "Le port - Gazette Exemple"}
    path = write("a.json", json.dumps({"articles": [item | named, item | other]}))
    assert [title for title, *_ in articles(path)] == ["Le port - le quai", "Le port - Gazette Exemple"]


def test_a_text_that_news_api_cuts_is_told() -> None:
    lost, article, removed = read([str(SAMPLES / "news_api.json")])
    path = str(SAMPLES / "news_api.json")
    assert lost == LostField(
        path,
        0,
        "text",
        "record 1: text: NewsAPI gives only its beginning; 1234 characters are missing",
    )
    assert isinstance(article, Article)
    assert article.body.endswith("La traversée rest…")
    assert removed == PassedOver(path, 0, "article removed by NewsAPI", "record 2: the title is [Removed]")


def test_numbers_of_authors_and_categories_are_not_their_names() -> None:
    *_, last = read([str(SAMPLES / "wordpress.json")])
    assert isinstance(last, Article)
    assert (last.author, last.section, last.keywords) == ("", "", "")


def test_the_lines_of_a_table_without_header_are_those_of_the_file(write: Write) -> None:
    text = (SAMPLES / "trafilatura.csv").read_text(encoding="utf-8")
    path = write("a.tsv", text + "trop\tpeu\n")
    *_, last = read([path])
    assert last == Rejected(path, 4, "the row has 2 cells, the header has 11")


@pytest.mark.parametrize("wrong", [None, 3, True, [], {}, [[]], [{}], {"a": []}, "", "[", "{'name': "])
@pytest.mark.parametrize("name", sorted(set(NAMES) - {"trafilatura.csv"}))
def test_values_of_any_kind_give_articles_and_rejections(write: Write, name: str, wrong: object) -> None:
    row = records(name)[0]
    rows = [{**row, field: wrong} for field in row]
    for one in read([write("a.json", json.dumps([row, *rows]))]):
        assert isinstance(one, Article | LostField | PassedOver | Rejected)
        assert not (isinstance(one, Rejected) and one.reason.startswith("not JSON"))


def test_a_map_and_a_notebook_are_not_records(write: Write) -> None:
    for name, content in {
        "a.geojson": '{"type": "FeatureCollection", "features": [{"type": "Feature"}]}',
        "a.ipynb": '{"cells": [{"source": ["texte"]}], "metadata": {}}',
    }.items():
        path = write(name, content)
        assert list(read([path])) == [
            Rejected(path, 0, "unknown format; depeche build --help names the known ones")
        ]
