"""Tasks for other processes: builds that are killed or fail, readers, and one that locks the index."""

import ctypes
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path

from search.errors import IndexMissing
from search.local import builder, encoding_steps, layout, vector_stages
from search.local.reader import open_current
from search.types import Article
from tests.fakes import build_index
from tests.press import PRESS

from .contents import read
from .steps import USES_DISK, before_each

NOTHING = ("", "")
"""The reading of an index where nothing was published yet."""
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["pytest", "faiss", __name__])
_TIMEOUT = 60  # seconds
_PAUSES = (0, 0.01, 0.02, 0.1)  # seconds; several publications take place during the last one


class Task:
    """Runs a function of this module in another process; its last argument is a connection to this one."""

    def __init__(self, task: Callable[..., None], *arguments: object) -> None:
        self._ours, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=task, args=(*arguments, theirs))
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int | None:
        """The id of the process."""
        return self._process.pid

    def receive(self) -> object:
        """The next object that it sends; raises EOFError when it ended without sending one."""
        assert self._ours.poll(_TIMEOUT)
        return self._ours.recv()

    def answer(self) -> None:
        """Let it continue."""
        self._ours.send("")

    def kill(self) -> None:
        """Send it SIGKILL."""
        self._process.kill()

    def exit_code(self) -> int | None:
        """Wait until it ends; the exit code is negative for a signal."""
        self._process.join(_TIMEOUT)
        self._ours.close()
        return self._process.exitcode


def build_killed(index: Path, articles: Sequence[Article], killed_at: int, connection: Connection) -> None:
    """Build in small batches; send "begins", then the number of steps. Die before the step ``killed_at``."""
    vector_stages._BATCH = 2
    steps = 0

    def strike(step: int, _name: str) -> None:
        nonlocal steps
        steps = step
        if step == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    connection.send("begins")
    with before_each(USES_DISK, strike):
        build_index(index, articles)
    connection.send(steps)


def build_killed_in_steps(
    index: Path, articles: Sequence[Article], killed_at: int, connection: Connection
) -> None:
    """As ``build_killed``, with the words published first and the vectors in steps."""
    builder.FEW, encoding_steps.FIRST_STEP, encoding_steps._SHARE = 2, 4, 0
    build_killed(index, articles, killed_at, connection)


def build_each(index: Path, corpora: Sequence[Sequence[Article]], connection: Connection) -> None:
    """Build from each corpus in turn; send the ids of the generations."""
    connection.send([build_index(index, articles).manifest.id for articles in corpora])


def read_repeatedly(index: Path, connection: Connection) -> None:
    """Open and read the index repeatedly until answered; send the id and digest of each reading.

    There is a pause before the reading, in which other generations may be published.
    """
    readings: set[tuple[str, str]] = set()
    pauses = cycle(_PAUSES)
    connection.send("reads")
    while not connection.poll():
        try:
            generation = open_current(index)
        except IndexMissing:
            readings.add(NOTHING)
            continue
        with closing(generation):
            time.sleep(next(pauses))
            readings.add((generation.manifest.id, read(generation).digest))
    connection.recv()
    connection.send(readings)


def build_press_within(index: Path, file_size: int, connection: Connection) -> None:
    """Build with a limit for the bytes of each file; send the error, ``""`` for none."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    try:
        build_index(index, PRESS)
    except OSError as exc:
        connection.send(str(exc))
    else:
        connection.send("")


def build_without_rights(index: Path, connection: Connection) -> None:
    """Read and then build without the rights of root; send the contents, then the error of the build."""
    _drop_rights()
    with closing(open_current(index)) as generation:
        connection.send(read(generation))
    try:
        build_index(index, PRESS)
    except OSError as exc:
        connection.send(exc.strerror)
    else:
        connection.send("")


def _drop_rights() -> None:
    """Give up root's right to ignore permissions: see capset(2)."""
    version, this_thread, none = 0x20080522, 0, (0,) * 6
    header, sets = (ctypes.c_uint32 * 2)(version, this_thread), (ctypes.c_uint32 * 6)(*none)
    assert ctypes.CDLL(None).capset(header, sets) == 0


def lock_index(index: Path, connection: Connection) -> None:
    """Lock the index for builders, send "locked", and unlock it when answered."""
    with layout.build_lock(index):
        connection.send("locked")
        connection.recv()
