"""Analyses the articles of a build on several cores, by processes that share nothing but the store.

They are started as commands: a fork would copy half of what the threads of this process do, and
``multiprocessing`` would run the main module of the caller again. What a process does not answer, because it
could not start or was ended, is analysed here.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import numpy as np

from search.cores import usable_cores
from search.indexing.article_store import SqliteStore
from search.local.article_analysis import AnalysedBlock, Answer, ArticleAnalyser, Request
from search.protocols import Ints

FEW_BYTES = 3_000_000
"""So many bytes of compressed articles, some 6 million characters, are analysed before processes would have
started."""
_MOST_PROCESSES = 4  # each takes some 150 MB
_BLOCK_CHARACTERS = 2_000_000  # at most; some 350,000 tokens
_BLOCKS_A_PROCESS = 4  # at least, so that all end at about the same time


@contextmanager
def analysis_pool(path: Path, size: int) -> "Iterator[AnalysisPool]":
    """Start processes for so many bytes of compressed articles, and end them with the block.

    The store ``path`` may still be written: it must be complete when its articles are asked for.
    """
    with ExitStack() as stack:
        processes = 0 if size < FEW_BYTES else _processes()
        yield AnalysisPool([stack.enter_context(closing(_Worker(path))) for _ in range(processes)])


class AnalysisPool:
    """Processes that analyse the articles of one store; there may be none."""

    def __init__(self, workers: "Sequence[_Worker]") -> None:
        self._workers = workers

    def analysed_blocks(
        self, store: SqliteStore, keys: Sequence[int]
    ) -> Iterator[tuple[Sequence[int], AnalysedBlock]]:
        """The articles with these keys, block by block in their order, each with its keys.

        Raises IndexCorrupt.
        """
        blocks = _blocks(keys, _characters(store)[np.array(keys, np.int64)], len(self._workers))
        for block, worker in zip(blocks, self._workers, strict=False):
            worker.ask(block)
        here = ArticleAnalyser(store)
        for number, block in enumerate(blocks):
            yield block, self._answer(blocks, number) or here.analyse(block)

    def begin_check(self) -> None:
        """Have the store checked while this process does something else; nothing else can be asked then."""
        for worker in self._workers[1:]:
            worker.close()
        for worker in self._workers[:1]:
            worker.ask(None)

    def found_sound(self) -> bool:
        """Whether the check that was begun found no fault; False where no process has checked it."""
        return any(worker.answer() is True for worker in self._workers[:1])

    def _answer(self, blocks: Sequence[Sequence[int]], number: int) -> AnalysedBlock | None:
        """The answer for the block with this number; its worker is then asked for another one."""
        if not self._workers:
            return None
        worker = self._workers[number % len(self._workers)]
        answer = worker.answer()
        for block in blocks[number + len(self._workers) : number + len(self._workers) + 1]:
            worker.ask(block)
        return answer if isinstance(answer, AnalysedBlock) else None


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
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )

    def ask(self, request: Request) -> None:
        """Ask for something; the answer must be read before the next request."""
        if self._process is not None and (stream := self._process.stdin):
            with suppress(OSError):
                pickle.dump(request, stream)
                stream.flush()

    def answer(self) -> Answer | None:
        """The answer to the request; None if the process does not give any."""
        if self._process is None or (stream := self._process.stdout) is None:
            return None
        try:
            answer: Answer = pickle.load(stream)  # noqa: S301 - from our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        return answer

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(OSError):  # a request that was not sent
                process.communicate()
