"""What runs in processes of its own: builds that are killed or get no room, and a holder of the lock."""

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

import whoosh

import search
from search.generation import indexing, layout
from tests.fakes import build_index
from tests.press import PRESS

_SEARCH, _WHOOSH = (Path(str(package.__file__)).parent for package in (search, whoosh))
_WRITERS = (
    *(str(_SEARCH / name) for name in ("generation", "store.py", "vectors.py")),
    *(str(_WHOOSH / name) for name in ("index.py", "filedb/filestore.py")),
)
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["pytest", "faiss", __name__])
_PATIENCE = 60  # seconds


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

    def exit_code(self) -> int | None:
        """Wait for its end; a signal counts negative."""
        self._process.join(_PATIENCE)
        self._ours.close()
        return self._process.exitcode


def build_press(index: Path, killed_at: int, told: Connection) -> None:
    """Build in small batches and tell in how many steps, unless SIGKILL strikes at one of them.

    A step is a call or a return in the modules that write: a kill lands between any two of their
    actions, as it would for a process that is stopped from outside.
    """
    indexing._BATCH = 2
    count = 0

    def profile(frame: FrameType, _event: str, _arg: object) -> None:
        nonlocal count
        if frame.f_code.co_filename.startswith(_WRITERS):
            count += 1
            if count == killed_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(profile)
    build_index(index, PRESS)
    sys.setprofile(None)
    told.send(count)


def build_press_within(index: Path, file_size: int, told: Connection) -> None:
    """Build where no file may grow beyond so many bytes; tell what was raised."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    try:
        build_index(index, PRESS)
    except OSError as exc:
        told.send(str(exc))
    else:
        told.send("")


def hold_lock(index: Path, told: Connection) -> None:
    """Hold the builder's lock from when it is told until it is answered."""
    with layout.locked(index):
        told.send("held")
        told.recv()
