"""The JSON API: its answers, its errors, and its description, which are made of one table."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from search.cli.maintenance import FACTS
from search.export import formats
from search.operations.catalogue import OPERATIONS
from search.operations.parameters import ExportParameters
from search.operations.reading import schema_of
from tests.press import PRESS

from .serving import Server

API = "/api/v1"


@pytest.fixture(scope="module")
def server(press_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(press_index, tmp_path_factory.mktemp("home"), "--mode=keyword")
    yield served
    served.close()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


def got(client: httpx.Client, name: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
    answer = client.get(f"{API}/{name}", params=parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (HTTPStatus.OK, "application/json")
    return dict(answer.json())


def without_time(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "took_ms"}


def test_the_answer_is_that_of_the_command_line(
    client: httpx.Client, press_index: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    from search.cli.main import command

    line = ["find", "munitions OU missiles", "--index", str(press_index), "--mode=keyword", "--sort=oldest"]
    command(
        [*line, "--limit=3", "--offset=1", "--facets", "--explain", "--format=json"], standalone_mode=False
    )
    printed = json.loads(capfdbinary.readouterr().out)
    asked = {"query": "munitions OU missiles", "sort": "oldest", "limit": 3, "offset": 1}
    document = got(client, "find", **asked, facets="true", explain="true")

    assert len(printed["results"]) >= 2
    assert without_time(document).items() >= without_time(printed).items()
    assert document.keys() - printed.keys() == {"did_you_mean"}


def test_filters_are_repeated_and_narrow(client: httpx.Client) -> None:
    every = got(client, "find", query="munitions", limit=50)["results"]
    sources = sorted({hit["source"] for hit in every if hit["source"]})
    one = got(client, "find", query="munitions", source=sources[0], limit=50)["results"]

    assert 0 < len(one) < len(every)
    assert {hit["source"] for hit in one} == {sources[0]}
    assert got(client, "find", query="munitions", source=sources[:2])["total"] == 0


def test_a_range_of_an_article(client: httpx.Client) -> None:
    article = PRESS[0]
    whole = got(client, "show", id=article.id)
    part = got(client, "show", id=article.id, start=3, end=9)
    beyond = got(client, "show", id=article.id, start=10**6)

    assert (whole["text"], whole["length"], whole["title"]) == (
        article.body, len(article.body), article.title,
    )  # fmt: skip
    assert (part["text"], part["start"], part["end"]) == (article.body[3:9], 3, 9)
    assert (beyond["text"], beyond["start"], beyond["end"]) == ("", len(article.body), len(article.body))


def test_counts_agree(client: httpx.Client) -> None:
    found = got(client, "find", query="munitions")
    timeline = got(client, "timeline", query="munitions", unit="year")
    facets = got(client, "facets", query="munitions")

    years = {each["period"]: each["count"] for each in timeline["periods"]}
    assert timeline["total"] == facets["total"] == found["total"] > 1
    assert years == {each["value"]: each["count"] for each in facets["facets"]["year"] if each["value"]}
    assert got(client, "status").keys() <= set(FACTS) - {"index", "corpus"}


@pytest.mark.parametrize(
    ("asked", "status", "place", "says"),
    [
        ("find", 400, "query", "missing"),
        ("find?query=", 400, "query", "1 to 5000"),
        ("find?query=a&limt=1", 400, "limt", "did you mean limit?"),
        ("find?query=a&limit=501", 400, "limit", "from 1 to 500"),
        ("find?query=a&limit=ten", 400, "limit", "a whole number"),
        ("find?query=a&limit=1&limit=2", 400, "limit", "twice"),
        ("find?query=a&offset=-1", 400, "offset", "from 0 to 1000000"),
        ("find?query=a&facets=yes", 400, "facets", "true or false"),
        ("find?query=a&sort=best", 400, "sort", "one of: date, oldest, relevance"),
        ("find?query=a&min_confidence=2", 400, "min_confidence", "from 0 to 1"),
        ("find?query=a&since=jamais", 400, "since", "not an existing date"),
        ("find?query=a&source=%3F", 400, "source", "contains no word"),
        ("find?query=a&recency=never", 400, "recency", "not a half-life"),
        ("find?query=%22a", 400, "query", "never closed"),
        ("find?query=dossier:rien", 400, "query", "no dossier"),
        ("show?id=nobody", 404, "id", "no article"),
        ("similar?id=nobody", 404, "id", "no article"),
        ("export?query=a", 400, "format", "one of: bibtex, csl"),
        ("export?query=%22a&format=csv", 400, "query", "never closed"),
        ("nowhere", 404, "", "openapi.json"),
        ("find?query=a&mode=semantic", 503, "", "depeche verify"),  # the index is of another model
    ],
)
def test_an_error_says_what_to_change(
    client: httpx.Client, press_index: Path, asked: str, status: int, place: str, says: str
) -> None:
    answer = client.get(f"{API}/{asked}")
    error = answer.json()["error"]

    assert (answer.status_code, error["place"]) == (status, place)
    assert says in f"{error['message']} {error['suggestion']}"
    assert str(press_index) not in answer.text


def test_a_mistake_in_a_query_has_its_position(client: httpx.Client) -> None:
    error = client.get(f"{API}/find", params={"query": 'munitions "Russie'}).json()["error"]

    assert error["position"] == len("munitions ")


def test_all_results_are_exported_in_every_format(client: httpx.Client) -> None:
    every = [hit["id"] for hit in got(client, "find", query="munitions", limit=500)["results"]]
    for chosen in formats():
        answer = client.get(f"{API}/export", params={"query": "munitions", "format": chosen.name})
        assert (answer.status_code, answer.headers["content-type"]) == (200, chosen.media_type), chosen.name
        assert answer.headers["content-disposition"].endswith(f'"depeche.{chosen.extension}"')
        assert len(answer.content) > 100, chosen.name
        if chosen.name == "jsonl":
            assert [json.loads(line)["id"] for line in answer.text.splitlines()] == every
    assert len(every) > 1
    choices = schema_of(ExportParameters)["properties"]["format"]["enum"]
    assert sorted(choices) == sorted(each.name for each in formats())


def test_an_export_has_texts_where_they_are_asked_for(client: httpx.Client) -> None:
    asked = {"query": "munitions", "format": "jsonl", "sort": "oldest"}
    with_texts = client.get(f"{API}/export", params={**asked, "texts": "true"}).text.splitlines()
    without = client.get(f"{API}/export", params=asked).text.splitlines()
    bodies = {article.id: article.body for article in PRESS}

    assert [json.loads(line)["text"] for line in with_texts] == [
        bodies[json.loads(line)["id"]] for line in with_texts
    ]
    assert "text" not in json.loads(without[0])
    dates = [json.loads(line)["date"] for line in without if json.loads(line)["date"]]
    assert dates == sorted(dates)


def test_other_methods(client: httpx.Client) -> None:
    head, get = client.head(f"{API}/status"), client.get(f"{API}/status")
    post = client.post(f"{API}/status", json={})

    assert (head.status_code, head.content) == (HTTPStatus.OK, b"")
    assert head.headers["content-length"] == str(len(get.content))
    assert post.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert sorted(post.headers["allow"].split(", ")) == ["GET", "HEAD"]
    assert post.json()["error"]["suggestion"] == "ask with GET"


def test_the_description_is_of_the_table_that_checks(client: httpx.Client) -> None:
    document = got(client, "openapi.json")

    assert document["openapi"] == "3.1.0"
    kinds = {operation.name: operation.parameters for operation in OPERATIONS} | {"export": ExportParameters}
    assert set(document["paths"]) == {f"{API}/{name}" for name in kinds}
    for path, kind in kinds.items():
        described = document["paths"][f"{API}/{path}"]["get"]["parameters"]
        properties = json.loads(json.dumps(schema_of(kind)["properties"]))
        assert {
            each["name"]: each["schema"] | {"description": each["description"]} for each in described
        } == {name: {**each} for name, each in properties.items()}


def test_many_clients_have_the_answers_of_one(server: Server) -> None:
    words = sorted({word for article in PRESS for word in article.title.split() if word.isalpha()})[:20]
    with server.client() as one:
        alone = [without_time(got(one, "find", query=word)) for word in words]

    def ask(first: int) -> list[dict[str, Any]]:
        with server.client() as client:
            order = [*range(first, len(words)), *range(first)]
            answers = {place: without_time(got(client, "find", query=words[place])) for place in order}
        return [answers[place] for place in range(len(words))]

    with ThreadPoolExecutor(8) as clients:
        assert all(answers == alone for answers in clients.map(ask, range(8)))
    assert len({json.dumps(answer) for answer in alone}) == len(words)
