"""How many cores there are to work with."""

import os


def usable_cores() -> int:
    """The cores that this process may use, else those of the machine; at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
