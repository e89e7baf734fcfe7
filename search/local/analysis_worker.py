"""A process that analyses blocks of articles for a build: ``python -m search.local.analysis_worker STORE``.

It reads requests from its standard input, and writes an answer to each to its standard output, both pickled,
until its input ends; see ``article_analysis``. The store is opened at the first request. It writes no file,
and the interrupts of a terminal are for the build.
"""

import pickle
import signal
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO

from search.indexing.article_store import SqliteStore
from search.local.article_analysis import ArticleAnalyser, Request
from search.local.store_check import is_sound


def main(store: Path) -> None:
    """Analyse articles of this store as long as a build asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    with suppress(EOFError):
        request = _load(requests)
        with closing(SqliteStore(store)) as opened:
            analyser = ArticleAnalyser(opened)
            while True:
                answer = is_sound(opened) if request is None else analyser.analyse(request)
                pickle.dump(answer, answers)
                answers.flush()
                request = _load(requests)


def _load(requests: BinaryIO) -> Request:
    request: Request = pickle.load(requests)  # noqa: S301 - from the build that started this process
    return request


if __name__ == "__main__":
    main(Path(sys.argv[1]))
