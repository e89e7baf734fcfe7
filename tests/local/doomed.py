"""What runs in processes of its own: builds that are killed or get no room, readers, a holder of the lock."""

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
from search.local import index_stages, layout
from search.local.reader import open_current
from search.types import Article
from tests.fakes import build_index
from tests.press import PRESS

from .contents import read
from .steps import TOUCHING, before_each

NOTHING = ("", "")
"""What was read where nothing was published yet."""
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["pytest", "faiss", __name__])
_PATIENCE = 60  # seconds
_PAUSES = (0, 0.01, 0.02, 0.1)  # seconds, the last one that of several publications


class Task:
    """A function of this module at work in a process of its own; it is given a connection to us."""

    def __init__(self, task: Callable[..., None], *arguments: object) -> None:
        self._ours, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=task, args=(*arguments, theirs))
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int | None:
        """The id of the process."""
        return self._process.pid

    def told(self) -> object:
        """What it sends; raises EOFError when it ended without."""
        assert self._ours.poll(_PATIENCE)
        return self._ours.recv()

    def answer(self) -> None:
        """Let it go on."""
        self._ours.send("")

    def kill(self) -> None:
        """Send it SIGKILL."""
        self._process.kill()

    def exit_code(self) -> int | None:
        """Wait for its end; a signal counts negative."""
        self._process.join(_PATIENCE)
        self._ours.close()
        return self._process.exitcode


def build_killed(index: Path, articles: Sequence[Article], killed_at: int, told: Connection) -> None:
    """Build in small batches; tell that it begins, then its number of steps, unless killed before one."""
    index_stages._BATCH = 2
    steps = 0

    def strike(step: int, _name: str) -> None:
        nonlocal steps
        steps = step
        if step == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    told.send("begins")
    with before_each(TOUCHING, strike):
        build_index(index, articles)
    told.send(steps)


def build_each(index: Path, corpora: Sequence[Sequence[Article]], told: Connection) -> None:
    """Publish each of these in turn; tell the ids of the generations."""
    told.send([build_index(index, articles).manifest.id for articles in corpora])


def read_on(index: Path, told: Connection) -> None:
    """Open and read the index over and over until answered; tell what was read of each generation, by its id.

    What is opened at first use is opened a moment later, when other generations may have been published.
    """
    seen: set[tuple[str, str]] = set()
    pauses = cycle(_PAUSES)
    told.send("reads")
    while not told.poll():
        try:
            generation = open_current(index)
        except IndexMissing:
            seen.add(NOTHING)
            continue
        with closing(generation):
            time.sleep(next(pauses))
            seen.add((generation.manifest.id, read(generation).digest))
    told.recv()
    told.send(seen)


def build_press_within(index: Path, file_size: int, told: Connection) -> None:
    """Build where no file may grow beyond so many bytes; tell what was raised."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    try:
        build_index(index, PRESS)
    except OSError as exc:
        told.send(str(exc))
    else:
        told.send("")


def build_without_rights(index: Path, told: Connection) -> None:
    """Tell what is read, then why nothing can be built, by one who may do only what the permissions say."""
    _drop_rights()
    with closing(open_current(index)) as generation:
        told.send(read(generation))
    try:
        build_index(index, PRESS)
    except OSError as exc:
        told.send(exc.strerror)
    else:
        told.send("")


def _drop_rights() -> None:
    """Give up what root may do against permissions: see capset(2)."""
    version, whoever, none = 0x20080522, 0, (0,) * 6
    header, sets = (ctypes.c_uint32 * 2)(version, whoever), (ctypes.c_uint32 * 6)(*none)
    assert ctypes.CDLL(None).capset(header, sets) == 0


def hold_lock(index: Path, told: Connection) -> None:
    """Hold the builder's lock from when it is told until it is answered."""
    with layout.build_lock(index):
        told.send("held")
        told.recv()
