"""How the C library gives memory to the threads of the interface."""

import ctypes

_M_ARENA_MAX = -8  # of malloc.h


def use_one_arena() -> None:
    """Let all threads take memory from one arena. It is called before the first thread starts.

    By default, glibc gives each thread that runs beside others an arena of its own. Each question has
    threads of its own, so what they leave for later lies in all arenas, and keeps what is free between it
    from other threads: 25 MB after 50 questions, and more with each. Threads do not wait for each other
    longer: nearly all that they allocate, they allocate under the lock of the interpreter. Other C
    libraries have no arenas.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
