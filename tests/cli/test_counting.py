"""``find --facets``: what was found, counted."""

from pathlib import Path

import pytest

from search.cli.text_output import write_counts
from search.types import Facet, Mode
from tests.press import PRESS

from .running import Depeche, find


def _counted(ids: set[str]) -> dict[str, dict[str, int]]:
    articles = [article for article in PRESS if article.id in ids]
    values = {
        "source": [article.source for article in articles],
        "section": [article.section for article in articles],
        "author": [name for article in articles for name in article.author.split("; ")],
        "place": [article.place for article in articles],
        "keyword": [word for article in articles for word in article.keywords.split("; ")],
        "year": [article.published[:4] for article in articles],
        "month": [article.published[:7] if len(article.published) >= 7 else "" for article in articles],
    }
    return {facet: {value: names.count(value) for value in names} for facet, names in values.items()}


@pytest.mark.parametrize("mode", Mode)
def test_all_the_articles_found_are_counted_in_every_mode(depeche: Depeche, mode: Mode) -> None:
    query = ["munitions Russie", "--mode", mode.value]
    everything = find(depeche, *query, "-n", "100")
    ran = find(depeche, *query, "-n", "1", "--facets")

    assert "facets" not in everything.json
    assert len(everything.ids) == ran.json["total"] > len(ran.ids) == 1
    counts = {
        facet: {bucket["value"]: bucket["count"] for bucket in buckets}
        for facet, buckets in ran.json["facets"].items()
    }
    assert counts == _counted(set(everything.ids))
    assert list(counts) == ["source", "section", "author", "place", "keyword", "year", "month"]
    in_order = [bucket["count"] for bucket in ran.json["facets"]["source"]]
    assert in_order == sorted(in_order, reverse=True)


def test_many_queries_are_counted_one_by_one(depeche: Depeche, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": "1", "text": "source:Nord"}\n{"id": "2", "text": "+introuvable"}\n')
    first, second = depeche("find", "--queries", str(queries), "--facets").lines

    ids = {article.id for article in PRESS if "Nord" in article.source}
    assert sum(bucket["count"] for bucket in first["facets"]["month"]) == len(ids)
    assert second["facets"] == {facet.value: [] for facet in Facet}


def test_counts_stand_below_the_results(depeche: Depeche) -> None:
    ran = depeche("find", "+munitions", "--mode", "keyword", "-n", "1", "--facets")

    results, counts = ran.out.split("\n\nSources\n")
    assert results.startswith("1. ")
    assert counts.splitlines()[0].split()[-2] == "3"
    assert "\n\nAuthors\n  (unknown)          2 " in ran.out
    assert "Places" not in ran.out
    assert depeche("find", "+introuvable", "--facets").out == ""


@pytest.mark.parametrize("form", ["jsonl", "csv", "md"])
def test_forms_without_room_for_counts_say_so(depeche: Depeche, form: str) -> None:
    ran = depeche("find", "munitions", "--facets", "--format", form)
    assert (ran.code, ran.out) == (2, "")
    assert "use --format json" in ran.err


def test_counts_for_a_reader(capsys: pytest.CaptureFixture[str]) -> None:
    sources = tuple((f"Source {number}", 20 - number) for number in range(12))
    months = (("", 1), ("2023-01", 2), ("2023-04", 8), ("2023-05", 4))
    write_counts({Facet.SOURCE: sources, Facet.SECTION: (), Facet.YEAR: (("2023", 14),), Facet.MONTH: months})

    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["Sources", "  Source 0     20 " + "▇" * 24]
    assert lines[10:12] == ["  Source 9     11 " + "▇" * 13, "  2 more, with 19 articles"]
    assert lines[13:15] == ["Years", "  2023     14 " + "▇" * 24]
    assert lines[16:23] == [
        "Months",
        "  ▃  ▇▄",
        "  2023",
        "  (unknown)      1 ▇▇▇",
        "  2023-01        2 ▇▇▇▇▇▇",
        "  2023-04        8 " + "▇" * 24,
        "  2023-05        4 " + "▇" * 12,
    ]


def test_a_name_is_cut_and_commands_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write_counts({Facet.SOURCE: (("\x1b[2J" + "東" * 50, 3), ("AFP", 1))})

    _, long, short, _ = capsys.readouterr().out.split("\n", 3)
    assert "\x1b" not in long
    assert "…      3 " in long
    assert short.startswith("  AFP" + " " * 37 + "      1 ")
