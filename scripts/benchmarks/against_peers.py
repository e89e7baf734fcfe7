"""Dépêche and its peers in one run, by words alone and by words and meaning."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks import contest, questions
from benchmarks.bench import Bench
from benchmarks.entrants import Entrant, Report, depeche, peer
from benchmarks.exchange import Exchange, Floats
from benchmarks.report import keep, show
from benchmarks.revisions import Comparison, comparisons
from search.embedding import load_encoder
from search.local.reader import open_current
from search.retrieval.evaluation import JudgedQuery, Judgments

BY_WORDS = (
    depeche("words"),
    depeche("keyword"),
    peer("whoosh"),
    peer("fts5"),
    peer("bm25s"),
    peer("bm25s-numba", "bm25s"),
    peer("tantivy"),
)
HYBRID = (
    depeche("hybrid"),
    peer("txtai"),
    peer("lancedb"),
    peer("fts5+numpy"),
    peer("whoosh+sentence-transformers"),
)
_LARGE = "topics"
_JUDGED = ("piaf", "known_items")


def compare(section: str, entrants: Sequence[Entrant], bench: Bench) -> None:
    """Measure speed and size on the largest collection, quality on the judged ones; print and keep it.

    Raises TrialFailed, EncoderUnavailable.
    """
    encode = load_encoder(None).encode_query
    work = bench.work_of(section)
    everyone = [*entrants, *bench.previous(entrants)]
    collections = {name: _on(name, everyone, bench, work / name, encode) for name in (_LARGE, *_JUDGED)}
    found = {name: _figures(reports) for name, reports in collections.items()}
    against = {name: comparisons(reports, bench.against) for name, reports in collections.items()}
    kept = {name: [comparison.as_json() for comparison in each] for name, each in against.items()}
    keep(section, {"queries": bench.queries, "collections": found, "against": kept})
    show_speed(f"{section}, {_LARGE}: milliseconds, seconds, MiB", found[_LARGE])
    show_ratios(f"{section}, {_LARGE}: times of {entrants[0].name}", found[_LARGE], entrants[0].name)
    _show_quality(section, found)
    for name, each in against.items():
        show_comparisons(f"{section}, {name}", each)


def titles_of(index: Path, count: int) -> dict[str, list[JudgedQuery]]:
    """Short and headline queries from the titles of an index; raises IndexProblem."""
    with closing(open_current(index)) as generation:
        return questions.from_titles(list(generation.store.every_article()), count)


def show_speed(title: str, reports: Mapping[str, Report]) -> None:
    """Print how fast and how large each engine is."""
    sets = list(next(iter(reports.values()))["latency_ms"])
    heads = ["engine", *(f"{name} {share}" for name in sets for share in ("p50", "p95", "cpu"))]
    rows = [
        [
            name,
            *(time for asked in sets for time in _times(report, asked)),
            *(report.get(key) for key in ("build_s", "index_mib", "resident_mib", "anonymous_mib")),
        ]
        for name, report in reports.items()
    ]
    show(title, [*heads, "build", "index", "resident", "anonymous"], rows)


def show_ratios(title: str, reports: Mapping[str, Report], measure: str) -> None:
    """Print the times of each engine as multiples of those of the engine named ``measure``."""
    sets = list(reports[measure]["latency_ms"])
    heads = ["engine", *(f"{name} {share}" for name in sets for share in ("p50", "p95", "cpu"))]
    ours = [time for asked in sets for time in _times(reports[measure], asked)]
    rows = [
        [name, *(t / o for t, o in zip((t for s in sets for t in _times(report, s)), ours, strict=True))]
        for name, report in reports.items()
    ]
    show(title, heads, rows)


def show_comparisons(title: str, found: Iterable[Comparison]) -> None:
    """Print the present version beside the previous one."""
    for comparison in found:
        heads = ["figure", "now", comparison.revision, "now / then"]
        show(f"{title}: {comparison.engine}", heads, comparison.ratios)
        show(f"{title}: {comparison.engine}, answers", ["what", "figure"], list(comparison.agreement.items()))


def _times(report: Report, asked: str) -> tuple[float, float, float]:
    """Median and 95th percentile of the times, and the median of processor time, in milliseconds."""
    latency, cpu = report["latency_ms"][asked], report["cpu_ms"][asked]
    return latency["p50"], latency["p95"], cpu["p50"]


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
    contest.give_passages(exchange, index, bench.articles_of(name))
    contest.give_questions(exchange, sets, encode)
    reports = contest.run(entrants, exchange, work / "indexes")
    return {engine: _graded(report, name, judged) for engine, report in reports.items()}


def _graded(report: Report, name: str, judged: Judgments) -> Report:
    return report | {"ndcg@10": contest.ndcg(report["answers"][name], judged)}


def _figures(reports: Mapping[str, Report]) -> dict[str, Report]:
    return {name: contest.figures(report) for name, report in reports.items()}


def _show_quality(section: str, found: Mapping[str, Mapping[str, Report]]) -> None:
    engines = next(iter(found.values()))
    rows = [[engine, *(reports[engine]["ndcg@10"] for reports in found.values())] for engine in engines]
    show(f"{section}: nDCG@10", ["engine", *found], rows)
