import csv
import io
from pathlib import Path

import pytest

from .running import KEYS, Depeche, find, untimed


def test_many_queries_are_answered_in_order(depeche: Depeche, tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text(
        '{"id": "b", "text": "munitions\u2028Russie"}\n\n{"id": "a", "text": "marathon"}\n', encoding="utf-8"
    )

    ran = depeche("find", "--queries", str(path), "-n", "2", "--mode", "keyword")

    answers = ran.lines
    assert (ran.code, ran.err) == (0, "")
    assert [list(answer) for answer in answers] == [["id", *KEYS]] * 2
    assert [answer.pop("id") for answer in answers] == ["b", "a"]
    assert untimed(answers[1]) == untimed(find(depeche, "marathon", "-n", "2", "--mode", "keyword").json)


def test_filters_bind_many_queries_too(depeche: Depeche) -> None:
    ran = depeche(
        "find", "--queries", "-", "--section", "sport", "--explain", stdin=b'{"id": "1", "text": "pluie"}'
    )

    assert ran.json["understood"] == "pluie · rubrique:sport"
    assert ran.ids == ["marathon"]


def test_a_wrong_query_among_many_is_answered_by_its_error(depeche: Depeche) -> None:
    ran = depeche(
        "find",
        "--queries",
        "-",
        stdin=b'{"id": "1", "text": "(obus"}\n{"id": "2", "text": "marathon"}\n{"id": "3", "text": ""}',
    )

    wrong, right, blank = ran.lines
    assert ran.code == 2
    assert ran.err == "depeche: 1 of 3 queries could not be understood; see the error of each\n"
    assert wrong == {
        "id": "1",
        "query": "(obus",
        "error": {
            "message": "This bracket is never closed.",
            "position": 0,
            "suggestion": "add a closing )",
        },
    }
    assert (right["id"], right["results"][0]["id"]) == ("2", "marathon")
    assert (blank["id"], blank["results"]) == ("3", [])


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (b'{"id": "1"}', "missing required field `text`"),
        (b'{"id": 1, "text": "x"}', "Expected `str`, got `int`"),
        (b"munitions", "malformed"),
        (b'{"id": "1", "text": "\xff"}', "can't decode byte 0xff"),
    ],
)
def test_a_line_that_is_no_query_is_named(depeche: Depeche, second: bytes, message: str) -> None:
    ran = depeche("find", "--queries", "-", stdin=b'{"id": "1", "text": "obus"}\n' + second)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("depeche: <stdin>, line 2: ")
    assert message in ran.err


def test_queries_that_cannot_be_read_are_named(depeche: Depeche, tmp_path: Path) -> None:
    ran = depeche("find", "--queries", str(tmp_path / "none.jsonl"))

    assert (ran.code, ran.out) == (2, "")
    assert f"'{tmp_path / 'none.jsonl'}': No such file or directory" in ran.err


def test_many_queries_without_encoder_say_so_once(depeche: Depeche, no_encoder: list[str]) -> None:
    ran = depeche(
        "find", "--queries", "-", stdin=b'{"id": "1", "text": "obus"}\n{"id": "2", "text": "marathon"}'
    )

    notice = "Answered by keywords only: The model is not here; get it."
    assert ran.err == f"depeche: {notice}\n"
    assert [answer["degraded"] for answer in ran.lines] == [[notice]] * 2
    assert no_encoder == [None]


QUESTIONS = "munitions, Russie\n\n=marathon\nintrouvable\n"


def test_many_answers_are_one_table(depeche: Depeche) -> None:
    ran = depeche(
        "find", "--queries", "-", "-n", "1", "--mode", "keyword", "--format", "csv", stdin=QUESTIONS.encode()
    )

    head, first, second = csv.reader(io.StringIO(ran.out))
    assert (ran.code, ran.err) == (0, "")
    assert head[:5] == ["query_id", "query", "rank", "id", "title"]
    assert first[:4] == ["1", "munitions, Russie", "1", "ukraine"]
    assert second[:4] == ["3", "'=marathon", "1", "marathon"]
    alone = csv.reader(io.StringIO(depeche("find", "marathon", "--mode", "keyword", "--format", "csv").out))
    assert [head[2:], second[2:]] == list(alone)


def test_ids_of_a_table_come_back(depeche: Depeche) -> None:
    table = b"id;query\nq7;marathon\n;obus\n"
    ran = depeche(
        "find",
        "--queries",
        "-",
        "-n",
        "1",
        "--offset",
        "1",
        "--mode",
        "keyword",
        "--format",
        "csv",
        stdin=table,
    )

    rows = list(csv.reader(io.StringIO(ran.out)))[1:]
    assert [row[:3] for row in rows] == [["3", "obus", "2"]]


def test_many_answers_are_chapters_of_markdown(depeche: Depeche) -> None:
    ran = depeche("find", "--queries", "-", "-n", "1", "--format", "md", stdin=b"marathon\n[obus]\n")

    first, second = ran.out.split("## ")[1:]
    assert first.startswith("1 · marathon\n\n1. **Un marathon sous la pluie**")
    assert second.startswith("2 · \\[obus\\]\n\n1. **")


@pytest.mark.parametrize("form", ["csv", "md"])
def test_a_wrong_query_stops_no_table(depeche: Depeche, form: str) -> None:
    ran = depeche("find", "--queries", "-", "--format", form, stdin=b"(obus\nmarathon\n")

    wrong = "depeche: 1: This bracket is never closed.\n  (obus\n  ^ add a closing )\n"
    assert ran.code == 2
    assert ran.err == f"{wrong}depeche: 1 of 2 queries could not be understood; see the error of each\n"
    assert "Un marathon sous la pluie" in ran.out
    assert "never closed" not in ran.out


def test_a_page_of_text_is_for_one_query(depeche: Depeche) -> None:
    ran = depeche("find", "--queries", "-", "--format", "text", stdin=b"marathon")

    assert (ran.code, ran.out) == (2, "")
    assert "--queries needs the format json, jsonl, csv or md." in ran.err


@pytest.mark.parametrize("form", [[], ["--format", "json"], ["--format", "jsonl"]])
def test_json_is_an_answer_a_line(depeche: Depeche, form: list[str]) -> None:
    ran = depeche("find", "--queries", "-", *form, stdin=b"marathon\nobus")
    assert [(answer["id"], answer["query"]) for answer in ran.lines] == [("1", "marathon"), ("2", "obus")]
