"""Analyses the articles of a build on several cores, by processes that share nothing but the store.

They are started as commands: a fork would copy half of what the threads of this process do, and
``multiprocessing`` would run the main module of the caller again. What a process does not answer, because it
could not start or was ended, is analysed here.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing, suppress
from itertools import pairwise
from pathlib import Path

import numpy as np

from search.cores import usable_cores
from search.indexing.article_store import SqliteStore
from search.local.article_analysis import AnalysedBlock, ArticleAnalyser
from search.protocols import Ints

FEW_CHARACTERS = 6_000_000
"""So many characters are analysed before processes would have started."""
_MOST_PROCESSES = 4  # each takes some 150 MB
_BLOCK_CHARACTERS = 2_000_000  # at most; some 350,000 tokens
_BLOCKS_A_PROCESS = 4  # at least, so that all end at about the same time


def analysed_blocks(
    path: Path, store: SqliteStore, keys: Sequence[int]
) -> Generator[tuple[Sequence[int], AnalysedBlock], None, None]:
    """The articles with these keys of the store in a file, block by block in their order, each with its keys.

    Raises IndexCorrupt. The processes end with the iterator.
    """
    sizes = _characters(store)[np.array(keys, np.int64)]
    processes = 0 if sizes.sum() < FEW_CHARACTERS else _processes()
    blocks = _blocks(keys, sizes, processes)
    with ExitStack() as stack:
        workers = [stack.enter_context(closing(_Worker(path))) for _ in range(processes)]
        for block, worker in zip(blocks, workers, strict=False):
            worker.ask(block)
        here = ArticleAnalyser(store)
        for number, block in enumerate(blocks):
            yield block, _answer(workers, blocks, number) or here.analyse(block)


def _answer(
    workers: Sequence["_Worker"], blocks: Sequence[Sequence[int]], number: int
) -> AnalysedBlock | None:
    """The answer for the block with this number; its worker is then asked for another one."""
    if not workers:
        return None
    worker = workers[number % len(workers)]
    answer = worker.answer()
    for block in blocks[number + len(workers) : number + len(workers) + 1]:
        worker.ask(block)
    return answer


def _characters(store: SqliteStore) -> Ints:
    """By key, the number of characters of an article."""
    characters: Ints = np.add.reduceat(store.lengths(), store.first_rows)
    return characters


def _blocks(keys: Sequence[int], sizes: Ints, processes: int) -> list[Sequence[int]]:
    """The keys in blocks of about as many characters."""
    total = int(sizes.sum())
    size = max(1, min(_BLOCK_CHARACTERS, total // max(1, _BLOCKS_A_PROCESS * processes)))
    bounds = np.searchsorted(np.cumsum(sizes), np.arange(size, total, size), "right")
    return [
        keys[first:last]
        for first, last in pairwise([0, *np.unique(bounds).tolist(), len(keys)])
        if first < last
    ]


def _processes() -> int:
    """How many processes to start; none where they would share one core, or Python is part of a program."""
    cores = usable_cores()
    can_start = sys.executable and not getattr(sys, "frozen", False)
    return min(cores, _MOST_PROCESSES) if can_start and cores > 1 else 0


class _Worker:
    """A process that analyses a block when asked; see ``analysis_worker``."""

    def __init__(self, store: Path) -> None:
        command = [sys.executable, "-P", "-m", "search.local.analysis_worker", str(store.absolute())]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._process = None
        with suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )

    def ask(self, keys: Sequence[int]) -> None:
        """Have a block analysed; its answer must be read before the next one is asked for."""
        if self._process is not None and (stream := self._process.stdin):
            with suppress(OSError):
                pickle.dump(keys, stream)
                stream.flush()

    def answer(self) -> AnalysedBlock | None:
        """The block that was asked for; None if the process does not answer."""
        if self._process is None or (stream := self._process.stdout) is None:
            return None
        try:
            answer: AnalysedBlock = pickle.load(stream)  # noqa: S301 - from our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        return answer

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            with suppress(OSError):  # a request that was not sent
                self._process.communicate()
