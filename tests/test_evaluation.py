"""scripts/evaluation: what it reads, its arithmetic, its tables, and the words it asks of a real index."""

import gzip
import json
import sys
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import numpy as np
import pytest
from evaluation import __main__ as command
from evaluation import pages, report
from evaluation.first_default import FirstDefault
from evaluation.judged_set import JudgedSet, Part, SetFiles, half, part_of, read_set
from evaluation.measures import JUDGED, MRR, NDCG, RECALL, PairedTest, score
from evaluation.systems import SYSTEMS
from evaluation.words import judge, read_pairs, retrieve_by_word
from evaluation.words import report as report_pairs
from hypothesis import given
from hypothesis import strategies as st

import search
from search.protocols import KeywordScores
from search.retrieval.evaluation import JudgedQuery
from tests.fakes import InMemory, keyword_scores

QUERIES = tuple(JudgedQuery(name, name) for name in ("q2", "q3", "q4", "q5"))  # two of each half


def test_a_query_belongs_to_the_half_of_its_checksum() -> None:
    assert half("123456789") is Part.DEVELOPMENT  # 0xCBF43926, the check value of CRC-32
    assert half("a") is Part.TEST  # 0xE8B7BE43
    assert half("abc") is Part.DEVELOPMENT  # 0x352441C2


@given(st.lists(st.text(), unique=True))
def test_the_halves_are_a_set_without_overlap(names: list[str]) -> None:
    development, test = (part_of(names, part) for part in (Part.DEVELOPMENT, Part.TEST))

    assert sorted(development + test) == sorted(names) == sorted(part_of(names, Part.ALL))
    assert all(half(name) is Part.TEST for name in test)
    assert all(half(name) is Part.DEVELOPMENT for name in development)


def test_a_set_is_read_without_the_queries_that_nobody_judged(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"id": "b", "text": "bac"}\n{"id": "x", "text": "?"}\n')
    (tmp_path / "qrels.tsv").write_text("b 0 n1 2\nb 0 n2 0\n")
    (tmp_path / "topics.jsonl").write_text('{"id": "b", "type": "entity", "narrative": "…"}\n')

    judged = read_set(SetFiles("own", tmp_path, "topics"))

    assert judged == JudgedSet("own", (JudgedQuery("b", "bac"),), {"b": {"n1": 2, "n2": 0}}, {"b": "entity"})


def test_pages_are_made_of_their_passages_and_judged_by_the_best(tmp_path: Path) -> None:
    passages = [
        {"id": "x1", "article_id": "x", "paragraph_index": 1, "title": "X", "text": "Puis."},
        {"id": "y0", "article_id": "y", "paragraph_index": 0, "title": "Y", "text": "Seul."},
        {"id": "x0", "article_id": "x", "paragraph_index": 0, "title": "X", "text": "D'abord."},
    ]
    with gzip.open(tmp_path / "passages.jsonl.gz", "wt") as file:
        file.write("\n".join(map(json.dumps, passages)))
    (tmp_path / "queries.jsonl").write_text('{"id": "q", "text": "quoi"}\n')
    (tmp_path / "qrels.tsv").write_text("q 0 x1 2\nq 0 x0 1\nq 0 y0 0\n")

    pages.write(tmp_path, tmp_path / "made")

    articles = (tmp_path / "made" / "articles.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in articles] == [
        {"id": "x", "title": "X", "text": "D'abord.\n\nPuis."},
        {"id": "y", "title": "Y", "text": "Seul."},
    ]
    made = read_set(SetFiles("pages", tmp_path / "made", "pages"))
    assert made == JudgedSet("pages", (JudgedQuery("q", "quoi"),), {"q": {"x": 2, "y": 0}}, {})


def test_each_query_has_every_measure() -> None:
    judged = {"q1": {"a": 1, "b": 1, "c": 1, "d": 1}, "q2": {"a": 1}}
    run = {"q1": {"x": 3.0, "a": 2.0, "b": 1.0}, "q2": {}}

    scores = score({"keyword": run}, judged)

    gain, ideal = 1 / np.log2(3) + 1 / np.log2(4), sum(1 / np.log2(place + 2) for place in range(4))
    assert scores[NDCG]["keyword"] == pytest.approx({"q1": gain / ideal, "q2": 0.0})
    assert scores[MRR]["keyword"] == {"q1": 0.5, "q2": 0.0}
    assert scores[RECALL]["keyword"] == {"q1": 0.5, "q2": 0.0}
    assert scores[JUDGED]["keyword"] == {"q1": 2 / 3, "q2": 1.0}


def test_of_the_first_ten_those_that_nobody_judged_are_counted() -> None:
    run = {str(place): -float(place) for place in range(12)}

    scores = score({"keyword": {"q": run}}, {"q": {"0": 1, "9": 0, "10": 1, "11": 1}})

    assert scores[JUDGED]["keyword"] == {"q": 0.2}


def test_the_paired_test_is_that_of_student() -> None:
    """His own example: hours of sleep that ten patients gained by two drugs (Biometrika 1908)."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    patients = [str(number) for number in range(10)]

    test = PairedTest.of(dict(zip(patients, second)), dict(zip(patients, first)), patients)  # noqa: B905

    assert (test.wins, test.losses) == (9, 0)
    assert test.difference == pytest.approx(1.58)
    assert test.t == pytest.approx(4.0621, abs=1e-4)
    assert test.p == pytest.approx(0.002833, abs=1e-6)


def test_equal_systems_do_not_differ() -> None:
    same = {"q1": 0.5, "q2": 0.25}

    assert PairedTest.of(same, same, ["q1", "q2"]) == PairedTest(0.0, 0.0, 1.0, 0, 0)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=20))
def test_the_paired_test_turns_round_with_its_systems(pairs: list[tuple[int, int]]) -> None:
    names = [str(number) for number in range(len(pairs))]
    one = {name: first / 8 for name, (first, _) in zip(names, pairs, strict=True)}
    other = {name: second / 8 for name, (_, second) in zip(names, pairs, strict=True)}

    ahead, behind = PairedTest.of(one, other, names), PairedTest.of(other, one, names)

    assert (ahead.difference, ahead.t, ahead.wins) == (-behind.difference, -behind.t, behind.losses)
    assert ahead.p == behind.p
    assert 0 <= ahead.p <= 1


def scored(hybrid: dict[str, float]) -> report.Scored:
    """One set on which the ranking of today has these measures, and every other system 0."""
    nothing = dict.fromkeys(hybrid, 0.0)
    by_system = {system: hybrid if system == "hybrid" else nothing for system in SYSTEMS}
    types = {"q2": "entity", "q3": "question", "q4": "entity"}
    return {"own": (JudgedSet("own", QUERIES, {}, types), dict.fromkeys((NDCG, MRR, RECALL), by_system))}


SCORED = scored({"q2": 1.0, "q3": 0.5, "q4": 0.0, "q5": 0.5})
UNCHANGED = "+.0000 (t 0.0, p = 1.000, 0/0)"


def cells(table: str) -> list[list[str]]:
    """The rows of a table, without its caption and its heads."""
    return [line.strip("| ").split(" | ") for line in table.splitlines()[4:]]


def test_means_are_those_of_a_set_of_its_halves_and_of_all_sets() -> None:
    other = scored({"q2": 0.0, "q3": 0.0, "q4": 0.5, "q5": 1.0})["own"]

    rows = cells(report.means({**SCORED, "other": other}, NDCG))

    hybrid = 3 + SYSTEMS.index("hybrid")
    assert [[*row[:3], row[hybrid]] for row in rows] == [
        ["own", "all", "4", "**.5000**"],
        ["own", "development", "2", "**.7500**"],
        ["own", "test", "2", "**.2500**"],
        ["other", "all", "4", "**.3750**"],
        ["other", "development", "2", "**.0000**"],
        ["other", "test", "2", "**.7500**"],
        ["mean of sets", "all", "", "**.4375**"],
        ["mean of sets", "development", "", "**.3750**"],
        ["mean of sets", "test", "", "**.5000**"],
    ]
    assert rows[0][3] == ".0000"


def test_means_by_type_leave_out_queries_without_one() -> None:
    rows = cells(report.means_by_type(SCORED))

    assert [(row[1], row[2], row[3 + SYSTEMS.index("hybrid")]) for row in rows] == [
        ("entity", "2", "**.5000**"),
        ("question", "1", "**.5000**"),
    ]


def test_today_is_tested_against_each_other_system() -> None:
    rows = cells(report.paired_tests(SCORED))

    # The mean of 1, .5, 0 and .5 is .5, their standard error √(1/6)/2; t = √6 has p = .0917 with 3 degrees.
    assert rows[0] == ["own", "all", "4", *["+.5000 (t 2.4, p = .092, 3/0)"] * (len(SYSTEMS) - 1)]
    assert [row[1] for row in rows] == ["all", "development", "test"]


def test_changes_compare_the_queries_that_both_evaluations_asked() -> None:
    _, before = scored({"q2": 0.5, "q3": 0.0, "q4": 0.0})["own"]

    rows = cells(report.changes(SCORED, {"own": before, "gone": before}))

    changed = dict(zip(SYSTEMS, rows[0][3:], strict=True))
    assert rows[0][:3] == ["own", "all", "3"]
    assert changed.pop("hybrid") == "+.3333 (t 2.0, p = .184, 2/0)"
    assert set(changed.values()) == {UNCHANGED}


def test_what_became_worse_has_its_sign() -> None:
    _, before = scored({"q2": 1.0, "q3": 1.0, "q4": 0.5, "q5": 0.5})["own"]

    rows = cells(report.changes(SCORED, {"own": before}))

    assert rows[0][3 + SYSTEMS.index("hybrid")] == "−.2500 (t −1.7, p = .182, 0/2)"


class OneQuery:
    """Stands for an open index of three articles and four passages, and says the same of every query."""

    first_rows = np.array([0, 2, 3])
    chunk_count = 4

    def __init__(self, articles: list[float], passages: list[float], coverage: list[float]) -> None:
        self.store = self.keyword = self
        by_row = np.array([[0.2, 0.0], [0.8, 0.0], [0.6, 0.0], [0.1, 0.0]], np.float32)
        self.vectors = InMemory(by_row)
        bm25, by_passage, covered = (np.array(it, np.float32) for it in (articles, passages, coverage))
        self._scores = keyword_scores(bm25, by_passage, covered, np.zeros(3, bool))

    def score(self, words: object) -> KeywordScores:
        return self._scores

    def ids(self, keys: list[int]) -> list[str]:
        return ["abc"[key] for key in keys]


def standardised(values: Sequence[float]) -> list[float]:
    return [(value - fmean(values)) / pstdev(values) for value in values]


def test_the_first_default_is_its_formula() -> None:
    opened: Any = OneQuery(articles=[0, 2, 4], passages=[0, 0, 3, 2], coverage=[0, 0.25, 1])
    ranked = FirstDefault(opened, lambda text: np.array([1, 0], np.float32)).rank("obus")

    of_legs: tuple[Sequence[float], ...] = ([0.8, 0.6, 0.1], [0, 2, 4], [0, 3, 2])
    meaning, article, passage = map(standardised, of_legs)
    words = [sqrt(c) * (0.75 * a + 0.25 * p) for c, a, p in zip([0, 0.25, 1], article, passage, strict=True)]
    expected = {name: 0.7 * m + 0.3 * w for name, m, w in zip("abc", meaning, words, strict=True)}
    assert ranked == pytest.approx(expected, abs=1e-6)
    assert list(ranked) == sorted(expected, key=lambda name: -expected[name]) == ["a", "b", "c"]


PAIRS = ["together\totage\totages", "", "apart\tloi\tloin", "together\tjour\tnuit", "apart\tmer\tmer"]


def test_a_pair_is_right_when_both_words_do_what_they_must() -> None:
    pairs = read_pairs(PAIRS)
    retrieved = {
        "otage": {"otage", "otages"},
        "otages": {"otages"},
        "loi": {"loi"},
        "loin": {"loi", "loin"},
        "jour": {"nuit"},
        "nuit": {"jour"},
        "mer": set[str](),
    }

    verdicts = judge(pairs, retrieved)

    assert [verdict.right for verdict in verdicts] == [False, False, True, True]
    assert report_pairs(verdicts).splitlines() == [
        "| pairs | right | of |",
        "| --- | --- | --- |",
        "| together | 1 | 2 |",
        "| apart | 1 | 2 |",
        "",
        "- together: `otage` finds `otages`, `otages` does not find `otage`",
        "- apart: `loi` does not find `loin`, `loin` finds `loi`",
    ]


@pytest.mark.parametrize("line", ["beside a b", "apart a", "apart a b c"])
def test_a_line_that_is_no_pair_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"beside|unpack"):
        read_pairs([line])


@pytest.mark.model
def test_words_are_asked_of_a_real_index(tmp_path: Path) -> None:
    retrieved = retrieve_by_word(["otage", "otages", "requin", "squale"], tmp_path)

    both = {"otage", "otages"}
    assert retrieved == {"otage": both, "otages": both, "requin": {"requin"}, "squale": {"squale"}}


@pytest.mark.model
def test_a_word_of_the_sentence_itself_cannot_be_asked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'note' finds"):
        retrieve_by_word(["note"], tmp_path)


@pytest.mark.model
def test_the_evaluation_of_a_small_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = {"a": "Un requin a attaqué un surfeur.", "b": "Le maire a inauguré l'école.", "c": "Il neige."}
    records = [{"id": name, "title": "", "text": text} for name, text in articles.items()]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, records)))
    search.build(tmp_path / "articles.jsonl", index=tmp_path / "indexes" / "topics")
    (tmp_path / "queries.jsonl").write_text('{"id": "q2", "text": "requin"}\n{"id": "q4", "text": "école"}\n')
    (tmp_path / "qrels.tsv").write_text("q2 0 a 1\nq4 0 b 1\n")
    monkeypatch.setattr(command, "every_set", lambda data, made: [SetFiles("own", data, "topics")])
    indexes, kept = str(tmp_path / "indexes"), str(tmp_path / "scores.json")

    monkeypatch.setattr(sys, "argv", ["evaluate", str(tmp_path), indexes, "--scores", kept])
    command.main()
    first = capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["evaluate", str(tmp_path), indexes, "--against", kept])
    command.main()
    again = capsys.readouterr().out

    assert f"| own | all | 2 | {' | '.join(['**1.0000**'] * len(SYSTEMS))} |" in first
    assert again.startswith(first.rstrip())
    assert again.count(f"| own | all | 2 | {' | '.join([UNCHANGED] * len(SYSTEMS))} |") == 1
