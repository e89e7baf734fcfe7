import platform
import subprocess
import sys

import pytest

PROGRAM = """
import ctypes
from threading import Barrier, Thread
from search.tui.services.allocator import use_one_arena

if {limited}:
    use_one_arena()
together = Barrier(4)
kept = []

def work():
    kept.append(bytearray(50_000))
    together.wait()
    kept.append(bytearray(50_000))

threads = [Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ctypes.CDLL(None).malloc_stats()
"""


def arenas(limited: bool) -> int:
    """How many arenas glibc uses for four threads that run at the same time."""
    program = [sys.executable, "-c", PROGRAM.format(limited=limited)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    return done.stderr.count("Arena ")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
def test_threads_share_an_arena() -> None:
    assert arenas(limited=True) == 1
    assert arenas(limited=False) > 1
