import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from search.local.reader import Generation

from .running import Depeche, Ran

QUERIES = """\
{"id": "1", "text": "marathon de Lille"}
{"id": "2", "text": "forêt des Landes"}
{"id": "9", "text": "x"}
"""


def test_status_tells_what_the_index_holds(
    depeche: Depeche, generation: Generation, press_index: Path
) -> None:
    manifest = generation.manifest
    facts = {
        "index": str(press_index),
        "generation": manifest.id,
        "created": manifest.created,
        "corpus": ["corpus"],
        "articles": 12,
        "passages": manifest.chunks,
        "encoded": manifest.chunks,
        "rejected": 0,
        "replaced": 0,
        "passed_over": {},
        "lost_fields": {},
        "encoder": "fake@1",
        "dimension": 32,
        "bytes": generation.size,
    }
    ran, text = depeche("status", "--format", "json"), depeche("status")

    assert (ran.code, ran.err, ran.json) == (0, "", facts)
    assert text.err == ""
    message = dict(line.split(maxsplit=1) for line in text.out.splitlines())
    assert message == {
        name: f"{value:,}" if isinstance(value, int) else str(value)
        for name, value in {**facts, "corpus": "corpus", "passed_over": 0, "lost_fields": 0}.items()
    }


def test_a_sound_index_is_said_to_be(depeche: Depeche, generation: Generation) -> None:
    manifest = generation.manifest

    message = f"Intact: 12 articles, {manifest.chunks} passages, generation {manifest.id}.\n"
    assert depeche("verify") == Ran(0, message, "")


@pytest.mark.parametrize("name", ["vectors.npy", "articles.sqlite", "manifest.json"])
@pytest.mark.usefixtures("garbage_collected")
def test_a_damaged_index_is_told(
    depeche: Depeche, generation: Generation, press_index: Path, tmp_path: Path, name: str
) -> None:
    index = tmp_path / "damaged"
    shutil.copytree(press_index, index)
    file = index / "generations" / generation.manifest.id / name
    file.write_bytes(file.read_bytes()[:300])
    ran = depeche("verify", "--index", str(index))

    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("depeche: ")
    assert str(file.parent) in ran.err
    assert ran.err.endswith(f"; run: depeche repair --index {index}\n")


@pytest.fixture
def judged(tmp_path: Path) -> list[str]:
    """Options of ``eval``: two judged queries, one found first, of the other the judged article never is."""
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    queries.write_text(QUERIES, encoding="utf-8")
    qrels.write_text("1 0 marathon 1\n2\t0\tabsent\t1\n\n", encoding="utf-8")
    return ["--queries", str(queries), "--qrels", str(qrels)]


def test_rankings_are_measured_on_judged_queries(depeche: Depeche, judged: list[str]) -> None:
    ran = depeche("eval", *judged, "--format", "json")

    assert (ran.code, ran.err) == (0, "")
    assert list(ran.json) == ["queries", "legs", "latency_ms"]
    assert ran.json["queries"] == 2
    assert list(ran.json["legs"]) == ["keyword", "semantic", "hybrid", "rrf"]
    assert ran.json["legs"]["keyword"] == {"ndcg@10": 0.5, "mrr@10": 0.5, "recall@100": 0.5}
    assert 0 < ran.json["latency_ms"]["p50"] <= ran.json["latency_ms"]["p95"]


def test_measures_are_a_table_for_a_reader(depeche: Depeche, judged: list[str]) -> None:
    head, keyword, *_, times = depeche("eval", *judged).out.splitlines()

    assert head.split() == ["ndcg@10", "mrr@10", "recall@100"]
    assert keyword.split() == ["keyword", "0.5000", "0.5000", "0.5000"]
    assert times.startswith("2 queries; p50 ")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1 0 marathon", "qrels.tsv, line 2 is not `query 0 article grade`: b'1 0 marathon'"),
        ("1 0 marathon high", "qrels.tsv, line 2 is not"),
        ("8 0 marathon 1", ""),
    ],
)
def test_judgments_that_cannot_be_read_are_named(
    depeche: Depeche, judged: list[str], line: str, message: str
) -> None:
    Path(judged[3]).write_text(f"7 0 a 1\n{line}", encoding="utf-8")
    ran = depeche("eval", *judged)

    assert (ran.code, ran.out) == (2, "")
    assert (message or "No query is judged") in ran.err


def _damaged(press_index: Path, tmp_path: Path, name: str) -> Path:
    """A copy of the index of ``PRESS`` whose file lacks its end."""
    index = tmp_path / "damaged"
    shutil.copytree(press_index, index)
    (file,) = index.glob(f"generations/*/{name}")
    file.write_bytes(file.read_bytes()[:-1])
    return index


def test_a_damaged_index_is_repaired(depeche: Depeche, press_index: Path, tmp_path: Path) -> None:
    index = str(_damaged(press_index, tmp_path, "keyword.arrays"))
    assert depeche("find", "munitions", "--index", index).code == 5
    ran = depeche("repair", "--index", index)
    assert (ran.code, ran.out.partition(", generation")[0]) == (
        0,
        "Repaired: 12 articles, 15 passages (0 encoded, 15 reused)",
    )
    assert "lost" not in ran.err
    assert depeche("repair", "--index", index).out.endswith(" Nothing to repair.\n")
    assert depeche("find", "munitions", "--index", index).code == 0


def test_what_was_lost_is_named(depeche: Depeche, press_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "damaged"
    shutil.copytree(press_index, index)
    with closing(sqlite3.connect(next(index.glob("generations/*/articles.sqlite")))) as db, db:
        db.execute("UPDATE article SET title = 'x' WHERE id = 'rapport'")
    ran = depeche("repair", "--index", str(index))
    assert (ran.code, ran.out.partition(",")[0]) == (0, "Repaired: 11 articles")
    assert ran.err.endswith("depeche: 1 article could not be read: rapport\n")


def test_what_cannot_be_repaired_is_told(depeche: Depeche, press_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "damaged"
    shutil.copytree(press_index, index)
    next(index.glob("generations/*/articles.sqlite")).write_bytes(b"")
    ran = depeche("repair", "--index", str(index))
    message = f"depeche: Nothing in {index} can be repaired; run: depeche build PATH --index {index}\n"
    assert (ran.code, ran.out, ran.err) == (5, "", message)
