"""The command line of ``scripts/evaluate``."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from evaluation import report
from evaluation.judged_set import PAGES, JudgedSet, every_set, read_set
from evaluation.measures import JUDGED, MRR, NDCG, RECALL, Scores, score
from evaluation.systems import run_all
from search.errors import SearchError
from search.index import settings_for


def main() -> None:
    """Measure every set, print the tables, and keep the scores where that is asked for."""
    asked = _parser().parse_args()
    try:
        scored = dict(_scored(asked.data, asked.indexes))
    except (SearchError, OSError) as exc:
        sys.exit(f"The evaluation stopped: {exc}")
    before = msgspec.json.decode(asked.against.read_bytes(), type=dict[str, Scores]) if asked.against else {}
    if asked.scores:
        asked.scores.write_bytes(msgspec.json.encode({name: scores for name, (_, scores) in scored.items()}))
    sys.stdout.write("\n\n".join(_tables(scored, before)) + "\n")


def _scored(data: Path, indexes: Path) -> Iterator[tuple[str, tuple[JudgedSet, Scores]]]:
    for files in every_set(data, indexes / PAGES):
        sys.stderr.write(f"{files.name}\n")
        judged = read_set(files)
        runs = run_all(settings_for(indexes / files.index, {}), judged)
        yield files.name, (judged, score(runs, judged.judgments))


def _tables(scored: report.Scored, before: Mapping[str, Scores]) -> Iterator[str]:
    for measure in (NDCG, MRR, RECALL):
        yield report.means(scored, measure)
    yield report.means_by_type(scored)
    graded = {name: own for name, own in scored.items() if own[0].types}  # by reading pools of answers
    if graded:
        yield report.means(graded, JUDGED)  # an answer that nobody read counts as wrong
    yield report.paired_tests(scored)
    if before:
        yield report.changes(scored, before)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/evaluate", description="Measures the rankings on judged queries: tables as Markdown."
    )
    parser.add_argument("data", type=Path, help="topics/, piaf/ and known_items/, with queries and judgments")
    parser.add_argument("indexes", type=Path, help="where their indexes are")
    parser.add_argument("--scores", type=Path, help="keep the measures of every query in this file")
    parser.add_argument("--against", type=Path, help="such a file: how much each system changed since")
    return parser


if __name__ == "__main__":
    main()
