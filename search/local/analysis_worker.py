"""A process that analyses blocks of articles for a build: ``python -m search.local.analysis_worker STORE``.

It reads the keys of a block from its standard input, and writes an ``AnalysedBlock`` to its standard output,
both pickled, until its input ends. It writes no file, and the interrupts of a terminal are for the build.
"""

import pickle
import signal
import sys
from contextlib import closing, suppress
from pathlib import Path

from search.indexing.article_store import SqliteStore
from search.local.article_analysis import ArticleAnalyser


def main(store: Path) -> None:
    """Analyse articles of this store as long as a build asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    with closing(SqliteStore(store)) as opened:
        analyser = ArticleAnalyser(opened)
        with suppress(EOFError):
            while True:
                keys = pickle.load(requests)  # noqa: S301 - from the build that started this process
                pickle.dump(analyser.analyse(keys), answers)
                answers.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
