"""The commands that count answers, as a program and as a reader see them."""

import csv
import io
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from tests.press import PRESS

from .running import Depeche, find

_KEYWORD = ("--mode", "keyword")
_SVG = "{http://www.w3.org/2000/svg}"


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_trends_count_what_find_finds(depeche: Depeche) -> None:
    ran = depeche("trends", "munitions", "train", "--format", "json", *_KEYWORD, "--copies", "listed")
    counted = ran.json
    for series in counted["series"]:
        answer = find(depeche, series["query"], *_KEYWORD, "--copies", "listed", "-n", "50").json
        months = Counter(result["date"][:7] for result in answer["results"] if len(result["date"]) >= 7)
        listed = dict(zip(counted["periods"], series["articles"], strict=True))
        assert {month: count for month, count in listed.items() if count} == months
        assert series["total"] == answer["total"]
    archive = Counter(article.published[:7] for article in PRESS)
    assert counted["series"][0]["archive"] == [archive[month] for month in counted["periods"]]


def test_trends_of_a_span_have_every_period_of_it(depeche: Depeche) -> None:
    span = ("--since", "2023-08-31", "--before", "2023-09-16", "--by", "week")
    rows = table(depeche("trends", "munitions", "--format", "csv", *span, *_KEYWORD).out)
    assert [row["period"] for row in rows] == ["2023-W35", "2023-W36", "2023-W37"]
    total = find(depeche, "munitions", *span[:4], *_KEYWORD).json["total"]
    assert [int(row["articles"]) for row in rows] == [0, 0, total]
    assert float(rows[-1]["per_mille"]) == round(1000 * total / int(rows[-1]["archive"]), 4)


def test_trends_for_a_reader(depeche: Depeche) -> None:
    ran = depeche("trends", "munitions", "--by", "year", *_KEYWORD)
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["period", "munitions"]
    assert lines[-1][0] == "total"
    relative = depeche("trends", "munitions", "--by", "year", "--relative", *_KEYWORD).out
    assert "‰" in relative


def test_each_source_is_counted_with_its_own_archive(depeche: Depeche) -> None:
    ran = depeche("trends", "munitions", "--by", "year", "--by-source", "--format", "csv", *_KEYWORD)
    rows = [row for row in table(ran.out) if row["source"] == "Agence Nord" and row["period"] == "2023"]
    own = [
        article for article in PRESS if article.source == "Agence Nord" and article.published[:4] == "2023"
    ]
    assert [int(row["archive"]) for row in rows] == [len(own)]


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_plot_has_no_colour_and_fits(
    depeche: Depeche, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    ran = depeche("trends", "munitions", "train", "--format", "plot", *_KEYWORD)
    assert "\x1b" not in ran.out
    assert max(map(len, ran.out.splitlines())) <= columns
    legend = [line.split(" · ")[0] for line in ran.out.splitlines()[-2:]]
    assert legend == ["● munitions", "× train"]
    assert all(sign in "".join(ran.out.splitlines()[:-2]) for sign in "●×")


def test_an_image_has_a_title_a_description_and_a_legend(depeche: Depeche) -> None:
    ran = depeche("trends", "munitions", "l'<obus> & train", "--format", "svg", *_KEYWORD)
    image = ET.fromstring(ran.out)  # noqa: S314 - our own
    texts = [text.text for text in image.iter(f"{_SVG}text")]
    title, description = image.find(f"{_SVG}title"), image.find(f"{_SVG}desc")
    assert title is not None
    assert title.text == "munitions, l'<obus> & train"
    assert description is not None
    assert "munitions: " in (description.text or "")
    assert {"munitions", "l'<obus> & train", "numbers of articles"} <= set(texts)
    assert image.get("aria-labelledby") == "title desc"
    assert len(list(image.iter(f"{_SVG}polyline"))) == 2


def test_a_concordance_can_be_cited(depeche: Depeche) -> None:
    ran = depeche("concordance", "obus", "--format", "csv", *_KEYWORD)
    by_id = {article.id: article for article in PRESS}
    rows = table(ran.out)
    assert rows
    for row in rows:
        article = by_id[row["id"]]
        text = article.title if row["part"] == "title" else article.body
        assert text[int(row["start"]) : int(row["end"])] == row["keyword"]
    assert f"{len(rows)} occurrences in {len({row['id'] for row in rows})} articles" in ran.err
    assert depeche("concordance", "obus", "--format", "json", *_KEYWORD).json == (
        depeche("concordance", "obus", "--format", "jsonl", *_KEYWORD).lines
    )
    assert len(depeche("concordance", "obus", "--format", "jsonl", *_KEYWORD).lines) == len(rows)


def test_a_concordance_in_the_order_of_what_follows(depeche: Depeche) -> None:
    ran = depeche("concordance", "munitions", "--sort", "right", "--format", "jsonl", *_KEYWORD)
    following = [line["right"].strip("., ").casefold() for line in ran.lines]
    assert following == sorted(following)
    assert len(following) > 2


def test_a_concordance_for_a_reader_has_its_keywords_in_one_column(depeche: Depeche) -> None:
    lines = depeche("concordance", "munitions", *_KEYWORD).out.splitlines()
    assert len({line.index("[munitions]") for line in lines if "[munitions]" in line}) == 1
    assert max(map(len, lines)) <= 80


def test_terms_and_cooccurrents_say_what_they_counted(depeche: Depeche) -> None:
    ran = depeche("terms", "munitions", "--minimum", "1", "--format", "json", *_KEYWORD)
    total = find(depeche, "munitions", *_KEYWORD).json["total"]
    assert (ran.json["articles"], ran.json["against"]) == (total, "")
    assert f"{total} articles of the answer" in ran.err
    near = depeche("cooccurrents", "munitions", "--minimum", "1", "--format", "json", *_KEYWORD)
    lines = depeche("concordance", "munitions", "--format", "jsonl", *_KEYWORD).lines
    assert near.json["occurrences"] == sum(line["part"] == "body" for line in lines)
    assert near.json["degraded"] == []


def test_nothing_to_count(depeche: Depeche) -> None:
    for command in ("trends", "concordance", "terms", "cooccurrents"):
        assert depeche(command, "xyzzy", *_KEYWORD).code == 1
        assert depeche(command, '"munitions', *_KEYWORD).code == 2
        assert depeche(command).code == 2
    assert depeche("cooccurrents", "munitions", "--window", "large").code == 2


def test_a_cell_is_no_formula(depeche: Depeche) -> None:
    rows = table(depeche("trends", "=munitions", "--format", "csv", *_KEYWORD).out)
    assert rows[0]["query"].startswith("'=")
