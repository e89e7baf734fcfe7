"""What runs in processes of its own: builds that are killed or get no room, and a holder of the lock."""

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

import search
from search.generation import building, layout
from tests.fakes import build_index
from tests.press import PRESS

_PACKAGE = Path(search.__file__).parent
_ADAPTERS = tuple(str(_PACKAGE / name) for name in ("generation", "store.py", "vectors.py", "keyword/schema.py"))
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["pytest", __name__])


def started(task: Callable[..., None], *arguments: object) -> BaseProcess:
    """Run a task of this module in a new process."""
    process = _CONTEXT.Process(target=task, args=arguments)
    process.start()
    return process


def pipe() -> tuple[Connection, Connection]:
    """Two ends by which a task and a test talk."""
    return _CONTEXT.Pipe()


def build_press(index: Path, killed_at: int, steps: Connection) -> None:
    """Build in small batches, told how many steps it took; SIGKILL strikes at one of them, if ever.

    A step is a call or a return in the modules that write: a kill lands between any two of their
    actions, as it would for a process that is stopped from outside.
    """
    building._BATCH = 2
    count = 0

    def profile(frame: FrameType, _event: str, _arg: object) -> None:
        nonlocal count
        if frame.f_code.co_filename.startswith(_ADAPTERS):
            count += 1
            if count == killed_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(profile)
    build_index(index, PRESS)
    sys.setprofile(None)
    steps.send(count)


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
