"""The pure parts of scripts/benchmarks: what makes its figures comparable from run to run."""

import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from subprocess import CalledProcessError
from threading import Timer

import benchmarks.__main__
import numpy as np
import pytest
from benchmarks import compose, contest, encoders, entrants, questions, report, revisions
from benchmarks.exchange import Exchange, Passages, Question
from benchmarks.hybrid_peers import reciprocal_ranks
from benchmarks.machine import instruction_sets
from benchmarks.stand_in import StandIn
from hypothesis import given
from hypothesis import strategies as st

from search.retrieval.evaluation import JudgedQuery
from search.text.chunking import text_hash
from search.types import Article

_PYTHON = str(Path(sys.prefix).resolve())
RECORDS = [
    {"title": "Un train", "text": "Le train part. Il est tard.\n\nLa nuit tombe."},
    {"title": "Un bac", "text": "Le bac coule."},
]


def test_articles_are_taken_apart_by_paragraph_and_sentence() -> None:
    stock = compose.stock(iter(RECORDS))
    assert stock.sentences == ["Le train part.", "Il est tard.", "La nuit tombe.", "Le bac coule."]
    assert stock.shapes == [(2, 1), (1,)]


def test_composed_articles_are_the_same_each_time_and_made_of_real_sentences() -> None:
    stock = compose.stock(iter(RECORDS))
    first, again = (list(compose.composed(stock, 20)) for _ in range(2))
    assert first == again
    assert len(first) == 20  # each of these is one passage
    assert {record["title"] for record in first} == {"Un train", "Un bac"}
    words = {sentence for record in first for sentence in record["text"].replace("\n\n", " ").split(". ")}
    assert {word.rstrip(".") for word in words} == {sentence.rstrip(".") for sentence in stock.sentences}


def test_questions_come_from_titles_and_are_the_same_each_time() -> None:
    articles = [
        Article("1", "La grève des trains reprend lundi à Lyon", "Un corps."),
        Article("2", "Le, la, les", "Un corps."),
        Article("3", "Un corps", "Un corps."),
    ]
    sets = questions.from_titles(articles, 5)
    assert sets == questions.from_titles(articles, 5)
    assert sets["headline"] == [JudgedQuery("1", "La grève des trains reprend lundi à Lyon")]
    (short,) = sets["short"]
    assert short.text in "grève trains reprend lundi Lyon"
    assert 1 <= len(short.text.split()) <= 3


def test_a_sample_keeps_the_order_and_takes_all_when_there_are_few() -> None:
    queries = [JudgedQuery(str(number), "mot") for number in range(50)]
    chosen = [int(query.id) for query in questions.sample(queries, 7)]
    assert chosen == sorted(set(chosen))
    assert questions.sample(queries, 500) == queries


def test_known_vectors_are_given_and_others_made_of_the_text_alone() -> None:
    known = np.eye(8, dtype=np.float32)[0]
    encoder = StandIn("stand-in", 8, {text_hash("connu"): known})
    other = encoder.encode_passages(["connu", "autre", "encore"])
    assert other[0].tolist() == known.tolist()
    assert np.linalg.norm(other, axis=1) == pytest.approx([1, 1, 1])
    assert StandIn("again", 8, {}).encode_query("autre").tolist() == other[1].tolist()
    assert other[1].tolist() != other[2].tolist()


def test_reciprocal_ranks_add_up() -> None:
    assert reciprocal_ranks([1, 2, 3], [3, 4]) == [3, 1, 2, 4]  # 2 and 4: equal ranks, the lower row first


@given(st.lists(st.permutations(range(6)), min_size=1, max_size=3))
def test_every_row_of_a_ranking_is_kept_once(rankings: list[list[int]]) -> None:
    assert sorted(reciprocal_ranks(*rankings)) == list(range(6))
    assert reciprocal_ranks(rankings[0]) == rankings[0]


def test_ndcg_counts_questions_without_a_good_answer() -> None:
    judged = {"1": {"a": 1}, "2": {"b": 1}}
    assert contest.ndcg({"1": ["a", "x"], "2": ["x", "b"]}, judged) == pytest.approx(
        (1 + 1 / np.log2(3)) / 2, abs=1e-4
    )
    assert contest.ndcg({"1": ["a"], "2": []}, judged) == 0.5


def test_percentiles_are_of_all_the_times() -> None:
    assert contest.percentiles(list(islice(range(101), 101))) == {"p50": 50.0, "p95": 95.0}


def _asked(**sets: int) -> list[Question]:
    nothing = np.zeros(2, np.float32)
    return [
        Question(name, str(n), f"{name} {n}", nothing) for name, count in sets.items() for n in range(count)
    ]


@given(st.integers(1, 4), st.integers(1, 30), st.integers(0, 30), st.integers(1, 12))
def test_every_engine_is_asked_every_question_once(engines: int, short: int, long: int, block: int) -> None:
    names, questions = [f"engine {n}" for n in range(engines)], _asked(short=short, long=long)
    turns = list(contest.turns(names, questions, block))
    asked = Counter((name, place) for name, first, last in turns for place in range(first, last))
    assert asked == Counter((name, place) for name in names for place in range(short + long))
    for _, first, last in turns:
        assert last - first <= block
        assert len({question.set for question in questions[first:last]}) == 1


def test_engines_take_turns_and_another_one_begins_each_time() -> None:
    turns = list(contest.turns(["a", "b", "c"], _asked(short=50), 20))
    assert [name for name, _, _ in turns] == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]
    assert [(first, last) for _, first, last in turns[::3]] == [(0, 20), (20, 40), (40, 50)]


def test_engines_are_open_together_and_their_figures_are_by_set(tmp_path: Path) -> None:
    exchange = Exchange(tmp_path / "exchange")
    exchange.give_passages(Passages(["le train", "le bac"], np.eye(2, dtype=np.float32), tmp_path))
    exchange.give_articles(["1", "2"])
    exchange.give_questions(_asked(short=3, headline=2, warming=1))
    both = [
        entrants.Entrant(name, name, "one index", "tests.engine_for_benchmarks", _PYTHON)
        for name in ("first row", "last row")
    ]
    reports = contest.run(both, exchange, tmp_path / "work", 2)
    assert reports["first row"]["answers"] == {
        "short": {"0": ["1"], "1": ["1"], "2": ["1"]},
        "headline": {"0": ["1"], "1": ["1"]},
    }
    assert reports["last row"]["answers"]["headline"] == {"0": ["2"], "1": ["2"]}
    assert reports["first row"]["scores"][0] == {"1": 0.5}
    assert reports["last row"]["scores"] == []
    assert set(contest.figures(reports["first row"])["latency_ms"]) == {"short", "headline"}
    assert reports["first row"]["build_s"] == reports["last row"]["build_s"]  # built once, for both
    assert contest.built(both[0], exchange, tmp_path / "work")["index_mib"] == 0.0


def test_an_engine_that_fails_ends_the_contest(tmp_path: Path) -> None:
    exchange = Exchange(tmp_path / "exchange")
    unknown = entrants.Entrant("unknown", "unknown", "i", "tests.engine_for_benchmarks", _PYTHON)
    with pytest.raises(entrants.TrialFailed, match="unknown failed: exit code 1"):
        contest.run([unknown], exchange, tmp_path / "work")


def test_a_previous_version_is_checked_out_and_removed(tmp_path: Path) -> None:
    with revisions.checked_out("HEAD", tmp_path) as head:
        assert (head.tree / "search" / "__init__.py").exists()
        own = Path(revisions.__file__).with_name("previous.py")
        assert (head.tree / "scripts" / "benchmarks" / "previous.py").read_bytes() == own.read_bytes()
        then = head.of(entrants.depeche("hybrid"))
        assert then.name == head.name_of("depeche hybrid")
        assert then.index == f"depeche-{head.name}"
    assert not list(tmp_path.iterdir())


def test_an_unknown_revision_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CalledProcessError), revisions.checked_out("no-such-revision", tmp_path):
        pass


def test_versions_are_compared_figure_by_figure() -> None:
    new = {"build_s": 4.0, "latency_ms": {"short": {"p50": 1.0}}, "index_mib": 3.0}
    old = {"build_s": 8.0, "latency_ms": {"short": {"p50": 4.0}}, "index_mib": 0.0}
    assert revisions.compared(new, old) == [
        ("build_s", 4.0, 8.0, 0.5),
        ("latency_ms short p50", 1.0, 4.0, 0.25),
    ]


def test_answers_agree_when_their_first_ten_are_the_same_in_order() -> None:
    new = {"answers": {"short": {"1": ["a", "b"], "2": ["c"]}}, "scores": [{"a": 1.0, "b": 0.5}, {"c": 1.0}]}
    old = {"answers": {"short": {"1": ["b", "a"], "2": ["c"]}}, "scores": [{"b": 0.75, "x": 9.0}, {"c": 1.0}]}
    assert revisions.agreement(new, new) == {
        "short: same first 10, share": 1.0,
        "largest difference of a score": 0.0,
    }
    assert revisions.agreement(new, old) == {
        "short: same first 10, share": 0.5,
        "largest difference of a score": 0.25,
    }


def test_instruction_sets_are_those_that_count() -> None:
    intel = "processor\t: 0\nflags\t\t: fpu sse4_2 avx2 avx512_vnni avx_vnni amx_int8\nflags\t: avx2\n"
    assert instruction_sets(intel) == "amx_int8 avx2 avx512_vnni avx_vnni"
    assert instruction_sets("Features\t: fp asimd asimddp crc32 i8mm") == "asimd asimddp i8mm"
    assert instruction_sets("") == ""


class _SlowToWarm:
    warmed = False

    def warm(self) -> None:
        Timer(0.05, self._finish).start()

    def _finish(self) -> None:
        self.warmed = True


def test_an_encoder_is_warm_before_it_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = _SlowToWarm()
    monkeypatch.setattr(encoders, "load_encoder", lambda model: encoder)
    encoders.WarmQueries(Exchange(tmp_path), tmp_path)
    assert encoder.warmed


def test_an_encoder_of_a_version_without_warming_is_measured_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "load_encoder", lambda model: StandIn("no warming", 8, {}))
    engine = encoders.WarmQueries(Exchange(tmp_path), tmp_path)
    assert engine.ask(Question("short", "1", "le train", np.zeros(8, np.float32))) == []


def test_a_run_does_not_empty_the_folder_of_the_index_that_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "growth-5" / "index"
    index.mkdir(parents=True)
    asked = [
        "growth",
        str(tmp_path),
        "--work",
        str(tmp_path),
        "--against",
        "HEAD",
        "--against-index",
        str(index),
    ]
    monkeypatch.setattr(sys, "argv", ["scripts/benchmark", *asked])
    with pytest.raises(SystemExit):
        benchmarks.__main__.main()
    assert "give another --work" in capsys.readouterr().err
    assert index.is_dir()


def test_small_figures_are_written_too(capsys: pytest.CaptureFixture[str]) -> None:
    report.show(
        "title", ["what", "figure"], [["a", 2.5e-6], ["b", 0.0], ["c", 1.234], ["d", 12345.6], ["e", None]]
    )
    cells = [line.split("|")[2].strip() for line in capsys.readouterr().out.splitlines()[5:]]
    assert cells == ["2.5e-06", "0.000", "1.23", "12,345.6", "–"]
