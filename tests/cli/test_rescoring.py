"""``--rerank`` and ``--recency`` of ``find``, ``eval`` and the configuration."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from search.errors import EncoderUnavailable
from search.protocols import Floats
from tests.press import PRESS

from .running import Depeche, find

PUBLISHED = {article.id: article.published for article in PRESS}


class Shortest:
    """Puts the shortest texts first."""

    def score(self, query: str, texts: Sequence[str]) -> Floats:
        return np.array([-len(text) for text in texts], np.float32)


@pytest.fixture
def rerankers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rerankers asked for; ``missing`` cannot be loaded."""
    rerankers: list[str] = []

    def load(model: str) -> Shortest:
        rerankers.append(model)
        if model == "missing":
            raise EncoderUnavailable("The reranker missing cannot be loaded.")
        return Shortest()

    monkeypatch.setattr("search.index.load_reranker", load)
    return rerankers


def _lengths(results: list[dict[str, dict[str, str]]]) -> list[int]:
    return [len(result["title"]) + len(result["passage"]["text"]) for result in results]


@pytest.mark.parametrize("mode", ["hybrid", "keyword", "semantic"])
def test_the_first_results_are_in_the_rerankers_order(
    depeche: Depeche, rerankers: list[str], mode: str
) -> None:
    query = ["munitions Russie", "--mode", mode, "-n", "20"]
    merged, reranked = find(depeche, *query), find(depeche, *query, "--rerank", "mine")

    assert set(merged.ids) == set(reranked.ids)
    assert merged.ids != reranked.ids
    lengths = _lengths(reranked.json["results"])
    assert lengths == sorted(lengths)
    assert rerankers == ["mine"]
    for rank, result in enumerate(reranked.json["results"], start=1):
        *legs, last = result["contributions"]
        assert (last["leg"], last["rank"]) == ("rerank", rank)
        assert sum(part["points"] for part in (*legs, last)) == pytest.approx(result["score"], abs=1e-5)
    assert [result["score"] for result in merged.json["results"]] == pytest.approx(
        [result["score"] for result in reranked.json["results"]], abs=1e-5
    )


def test_explain_shows_what_the_reranker_changed(depeche: Depeche, rerankers: list[str]) -> None:
    text = depeche("find", "munitions", "-n", "1", "--explain", "--rerank", "mine", "--recency", "1a").out

    legs = [line.split() for line in text.splitlines() if line.startswith("   ")]
    table = {row[0]: row[1:] for row in legs}
    assert table["rerank"][0] == "1"
    assert float(table["recency"][1]) <= 0
    points = [
        float(table[leg][-1])
        for leg in (
            "keyword",
            "passage",
            "semantic",
            "coverage",
            "neighbours",
            "feedback",
            "expansion",
            "recency",
            "rerank",
        )
    ]
    assert float(table["score"][-1]) == pytest.approx(sum(points), abs=4e-3)


def test_a_reranker_that_cannot_be_loaded_ends_the_command(depeche: Depeche, rerankers: list[str]) -> None:
    ran = depeche("find", "munitions", "--rerank", "missing")
    assert (ran.code, ran.out) == (7, "")
    assert ran.err == "depeche: The reranker missing cannot be loaded.\n"


def test_the_configuration_names_a_reranker_and_a_flag_takes_it_away(
    depeche: Depeche, rerankers: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('rerank = "mine"\nrecency = "6m"', encoding="utf-8")
    monkeypatch.setenv("DEPECHE_CONFIG", str(file))

    both = find(depeche, "munitions").json["results"][0]["contributions"]
    assert [part["leg"] for part in both][-2:] == ["recency", "rerank"]
    neither = find(depeche, "munitions", "--rerank", "", "--recency", "").json["results"][0]
    assert [part["leg"] for part in neither["contributions"]] == [
        "keyword",
        "passage",
        "semantic",
        "coverage",
        "neighbours",
        "feedback",
        "expansion",
    ]
    assert rerankers == ["mine"]


def test_recent_articles_gain_and_undated_ones_do_not(depeche: Depeche, rerankers: list[str]) -> None:
    plain, recent = (
        find(depeche, "munitions forêt", "-n", "20", *more).json for more in ((), ("--recency", "30j"))
    )

    before = {result["id"]: result["score"] for result in plain["results"]}
    dates = [PUBLISHED[result["id"]] for result in recent["results"]]
    assert "" in dates
    for result in recent["results"]:
        gained = [part for part in result["contributions"] if part["leg"] == "recency"]
        points = sum(part["points"] for part in gained)
        assert result["date"] or points == 0
        assert result["score"] - before[result["id"]] == pytest.approx(points, abs=1e-5)
        assert 0 <= points <= max(0, before[result["id"]]) * 0.25 + 1e-6
    assert rerankers == []


@pytest.mark.parametrize("span", ["30", "j", "0j", "hier", "-3m"])
def test_a_half_life_that_is_none_is_refused(depeche: Depeche, span: str) -> None:
    ran = depeche("find", "munitions", f"--recency={span}")
    assert (ran.code, ran.out) == (2, "")
    assert f"--recency {span} cannot be used; it must be a half-life: 7j (days)" in ran.err


def test_rankings_are_measured_reordered_too(depeche: Depeche, rerankers: list[str], tmp_path: Path) -> None:
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    queries.write_text('{"id": "1", "text": "munitions Russie"}', encoding="utf-8")
    answer = find(depeche, "munitions Russie", "-n", "20").json  # a measurement leaves none of these out
    candidates = answer["results"] + answer["below"]
    lengths = _lengths(candidates)
    shortest = [one["id"] for one, length in zip(candidates, lengths, strict=True) if length == min(lengths)]
    qrels.write_text("\n".join(f"1 0 {article_id} 1" for article_id in shortest), encoding="utf-8")
    ran = depeche(
        "eval", "--queries", str(queries), "--qrels", str(qrels), "--rerank", "mine", "--format", "json"
    )

    legs = ran.json["legs"]
    assert list(legs) == ["keyword", "semantic", "hybrid", "rrf", "reordered"]
    assert legs["reordered"]["mrr@10"] == 1 > legs["hybrid"]["mrr@10"]
