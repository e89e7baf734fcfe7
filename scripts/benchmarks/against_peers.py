"""Dépêche and its peers in one run, by words alone and by words and meaning."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks import contest, questions
from benchmarks.bench import Bench
from benchmarks.contest import Entrant, Report, depeche
from benchmarks.exchange import Exchange, Floats
from benchmarks.report import keep, show
from search.embedding import load_encoder
from search.local.reader import open_current
from search.retrieval.evaluation import JudgedQuery, Judgments

BY_WORDS = (
    depeche("words"),
    depeche("keyword"),
    Entrant("whoosh", "whoosh"),
    Entrant("fts5", "fts5"),
    Entrant("bm25s", "bm25s"),
    Entrant("bm25s-numba", "bm25s"),
    Entrant("tantivy", "tantivy"),
)
HYBRID = (
    depeche("hybrid"),
    Entrant("txtai", "txtai"),
    Entrant("lancedb", "lancedb"),
    Entrant("fts5+numpy", "fts5+numpy"),
    Entrant("whoosh+sentence-transformers", "whoosh+sentence-transformers"),
)
_LARGE = "topics"
_JUDGED = ("piaf", "known_items")


def compare(section: str, entrants: Sequence[Entrant], bench: Bench) -> None:
    """Measure speed and size on the largest collection, quality on the judged ones; print and keep it.

    Raises TrialFailed, EncoderUnavailable.
    """
    encode = load_encoder(None).encode_query
    work = bench.work / section
    shutil.rmtree(work, ignore_errors=True)
    found = {name: _on(name, entrants, bench, work / name, encode) for name in (_LARGE, *_JUDGED)}
    keep(section, {"queries": bench.queries, "collections": found})
    show_speed(f"{section}, {_LARGE}: milliseconds, seconds, MiB", found[_LARGE])
    _show_quality(section, found)


def titles_of(index: Path, count: int) -> dict[str, list[JudgedQuery]]:
    """Short and headline queries from the titles of an index; raises IndexProblem."""
    with closing(open_current(index)) as generation:
        return questions.from_titles(list(generation.store.every_article()), count)


def show_speed(title: str, reports: Mapping[str, Report]) -> None:
    """Print how fast and how large each engine is."""
    sets = list(next(iter(reports.values()))["latency_ms"])
    heads = ["engine", *(f"{name} {share}" for name in sets for share in ("p50", "p95"))]
    rows = [
        [
            name,
            *(report["latency_ms"][asked][share] for asked in sets for share in ("p50", "p95")),
            *(report.get(key) for key in ("build_s", "index_mib", "resident_mib", "anonymous_mib")),
        ]
        for name, report in reports.items()
    ]
    show(title, [*heads, "build", "index", "resident", "anonymous"], rows)


def _on(
    name: str, entrants: Sequence[Entrant], bench: Bench, work: Path, encode: Callable[[str], Floats]
) -> dict[str, Report]:
    """What each engine took, and how good it was, on one collection."""
    index = bench.index_of(name)
    asked, judged = questions.judged(bench.data / name)
    sets = {name: questions.sample(asked, bench.queries)}
    if name == _LARGE:
        sets = titles_of(index, bench.queries) | sets
    exchange = Exchange(work / "exchange")
    contest.give_passages(exchange, index)
    contest.give_questions(exchange, sets, encode)
    reports = contest.run(entrants, exchange, work / "indexes")
    return {engine: _graded(report, name, judged) for engine, report in reports.items()}


def _graded(report: Report, name: str, judged: Judgments) -> Report:
    answers = report.pop("answers")
    return report | {"ndcg@10": contest.ndcg(answers[name], judged)}


def _show_quality(section: str, found: Mapping[str, Mapping[str, Report]]) -> None:
    engines = next(iter(found.values()))
    rows = [[engine, *(reports[engine]["ndcg@10"] for reports in found.values())] for engine in engines]
    show(f"{section}: nDCG@10", ["engine", *found], rows)
