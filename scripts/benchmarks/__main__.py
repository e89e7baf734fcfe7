"""The command line of ``scripts/benchmark``."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import against_peers, growth, program, queries
from benchmarks.bench import Bench
from benchmarks.entrants import Entrant, TrialFailed
from benchmarks.report import keep, show, show_machine
from benchmarks.revisions import checked_out
from search.errors import SearchError

_ROOT = Path(__file__).resolve().parents[2]
_SECTIONS = ("keyword", "hybrid", "growth", "program", "queries", "encoding")


def main() -> None:
    """Run what was asked for; a section that fails ends the run with its reason."""
    parser = _parser()
    asked = parser.parse_args()
    if asked.against_index and asked.against_index.is_relative_to(asked.work.resolve()):
        parser.error(f"--against-index lies in {asked.work}, which a run empties; give another --work")
    show_machine()
    try:
        with ExitStack() as stack:
            against = stack.enter_context(checked_out(asked.against, asked.work)) if asked.against else None
            bench = Bench(asked.data, asked.indexes, asked.work, asked.queries, against, asked.reuse)
            for section in _SECTIONS if asked.section == "all" else (asked.section,):
                sys.stderr.write(f"{section}\n")
                _run(section, bench, asked)
    except (SearchError, TrialFailed, subprocess.CalledProcessError) as exc:
        sys.exit(f"The benchmark stopped: {exc}")


def _run(section: str, bench: Bench, asked: argparse.Namespace) -> None:
    if section == "keyword":
        against_peers.compare(section, _chosen(against_peers.BY_WORDS, asked.engines), bench)
    elif section == "hybrid":
        against_peers.compare(section, _chosen(against_peers.HYBRID, asked.engines), bench)
    elif section == "growth":
        entrants = _chosen(growth.EVERY, asked.engines) if asked.engines else growth.OURS
        growth.grow(bench, asked.chunks, entrants, asked.against_index)
    elif section == "program":
        program.measure(bench)
    elif section == "queries":
        queries.measure(bench)
    else:
        _encoding(bench)


def _encoding(bench: Bench) -> None:
    from benchmarks import encoding  # loads torch

    found = encoding.measure(bench.index_of("topics")) | queries.passages_a_second(bench)
    keep("encoding", {"figures": found})
    show("encoding", ["what", "figure"], list(found.items()))


def _chosen(entrants: Sequence[Entrant], names: Sequence[str]) -> list[Entrant]:
    """The entrants named, all of them when none is; Dépêche always comes along, as the measure of others."""
    return [
        found for found in entrants if not names or found.name in names or found.module.endswith("depeche")
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark",
        description="Measures Dépêche and its peers: tables to read, JSON in scripts/benchmarks/results.",
    )
    parser.add_argument("section", choices=(*_SECTIONS, "all"))
    parser.add_argument(
        "data", type=_folder, help="piaf/, known_items/, topics/ and their articles, as for scripts/evaluate"
    )
    kept = _ROOT / "index"
    parser.add_argument(
        "--indexes", type=Path, default=kept / "evaluation", help="where the indexes of DATA are kept"
    )
    parser.add_argument(
        "--work", type=Path, default=kept / "benchmark", help="where a run puts what it builds"
    )
    parser.add_argument("--queries", type=int, default=200, help="how many of each set are asked (200)")
    parser.add_argument(
        "--chunks", type=int, nargs="+", default=[50_000], help="sizes of the composed corpora (50000)"
    )
    parser.add_argument(
        "--engines", nargs="+", default=[], help="only these, and Dépêche; in growth, these too"
    )
    parser.add_argument(
        "--against", metavar="REV", help="measure this revision of Dépêche, too, and compare the two"
    )
    parser.add_argument(
        "--against-index",
        type=_folder,
        metavar="FOLDER",
        help="growth: an index that REV built of the same corpus; it is used as it is",
    )
    parser.add_argument(
        "--reuse", action="store_true", help="use what an earlier run built in the folder of --work"
    )
    return parser


def _folder(name: str) -> Path:
    folder = Path(name)
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"{name} is no folder")
    return folder.resolve()


if __name__ == "__main__":
    main()
